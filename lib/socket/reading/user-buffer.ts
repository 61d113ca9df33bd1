/** `onread`: received messages go into the user's buffer, and not through Readable. */
import { isUint8Array } from 'node:util/types';

import type { OnReadOptions } from '../../../types/socket';
import { invalidArgType, invalidArgValue } from '../../errors';
import { checkFunction, checkObject } from '../../validate';

export function checkOnRead(value: unknown): OnReadOptions {
  const { buffer, callback } = checkObject('options.onread', value);
  checkFunction('options.onread.callback', callback);
  if (!isUint8Array(buffer) && typeof buffer !== 'function') {
    throw invalidArgType(
      'options.onread.buffer',
      'of type function or an instance of Uint8Array',
      buffer,
    );
  }
  if (isUint8Array(buffer) && buffer.length === 0) {
    throw invalidArgValue('options.onread.buffer', buffer, 'must have room for at least one byte');
  }
  return value as OnReadOptions;
}

/** What the memory is for. */
interface Owner {
  destroy(error: Error): unknown;
}

export class UserBuffer {
  readonly #options: OnReadOptions;
  readonly #socket: Owner;
  #buffer: Uint8Array | undefined;
  /** A function has been asked for it since the last one was filled. */
  #isFresh = false;
  /** Rest of a message that is longer than the buffer, or whose reader has paused. */
  #rest: Uint8Array | undefined;
  #isStopped = false;

  /** @param socket `this` of the callback */
  constructor(options: OnReadOptions, socket: Owner) {
    this.#options = options;
    this.#socket = socket;
  }

  /** Whether another message can be taken. */
  get isReady(): boolean {
    return !this.#isStopped && this.#rest === undefined;
  }

  stop(): void {
    this.#isStopped = true;
  }

  start(): void {
    this.#isStopped = false;
  }

  /** Whether an unfinished message could continue. */
  get hasMore(): boolean {
    return !this.#isStopped && this.#rest !== undefined;
  }

  /** Drops the unfinished message. */
  clear(): void {
    this.#rest = undefined;
    this.#isStopped = false;
  }

  take(message: Uint8Array): void {
    this.#rest = message;
    this.goOn();
  }

  goOn(): void {
    while (this.#rest !== undefined && !this.#isStopped) {
      const buffer = this.#nextBuffer();
      if (!buffer) return;
      const part = this.#rest.subarray(0, buffer.length);
      this.#rest = part.length < this.#rest.length ? this.#rest.subarray(part.length) : undefined;
      buffer.set(part);
      this.#isFresh = false;
      if (this.#options.callback.call(this.#socket, part.length, buffer) === false) this.stop();
      // As `net` does, which wants memory before there is something to read.
      if (typeof this.#options.buffer === 'function' && this.#nextBuffer()) this.#isFresh = true;
    }
  }

  /** Without a buffer nothing more can be received: that ends the socket. */
  #nextBuffer(): Uint8Array | undefined {
    if (this.#isFresh) return this.#buffer;
    try {
      return this.#askForBuffer();
    } catch (error) {
      this.clear();
      this.#socket.destroy(error as Error);
      return undefined;
    }
  }

  /** If the function returns no buffer, the last one is used again, as with `net`. */
  #askForBuffer(): Uint8Array {
    const { buffer } = this.#options;
    const next = typeof buffer === 'function' ? buffer() : buffer;
    if (isUint8Array(next) && next.length > 0) this.#buffer = next;
    const name = typeof buffer === 'function' ? 'options.onread.buffer()' : 'options.onread.buffer';
    if (this.#buffer === undefined && !isUint8Array(next)) {
      throw invalidArgType(name, 'an instance of Uint8Array', next);
    }
    if (this.#buffer === undefined || this.#buffer.length === 0) {
      throw invalidArgValue(name, next, 'must have room for at least one byte and not be detached');
    }
    return this.#buffer;
  }
}
