/**
 * A time-out for a peer. What has come by then is read once more first, as much as one turn of the
 * event loop reads: the program may have kept it busy. Does not keep the process alive.
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
