/** One stream of a Socket, as `createStream` and 'stream' give it. */
import type { Duplex } from 'node:stream';

import type { SendInfo } from './messages';

/**
 * A Duplex of messages, as the Socket is: one `write` is one message on this stream, one 'data' one
 * whole message. 'message' tells more of it. It has no end of its own on the wire: `end` and
 * `destroy` only end the object.
 */
export interface SctpStream extends Duplex {
  /** Stream, 0 to 65535. */
  readonly sid: number;
  /** Payload protocol identifier of messages that name none; undefined for the socket's. */
  get ppid(): number | undefined;
  /** A number, or a name in `PPID` or `protocol`. */
  set ppid(value: number | string | undefined);
  /** Bytes of received messages that nobody has read yet. */
  readonly readAheadBytes: number;
  /** As the Socket's. */
  send(
    data: ArrayBufferView,
    info?: Omit<SendInfo, 'sid'>,
    callback?: (error?: Error | null) => void,
  ): boolean;
  send(data: ArrayBufferView, callback: (error?: Error | null) => void): boolean;
}
