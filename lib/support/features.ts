/** Which extensions of SCTP this kernel has, and which settings are in their way. */
import type { NativeSocket } from '../../types/native';
import type { ReadableOptionName, StreamScheduler } from '../../types/options';
import { binding } from '../binding';
import { schedulers } from '../options/policies';
import { readSysctl, sysctlPath } from '../sysctl';

/** A setting of the machine, or of its network namespace. */
export interface SysctlState {
  /** As in `sysctl -w net.sctp.auth_enable=1`. */
  name: string;
  /** The file in /proc/sys. */
  path: string;
  /** Absent if this process cannot read it, or the kernel has none. */
  value?: number;
}

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

interface Probe {
  readonly option: ReadableOptionName;
  /** What sockets have that say nothing; or, with `least`, what must be at least so much. */
  readonly sysctl: string;
  readonly least?: { readonly value: number; readonly remedy: string };
}

const probes: Readonly<Record<Exclude<keyof Features, 'schedulers'>, Probe>> = {
  auth: { option: 'authSupported', sysctl: 'auth_enable' },
  asconf: { option: 'asconfSupported', sysctl: 'addip_enable' },
  reconfig: { option: 'reconfigSupported', sysctl: 'reconf_enable' },
  interleaving: {
    option: 'interleavingSupported',
    sysctl: 'intl_enable',
    least: { value: 1, remedy: 'sysctl -w net.sctp.intl_enable=1' },
  },
  partialReliability: { option: 'prSupported', sysctl: 'prsctp_enable' },
  ecn: { option: 'ecnSupported', sysctl: 'ecn_enable' },
  udpEncapsulation: {
    option: 'remoteUdpEncapsPort',
    sysctl: 'udp_port',
    least: { value: 1, remedy: 'sysctl -w net.sctp.udp_port=9899, before sockets are made' },
  },
  plpmtud: { option: 'plpmtudProbeInterval', sysctl: 'plpmtud_probe_interval' },
  potentiallyFailed: {
    option: 'exposePfState',
    sysctl: 'pf_enable',
    least: { value: 1, remedy: 'sysctl -w net.sctp.pf_enable=1' },
  },
  primarySwitchover: { option: 'peerAddrThresholds', sysctl: 'ps_retrans' },
};

/** Asks a socket that is made for it. Where there is no SCTP, nothing is available. */
export function readFeatures(): Features {
  const socket = new binding.SeqpacketSocket(1);
  const isOpen = socket.open(4) === 0 || socket.open(6) === 0;
  try {
    const has = (option: string): boolean =>
      isOpen && typeof socket.getOption(option, {}) !== 'number';
    const entries = Object.entries(probes).map(([name, probe]) => [name, read(probe, has)]);
    return {
      ...(Object.fromEntries(entries) as Omit<Features, 'schedulers'>),
      schedulers: isOpen ? knownSchedulers(socket) : [],
    };
  } finally {
    socket.close();
  }
}

function read({ option, sysctl, least }: Probe, has: (option: string) => boolean): Feature {
  const name = `net.sctp.${sysctl}`;
  const value = readSysctl(name);
  const state = { name, path: sysctlPath(name), ...(value !== undefined && { value }) };
  const isKnown = has(option);
  if (least === undefined) return { available: isKnown, option, byDefault: state };
  // What cannot be read is not known to be in the way.
  if (value === undefined || value >= least.value) return { available: isKnown, option };
  return { available: false, option, inTheWay: { ...state, remedy: least.remedy } };
}

function knownSchedulers(socket: NativeSocket): StreamScheduler[] {
  const names = Object.keys(schedulers) as StreamScheduler[];
  const target = { assocId: binding.constants.SCTP_FUTURE_ASSOC };
  return names.filter(
    (name) => socket.setOption('streamScheduler', { ...target, value: schedulers[name] }) === 0,
  );
}
