/**
 * Payload protocol identifiers: IANA's registry "SCTP Payload Protocol Identifiers", in host order
 * as everywhere in this package.
 */
import type { PpidMap, PpidName, ProtocolName } from '../../types/ppid';
import { didYouMean, invalidArgType, invalidArgValue } from '../errors';
import { checkInteger, UINT32 } from '../validate';

/** In the registry's order. What each of them is, types/ppid.d.ts says. */
const registry: Readonly<Record<PpidName, number>> = {
  SCTP: 0,
  IUA: 1,
  M2UA: 2,
  M3UA: 3,
  SUA: 4,
  M2PA: 5,
  V5UA: 6,
  H248: 7,
  BICC: 8,
  TALI: 9,
  DUA: 10,
  ASAP: 11,
  ENRP: 12,
  H323: 13,
  QIPC: 14,
  SIMCO: 15,
  DDP_CHUNK: 16,
  DDP_CONTROL: 17,
  S1AP: 18,
  RUA: 19,
  HNBAP: 20,
  FORCES_HP: 21,
  FORCES_MP: 22,
  FORCES_LP: 23,
  SBCAP: 24,
  NBAP: 25,
  X2AP: 27,
  IRCP: 28,
  LCSAP: 29,
  MPICH2: 30,
  SABP: 31,
  FGP: 32,
  PPP: 33,
  CALCAPP: 34,
  SSP: 35,
  NPMP_CONTROL: 36,
  NPMP_DATA: 37,
  ECHO: 38,
  DISCARD: 39,
  DAYTIME: 40,
  CHARGEN: 41,
  RNA: 42,
  M2AP: 43,
  M3AP: 44,
  SSH: 45,
  DIAMETER: 46,
  DIAMETER_DTLS: 47,
  R14P: 48,
  GDT: 49,
  WEBRTC_DCEP: 50,
  WEBRTC_STRING: 51,
  WEBRTC_BINARY_PARTIAL: 52,
  WEBRTC_BINARY: 53,
  WEBRTC_STRING_PARTIAL: 54,
  PUA: 55,
  WEBRTC_STRING_EMPTY: 56,
  WEBRTC_BINARY_EMPTY: 57,
  XWAP: 58,
  XWCP: 59,
  NGAP: 60,
  XNAP: 61,
  F1AP: 62,
  HTTP: 63,
  E1AP: 64,
  ELE2: 65,
  NGAP_DTLS: 66,
  XNAP_DTLS: 67,
  F1AP_DTLS: 68,
  E1AP_DTLS: 69,
  E2_CP: 70,
  E2_UP: 71,
  E2_DU: 72,
  W1AP: 73,
  DTLS_KEY_MANAGEMENT: 4242,
};

/** The spellings of the package `sctp`, in its order. */
const protocols = [
  ['SCTP', 0],
  ['IUA', 1],
  ['M2UA', 2],
  ['M3UA', 3],
  ['SUA', 4],
  ['M2PA', 5],
  ['V5UA', 6],
  ['H248', 7],
  ['SSH', 45],
  ['Diameter', 46],
  ['Diameter_DTLS', 47],
  ['WebRTC_DCEP', 50],
  ['WebRTC_String', 51],
  ['WebRTC_Binary', 53],
  ['WebRTC_String_Empty', 56],
  ['WebRTC_Binary_Empty', 57],
] as const satisfies readonly (readonly [ProtocolName, number])[];

const registered = Object.entries(registry) as [PpidName, number][];
/** Older names. */
const aliases = [['BER', 48]] as const;

/** What can be looked up, but does not show among the keys: numbers, and other spellings. */
function mapOf<Name extends PpidName | ProtocolName>(
  names: readonly (readonly [Name, number])[],
  others: readonly (readonly [string, number])[],
): PpidMap<Name> {
  const map: Record<string, number | string> = Object.fromEntries(names);
  const hide = (key: string, value: number | string): void => {
    if (!Object.hasOwn(map, key)) Object.defineProperty(map, key, { value });
  };
  for (const [name, number] of [...names, ...others]) hide(String(number), name);
  for (const [name, number] of others) hide(name, number);
  return Object.freeze(map) as PpidMap<Name>;
}

/** Every registered identifier: `PPID.M3UA` is 3, `PPID[3]` is 'M3UA'. */
export const PPID = mapOf<PpidName>(registered, aliases);

/** As `PPID`, with the spellings of the package `sctp`: `protocol.Diameter`, `protocol[46]`. */
export const protocol = mapOf<ProtocolName>(protocols, registered);

const names = [...Object.keys(PPID), ...Object.keys(protocol)];
/** By their names in lower case; the spellings of `protocol` are those of `PPID` then. */
const byName = new Map<string, number>(
  [...registered, ...aliases].map(([name, number]) => [name.toLowerCase(), number]),
);

/** A number, or a name of `PPID` or `protocol`, in capitals or not. */
export function checkPpid(name: string, value: unknown): number {
  if (typeof value === 'number') return checkInteger(name, value, 0, UINT32);
  if (typeof value !== 'string') throw invalidArgType(name, 'one of type number or string', value);
  const number = byName.get(value.toLowerCase());
  if (number !== undefined) return number;
  const reason = `is neither a number nor a name in PPID${didYouMean(value, names)}`;
  throw invalidArgValue(name, value, reason);
}
