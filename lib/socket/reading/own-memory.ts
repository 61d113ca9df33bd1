/** `onread`: what is received goes to the caller's own memory, and not through Readable. */
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

export class OwnMemory {
  readonly #options: OnReadOptions;
  readonly #socket: Owner;
  #buffer: Uint8Array | undefined;
  /** Of a message that is longer than the memory, or whose reader has had enough. */
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

  /** Whether something that has been begun could go on. */
  get hasMore(): boolean {
    return !this.#isStopped && this.#rest !== undefined;
  }

  /** Forgets what has been begun. */
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
      const piece = this.#rest.subarray(0, buffer.length);
      this.#rest = piece.length < this.#rest.length ? this.#rest.subarray(piece.length) : undefined;
      buffer.set(piece);
      if (this.#options.callback.call(this.#socket, piece.length, buffer) === false) this.stop();
    }
  }

  /** Without memory nothing can be received any more: that ends the socket. */
  #nextBuffer(): Uint8Array | undefined {
    try {
      return this.#askForBuffer();
    } catch (error) {
      this.clear();
      this.#socket.destroy(error as Error);
      return undefined;
    }
  }

  /** A function that has no more to offer leaves us what it gave last, as with `net`. */
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
