/** Counts the messages that come in, until all have come or nothing comes any more. */

const IDLE_MS = 10_000; // as long as the reference programs wait

interface Expected {
  times: number;
  /** Called after each message but the last. */
  onNext: (() => void) | undefined;
  resolve: () => void;
}

export class Arrivals {
  messages = 0;
  bytes = 0;
  #expected: Expected | undefined;

  /** Starts counting again. Resolves after `times` messages, or earlier if none has come for long. */
  async expect(times: number, onNext?: () => void): Promise<void> {
    this.messages = 0;
    this.bytes = 0;
    let seen = 0;
    const idle = setInterval(() => {
      if (this.messages === seen) this.#expected?.resolve();
      seen = this.messages;
    }, IDLE_MS);
    await new Promise<void>((resolve) => {
      this.#expected = { times, onNext, resolve };
    });
    clearInterval(idle);
    this.#expected = undefined;
  }

  readonly add = (length: number): void => {
    this.messages++;
    this.bytes += length;
    if (this.messages === this.#expected?.times) this.#expected.resolve();
    else this.#expected?.onNext?.();
  };
}
