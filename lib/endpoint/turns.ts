/**
 * Associations of an endpoint with messages that wait until it hands them over: one message of each
 * at a time, so that none has to wait for all that another has.
 */

/** What an association has waiting. */
export interface TurnTaker {
  /** Hands over its first message, if it may. @returns whether it has */
  takeTurn(): boolean;
}

export class Turns<Taker extends TurnTaker = TurnTaker> {
  readonly #isHeld: () => boolean;
  readonly #waiting = new Set<Taker>();
  #isServing = false;

  /** @param isHeld whether nothing is to be handed over now */
  constructor(isHeld: () => boolean) {
    this.#isHeld = isHeld;
  }

  /** It has something waiting. */
  add(taker: Taker): void {
    this.#waiting.add(taker);
  }

  /** It has nothing left, or its own reader has stopped. */
  remove(taker: Taker): void {
    this.#waiting.delete(taker);
  }

  /** @returns all that wait, which do so no longer */
  takeAll(): Taker[] {
    const all = [...this.#waiting];
    this.#waiting.clear();
    return all;
  }

  /** In this tick still: listeners have come, or there is room again. */
  serveSoon(): void {
    if (this.#isServing || this.#waiting.size === 0) return;
    this.#isServing = true;
    process.nextTick(() => {
      this.#isServing = false;
      this.#serve();
    });
  }

  /** What a listener throws comes through, and the rest follows in the next tick. */
  #serve(): void {
    let isDone = false;
    try {
      // Those that have more come last, and again.
      for (const taker of this.#waiting) {
        if (this.#isHeld()) break;
        if (taker.takeTurn() && this.#waiting.delete(taker)) this.#waiting.add(taker);
      }
      isDone = true;
    } finally {
      if (!isDone) this.serveSoon();
    }
  }
}
