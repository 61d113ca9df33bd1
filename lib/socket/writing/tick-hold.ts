/** Holds back what is written within one tick, so that it leaves together. */
import type { Writable } from 'node:stream';

/** Those of all sockets that hold something. */
const holding = new Set<TickHold>();

/**
 * Also before a socket ends: its peer may be one of this process, whose messages were written
 * before that, and could no longer be sent.
 */
export function releaseAll(): void {
  for (const hold of holding) hold.release();
}

export class TickHold {
  readonly #stream: Writable;
  #isHolding = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Whether the stream is corked by us. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** From now to the end of the tick. */
  hold(): void {
    if (this.#isHolding) return;
    this.#isHolding = true;
    if (holding.size === 0) process.nextTick(releaseAll);
    holding.add(this);
    this.#stream.cork();
  }

  /** What is held leaves now. */
  release(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    holding.delete(this);
    this.#stream.uncork();
  }
}
