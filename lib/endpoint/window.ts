/**
 * How much of an association's data the kernel may hold, where associations share its buffer.
 *
 * The kernel does not report how much of a shared buffer belongs to one association. So this counts
 * what it was given, and starts over when it reports that everything was acknowledged
 * (SCTP_SENDER_DRY_EVENT).
 */

/** More than what the kernel charges for a message beside its length. */
const OVERHEAD = 1152;

/** The kernel charges whole blocks of memory: up to twice a message's length. */
export function chargeOf(bytes: number, messages = 1): number {
  return 2 * bytes + messages * OVERHEAD;
}

export class Window {
  #bytes = 0;
  /** When the peer was last known to take something, in ms; of use while something is held. */
  #since = 0;

  /** What the kernel may hold. */
  get bytes(): number {
    return this.#bytes;
  }

  /** For how long nothing is known to have been acknowledged, in ms. */
  idleTime(now: number): number {
    return this.#bytes === 0 ? 0 : now - this.#since;
  }

  /** The kernel has taken messages. */
  add(charge: number, now: number): void {
    if (this.#bytes === 0) this.#since = now;
    this.#bytes += charge;
  }

  /** The kernel holds nothing any longer. @returns what it held */
  clear(): number {
    const held = this.#bytes;
    this.#bytes = 0;
    return held;
  }
}
