/**
 * Collects what listeners throw while others are still to be called. The first error is thrown in
 * the end; each further one becomes an uncaught exception of its own.
 */
export class ErrorCollector {
  #errors: unknown[] | undefined;

  /** Calls a function, and keeps what it throws. */
  in(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.add(error);
    }
  }

  add(error: unknown): void {
    (this.#errors ??= []).push(error);
  }

  throwFirst(): void {
    if (this.#errors === undefined) return;
    const [first, ...others] = this.#errors;
    for (const error of others) {
      process.nextTick(() => {
        throw error;
      });
    }
    throw first;
  }
}
