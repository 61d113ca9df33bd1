/**
 * Payload protocol identifiers (PPIDs), by name: IANA's registry "SCTP Payload Protocol
 * Identifiers". Each comment begins with the number, which lib/protocols/ppid.ts has, and
 * docs/protocols.md lists the comments; a test compares all three.
 */

/** The names of `PPID`: every registered identifier. */
export interface Ppids {
  /** 0: Unspecified: what messages have that name no protocol. */
  readonly SCTP: number;
  /** 1: ISDN Q.921 User Adaptation (RFC 4233). */
  readonly IUA: number;
  /** 2: SS7 MTP2 User Adaptation (RFC 3331). */
  readonly M2UA: number;
  /** 3: SS7 MTP3 User Adaptation (RFC 4666). */
  readonly M3UA: number;
  /** 4: SS7 SCCP User Adaptation (RFC 3868). */
  readonly SUA: number;
  /** 5: SS7 MTP2 Peer-to-Peer Adaptation (RFC 4165). */
  readonly M2PA: number;
  /** 6: V5.2 User Adaptation (RFC 3807). */
  readonly V5UA: number;
  /** 7: H.248, media gateway control (ITU-T H.248). */
  readonly H248: number;
  /** 8: Bearer Independent Call Control (ITU-T Q.2150.3). */
  readonly BICC: number;
  /** 9: Transport Adapter Layer Interface (RFC 3094). */
  readonly TALI: number;
  /** 10: DPNSS/DASS 2 User Adaptation (RFC 4129). */
  readonly DUA: number;
  /** 11: Aggregate Server Access Protocol, of RSerPool (RFC 5352). */
  readonly ASAP: number;
  /** 12: Endpoint Handlespace Redundancy Protocol, of RSerPool (RFC 5353). */
  readonly ENRP: number;
  /** 13: H.323 (ITU-T H.323). */
  readonly H323: number;
  /** 14: Q.IPC (ITU-T Q.2150.3). */
  readonly QIPC: number;
  /** 15: Simple Middlebox Configuration (RFC 4540). */
  readonly SIMCO: number;
  /** 16: Direct Data Placement, segment chunk (RFC 5043). */
  readonly DDP_CHUNK: number;
  /** 17: Direct Data Placement, stream session control (RFC 5043). */
  readonly DDP_CONTROL: number;
  /** 18: S1 Application Protocol, LTE (3GPP TS 36.413). */
  readonly S1AP: number;
  /** 19: RANAP User Adaptation (3GPP TS 25.468). */
  readonly RUA: number;
  /** 20: Home Node B Application Part (3GPP TS 25.469). */
  readonly HNBAP: number;
  /** 21: ForCES, high priority (RFC 5811). */
  readonly FORCES_HP: number;
  /** 22: ForCES, medium priority (RFC 5811). */
  readonly FORCES_MP: number;
  /** 23: ForCES, low priority (RFC 5811). */
  readonly FORCES_LP: number;
  /** 24: SBc Application Protocol, LTE warnings (3GPP TS 29.168). */
  readonly SBCAP: number;
  /** 25: Node B Application Part, UMTS (3GPP TS 25.433). */
  readonly NBAP: number;
  /** 27: X2 Application Protocol, LTE (3GPP TS 36.423). */
  readonly X2AP: number;
  /** 28: Inter Router Capability Protocol. */
  readonly IRCP: number;
  /** 29: LCS Application Protocol, LTE positioning (3GPP TS 29.171). */
  readonly LCSAP: number;
  /** 30: MPICH2, message passing. */
  readonly MPICH2: number;
  /** 31: Service Area Broadcast Protocol, UMTS (3GPP TS 25.419). */
  readonly SABP: number;
  /** 32: Fractal Generator Protocol. */
  readonly FGP: number;
  /** 33: Ping Pong Protocol. */
  readonly PPP: number;
  /** 34: CalcApp Protocol. */
  readonly CALCAPP: number;
  /** 35: Scripting Service Protocol. */
  readonly SSP: number;
  /** 36: NetPerfMeter, control channel. */
  readonly NPMP_CONTROL: number;
  /** 37: NetPerfMeter, data channel. */
  readonly NPMP_DATA: number;
  /** 38: Echo (RFC 862). */
  readonly ECHO: number;
  /** 39: Discard (RFC 863). */
  readonly DISCARD: number;
  /** 40: Daytime (RFC 867). */
  readonly DAYTIME: number;
  /** 41: Character generator (RFC 864). */
  readonly CHARGEN: number;
  /** 42: RNSAP User Adaptation (3GPP TS 25.471). */
  readonly RNA: number;
  /** 43: M2 Application Protocol, LTE broadcast (3GPP TS 36.443). */
  readonly M2AP: number;
  /** 44: M3 Application Protocol, LTE broadcast (3GPP TS 36.444). */
  readonly M3AP: number;
  /** 45: SSH over SCTP. */
  readonly SSH: number;
  /** 46: Diameter in clear text (RFC 6733). */
  readonly DIAMETER: number;
  /** 47: Diameter in DTLS (RFC 6733). */
  readonly DIAMETER_DTLS: number;
  /** 48: R14P: ASN.1 in BER. */
  readonly R14P: number;
  /** 49: General Data Transfer. */
  readonly GDT: number;
  /** 50: Establishing WebRTC data channels (RFC 8832). */
  readonly WEBRTC_DCEP: number;
  /** 51: WebRTC data channels: text (RFC 8831). */
  readonly WEBRTC_STRING: number;
  /** 52: WebRTC data channels: part of a binary message; deprecated (RFC 8831). */
  readonly WEBRTC_BINARY_PARTIAL: number;
  /** 53: WebRTC data channels: binary message (RFC 8831). */
  readonly WEBRTC_BINARY: number;
  /** 54: WebRTC data channels: part of a text; deprecated (RFC 8831). */
  readonly WEBRTC_STRING_PARTIAL: number;
  /** 55: PCAP User Adaptation (3GPP TS 25.470). */
  readonly PUA: number;
  /** 56: WebRTC data channels: empty text (RFC 8831). */
  readonly WEBRTC_STRING_EMPTY: number;
  /** 57: WebRTC data channels: empty binary message (RFC 8831). */
  readonly WEBRTC_BINARY_EMPTY: number;
  /** 58: Xw Application Protocol, LTE with WLAN (3GPP TS 36.463). */
  readonly XWAP: number;
  /** 59: Xw Control Plane (3GPP). */
  readonly XWCP: number;
  /** 60: NG Application Protocol, 5G (3GPP TS 38.413). */
  readonly NGAP: number;
  /** 61: Xn Application Protocol, 5G (3GPP TS 38.423). */
  readonly XNAP: number;
  /** 62: F1 Application Protocol, 5G (3GPP TS 38.473). */
  readonly F1AP: number;
  /** 63: HTTP over SCTP. */
  readonly HTTP: number;
  /** 64: E1 Application Protocol, 5G (3GPP TS 38.463). */
  readonly E1AP: number;
  /** 65: ELE2, lawful interception. */
  readonly ELE2: number;
  /** 66: NG Application Protocol in DTLS (3GPP TS 38.413). */
  readonly NGAP_DTLS: number;
  /** 67: Xn Application Protocol in DTLS (3GPP TS 38.423). */
  readonly XNAP_DTLS: number;
  /** 68: F1 Application Protocol in DTLS (3GPP TS 38.473). */
  readonly F1AP_DTLS: number;
  /** 69: E1 Application Protocol in DTLS (3GPP TS 38.463). */
  readonly E1AP_DTLS: number;
  /** 70: E2 control plane (O-RAN). */
  readonly E2_CP: number;
  /** 71: E2 user plane (O-RAN). */
  readonly E2_UP: number;
  /** 72: E2, distributed unit (O-RAN). */
  readonly E2_DU: number;
  /** 73: W1 Application Protocol, LTE (3GPP TS 37.473). */
  readonly W1AP: number;
  /** 4242: Key management for DTLS chunks of SCTP. */
  readonly DTLS_KEY_MANAGEMENT: number;
}

/** The spellings of the package `sctp` that are not those of `PPID`. */
export interface ProtocolSpellings {
  /** `PPID.DIAMETER` */
  readonly Diameter: number;
  /** `PPID.DIAMETER_DTLS` */
  readonly Diameter_DTLS: number;
  /** `PPID.WEBRTC_DCEP` */
  readonly WebRTC_DCEP: number;
  /** `PPID.WEBRTC_STRING` */
  readonly WebRTC_String: number;
  /** `PPID.WEBRTC_BINARY` */
  readonly WebRTC_Binary: number;
  /** `PPID.WEBRTC_STRING_EMPTY` */
  readonly WebRTC_String_Empty: number;
  /** `PPID.WEBRTC_BINARY_EMPTY` */
  readonly WebRTC_Binary_Empty: number;
}

/** The names of `PPID`. */
export type PpidName = keyof Ppids;

/** The names of `protocol`. */
export type ProtocolName =
  | Extract<PpidName, 'SCTP' | 'IUA' | 'M2UA' | 'M3UA' | 'SUA' | 'M2PA' | 'V5UA' | 'H248' | 'SSH'>
  | keyof ProtocolSpellings;

/** From names to numbers, and from numbers to names. */
export type PpidMap<Name extends PpidName | ProtocolName> = Pick<Ppids & ProtocolSpellings, Name> &
  Readonly<Partial<Record<number, string>>>;
