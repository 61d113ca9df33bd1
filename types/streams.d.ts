/** One stream of a Socket, as `createStream` and 'stream' give it. */
import type { TypedDuplex } from './events';
import type { Message, ReceivedInfo, SendInfo, WriteCallback } from './messages';

/** The arguments that each event's listeners get. */
export interface SctpStreamEvents {
  /** One whole message of this stream; a string after `setEncoding`. */
  data: [message: Message];
  /** The same, always as a Buffer, with all that the kernel reports of it. */
  message: [message: Message, info: ReceivedInfo];
  /** The peer has shut the association down, and every message before that is read. */
  end: [];
  /** The kernel has taken everything written. */
  finish: [];
  /** After `write` or `send` has returned false: write again. */
  drain: [];
  /** There is something to `read()`, or the end. */
  readable: [];
  /** A message cannot be sent; an error of the association is the socket's. */
  error: [error: Error];
  /** Nothing more will happen. */
  close: [];
}

/**
 * A Duplex of messages, as the Socket is: one `write` is one message on this stream, one 'data' one
 * whole message. 'message' has more about it. It has no end of its own on the wire: `end` and
 * `destroy` only end the object.
 */
export interface SctpStream extends TypedDuplex<SctpStreamEvents> {
  /** Stream, 0 to 65535. */
  readonly sid: number;
  /** Payload protocol identifier of messages that name none; undefined for the socket's. */
  get ppid(): number | undefined;
  /** A number, or a name in `PPID` or `protocol`. */
  set ppid(value: number | string | undefined);
  /** Bytes of received messages that nobody has read yet. */
  readonly readAheadBytes: number;
  /** As the Socket's. */
  send(data: ArrayBufferView, info?: Omit<SendInfo, 'sid'>, callback?: WriteCallback): boolean;
  send(data: ArrayBufferView, callback: WriteCallback): boolean;
}
