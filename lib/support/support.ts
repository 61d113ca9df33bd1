/** What this kernel can do. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';

import { binding } from '../binding';
import { errnoName, isNotSupported, notSupportedRemedy } from '../errors';
import { type Features, readFeatures } from './features';
import { readSysctl } from '../sysctl';

export interface Support {
  /** Whether SCTP sockets can be opened now. */
  sctp: boolean;
  /** The kernel's release, as uname tells it. */
  kernel: string;
  /** Why not, if not. */
  reason?: string;
  /** What to do about it. */
  remedy?: string[];
  /** How large buffers can be, in bytes; the kernel doubles what is set. */
  buffers: {
    /** The limit of `sndBuf` without privilege (net.core.wmem_max). */
    sndBufMax?: number;
    /** The limit of `rcvBuf` without privilege (net.core.rmem_max). */
    rcvBufMax?: number;
    /** Whether this process has CAP_NET_ADMIN (not in a user namespace), which lifts both limits. */
    unlimited: boolean;
  };
  /** Extensions of SCTP, and the settings that are in their way. */
  features: Features;
}

/** A user namespace's capabilities do not count for buffers. Its ids are a map of others. */
function inUserNamespace(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'ascii'));
  } catch {
    return false; // a kernel without user namespaces
  }
}

/** CAP_NET_ADMIN is capability 12 (capabilities(7)). */
function hasNetAdmin(): boolean {
  if (inUserNamespace()) return false;
  try {
    const status = readFileSync('/proc/self/status', 'ascii');
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
    return ((BigInt(`0x${effective}`) >> 12n) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Asks the kernel anew at each call: modules can be loaded meanwhile. */
export function support(): Support {
  const errno = binding.probe();
  const sndBufMax = readSysctl('net.core.wmem_max');
  const rcvBufMax = readSysctl('net.core.rmem_max');
  return {
    sctp: errno === 0,
    kernel: release(),
    ...(errno !== 0 && { reason: `socket() failed with ${errnoName(errno)}` }),
    ...(isNotSupported(errno) && { remedy: [...notSupportedRemedy] }),
    buffers: {
      ...(sndBufMax !== undefined && { sndBufMax }),
      ...(rcvBufMax !== undefined && { rcvBufMax }),
      unlimited: hasNetAdmin(),
    },
    features: readFeatures(),
  };
}
