/** What messages that wait in several queues count together. */

/**
 * What keeping a message costs beside its bytes, so that many tiny ones are bounded too: measured
 * with one of 1 byte.
 */
export const MESSAGE_OVERHEAD = 256;

export class Tally {
  readonly #whole: Tally | undefined;
  #messages = 0;
  #charge = 0;

  /** @param whole counts these messages along with others */
  constructor(whole?: Tally) {
    this.#whole = whole;
  }

  /** Bytes, with the overhead of each message. */
  get charge(): number {
    return this.#charge;
  }

  /** Bytes without it. */
  get bytes(): number {
    return this.#charge - this.#messages * MESSAGE_OVERHEAD;
  }

  /** Whether no more should be added. */
  get isFull(): boolean {
    return this.#whole?.isFull ?? false;
  }

  /** Messages have come (positive) or gone (negative), with their charges. */
  add(messages: number, charge: number): void {
    this.#messages += messages;
    this.#charge += charge;
    this.#whole?.add(messages, charge);
  }
}

/** What all associations of one owner may hold together. */
export class LimitedTally extends Tally {
  readonly #limit: number;

  /** @param limit in bytes, with the overhead of each message */
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override get isFull(): boolean {
    return this.charge >= this.#limit;
  }
}
