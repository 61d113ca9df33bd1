/**
 * How many bytes the associations of one socket may have waiting together, to be sent or to be read.
 * Those with many cannot use up the others' part: beyond the limit, one with less than an equal part
 * may still go on.
 */
export class SharedLimit {
  readonly limit: number;
  #bytes = 0;
  /** How many associations have something waiting. */
  #users = 0;

  /** @param limit in bytes, with what keeping a message costs */
  constructor(limit: number) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** For one association. */
  makeShare(): Share {
    let own = 0;
    const change = (charge: number): void => {
      if (own === 0) this.#users++;
      own += charge;
      this.#bytes += charge;
      if (own === 0) this.#users--;
    };
    return {
      hasRoom: (charge) => {
        if (this.#bytes + charge <= this.limit) return true;
        const users = own === 0 ? this.#users + 1 : this.#users;
        return own + charge <= this.limit / users;
      },
      add: change,
    };
  }
}

/** What one association has waiting. */
export interface Share {
  hasRoom(charge: number): boolean;
  /** Messages have come (positive) or gone (negative). */
  add(charge: number): void;
}
