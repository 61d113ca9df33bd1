/** A value for every option that a new socket can be given, none of them a default. Those of SCTP-AUTH are tested apart. */
import type { AuthOptions, OptionName, SctpOptions } from 'kernel-sctp';

// Times are multiples of 20 ms: kernels count them in jiffies of 4 or 10 ms.
export const samples: Required<
  Omit<SctpOptions, 'v6Only' | 'autoAsconf' | 'interleavingSupported' | keyof AuthOptions>
> = {
  reuseAddr: false,
  reusePort: true,
  sndBuf: 300_000,
  rcvBuf: 300_000,
  mark: 0xfedcba98,
  bindToDevice: 'lo',
  authSupported: true,
  asconfSupported: true,
  reconfigSupported: true,
  enableStreamReset: { resetStreams: true, resetAssoc: false, changeAssoc: true },
  fragmentInterleave: true,
  prSupported: false,
  ecnSupported: false,
  exposePfState: 'enable',
  initMsg: { numOstreams: 7, maxInstreams: 9, maxAttempts: 3, maxInitTimeo: 1234 },
  rtoInfo: { initial: 120, max: 220, min: 60 },
  assocInfo: { asocMaxRxt: 4, cookieLife: 5000 },
  adaptationLayer: 0xfedcba98,
  autoClose: 30,
  noDelay: false,
  maxBurst: 7,
  mappedV4Addr: false,
  peerAddrParams: {
    hbInterval: 1240,
    pathMaxRxt: 4,
    pathMtu: 1400,
    sackDelay: 60,
    hbEnable: true,
    pmtudEnable: false,
    sackDelayEnable: true,
    dscp: 184,
  },
  delayedSack: { delay: 60, freq: 3 },
  dscp: 46,
  peerAddrThresholds: { pathMaxRxt: 4, pathPfThreshold: 1, pathCpThreshold: 2 },
  remoteUdpEncapsPort: { port: 9899 },
  plpmtudProbeInterval: { interval: 6000 },
  disableFragments: true,
  maxSeg: 1000,
  partialDeliveryPoint: 5000,
  context: 0xfedcba98,
  streamScheduler: 'rr',
  defaultSndInfo: { sid: 4, ppid: 0xfedcba98, context: 7, unordered: true },
  defaultPrInfo: { policy: 'rtx', value: 3 },
};

export type SampleName = keyof typeof samples;

/** Options that are settled when an association begins, so that both sides need them. */
export const gates: readonly OptionName[] = [
  'authSupported',
  'asconfSupported',
  'reconfigSupported',
  'enableStreamReset',
  'prSupported',
  'ecnSupported',
];

/** The sample, with what it needs. */
export function sampleOf(name: SampleName): SctpOptions {
  return {
    ...(name === 'asconfSupported' && { authSupported: true }),
    ...(name === 'enableStreamReset' && { reconfigSupported: true }),
    [name]: samples[name],
  };
}

/** What is read back. */
export function answerTo(name: SampleName): unknown {
  const value = samples[name];
  if (name === 'sndBuf' || name === 'rcvBuf') return 600_000;
  return typeof value === 'object' ? expect.objectContaining(value) : value;
}
