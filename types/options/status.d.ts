/** What the kernel tells of an association. */

import type { Address, AddressInput } from '../address';

/** Inactive paths are used only when no other is left. */
export type PathState = 'inactive' | 'potentiallyFailed' | 'active' | 'unconfirmed';

/** A path as the kernel sees it (RFC 6458 §8.2.2, SCTP_GET_PEER_ADDR_INFO). */
export interface PeerAddrInfo {
  /** The peer's end of it. */
  address: Address;
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

export type AssocState =
  | 'closed'
  | 'cookieWait'
  | 'cookieEchoed'
  | 'established'
  | 'shutdownPending'
  | 'shutdownSent'
  | 'shutdownReceived'
  | 'shutdownAckSent';

/** An association as the kernel sees it (RFC 6458 §8.2.1, SCTP_STATUS). */
export interface Status {
  state: AssocState;
  /** Bytes that the peer has room for. */
  rwnd: number;
  /** Chunks sent and not acknowledged; those that wait to be sent are not in it. */
  unackData: number;
  /** Chunks received that wait for others before them. */
  pendData: number;
  inStreams: number;
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
 * What an association has done so far (Linux, SCTP_GET_ASSOC_STATS): `o` is out, `i` in. Reading it
 * begins a new period for `maxRto` and `obsRtoIpaddr`, for all who read.
 */
export interface AssocStats {
  /** The largest RTO since the last reading, in milliseconds; at least the minimum, or 0. */
  maxRto: number;
  /** The path which had it. */
  obsRtoIpaddr?: Address;
  iSacks: Counter;
  oSacks: Counter;
  oPackets: Counter;
  iPackets: Counter;
  /** Chunks sent again. */
  rtxChunks: Counter;
  /** Chunks received ahead of others. */
  outOfSeqTsns: Counter;
  /** Chunks received again. */
  iDupChunks: Counter;
  /** Gaps that acknowledgements told of. */
  gapCnt: Counter;
  /** Unordered data chunks. */
  oUodChunks: Counter;
  iUodChunks: Counter;
  /** Ordered data chunks. */
  oOdChunks: Counter;
  iOdChunks: Counter;
  /** Control chunks. */
  oCtrlChunks: Counter;
  iCtrlChunks: Counter;
}

export type AbandoningPolicy = 'ttl' | 'rtx' | 'prio' | 'all';

/** Messages that were given up, by policy (RFC 7496 §4.4, SCTP_PR_ASSOC_STATUS). */
export interface PrAssocStatus {
  policy: AbandoningPolicy;
  /** Before anything of them was sent. */
  abandonedUnsent: Counter;
  /** After they were sent, or some of their pieces. Counted in chunks. */
  abandonedSent: Counter;
}

/** Messages that were given up, by stream and policy (RFC 7496 §4.3, SCTP_PR_STREAM_STATUS). */
export interface PrStreamStatus {
  /** Stream. */
  sid: number;
  policy: AbandoningPolicy;
  /** Before anything of them was sent. */
  abandonedUnsent: Counter;
  /** After they were sent, or some of their pieces. Counted in chunks. */
  abandonedSent: Counter;
}

export interface StatusOptions {
  status: Status;
  peerAddrInfo: PeerAddrInfo;
  assocStats: AssocStats;
  prStreamStatus: PrStreamStatus;
  prAssocStatus: PrAssocStatus;
}

/** What `getOption` is told after the name. */
export interface StatusArguments {
  peerAddrInfo: [args: { address: AddressInput }];
  prStreamStatus: [args: { sid: number; policy: AbandoningPolicy }];
  prAssocStatus: [args: { policy: AbandoningPolicy }];
}
