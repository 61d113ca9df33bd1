/**
 * Associations that are over, with messages that nobody has read yet. They count until then: peers
 * that come, send and end could leave any number behind while nobody reads.
 */
import type { Delivery } from './delivery';

/** Bytes that one takes beside its messages, as measured. */
const COST = 10_240;

interface Ended {
  readonly delivery: Pick<Delivery, 'bytes' | 'onReaders'>;
}

export class UnreadEnds<Core extends Ended> {
  readonly #cores = new Set<Core>();

  get size(): number {
    return this.#cores.size;
  }

  /** Bytes beside those of their messages. */
  get cost(): number {
    return this.#cores.size * COST;
  }

  [Symbol.iterator](): IterableIterator<Core> {
    return this.#cores.values();
  }

  /** It is over. */
  add(core: Core): void {
    if (core.delivery.bytes > 0) this.#cores.add(core);
  }

  /** Nothing of it waits any more. @returns whether something has */
  delete(core: Core): boolean {
    return this.#cores.delete(core);
  }

  /** Somebody who takes messages of all has come or gone. */
  onReaders(): void {
    for (const { delivery } of this.#cores) delivery.onReaders();
  }
}
