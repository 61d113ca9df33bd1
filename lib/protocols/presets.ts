/** Settings that have proved themselves, for `sctp`. Times are milliseconds. */
import type { SctpOptions } from '../../types/options';
import type { Presets } from '../../types/presets';
import { didYouMean, invalidArgValue } from '../errors';
import { INITIAL_RTO } from '../initial-rto';

const values = {
  /** The values that RFC 9260 §16 suggests. */
  rfc9260: {
    rtoInfo: { initial: INITIAL_RTO, min: 1000, max: 60_000 },
    assocInfo: { asocMaxRxt: 10, cookieLife: 60_000 },
    initMsg: { maxAttempts: 8 },
    maxBurst: 4,
    peerAddrParams: { hbInterval: 30_000, pathMaxRxt: 5 },
    delayedSack: { delay: 200, freq: 2 },
  },
  /**
   * M3UA, M2PA, SUA and their like between two sites of one operator: RFC 4166 asks for an RTO.Min
   * below a second on private networks, a shorter heartbeat, fewer retransmissions and no delayed
   * acknowledgements; the numbers are those of Ericsson's profile for signalling. Two paths have 8
   * retransmissions between them, as many as the association (RFC 9260 §8.2). DSCP 40 (CS5) is
   * RFC 4594's for signalling. A round trip must stay well below 400 ms.
   */
  sigtran: {
    rtoInfo: { initial: 300, min: 100, max: 400 },
    assocInfo: { asocMaxRxt: 8 },
    initMsg: { maxAttempts: 8 },
    noDelay: true,
    peerAddrParams: { hbInterval: 1000, pathMaxRxt: 4 },
    dscp: 40,
    delayedSack: { freq: 1 },
  },
  /** Diameter: RFC 6733 §2.1 wants no Nagle delay; the numbers are freeDiameter's. */
  diameter: {
    rtoInfo: { min: 1000, max: 5000 },
    assocInfo: { asocMaxRxt: 4 },
    noDelay: true,
    peerAddrParams: { hbInterval: 6000 },
  },
  /** S1AP, NGAP, X2AP, XnAP and their like (3GPP TS 36.412, 38.412); the numbers are Open5GS's. */
  ran: {
    rtoInfo: { initial: 3000, min: 1000, max: 5000 },
    initMsg: { maxAttempts: 4 },
    noDelay: true,
    peerAddrParams: { hbInterval: 5000 },
  },
} as const satisfies Record<string, SctpOptions>;

/** `connect({ port, sctp: presets.sigtran })`, or with changes `{ ...presets.ran, noDelay: false }` */
export const presets: Presets<typeof values> = new Proxy(deepFreeze(values), {
  get(target, name, receiver): unknown {
    if (typeof name === 'string' && !(name in target) && !isProbed(name)) throw unknownPreset(name);
    return Reflect.get(target, name, receiver);
  },
});

/** What others look for on any object. */
function isProbed(name: string): boolean {
  const probed = ['then', 'toJSON', 'inspect', 'asymmetricMatch', 'nodeType', 'tagName'];
  return probed.includes(name) || !/^[a-z]\w*$/i.test(name);
}

/** `sctp: presets.nonsense` would be no options at all. */
function unknownPreset(name: string): Error {
  const names = Object.keys(values);
  const reason = `is unknown${didYouMean(name, names)}; expected one of ${names.join(', ')}`;
  return invalidArgValue(`presets.${name}`, undefined, reason);
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
