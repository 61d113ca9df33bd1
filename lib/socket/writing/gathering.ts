/**
 * What is written within one tick goes past Writable's buffer: it is copied into the burst at once,
 * and reaches Writable as one chunk when the tick ends. Writable's own bookkeeping for each message
 * costs more than all else that JavaScript does for it.
 */
import type { Duplex } from 'node:stream';

import type { Association } from '../../association/association';
import type { Sending } from '../../association/sending';
import { burst, type BurstHolder, LONGEST_IN_BURST } from '../../burst';
import type { CheckedSocketInfo } from '../../messages/info';
import { lengthOf } from '../../validate';
import { GatheredChunk } from './gathered-chunk';
import { bufferMessage } from './message-duplex';
import { type WritableState, writableStateOf } from './writable-state';

/** What Gathering needs of its Socket. */
export interface GatheringHost {
  readonly socket: Duplex;
  /** The association while it is established. */
  readonly upAssociation: Association | undefined;
  /** Whether messages leave as they come: nothing has failed, and the end does not follow. */
  readonly maySend: boolean;
  /** Whether the kernel has taken so much that others are to get their turn. */
  readonly isSpent: boolean;
  /** `flush` is to be called when the tick ends. @returns false if there is no such end */
  hold(): boolean;
  /** Until the tick ends Writable keeps what it gets. */
  cork(): void;
}

export class Gathering implements BurstHolder {
  readonly #host: GatheringHost;
  readonly #stream: Duplex;
  readonly #state: WritableState;
  /** Of what was gathered, which Writable counts as waiting. */
  #bytes = 0;
  /** The kernel has taken so much in this tick that others are to run, though nothing waits here. */
  #isSpent = false;
  /** The longest message, since the first of them was gathered. */
  #longest = 0;
  #sending: Sending | undefined;
  /** What single messages say of themselves, if any does. */
  #infos: CheckedSocketInfo[] | undefined;

  constructor(host: GatheringHost) {
    this.#host = host;
    this.#stream = host.socket;
    this.#state = writableStateOf(host.socket);
  }

  /**
   * Takes a message, if nothing that it must not overtake is with Writable.
   * @returns what `write` returns, or undefined if Writable must get the message
   */
  add(data: Uint8Array, info: CheckedSocketInfo | undefined): boolean | undefined {
    const length = lengthOf(data);
    const state = this.#state;
    if (state.corked !== 0 || length === 0 || length > LONGEST_IN_BURST) return undefined;
    if (this.#bytes === 0 && !this.#begin()) return undefined;
    const isAdded =
      length <= this.#longest &&
      (this.#sending?.adds(data, info) === true || this.#addsToNext(data, info));
    if (!isAdded) {
      if (this.#bytes === 0) burst.free(this);
      return undefined;
    }
    if (info !== undefined) (this.#infos ??= [])[burst.count - 1] = info;
    this.#bytes += length;
    state.length += length;
    if (!this.#isSpent && state.length < state.highWaterMark) return true;
    state.needDrain = true;
    return false;
  }

  /** Hands over what was gathered. @param isFull more of the same tick follows */
  flush(isFull = false): void {
    const bytes = this.#bytes;
    this.#isSpent = false;
    if (bytes === 0) return;
    const chunk = new GatheredChunk(this, bytes, this.#infos, isFull);
    this.#bytes = 0;
    this.#infos = undefined;
    this.#state.length -= bytes; // Writable adds it
    try {
      bufferMessage(this.#stream, chunk.data);
    } finally {
      chunk.keep(); // unless it has left
      this.#isSpent = isFull && this.#host.isSpent;
    }
  }

  /** Hands it over before something else, to leave with that when the tick ends. */
  giveWay(): void {
    if (this.#bytes === 0) return;
    this.#host.cork();
    this.flush();
  }

  onBurstWanted(): void {
    this.giveWay();
  }

  onBurstShared(): void {
    this.flush();
  }

  #begin(): boolean {
    const stream = this.#stream;
    const { upAssociation, maySend } = this.#host;
    if (!upAssociation || !maySend || this.#state.length > 0) return false;
    if (stream.destroyed || stream.writableEnded || stream.errored) return false;
    try {
      this.#longest = Math.min(LONGEST_IN_BURST, upAssociation.limits.longestMessage);
    } catch {
      return false; // the association is over, which was not reported yet
    }
    this.#sending = upAssociation.sending;
    if (!burst.claim(this)) return false;
    if (this.#host.hold()) return true;
    burst.free(this);
    return false;
  }

  /** The burst has no more room: this message is the first of another. */
  #addsToNext(data: Uint8Array, info: CheckedSocketInfo | undefined): boolean {
    if (this.#bytes === 0) return false;
    this.flush(true);
    return this.#begin() && this.#sending?.adds(data, info) === true;
  }
}
