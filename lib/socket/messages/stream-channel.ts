/** One stream of an association as a Duplex of its own. */
import type { Message, SendInfo } from '../../../types/messages';
import type { SctpStream } from '../../../types/streams';
import { checkPpid } from '../../protocols/ppid';
import { checkBytes } from '../../validate';
import * as hooks from '../hooks';
import { Letter } from './letter';
import { ChunkWriter } from '../layers/chunk-writer';
import { isReceived } from './incoming';
import { callbackOf, toBuffer, type WriteCallback } from './outgoing';

/** The socket that a stream belongs to. */
export interface ChannelOwner {
  /** Takes the message at once; throws if it cannot be sent. */
  send(data: Buffer, info: SendInfo, callback: WriteCallback): void;
  /** Nothing can be sent any more, on whatever stream: the socket tells it. */
  isFailing(): boolean;
  /** The socket goes on without some messages, and tells of them itself. */
  tells(error: Error): boolean;
  /** Messages were read. */
  onRoom(): void;
  onClosed(): void;
}

/**
 * Messages wait in the socket, in the order in which they were written, whatever their streams;
 * Writable's buffer here only counts those that the kernel has not taken.
 */
export class StreamChannel extends ChunkWriter implements SctpStream {
  readonly sid: number;
  readonly #owner: ChannelOwner;
  readonly #letters: Letter[] = [];
  #ppid: number | undefined;
  #isClaimed = false;
  #hasEnded = false;
  /** Whoever waits until everything is read. */
  #onRead: (() => void) | undefined;

  constructor(sid: number, highWaterMark: number, owner: ChannelOwner) {
    super({ allowHalfOpen: false, writableHighWaterMark: highWaterMark }, { highWaterMark });
    this.sid = sid;
    this.#owner = owner;
    // Who only writes needs it no longer.
    this.once('finish', () => {
      if (!this.#isClaimed) this.destroy();
    });
  }

  get ppid(): number | undefined {
    return this.#ppid;
  }

  set ppid(value: number | string | undefined) {
    this.#ppid = value === undefined ? undefined : checkPpid('ppid', value);
  }

  /** Whether messages of the stream come here: from the first reading on. */
  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  send(data: ArrayBufferView, info?: Omit<SendInfo, 'sid'>, callback?: WriteCallback): boolean;
  send(data: ArrayBufferView, callback: WriteCallback): boolean;
  send(
    data: ArrayBufferView,
    second?: Omit<SendInfo, 'sid'> | WriteCallback,
    third?: WriteCallback,
  ): boolean {
    const info = typeof second === 'function' ? {} : second;
    const callback = callbackOf(second, third);
    return this.#post(toBuffer(checkBytes('data', data)), info, callback, callback !== undefined);
  }

  protected override [hooks.writeMessage](
    data: Buffer,
    chunk: unknown,
    callback: WriteCallback | undefined,
  ): boolean {
    const { ppid } = chunk as Partial<Message>;
    try {
      return this.#post(data, ppid === undefined ? {} : { ppid }, callback);
    } catch (error) {
      if (!isReceived(chunk)) throw error;
      this.destroy(error as Error); // nobody could catch it: see MessageWriter
      return false;
    }
  }

  override _read(): void {
    this.#isClaimed = true;
    super._read();
  }

  override _write(_chunk: unknown, _encoding: BufferEncoding, callback: WriteCallback): void {
    const letter = this.#letters.shift();
    letter?.whenSettled((error) => {
      if (!error) {
        callback();
      } else if (this.#owner.isFailing()) {
        this.#whenOver(() => {
          this.#close(error);
          callback(error); // after `destroy`, so that it is no 'error'
        });
      } else {
        // The callback of the message is told in any case.
        callback(letter.isHeard || this.#owner.tells(error) ? undefined : error);
      }
    });
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this[hooks.dropUnread]();
    this.#owner.onClosed();
    this.#onRead?.();
    callback(error);
  }

  /** The socket has found out that somebody should read. */
  [hooks.claim](): void {
    this.#isClaimed = true;
  }

  /** The socket is destroyed. What was received before the peer ended can still be read. */
  [hooks.onOwnerDestroyed](error: Error | null): void {
    if (!this.#hasEnded) this.#close(error);
  }

  override [hooks.endReading](): void {
    this.#hasEnded = true;
    super[hooks.endReading]();
  }

  /** What is dropped is not waited for. */
  override [hooks.whenRead](callback: () => void): void {
    this.#onRead = callback;
    super[hooks.whenRead](callback);
  }

  override get [hooks.isAbandoned](): boolean {
    return super[hooks.isAbandoned];
  }

  protected override [hooks.setReceiving](): void {
    this.#owner.onRoom();
  }

  #post(
    data: Buffer,
    info: object | undefined,
    callback: WriteCallback | undefined,
    isHeard = false,
  ): boolean {
    // Writable refuses it.
    if (this.writableEnded || this.destroyed) return this[hooks.buffer](data, callback);
    const letter = new Letter(isHeard);
    if (data.length === 0) letter.settle(null);
    else this.#owner.send(data, this.#address(info), letter.settle);
    this.#letters.push(letter);
    return this[hooks.buffer](data, (error) => callback?.(error ?? letter.failure));
  }

  /** What was received before can still be read. */
  #whenOver(action: () => void): void {
    const act = (): void => {
      this.off('end', act).off('close', act);
      action();
    };
    if (this.readableEnded || this.destroyed) act();
    else this.once('end', act).once('close', act);
  }

  #address(info: object | undefined): SendInfo {
    const ppid = this.#ppid;
    return { ...(ppid !== undefined && { ppid }), ...info, sid: this.sid };
  }

  /** An error of the socket's, which tells it: here only who listens needs to hear of it. */
  #close(error: Error | null): void {
    const isHeard = error !== null && this.listenerCount('error') > 0;
    this.destroy(isHeard ? error : undefined);
  }
}
