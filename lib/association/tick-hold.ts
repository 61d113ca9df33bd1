/** Holds back what is sent within one tick, so that it leaves together. */

/** Those of all associations that hold something. */
const holding = new Set<TickHold>();

/**
 * Also before an association ends: its peer may be one of this process, whose messages were sent
 * before that, and could no longer leave.
 */
export function releaseAll(): void {
  for (const hold of holding) hold.release();
}

export class TickHold {
  readonly #begin: (() => void) | undefined;
  readonly #end: () => void;
  #isHolding = false;

  /**
   * @param end what was held may leave
   * @param begin from now on it is held
   */
  constructor(end: () => void, begin?: () => void) {
    this.#end = end;
    this.#begin = begin;
  }

  /** Whether something is held back. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** From now to the end of the tick. */
  hold(): void {
    if (this.#isHolding) return;
    this.#isHolding = true;
    if (holding.size === 0) process.nextTick(releaseAll);
    holding.add(this);
    this.#begin?.();
  }

  /** What is held leaves now. */
  release(): void {
    if (!this.#isHolding) return;
    this.drop();
    this.#end();
  }

  /** Nothing is held any longer. */
  drop(): void {
    this.#isHolding = false;
    holding.delete(this);
  }
}
