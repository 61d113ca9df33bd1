/** Options of `open`, and what its callback gets. */
import type { ReceivedInfo } from './messages';
import type { PrInfo, SctpOptions } from './options';

/**
 * Called for each received message with `[data, host, port]` and what the kernel reports of it,
 * and with a text for each failure: a message that could not be delivered, one that was too long,
 * an association that failed. A text is English for logs; the words may change.
 */
export type OnReceive = (
  result: [data: Buffer, host: string, port: number] | string,
  info?: ReceivedInfo,
) => void;

/** Options of `open`. */
export interface OpenOptions {
  /** Numeric address to bind. Default: every address, IPv6 and IPv4. */
  host?: string | undefined;
  /** Network interfaces whose addresses to bind, all of them, instead of `host`: 'eth0'. */
  interface?: string | readonly string[] | undefined;
  /** Port to bind; 0, the default, lets the kernel choose: see `address()`. */
  port?: number | undefined;
  /** Bytes, 1 to 67108864 (default 16777216). Longer messages are dropped and reported. */
  maxMessageSize?: number | undefined;
  /**
   * Bytes of messages of all associations that have come in part (default 268435456); one association at most as many as it leaves to the
   * others. A message beyond that is dropped and reported.
   */
  maxUnfinishedBytes?: number | undefined;
  /**
   * Associations at a time (default: no limit). One more is aborted as soon as it is up, whichever
   * side began it, and reported.
   */
  maxAssociations?: number | undefined;
  /** Let messages overtake each other (default true): short for `sctp.defaultSndInfo`. */
  unordered?: boolean | undefined;
  /** When to give a message up (default 30 s): short for `sctp.defaultPrInfo`. */
  pr?: PrInfo | undefined;
  /**
   * Bytes of messages that may wait because the kernel's buffer is full (default 4194304). Each
   * message counts its length and 256 bytes.
   */
  sendBufferLimit?: number | undefined;
  /**
   * Give each message memory of its own. By default (false) messages of up to 8 KiB, of all handles
   * of a thread, share ArrayBuffers of 256 KiB, so that keeping one keeps its neighbours.
   */
  copy?: boolean | undefined;
  /** Socket options, set before binding. */
  sctp?: SctpOptions | undefined;
}
