/** Tells when nothing has happened for a while: `setTimeout` of a socket. */
export class IdleTimer {
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;
  #timeout = 0;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** Milliseconds, 0 if there is none. */
  get timeout(): number {
    return this.#timeout;
  }

  /** It does not keep the process alive. */
  set(timeout: number): void {
    clearTimeout(this.#timer);
    this.#timeout = timeout;
    this.#timer = timeout === 0 ? undefined : setTimeout(this.#onIdle, timeout).unref();
  }

  refresh(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
