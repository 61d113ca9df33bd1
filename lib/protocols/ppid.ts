/**
 * Payload protocol identifiers: IANA's registry "SCTP Payload Protocol Identifiers", in host order
 * as everywhere in this package.
 */
import { invalidArgValue } from '../errors';
import { checkInteger, UINT32 } from '../validate';

/** Number, name in `PPID`, and what IANA calls it. */
export const ppidRegistry = [
  [0, 'SCTP', 'unspecified'],
  [1, 'IUA', 'IUA'],
  [2, 'M2UA', 'M2UA'],
  [3, 'M3UA', 'M3UA'],
  [4, 'SUA', 'SUA'],
  [5, 'M2PA', 'M2PA'],
  [6, 'V5UA', 'V5UA'],
  [7, 'H248', 'H.248'],
  [8, 'BICC', 'BICC/Q.2150.3'],
  [9, 'TALI', 'TALI'],
  [10, 'DUA', 'DUA'],
  [11, 'ASAP', 'ASAP'],
  [12, 'ENRP', 'ENRP'],
  [13, 'H323', 'H.323'],
  [14, 'QIPC', 'Q.IPC/Q.2150.3'],
  [15, 'SIMCO', 'SIMCO'],
  [16, 'DDP_CHUNK', 'DDP segment chunk'],
  [17, 'DDP_CONTROL', 'DDP stream session control'],
  [18, 'S1AP', 'S1AP'],
  [19, 'RUA', 'RUA'],
  [20, 'HNBAP', 'HNBAP'],
  [21, 'FORCES_HP', 'ForCES, high priority'],
  [22, 'FORCES_MP', 'ForCES, medium priority'],
  [23, 'FORCES_LP', 'ForCES, low priority'],
  [24, 'SBCAP', 'SBc-AP'],
  [25, 'NBAP', 'NBAP'],
  [27, 'X2AP', 'X2AP'],
  [28, 'IRCP', 'IRCP'],
  [29, 'LCSAP', 'LCS-AP'],
  [30, 'MPICH2', 'MPICH2'],
  [31, 'SABP', 'SABP'],
  [32, 'FGP', 'FGP'],
  [33, 'PPP', 'PPP'],
  [34, 'CALCAPP', 'CALCAPP'],
  [35, 'SSP', 'SSP'],
  [36, 'NPMP_CONTROL', 'NPMP-CTRL'],
  [37, 'NPMP_DATA', 'NPMP-DATA'],
  [38, 'ECHO', 'ECHO'],
  [39, 'DISCARD', 'DISCARD'],
  [40, 'DAYTIME', 'DAYTIME'],
  [41, 'CHARGEN', 'CHARGEN'],
  [42, 'RNA', '3GPP RNA'],
  [43, 'M2AP', '3GPP M2AP'],
  [44, 'M3AP', '3GPP M3AP'],
  [45, 'SSH', 'SSH'],
  [46, 'DIAMETER', 'Diameter'],
  [47, 'DIAMETER_DTLS', 'Diameter in DTLS'],
  [48, 'R14P', 'R14P'],
  [49, 'GDT', 'GDT'],
  [50, 'WEBRTC_DCEP', 'WebRTC DCEP'],
  [51, 'WEBRTC_STRING', 'WebRTC string'],
  [52, 'WEBRTC_BINARY_PARTIAL', 'WebRTC binary, partial (deprecated)'],
  [53, 'WEBRTC_BINARY', 'WebRTC binary'],
  [54, 'WEBRTC_STRING_PARTIAL', 'WebRTC string, partial (deprecated)'],
  [55, 'PUA', '3GPP PUA'],
  [56, 'WEBRTC_STRING_EMPTY', 'WebRTC string, empty'],
  [57, 'WEBRTC_BINARY_EMPTY', 'WebRTC binary, empty'],
  [58, 'XWAP', '3GPP XwAP'],
  [59, 'XWCP', '3GPP Xw-CP'],
  [60, 'NGAP', '3GPP NGAP'],
  [61, 'XNAP', '3GPP XnAP'],
  [62, 'F1AP', '3GPP F1AP'],
  [63, 'HTTP', 'HTTP/SCTP'],
  [64, 'E1AP', '3GPP E1AP'],
  [65, 'ELE2', 'ELE2 lawful interception'],
  [66, 'NGAP_DTLS', '3GPP NGAP in DTLS'],
  [67, 'XNAP_DTLS', '3GPP XnAP in DTLS'],
  [68, 'F1AP_DTLS', '3GPP F1AP in DTLS'],
  [69, 'E1AP_DTLS', '3GPP E1AP in DTLS'],
  [70, 'E2_CP', 'E2-CP'],
  [71, 'E2_UP', 'E2-UP'],
  [72, 'E2_DU', 'E2-DU'],
  [73, 'W1AP', '3GPP W1AP'],
  [4242, 'DTLS_KEY_MANAGEMENT', 'DTLS chunk key management'],
] as const satisfies readonly (readonly [number, string, string])[];

export type PpidName = (typeof ppidRegistry)[number][1];

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
] as const;

export type ProtocolName = (typeof protocols)[number][0];

/** From names to numbers, and from numbers to names. */
export type PpidMap<Name extends string> = Readonly<Record<Name, number>> &
  Readonly<Partial<Record<number, string>>>;

const registered = ppidRegistry.map(([number, name]) => [name, number] as const);

/** What can be looked up, but does not show among the keys: numbers, and other spellings. */
function mapOf<Name extends string>(
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
export const PPID = mapOf<PpidName>(registered, [['BER', 48]]);

/** As `PPID`, with the spellings of the package `sctp`: `protocol.Diameter`, `protocol[46]`. */
export const protocol = mapOf<ProtocolName>(protocols, registered);

/** A number, or a name of `PPID` or `protocol`. */
export function checkPpid(name: string, value: unknown): number {
  if (typeof value !== 'string') return checkInteger(name, value, 0, UINT32);
  for (const map of [PPID, protocol] as Readonly<Record<string, unknown>>[]) {
    const number = Object.hasOwn(map, value) ? map[value] : undefined;
    if (typeof number === 'number') return number;
  }
  throw invalidArgValue(name, value, 'is neither a number nor a name in PPID');
}
