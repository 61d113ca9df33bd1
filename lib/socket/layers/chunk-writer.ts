/** Adds to the Duplex of messages how the arguments of `write` and `end` become one message. */
import * as hooks from '../hooks';
import { callbackOf, endArguments, toBuffer, type WriteCallback } from '../messages/outgoing';
import { MessageReader } from './message-reader';

export abstract class ChunkWriter extends MessageReader {
  /** Of strings that come without one. */
  #encoding: BufferEncoding = 'utf8';

  override write(chunk: unknown, callback?: WriteCallback): boolean;
  override write(chunk: unknown, encoding?: BufferEncoding, callback?: WriteCallback): boolean;
  override write(
    chunk: unknown,
    second?: BufferEncoding | WriteCallback,
    third?: WriteCallback,
  ): boolean {
    const callback = callbackOf(second, third);
    const encoding = (typeof second === 'function' ? undefined : second) ?? this.#encoding;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    // What is no chunk at all, Writable refuses in its own words.
    if (!ArrayBuffer.isView(bytes)) return super.write(chunk, encoding, callback);
    return this[hooks.writeMessage](toBuffer(bytes), chunk, callback);
  }

  // Writable's own would pass `write` by.
  override end(callback?: () => void): this;
  override end(chunk: unknown, callback?: () => void): this;
  override end(chunk: unknown, encoding?: BufferEncoding, callback?: () => void): this;
  override end(...args: unknown[]): this {
    // Too late: Writable has its own words for that.
    if (this.destroyed || this.writableEnded) {
      return super.end(...(args as [unknown, BufferEncoding, () => void]));
    }
    const { chunk, encoding, callback } = endArguments(args);
    if (chunk !== undefined) this.write(chunk, encoding);
    return super.end(callback);
  }

  override setDefaultEncoding(encoding: BufferEncoding): this {
    super.setDefaultEncoding(encoding);
    this.#encoding = encoding;
    return this;
  }

  /** Into Writable's buffer, past what `write` does here. */
  protected [hooks.buffer](data: Buffer, callback?: WriteCallback): boolean {
    return super.write(data, callback);
  }

  /** Writes one message. @param chunk as it was given; it may say more than its bytes */
  protected abstract [hooks.writeMessage](
    data: Buffer,
    chunk: unknown,
    callback: WriteCallback | undefined,
  ): boolean;
}
