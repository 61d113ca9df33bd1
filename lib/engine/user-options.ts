/** The options of a socket of the user-space engine, under the kernel's names and in its form. */
import { constants as os } from 'node:os';

import type { NativeOptionValues } from '../../types/native-values';
import type { NativeEngineConfig } from '../../types/native-engine';
import { constants } from '../constants';
import { UINT16 } from '../validate';

const { EINVAL, ENOPROTOOPT, ENOSYS } = os.errno;

/** The port that IANA has assigned to SCTP over UDP (RFC 6951). */
export const ENCAPSULATION_PORT = 9899;

/** As the kernel's: what is set is doubled, for what keeping messages costs. */
const DEFAULT_BUFFER = 212_992;

interface Row {
  readonly defaults: Readonly<Record<string, number>>;
  /** Fields that can only be set to what they are. */
  readonly fixed?: readonly string[];
  /** A field of 0 keeps its value. */
  readonly zeroKeeps?: boolean;
  /** @returns whether these values go together */
  check?(values: Numbers): boolean;
}
type Numbers = Record<string, number>;

const value = (number: number, more: Partial<Row> = {}): Row => ({
  defaults: { value: number },
  ...more,
});
const off = value(0, { fixed: ['value'] });

/** To our scheduler's numbers. The kernel's 'fc' is missing. */
const schedulers: Readonly<Record<number, number>> = {
  [constants.SCTP_SS_FCFS]: 0,
  [constants.SCTP_SS_RR]: 1,
  [constants.SCTP_SS_PRIO]: 2,
  [constants.SCTP_SS_WFQ]: 3,
};

const STREAMS_AND_MORE =
  constants.SCTP_ENABLE_RESET_STREAM_REQ | constants.SCTP_ENABLE_CHANGE_ASSOC_REQ;
const HEARTBEATS = constants.SPP_HB_ENABLE;

/** Any other option is one that the engine lacks. */
const rows: Readonly<Record<string, Row>> = {
  reuseAddr: value(0),
  reusePort: off,
  v6Only: value(0),
  sndBuf: value(DEFAULT_BUFFER),
  rcvBuf: value(DEFAULT_BUFFER),
  noDelay: value(0),
  initMsg: {
    defaults: { numOstreams: 10, maxInstreams: UINT16, maxAttempts: 8, maxInitTimeo: 60_000 },
    fixed: ['maxInitTimeo'],
    zeroKeeps: true,
  },
  rtoInfo: {
    defaults: { initial: 1000, max: 60_000, min: 200 },
    zeroKeeps: true,
    check: ({ min = 0, max = 0 }) => min <= max,
  },
  assocInfo: {
    defaults: {
      asocMaxRxt: 10,
      cookieLife: 60_000,
      numberPeerDestinations: 0,
      peerRwnd: 0,
      localRwnd: 0,
    },
    zeroKeeps: true,
  },
  peerAddrParams: {
    defaults: { hbInterval: 30_000, pathMaxRxt: 5, pathMtu: 0, sackDelay: 200, flags: 0 },
    fixed: ['ipv6FlowLabel', 'dscp'],
    zeroKeeps: true,
  },
  delayedSack: { defaults: { delay: 200, freq: 2 }, zeroKeeps: true },
  maxBurst: value(4),
  disableFragments: value(0),
  context: value(0),
  fragmentInterleave: value(0),
  interleavingSupported: value(0),
  prSupported: value(1),
  reconfigSupported: value(1),
  ecnSupported: off,
  authSupported: off,
  asconfSupported: off,
  enableStreamReset: { defaults: { flags: STREAMS_AND_MORE }, fixed: ['flags'] },
  streamScheduler: value(constants.SCTP_SS_FCFS, {
    check: ({ value: number = 0 }) => number in schedulers,
  }),
  defaultSndInfo: { defaults: { sid: 0, flags: 0, ppid: 0, context: 0 } },
  defaultPrInfo: { defaults: { value: 0, policy: 0 } },
  remoteUdpEncapsPort: { defaults: { port: ENCAPSULATION_PORT } },
};

/** Fields that say which association or path is meant: there is one. */
const NAMING = new Set(['assocId', 'address']);

export class UserOptions {
  readonly #values = new Map<string, Numbers>();
  #isHeartbeatOff = false;

  constructor(readonly family: 4 | 6) {}

  /** For an accepted association. */
  copy(): UserOptions {
    const copy = new UserOptions(this.family);
    for (const [name, values] of this.#values) copy.#values.set(name, { ...values });
    copy.#isHeartbeatOff = this.#isHeartbeatOff;
    return copy;
  }

  /** @returns errno for an option that the engine lacks */
  get(name: string): NativeOptionValues | number {
    const row = rows[name];
    if (!row) return -ENOSYS;
    if (name === 'v6Only' && this.family === 4) return -ENOPROTOOPT;
    if (name !== 'peerAddrParams') return { assocId: 0, ...this.#current(name, row) };
    const flags =
      (this.#isHeartbeatOff ? constants.SPP_HB_DISABLE : HEARTBEATS) |
      (this.number('peerAddrParams', 'pathMtu') > 0
        ? constants.SPP_PMTUD_DISABLE
        : constants.SPP_PMTUD_ENABLE) |
      constants.SPP_SACKDELAY_ENABLE;
    const { delay = 0 } = this.#current('delayedSack', rows['delayedSack'] as Row);
    return { assocId: 0, ...this.#current(name, row), sackDelay: delay, flags };
  }

  /** @returns 0 or errno */
  set(name: string, given: NativeOptionValues): number {
    const row = rows[name];
    if (!row) return -ENOSYS;
    if (name === 'v6Only' && this.family === 4) return -ENOPROTOOPT;
    const before = this.#current(name, row);
    const fields = Object.fromEntries(
      Object.entries(given as Numbers).filter(([field]) => !NAMING.has(field)),
    );
    for (const field of row.fixed ?? []) {
      const wanted = fields[field] ?? 0;
      const isKept = (row.zeroKeeps === true && wanted === 0) || wanted === (before[field] ?? 0);
      if (field in fields && !isKept) return -ENOSYS;
    }
    const next = { ...before };
    for (const [field, number] of Object.entries(fields)) {
      if (!row.zeroKeeps || number !== 0) next[field] = number;
    }
    if (row.check && !row.check(next)) return -EINVAL;
    if (name === 'sndBuf' || name === 'rcvBuf')
      next['value'] = Math.min(2 * (next['value'] ?? 0), 2 ** 31 - 1);
    if (name === 'peerAddrParams') return this.#setPathParams(next, fields['flags'] ?? 0);
    this.#values.set(name, next);
    return 0;
  }

  number(name: string, field = 'value'): number {
    return this.#current(name, rows[name] as Row)[field] ?? 0;
  }

  isOn(name: string): boolean {
    return this.number(name) !== 0;
  }

  /** What the engine's associations are created with, and tuned by. */
  config(): NativeEngineConfig {
    const sendBuffer = this.number('sndBuf');
    const of = (name: string, field: string): number => this.number(name, field);
    return {
      returnsFailed: true,
      outboundStreams: of('initMsg', 'numOstreams'),
      inboundStreams: of('initMsg', 'maxInstreams'),
      maxInitRetransmits: of('initMsg', 'maxAttempts'),
      receiveWindow: Math.max(this.number('rcvBuf') / 2, 1500) | 0,
      sendBuffer,
      maxSendMessageSize: sendBuffer,
      partialReliability: this.isOn('prSupported'),
      interleaving: this.isOn('interleavingSupported'),
      reconfiguration: this.isOn('reconfigSupported'),
      rtoInitial: of('rtoInfo', 'initial'),
      rtoMin: of('rtoInfo', 'min'),
      rtoMax: of('rtoInfo', 'max'),
      sackDelay: of('delayedSack', 'delay'),
      sackFrequency: of('delayedSack', 'freq'),
      heartbeatInterval: this.#isHeartbeatOff ? 0 : of('peerAddrParams', 'hbInterval'),
      maxRetransmits: of('assocInfo', 'asocMaxRxt'),
      cookieLifetime: of('assocInfo', 'cookieLife'),
      maxBurst: this.number('maxBurst'),
      scheduler: schedulers[this.number('streamScheduler')] ?? 0,
    };
  }

  #setPathParams(next: Numbers, flags: number): number {
    // A heartbeat now is not to be had.
    if ((flags & constants.SPP_HB_DEMAND) !== 0) return -ENOSYS;
    if ((flags & constants.SPP_HB_DISABLE) !== 0) this.#isHeartbeatOff = true;
    if ((flags & constants.SPP_HB_ENABLE) !== 0) this.#isHeartbeatOff = false;
    const { sackDelay = 0, ...others } = next;
    if ((flags & constants.SPP_SACKDELAY_ENABLE) !== 0) {
      this.set('delayedSack', { delay: sackDelay });
    }
    this.#values.set('peerAddrParams', { ...others, sackDelay });
    return 0;
  }

  #current(name: string, { defaults }: Row): Numbers {
    return this.#values.get(name) ?? defaults;
  }
}
