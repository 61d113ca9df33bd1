/** Waits until a message that found no room in the kernel may be tried again. */

/**
 * How long to wait where "writable" cannot be trusted: the kernel may be short of memory though
 * the socket has room, or (net.sctp.sndbuf_policy=1) not report that one peer has room again.
 */
const RETRY_MS = 50;

export class RetryWait {
  readonly #watch: (on: boolean) => void;
  readonly #retry: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param watch starts or stops waiting for "writable"
   * @param retry tries the message again
   */
  constructor(watch: (on: boolean) => void, retry: () => void) {
    this.#watch = watch;
    this.#retry = retry;
  }

  /**
   * @param trust whether to wait for "writable": after a false "writable" it would wake us
   * continuously
   */
  begin(trust: boolean): void {
    clearTimeout(this.#timer);
    this.#watch(trust);
    this.#timer = setTimeout(this.#retry, RETRY_MS).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#watch(false);
  }

  /** Ends without touching the descriptor, which is closing. */
  drop(): void {
    clearTimeout(this.#timer);
  }
}
