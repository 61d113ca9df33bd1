/** What goes with a message. */

import type { PrInfo } from './options';

/** How to send one message. What is left out follows the socket's defaults. */
export interface SendInfo {
  /** Stream, 0 to 65535. */
  sid?: number;
  /** Payload protocol identifier: a number in host order, or a name in `PPID` or `protocol`. */
  ppid?: number | string;
  /** Deliver as soon as it arrives, whatever else is missing. */
  unordered?: boolean;
  /** A number that comes back with the message if it cannot be delivered. */
  context?: number;
  /** When to give the message up. */
  pr?: PrInfo;
  /** Ask the peer to acknowledge at once (RFC 7053). */
  sackImmediately?: boolean;
  /**
   * The SCTP-AUTH key to authenticate it with, instead of the active one (RFC 6458 §5.3.8). It
   * matters only where the peer has messages authenticated: its option authChunks has 'data'.
   */
  authKeyNumber?: number;
}

/** What the kernel reports of a received message (SCTP_RCVINFO, RFC 6458 §5.3.5). */
export interface ReceivedInfo {
  /** Stream, 0 to 65535. */
  sid: number;
  /** Payload protocol identifier, in host order: see `PPID`. */
  ppid: number;
  /** It was delivered as soon as it arrived, whatever else was missing. */
  unordered: boolean;
  /** Stream sequence number. */
  ssn: number;
  /** Transmission sequence number. */
  tsn: number;
  /** Cumulative TSN of what has arrived, of use for unordered messages. */
  cumulativeTsn: number;
  /** The association's SCTP_CONTEXT. */
  context: number;
  /** The kernel's number of the association. */
  assocId: number;
}

/** What a received Buffer of a Socket has besides its bytes: accessors, which can be set. */
export type MessageInfo = Pick<ReceivedInfo, 'sid' | 'ppid' | 'unordered' | 'context'>;

/** One whole message as a Socket delivers it. */
export type Message = Buffer & MessageInfo;

/** Called once the kernel has accepted a message, or with the reason why it cannot be sent. */
export type WriteCallback = (error?: Error | null) => void;

/** How a Socket sends one message. */
export interface SocketSendInfo extends SendInfo {
  /** The peer's address to send to; by default its primary one. */
  address?: string;
}

/** How an association on an endpoint sends one message. */
export interface EndpointSendInfo extends SocketSendInfo {
  /**
   * It is the last: the association ends in order once everything has arrived (SCTP_EOF of RFC 6458),
   * as by `shutdown`. `send` returns, throws and calls back as for any message.
   */
  eof?: boolean;
  /**
   * It is not delivered: the association ends at once, and this is the peer's reason (SCTP_ABORT), as
   * by `abort`. What waits is discarded; `send` returns false and calls back without an error.
   */
  abort?: boolean;
}

/** What `write` and `end` take as one message. */
export type MessageData = string | ArrayBufferView;
