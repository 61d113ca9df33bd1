/** Which types of notifications the kernel sends for an association: those that somebody wants. */
import type { Link } from './link';

export class Subscriptions {
  readonly #link: Pick<Link, 'subscribe'>;
  readonly #wishes = new Map<string, readonly number[]>();

  /** @param early what the descriptor was subscribed to before it had an association */
  constructor(link: Pick<Link, 'subscribe'>, early: readonly number[]) {
    this.#link = link;
    this.#wishes.set('early', early);
  }

  /**
   * Replaces what `who` wants.
   * @returns 0 or negative errno
   */
  set(who: string, types: readonly number[]): number {
    const before = this.#all();
    this.#wishes.set(who, types);
    const wanted = this.#all();
    const added = [...wanted].filter((type) => !before.has(type));
    const removed = [...before].filter((type) => !wanted.has(type));
    const error = added.length > 0 ? this.#link.subscribe(added, true) : 0;
    if (removed.length > 0) this.#link.subscribe(removed, false);
    return error;
  }

  /** Listeners that were to be added in time have been added. */
  endEarly(): void {
    this.set('early', []);
  }

  /** As `set`, but what was wanted already is asked for again: the kernel may answer that. */
  renew(who: string, types: readonly number[]): number {
    this.#wishes.set(who, types);
    return this.#link.subscribe(types, true);
  }

  #all(): Set<number> {
    return new Set([...this.#wishes.values()].flat());
  }
}
