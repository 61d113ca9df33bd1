/** Counts what comes in, until all has come or nothing comes any more. */

const IDLE_MS = 10_000; // as long as the reference programs wait

interface Expected {
  times: number;
  /** Called after each arrival but the last. */
  onNext: (() => void) | undefined;
  resolve: () => void;
}

export class Arrivals {
  count = 0;
  bytes = 0;
  #expected: Expected | undefined;

  /** Starts counting again. Resolves after `times`, or earlier if nothing has come for long. */
  async expect(times: number, onNext?: () => void): Promise<void> {
    this.count = 0;
    this.bytes = 0;
    let seen = 0;
    const idle = setInterval(() => {
      if (this.count === seen) this.#expected?.resolve();
      seen = this.count;
    }, IDLE_MS);
    await new Promise<void>((resolve) => {
      this.#expected = { times, onNext, resolve };
    });
    clearInterval(idle);
    this.#expected = undefined;
  }

  readonly add = (length: number): void => {
    this.count++;
    this.bytes += length;
    if (this.count === this.#expected?.times) this.#expected.resolve();
    else this.#expected?.onNext?.();
  };
}
