/**
 * How many messages one wake-up may read. A reader that keeps up gets the most that fit into one
 * call; one that does not, hardly more than its high-water mark has room for.
 */
const MOST = 64;
/** How many bytes of a byte stream, whose messages may be long, one wake-up may read. */
const FEW = 4;
export const BYTE_STREAM_PACE = 262_144;

export class ReadPace {
  readonly #mostBytes: number;
  #limit: number;
  #count = 0;
  #bytes = 0;

  /** @param mostBytes that a wake-up is to read, but for a few messages */
  constructor(mostBytes = Infinity) {
    this.#mostBytes = mostBytes;
    this.#limit = mostBytes < Infinity ? FEW : MOST;
  }

  /** For the next wake-up. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether the last wake-up has brought messages. */
  get hasCounted(): boolean {
    return this.#count > 0;
  }

  /** Whether a reader that keeps up gets no more with the next wake-up than with this one. */
  get isMost(): boolean {
    return this.#limit === MOST && this.#mostBytes === Infinity;
  }

  /** After a wake-up that changes nothing. */
  skip(): void {
    this.#count = 0;
    this.#bytes = 0;
  }

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
    const average = this.#bytes / Math.max(1, this.#count);
    if (unread === 0) {
      const most = average > 0 ? Math.max(FEW, Math.floor(this.#mostBytes / average)) : MOST;
      this.#limit = Math.min(MOST, most, this.#limit * 2);
    } else if (this.#count > 0) {
      this.#limit = Math.max(1, Math.min(MOST, Math.ceil(room / average)));
    }
    this.skip();
    return this.#limit;
  }
}
