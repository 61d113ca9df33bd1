/** Which types of notifications the kernel sends for an association: those that somebody wants. */
import type { NotificationNumbers } from '../../types/native-values';
import type { Link } from './link';

const NONE: readonly number[] = [];

export class Subscriptions {
  readonly #link: Pick<Link, 'subscribe'>;
  /** What the descriptor was subscribed to before it had an association, as long as that counts. */
  #early: NotificationNumbers;
  /** By who wants them. */
  #wanted: Map<string, readonly number[]> | undefined;

  /** @param early what the descriptor was subscribed to before it had an association */
  constructor(link: Pick<Link, 'subscribe'>, early: NotificationNumbers) {
    this.#link = link;
    this.#early = early;
  }

  /**
   * Replaces what `who` wants.
   * @returns 0 or negative errno
   */
  set(who: string, types: readonly number[]): number {
    if (types.length === 0 && !this.#wanted?.has(who)) return 0;
    return this.#change(() => {
      this.#want(who, types);
    });
  }

  /** Listeners that were to be added in time have been added. */
  endEarly(): void {
    if (this.#early.length === 0) return;
    if (this.#wanted === undefined) {
      this.#link.subscribe(this.#early, false);
      this.#early = NONE;
      return;
    }
    this.#change(() => {
      this.#early = NONE;
    });
  }

  /** As `set`, but what was wanted already is asked for again: the kernel may answer that. */
  renew(who: string, types: readonly number[]): number {
    this.#want(who, types);
    return this.#link.subscribe(types, true);
  }

  #want(who: string, types: readonly number[]): void {
    (this.#wanted ??= new Map()).set(who, types);
  }

  #change(change: () => void): number {
    const before = this.#all();
    change();
    const wanted = this.#all();
    const added = [...wanted].filter((type) => !before.has(type));
    const removed = [...before].filter((type) => !wanted.has(type));
    const error = added.length > 0 ? this.#link.subscribe(added, true) : 0;
    if (removed.length > 0) this.#link.subscribe(removed, false);
    return error;
  }

  #all(): Set<number> {
    return new Set([...this.#early, ...[...(this.#wanted?.values() ?? [])].flat()]);
  }
}
