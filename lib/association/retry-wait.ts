/** Waits until a message that found no room in the kernel may be tried again. */

/**
 * How long to wait where "writable" cannot be trusted: the kernel may be short of memory though
 * the socket has room, or (net.sctp.sndbuf_policy=1) not report that one peer has room again. Each
 * time in vain twice as long: thousands of peers that take nothing must not keep us busy.
 */
const FIRST_DELAY = 50;
const SLOWEST_DELAY = 1000;
/** So many times as long where "writable" has not lied yet, or room is reported otherwise. */
const WITH_TRUST = 10;

/**
 * Those without a timer of their own, which would keep them: a program may have dropped everything
 * that leads to them, and what was accepted is sent all the same.
 */
const kept = new Set<RetryWait>();

export class RetryWait {
  readonly #watch: (on: boolean) => void;
  readonly #retry: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #delay = FIRST_DELAY;

  /**
   * @param watch starts or stops waiting for "writable"
   * @param retry tries the message again
   */
  constructor(watch: (on: boolean) => void, retry: () => void) {
    this.#watch = watch;
    this.#retry = retry;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /**
   * @param trust whether to wait for "writable": after a false "writable" it would wake us
   * continuously
   * @param isRetried whether whoever watches also retries where "writable" cannot be trusted
   * @param isReported whether it reports that there must be room
   */
  begin(trust: boolean, isRetried: boolean, isReported = false): void {
    this.#isWaiting = true;
    clearTimeout(this.#timer);
    this.#watch(trust || isRetried);
    if (isRetried) kept.add(this);
    else {
      const delay = this.#delay * (trust || isReported ? WITH_TRUST : 1);
      this.#timer = setTimeout(() => {
        this.#onTime();
      }, delay).unref();
    }
  }

  /** Some messages have been taken. */
  onProgress(): void {
    this.#delay = FIRST_DELAY;
  }

  end(): void {
    this.drop();
    this.#watch(false);
  }

  /** Ends without touching the descriptor, which is closing. */
  drop(): void {
    this.#isWaiting = false;
    this.#delay = FIRST_DELAY;
    kept.delete(this);
    clearTimeout(this.#timer);
  }

  #onTime(): void {
    this.#delay = Math.min(this.#delay * 2, SLOWEST_DELAY);
    this.#retry();
  }
}
