/** A MessageReader whose writing half keeps message boundaries: one `write` is one message. */
import type { MessageData, WriteCallback } from '../../../types/messages';
import { Writable } from 'node:stream';

import { noBuffer } from '../../errors';
import { toBuffer } from '../../messages/bytes';
import { MessageReader } from '../reading/message-reader';
import { callbackOf, endArguments } from './arguments';

/** Where the messages go that are written. */
export interface MessageSink {
  /** @returns as `write`, or undefined, and does nothing, if the message must go by `write` */
  gather?(data: Uint8Array): boolean | undefined;
  /** @param chunk as it was given; it may say more than its bytes. @returns as `write` */
  write(data: Buffer, chunk: unknown, callback: WriteCallback | undefined): boolean;
}

/** What a duplex's own kind sets; users' subclasses cannot collide with it. */
export let setSink: (duplex: MessageDuplex, sink: MessageSink) => void;

export abstract class MessageDuplex extends MessageReader {
  #sink: MessageSink | undefined;

  static {
    setSink = (duplex, sink) => {
      duplex.#sink = sink;
    };
  }

  /** For strings that come without one. */
  #encoding: BufferEncoding = 'utf8';

  /**
   * Sends one message: it arrives as one 'data'. A received message that is written on keeps its
   * `sid` and `ppid`.
   *
   * @returns false if the caller should wait for 'drain'
   * @throws ERR_SCTP_MESSAGE_TOO_LARGE for more than the kernel's send buffer
   */
  override write(chunk: MessageData, callback?: WriteCallback): boolean;
  override write(chunk: MessageData, encoding?: BufferEncoding, callback?: WriteCallback): boolean;
  override write(
    chunk: unknown,
    second?: BufferEncoding | WriteCallback,
    third?: WriteCallback,
  ): boolean {
    if (second === undefined && third === undefined && isBytes(chunk)) {
      const result = #sink in this ? this.#sink?.gather?.(chunk) : undefined;
      if (result !== undefined) return result;
    }
    const callback = callbackOf(second, third);
    const encoding = (typeof second === 'function' ? undefined : second) ?? this.#encoding;
    if (typeof chunk === 'string' && (encoding as string) === 'buffer') refuseAsNet(chunk);
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    // Writable refuses invalid chunks in its own words.
    if (!ArrayBuffer.isView(bytes)) return super.write(chunk, encoding, callback);
    if (!(#sink in this) || !this.#sink) return super.write(chunk, encoding, callback);
    if (callback === undefined && typeof chunk === 'string') {
      const result = this.#sink.gather?.(bytes as Buffer);
      if (result !== undefined) return result;
    }
    return this.#sink.write(toBuffer(bytes), chunk, callback);
  }

  // Writable's own would bypass `write`.
  override end(callback?: () => void): this;
  override end(chunk: MessageData, callback?: () => void): this;
  override end(chunk: MessageData, encoding?: BufferEncoding, callback?: () => void): this;
  override end(...args: unknown[]): this {
    // Too late: Writable has its own words for that.
    if (this.destroyed || this.writableEnded) {
      return super.end(...(args as [unknown, BufferEncoding, () => void]));
    }
    const { chunk, encoding, callback } = endArguments(args);
    if (chunk !== undefined) this.write(chunk as MessageData, encoding);
    return super.end(callback);
  }

  override setDefaultEncoding(encoding: BufferEncoding): this {
    super.setDefaultEncoding(encoding);
    this.#encoding = encoding;
    return this;
  }
}

/** And no Proxy of one. */
function isBytes(chunk: unknown): chunk is Uint8Array {
  return ArrayBuffer.isView(chunk) && chunk instanceof Uint8Array;
}

/** A string in the "encoding" of Buffers: newer streams refuse it themselves, older ones leave it to `net`. */
function refuseAsNet(chunk: string): void {
  const write = (): never => {
    throw noBuffer();
  };
  new Writable({ decodeStrings: false, write }).write(chunk, 'buffer' as BufferEncoding);
}

type Write = (this: Writable, data: Buffer, callback?: WriteCallback) => boolean;

/** Puts a message into Writable's buffer, from which `_write` gets it. */
export function bufferMessage(stream: Writable, data: Buffer, callback?: WriteCallback): boolean {
  return (Writable.prototype.write as Write).call(stream, data, callback);
}
