/** Polls for what nothing reports, as long as that is wanted. Does not keep the process alive. */
export interface Delays {
  /** Milliseconds before the first check; each next one waits twice as long as the one before. */
  readonly first: number;
  readonly slowest: number;
}

export class RecurringCheck {
  readonly #check: () => boolean;
  readonly #delays: Delays;
  #timer: NodeJS.Timeout | undefined;

  /** @param check returns whether to go on */
  constructor(delays: Delays, check: () => boolean) {
    this.#delays = delays;
    this.#check = check;
  }

  /** Starts, or restarts. */
  start(): void {
    this.#schedule(this.#delays.first);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const { slowest } = this.#delays;
      // Scheduled first: what is called may throw, or stop us.
      this.#schedule(Math.min(delay * 2, slowest));
      if (!this.#check()) this.stop();
    }, delay).unref();
  }
}
