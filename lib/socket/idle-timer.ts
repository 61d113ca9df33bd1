/** Reports when nothing has happened for a while: `setTimeout` of a socket. */
export class IdleTimer {
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds, 0 if there is none any more; what programs see, who may set it. */
  timeout: number | undefined;
  /** How long it waits. */
  #duration: number | undefined;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** It does not keep the process alive. */
  set(timeout: number): void {
    clearTimeout(this.#timer);
    this.timeout = timeout;
    this.#duration = timeout;
    this.#timer = timeout === 0 ? undefined : setTimeout(this.#onIdle, timeout).unref();
  }

  refresh(): void {
    this.#timer?.refresh();
  }

  /** Until it is set again, or a connection is started. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Counts from now, also after it was stopped. */
  start(): void {
    if (this.#duration !== undefined) this.set(this.#duration);
  }
}
