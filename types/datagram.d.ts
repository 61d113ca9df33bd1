/** Options of `open`, and what its callback gets. */
import type { Address } from './address';
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

/** An association of a handle. */
export interface DatagramAssociation {
  /** The kernel's number of it: `assocId` of what is received. */
  id: number;
  /** One address of the peer's. */
  address: string;
  /** 'IPv4' or 'IPv6': of `address`. */
  family: Address['family'];
  /** The peer's port. */
  port: number;
  /** 'ending': one side has shut it down. */
  state: 'starting' | 'up' | 'ending';
  /** Bytes of messages that wait for the end of the tick, or for room in the kernel. */
  bufferedAmount: number;
}

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
   * Associations at a time (default: no limit). A peer that begins one more is aborted, and
   * reported; `send` to one more throws ERR_SCTP_TOO_MANY_ASSOCIATIONS.
   */
  maxAssociations?: number | undefined;
  /**
   * Seconds after which an association over which nothing was sent or received is shut down: short
   * for `sctp.autoClose`. Default: never.
   */
  autoClose?: number | undefined;
  /** Let messages overtake each other (default true): short for `sctp.defaultSndInfo`. */
  unordered?: boolean | undefined;
  /** When to give a message up (default 30 s): short for `sctp.defaultPrInfo`. */
  pr?: PrInfo | undefined;
  /**
   * Bytes of messages to one peer that may wait because the kernel has no room for them, or the
   * association is being set up (default 4194304). Each message counts its length and 256 bytes.
   * Beyond, `send` throws ERR_SCTP_SEND_BUFFER_FULL.
   */
  sendBufferLimit?: number | undefined;
  /**
   * The same, of all peers together (default: 16 times `sendBufferLimit`). Beyond, only those that
   * have less than an equal part of it waiting may go on.
   */
  totalSendBufferLimit?: number | undefined;
  /**
   * Give each message memory of its own, exactly as long. By default (false) messages of up to
   * 8 KiB, of all handles of a thread, share ArrayBuffers of 256 KiB, so that keeping one keeps its
   * neighbours; that of a longer one may be twice as long as it.
   */
  copy?: boolean | undefined;
  /** Socket options, set before binding. */
  sctp?: SctpOptions | undefined;
}
