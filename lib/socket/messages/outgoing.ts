/** What is on its way through Writable's buffer: the chunks, and what goes with them. */
import type { SocketSendInfo, WriteCallback } from '../../../types/messages';
import { byteLength } from '../../validate';

export type { WriteCallback };

/** What a chunk knows beside its bytes. */
export interface Waybill {
  readonly info: SocketSendInfo;
  /** `send` was given a callback: somebody wants to know what becomes of this very message. */
  readonly isHeard: boolean;
  failure?: Error;
}

export const kWaybill = Symbol('waybill');
export type Chunk = Buffer & { [kWaybill]?: Waybill };

/** Longer than this, a message is no good unit for a byte stream that is cut up anyway. */
export const LONGEST_PIECE = 65536;

/** At least one. */
export function piecesOf(data: Buffer, size: number): Buffer[] {
  const count = Math.max(1, Math.ceil(data.length / size));
  return Array.from({ length: count }, (_, i) => data.subarray(i * size, (i + 1) * size));
}

/** The callback among the last arguments of `write`. Writable ignores what is no function; null is usual. */
export function callbackOf(second: unknown, third: unknown): WriteCallback | undefined {
  const callback = typeof second === 'function' ? second : third;
  return typeof callback === 'function' ? (callback as WriteCallback) : undefined;
}

/** `end([chunk[, encoding]][, callback])`; null is no chunk. */
export function endArguments(args: readonly unknown[]): {
  chunk: unknown;
  encoding: BufferEncoding | undefined;
  callback: (() => void) | undefined;
} {
  const callback = args.find((argument) => typeof argument === 'function');
  const [chunk, encoding] = args.filter((argument) => argument !== callback);
  return {
    chunk: chunk ?? undefined,
    encoding: encoding as BufferEncoding | undefined,
    callback: callback as (() => void) | undefined,
  };
}

export function toBuffer(view: ArrayBufferView): Buffer {
  if (Buffer.isBuffer(view)) return view;
  if (byteLength(view) === 0) return Buffer.alloc(0); // perhaps on detached memory
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** What waits in Writable's buffer is told no more than that the stream was destroyed. */
export function reasonOf(error: Error, failure: NodeJS.ErrnoException | undefined): Error {
  return failure?.code === 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION' ? failure : error;
}
