/**
 * Socket options. Times are milliseconds, sizes bytes, unless said otherwise.
 * Names are RFC 6458's without their prefix, in camelCase.
 */

/** Retransmission time-outs (RFC 6458 §8.1.1, SCTP_RTOINFO). 0 or absent keeps the value. */
export interface RtoInfo {
  /** Milliseconds before the first measurement. */
  initial?: number;
  /** Milliseconds, upper bound. */
  max?: number;
  /** Milliseconds, lower bound; not above `max`. */
  min?: number;
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
  /** Send small messages at once, without waiting to bundle them (RFC 6458 §8.1.5). */
  noDelay: boolean;
  delayedSack: Required<DelayedSack>;
  /**
   * Whether pieces of messages from different associations may alternate (RFC 6458 §8.1.20). If
   * not, one peer that does not finish a long message silences all others.
   */
  fragmentInterleave: boolean;
  defaultSndInfo: Required<DefaultSndInfo>;
  defaultPrInfo: Required<PrInfo>;
}

export type OptionName = keyof OptionValues;

/** What `setOption` takes: as `getOption` returns it, but structs may leave fields out. */
export type OptionInput<Name extends OptionName> = OptionValues[Name] extends boolean | number
  ? OptionValues[Name]
  : Partial<OptionValues[Name]>;

/** A bag of options, as constructors take it in `sctp`. */
export type SctpOptions = { [Name in OptionName]?: OptionInput<Name> };
