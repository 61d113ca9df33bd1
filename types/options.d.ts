/**
 * Socket options. Times are milliseconds, sizes bytes, unless said otherwise.
 * Names are RFC 6458's without their prefix, in camelCase.
 */

import type { Address, AddressInput } from './address';

/** Retransmission time-outs (RFC 6458 §8.1.1, SCTP_RTOINFO). 0 or absent keeps the value. */
export interface RtoInfo {
  /** Milliseconds before the first measurement. */
  initial?: number;
  /** Milliseconds, upper bound. */
  max?: number;
  /** Milliseconds, lower bound; not above `max`. */
  min?: number;
}

/** An association's limits (RFC 6458 §8.1.2, SCTP_ASSOCINFO). Set to 0 keeps the value. */
export interface AssocInfo {
  /**
   * Retransmissions in a row, on whatever path, after which the association is lost. Of a live one
   * with several paths it must not be above the sum of their `pathMaxRxt`.
   */
  asocMaxRxt: number;
  /** Addresses of the peer; 0 where no association is meant. Read only, as the next two. */
  numberPeerDestinations: number;
  /** Bytes that the peer has room for. */
  peerRwnd: number;
  /** Bytes that we told the peer we have room for. */
  localRwnd: number;
  /** Milliseconds for which a cookie of ours is valid, while an association is set up. */
  cookieLife: number;
}

/**
 * How paths are watched (RFC 6458 §8.1.12, SCTP_PEER_ADDR_PARAMS): those of associations to come;
 * with `address`, the path to it. The kernel rounds times of live paths up to its tick (1 to 10 ms).
 * What is left out keeps its value. A field and a switch that makes the kernel ignore it
 * (`hbEnable: false` with `hbInterval`, …) are refused together.
 */
export interface PeerAddrParams {
  /** An address of the peer. */
  address?: Address;
  /** Milliseconds between heartbeats, on top of the RTO. Setting it switches them on. */
  hbInterval: number;
  /** Retransmissions in a row after which the path is inactive. Set to 0 keeps the value. */
  pathMaxRxt: number;
  /**
   * Bytes of the largest packet, 512 to 65535. Setting it fixes it: `pmtudEnable` becomes false.
   * 0 is read as long as the path is not known; set to 0 it keeps the value.
   */
  pathMtu: number;
  /** Milliseconds, up to 500, as in `delayedSack`. Set to 0 keeps the value. */
  sackDelay: number;
  /** Whether heartbeats are sent. */
  hbEnable: boolean;
  /** Whether the path's MTU is discovered. */
  pmtudEnable: boolean;
  /** Whether acknowledgements may wait. Setting `sackDelay` switches it on. */
  sackDelayEnable: boolean;
  /** 0 to 1048575, absent unless it was set; of no effect on IPv4. */
  ipv6FlowLabel?: number;
  /**
   * Differentiated services code point in the upper six bits, where RFC 6458 has it, so a multiple
   * of 4: 184 for EF. Absent unless it was set.
   */
  dscp?: number;
}

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

/** How associations start (RFC 6458 §8.1.3, SCTP_INITMSG). 0 or absent keeps the value. */
export interface InitMsg {
  /** Outbound streams to ask for, 1 to 65535. */
  numOstreams?: number;
  /** Inbound streams to allow, 1 to 65535. */
  maxInstreams?: number;
  /** How often an unanswered INIT is sent. */
  maxAttempts?: number;
  /** Milliseconds, upper bound of the time-out between INITs, up to 65535. */
  maxInitTimeo?: number;
}

/** When received data is acknowledged (RFC 6458 §8.1.19, SCTP_DELAYED_SACK). 0 or absent keeps. */
export interface DelayedSack {
  /** Milliseconds, up to 500. */
  delay?: number;
  /** Packets; 1 acknowledges each at once. */
  freq?: number;
}

/** How messages are sent that say nothing themselves (RFC 6458 §8.1.31, SCTP_DEFAULT_SNDINFO). */
export interface DefaultSndInfo {
  /** Stream. */
  sid?: number;
  /** Payload protocol identifier, in host order. */
  ppid?: number;
  /** A number that comes back with the message if it cannot be delivered. */
  context?: number;
  /** Deliver as soon as it arrives, whatever else is missing. */
  unordered?: boolean;
}

export type PrPolicy = 'none' | 'ttl' | 'rtx' | 'prio';

/** When to give a message up (RFC 7496, RFC 3758). */
export interface PrInfo {
  /**
   * - `none`: never, the message is reliable
   * - `ttl`: `value` milliseconds, at least 1, after the kernel took it; never, if it was taken
   *   before its association was up
   * - `rtx`: after `value` retransmissions
   * - `prio`: when the send buffer is full and a message of higher priority (a lower value) waits
   */
  policy: PrPolicy;
  value?: number;
}

/** Every option by name, with the value `getOption` returns. */
export interface OptionValues {
  /** SO_REUSEADDR: bind although earlier associations on the port are still ending. */
  reuseAddr: boolean;
  /** IPV6_V6ONLY: an IPv6 socket leaves IPv4 alone. */
  v6Only: boolean;
  /**
   * Send buffer, in bytes (SO_SNDBUF). The kernel doubles what is set and reads back the double,
   * which is also the longest message it accepts. Beyond net.core.wmem_max only with
   * CAP_NET_ADMIN; without it the kernel uses the limit.
   */
  sndBuf: number;
  /** Receive buffer, in bytes (SO_RCVBUF, net.core.rmem_max), doubled like `sndBuf`. */
  rcvBuf: number;
  initMsg: Required<InitMsg>;
  rtoInfo: Required<RtoInfo>;
  assocInfo: AssocInfo;
  /** Send small messages at once, without waiting to bundle them (RFC 6458 §8.1.5). */
  noDelay: boolean;
  peerAddrParams: PeerAddrParams;
  delayedSack: Required<DelayedSack>;
  /**
   * Whether pieces of messages from different associations may alternate (RFC 6458 §8.1.20). If
   * not, one peer that does not finish a long message silences all others.
   */
  fragmentInterleave: boolean;
  defaultSndInfo: Required<DefaultSndInfo>;
  defaultPrInfo: Required<PrInfo>;
  /** The peer's address that is used unless a path fails (RFC 6458 §8.1.9, SCTP_PRIMARY_ADDR). */
  primaryAddr: Address;
  status: Status;
  peerAddrInfo: PeerAddrInfo;
  assocStats: AssocStats;
}

export type OptionName = keyof OptionValues;

/** Options that tell something, and cannot be set. */
export type ReadOnlyOptionName = 'status' | 'peerAddrInfo' | 'assocStats';

export type SettableOptionName = Exclude<OptionName, ReadOnlyOptionName>;

/** Options that are part of one association, and not there before it. */
export type AssociationOptionName = 'primaryAddr' | ReadOnlyOptionName;

/** What `getOption` is told after the name: of which path, where that is a question. */
export type OptionArguments<Name extends OptionName> = Name extends 'peerAddrInfo'
  ? [args: { address: AddressInput }]
  : Name extends 'peerAddrParams'
    ? [args?: { address?: AddressInput }]
    : [];

/** What `setOption` takes where that is not simply what `getOption` returns. */
interface OtherInputs {
  assocInfo: Partial<Pick<AssocInfo, 'asocMaxRxt' | 'cookieLife'>>;
  peerAddrParams: Partial<Omit<PeerAddrParams, 'address'>> & { address?: AddressInput };
  primaryAddr: AddressInput;
}

/** What `setOption` takes: as `getOption` returns it, but structs may leave fields out. */
export type OptionInput<Name extends SettableOptionName> = Name extends keyof OtherInputs
  ? OtherInputs[Name]
  : OptionValues[Name] extends boolean | number
    ? OptionValues[Name]
    : Partial<OptionValues[Name]>;

/** A bag of options, as constructors take it in `sctp`: what needs no association. */
export type SctpOptions = {
  [Name in Exclude<OptionName, AssociationOptionName | 'peerAddrParams'>]?: OptionInput<Name>;
} & { peerAddrParams?: Omit<OptionInput<'peerAddrParams'>, 'address'> };
