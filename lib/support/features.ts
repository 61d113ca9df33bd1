/** Which extensions of SCTP this kernel has, and which settings disable them. */
import type { NativeSocket } from '../../types/native';
import type { ReadableOptionName, StreamScheduler } from '../../types/options';
import type { Feature, Features } from '../../types/support';
import { addonProblem, binding } from '../binding';
import { constants } from '../constants';
import { schedulers } from '../options/policies';
import { readSysctl, sysctlPath } from '../sysctl';

interface Probe {
  readonly option: ReadableOptionName;
  /** The default for sockets; or, with `least`, a setting that must be at least that. */
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

/** Probes with a socket of its own. Without SCTP, or without the addon, nothing is available. */
export function readFeatures(): Features {
  if (addonProblem()) return { ...readAll(() => false), schedulers: [] };
  const socket = new binding.SeqpacketSocket(1);
  const isOpen = socket.open(4) === 0 || socket.open(6) === 0;
  try {
    const has = (option: string): boolean =>
      isOpen && typeof socket.getOption(option, {}) !== 'number';
    return { ...readAll(has), schedulers: isOpen ? knownSchedulers(socket) : [] };
  } finally {
    socket.close();
  }
}

function readAll(has: (option: string) => boolean): Omit<Features, 'schedulers'> {
  const entries = Object.entries(probes).map(([name, probe]) => [name, read(probe, has)]);
  return Object.fromEntries(entries) as Omit<Features, 'schedulers'>;
}

function read({ option, sysctl, least }: Probe, has: (option: string) => boolean): Feature {
  const name = `net.sctp.${sysctl}`;
  const value = readSysctl(name);
  const state = { name, path: sysctlPath(name), ...(value !== undefined && { value }) };
  const isKnown = has(option);
  if (least === undefined) return { available: isKnown, option, byDefault: state };
  // An unreadable setting is assumed not to be in the way.
  if (value === undefined || value >= least.value) return { available: isKnown, option };
  return { available: false, option, inTheWay: { ...state, remedy: least.remedy } };
}

function knownSchedulers(socket: NativeSocket): StreamScheduler[] {
  const names = Object.keys(schedulers) as StreamScheduler[];
  const target = { assocId: constants.SCTP_FUTURE_ASSOC };
  return names.filter(
    (name) => socket.setOption('streamScheduler', { ...target, value: schedulers[name] }) === 0,
  );
}
