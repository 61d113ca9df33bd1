/** How messages are sent, and when they are given up. */

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

export interface MessageOptions {
  defaultSndInfo: Required<DefaultSndInfo>;
  defaultPrInfo: Required<PrInfo>;
}
