/**
 * How many messages one wake-up may read. A reader that keeps up gets the most that fit into one
 * call; one that does not, hardly more than its high-water mark has room for.
 */
const MOST = 64;

export class ReadPace {
  #limit = MOST;
  #count = 0;
  #bytes = 0;

  /** A message was received. */
  count(length: number): void {
    this.#count++;
    this.#bytes += length;
  }

  /**
   * After a wake-up.
   * @param unread bytes that wait for the reader
   * @param room bytes of the high-water mark that are left
   * @returns the limit for the next one
   */
  next(unread: number, room: number): number {
    if (unread === 0) {
      this.#limit = Math.min(MOST, this.#limit * 2);
    } else if (this.#count > 0) {
      const average = this.#bytes / this.#count;
      this.#limit = Math.max(1, Math.min(MOST, Math.ceil(room / average)));
    }
    this.#count = 0;
    this.#bytes = 0;
    return this.#limit;
  }
}
