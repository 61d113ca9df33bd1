/**
 * A time-out for a peer. What has come by then counts, though nobody has read it yet: the program
 * may have kept the event loop busy. Does not keep the process alive.
 */
export class Deadline {
  readonly #timer: NodeJS.Timeout;
  #immediate: NodeJS.Immediate | undefined;

  constructor(delay: number, onMissed: () => void) {
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(onMissed); // what is to be read comes before
    }, delay).unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }
}
