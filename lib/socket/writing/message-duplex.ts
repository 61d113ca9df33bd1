/** A MessageReader whose writing half keeps message boundaries: one `write` is one message. */
import type { WriteCallback } from '../../../types/messages';
import { Writable } from 'node:stream';

import { toBuffer } from '../../messages/bytes';
import { MessageReader } from '../reading/message-reader';
import { callbackOf, endArguments } from './arguments';

export abstract class MessageDuplex extends MessageReader {
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
    // Writable refuses invalid chunks in its own words.
    if (!ArrayBuffer.isView(bytes)) return super.write(chunk, encoding, callback);
    return this._writeMessage(toBuffer(bytes), chunk, callback);
  }

  // Writable's own would bypass `write`.
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

  /** Writes one message. @param chunk as it was given; it may have `sid` and `ppid` */
  protected abstract _writeMessage(
    data: Buffer,
    chunk: unknown,
    callback: WriteCallback | undefined,
  ): boolean;
}

type Write = (this: Writable, data: Buffer, callback?: WriteCallback) => boolean;

/** Puts a message into Writable's buffer, from which `_write` gets it. */
export function bufferMessage(stream: Writable, data: Buffer, callback?: WriteCallback): boolean {
  return (Writable.prototype.write as Write).call(stream, data, callback);
}
