/** What the kernel reports of an association. */

import type { Address, AddressInput } from '../address';

/** State of a path (RFC 6458 §8.2.2). Inactive ones are used only when no other is left. */
export type PathState = 'inactive' | 'potentiallyFailed' | 'active' | 'unconfirmed';

/** Value of `peerAddrInfo`, and of `status.primary`: a path as the kernel sees it. */
export interface PeerAddrInfo {
  /** The peer's end of it. */
  address: Address;
  /** Whether it is used. */
  state: PathState;
  /** Congestion window, in bytes. */
  cwnd: number;
  /** Smoothed round-trip time in milliseconds, as fine as the kernel's tick (1 to 10 ms). */
  srtt: number;
  /** Retransmission time-out, in milliseconds. */
  rto: number;
  /** Bytes of the largest packet. */
  mtu: number;
}

/** State of an association (RFC 6458 §8.2.1). */
export type AssocState =
  | 'closed'
  | 'cookieWait'
  | 'cookieEchoed'
  | 'established'
  | 'shutdownPending'
  | 'shutdownSent'
  | 'shutdownReceived'
  | 'shutdownAckSent';

/** Value of `status`: an association as the kernel sees it. */
export interface Status {
  /** How far it has come. */
  state: AssocState;
  /** Bytes that the peer has room for. */
  rwnd: number;
  /** Chunks sent and not acknowledged; unsent ones do not count. */
  unackData: number;
  /** Chunks received that wait for others before them. */
  pendData: number;
  /** Inbound streams, as negotiated. */
  inStreams: number;
  /** Outbound streams, as negotiated. */
  outStreams: number;
  /** Bytes of a message from which on it is sent in several chunks. */
  fragmentationPoint: number;
  /** The primary path. */
  primary: PeerAddrInfo;
}

/** Names that `status()` had in the package node-lksctp. They can be read, but do not show where the status is printed. */
export interface OlderStatus {
  /** `unackData` */
  readonly unackdata: number;
  /** `pendData` */
  readonly penddata: number;
  /** `inStreams` */
  readonly numberOfIncomingStreams: number;
  /** `outStreams` */
  readonly numberOfOutgoingStreams: number;
}

/** A number while it is a safe integer. */
export type Counter = number | bigint;

/**
 * Value of `assocStats`: `o` is out, `i` in. Reading it begins a new period for `maxRto` and
 * `obsRtoIpaddr`, for all who read.
 */
export interface AssocStats {
  /** The largest RTO since the last reading, in milliseconds; at least the minimum, or 0. */
  maxRto: number;
  /** The path which had it. */
  obsRtoIpaddr?: Address;
  /** SACK chunks received. */
  iSacks: Counter;
  /** SACK chunks sent. */
  oSacks: Counter;
  /** Packets sent. */
  oPackets: Counter;
  /** Packets received. */
  iPackets: Counter;
  /** Chunks retransmitted. */
  rtxChunks: Counter;
  /** Chunks received ahead of others. */
  outOfSeqTsns: Counter;
  /** Chunks received again. */
  iDupChunks: Counter;
  /** Gaps that acknowledgements reported. */
  gapCnt: Counter;
  /** Unordered data chunks sent. */
  oUodChunks: Counter;
  /** Unordered data chunks received. */
  iUodChunks: Counter;
  /** Ordered data chunks sent. */
  oOdChunks: Counter;
  /** Ordered data chunks received. */
  iOdChunks: Counter;
  /** Control chunks sent. */
  oCtrlChunks: Counter;
  /** Control chunks received. */
  iCtrlChunks: Counter;
}

/** Policies by which messages are given up, and all of them together. */
export type AbandoningPolicy = 'ttl' | 'rtx' | 'prio' | 'all';

/** Value of `prAssocStatus`. */
export interface PrAssocStatus {
  /** The policy asked about. */
  policy: AbandoningPolicy;
  /** Messages given up before anything of them was sent. */
  abandonedUnsent: Counter;
  /** Messages given up after some of their chunks were sent; counted in chunks. */
  abandonedSent: Counter;
}

/** Value of `prStreamStatus`. */
export interface PrStreamStatus {
  /** The stream asked about. */
  sid: number;
  /** The policy asked about. */
  policy: AbandoningPolicy;
  /** Messages given up before anything of them was sent. */
  abandonedUnsent: Counter;
  /** Messages given up after some of their chunks were sent; counted in chunks. */
  abandonedSent: Counter;
}

/** Options that report something, with the values `getOption` returns. */
export interface StatusOptions {
  /** The association (RFC 6458 §8.2.1, SCTP_STATUS). */
  status: Status;
  /** A path (RFC 6458 §8.2.2, SCTP_GET_PEER_ADDR_INFO). */
  peerAddrInfo: PeerAddrInfo;
  /** What an association has done so far (Linux, SCTP_GET_ASSOC_STATS). */
  assocStats: AssocStats;
  /** Messages that were given up, by stream and policy (RFC 7496 §4.3, SCTP_PR_STREAM_STATUS). */
  prStreamStatus: PrStreamStatus;
  /** Messages that were given up, by policy (RFC 7496 §4.4, SCTP_PR_ASSOC_STATUS). */
  prAssocStatus: PrAssocStatus;
}

/** What `getOption` takes after the name. */
export interface StatusArguments {
  /** The path to report on: the peer's end of it. */
  peerAddrInfo: [args: { address: AddressInput }];
  /** The stream and the policy to report on. */
  prStreamStatus: [args: { sid: number; policy: AbandoningPolicy }];
  /** By which policy. */
  prAssocStatus: [args: { policy: AbandoningPolicy }];
}
