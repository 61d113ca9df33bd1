/** What `support()` returns. */
import type { StreamScheduler } from './options';

/** What this kernel can do. */
export interface Support {
  /** Whether SCTP sockets can be opened now. */
  sctp: boolean;
  /** The kernel's release, as `uname -r` prints it. */
  kernel: string;
  /** Why not, if not. */
  reason?: string;
  /** What to do about it. */
  remedy?: string[];
  /** Whether servers can listen, where there is SCTP. */
  listening?: {
    available: boolean;
    /** Why not, if not. */
    reason?: string;
    /** What to do about it, if that is known. */
    remedy?: string[];
  };
  /** How large buffers can be, in bytes; the kernel doubles what is set. */
  buffers: {
    /** The limit of `sndBuf` without privilege (net.core.wmem_max). */
    sndBufMax?: number;
    /** The limit of `rcvBuf` without privilege (net.core.rmem_max). */
    rcvBufMax?: number;
    /** Whether this process has CAP_NET_ADMIN (not in a user namespace), which lifts both limits. */
    unlimited: boolean;
    /** What keeps Sockets from the receive buffer that they ask for, and what to do about it. */
    inTheWay?: SysctlState & { remedy: string };
  };
  /** Extensions of SCTP, and the settings that are in their way. */
  features: Features;
}

/** A setting of the machine, or of its network namespace. */
export interface SysctlState {
  /** As in `sysctl -w net.sctp.auth_enable=1`. */
  name: string;
  /** The file in /proc/sys. */
  path: string;
  /** Absent if this process cannot read it, or the kernel has none. */
  value?: number;
}

/** One extension of SCTP. */
export interface Feature {
  /** Whether sockets of this process can have it. */
  available: boolean;
  /** The option that switches it on, or uses it. */
  option: string;
  /** What sockets have that say nothing. */
  byDefault?: SysctlState;
  /** What is in the way, and what to do about it. */
  inTheWay?: SysctlState & { remedy: string };
}

/** Extensions of SCTP by name. */
export interface Features {
  /** SCTP-AUTH, RFC 4895. */
  auth: Feature;
  /** Addresses that come and go, RFC 5061. It needs `auth`, too. */
  asconf: Feature;
  /** Streams that are reset and added, RFC 6525. */
  reconfig: Feature;
  /** I-DATA, RFC 8260. It needs `fragmentInterleave`, too. */
  interleaving: Feature;
  /** Messages that are given up, RFC 7496. */
  partialReliability: Feature;
  /** Marks instead of losses. */
  ecn: Feature;
  /** SCTP in UDP, RFC 6951. */
  udpEncapsulation: Feature;
  /** Probing for the largest packets, RFC 8899. */
  plpmtud: Feature;
  /** Potentially failed paths, RFC 7829. */
  potentiallyFailed: Feature;
  /** Another primary path once the present one fails: `pathCpThreshold`, RFC 7829 §5. */
  primarySwitchover: Feature;
  /** What `streamScheduler` can be. */
  schedulers: StreamScheduler[];
}
