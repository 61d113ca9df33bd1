/** Which types of notifications an association's kernel tells of: those that somebody wants. */
import type { NativeStreamSocket } from '../../../types/native';

export class Subscriptions {
  readonly #native: NativeStreamSocket;
  readonly #wishes = new Map<string, readonly number[]>();

  /** @param early what the socket was subscribed to before it had an association */
  constructor(native: NativeStreamSocket, early: readonly number[]) {
    this.#native = native;
    this.#wishes.set('early', early);
  }

  /**
   * Says what `who` wants, instead of what that was before.
   * @returns 0 or negative errno
   */
  set(who: string, types: readonly number[]): number {
    const before = this.#all();
    this.#wishes.set(who, types);
    const wanted = this.#all();
    const added = [...wanted].filter((type) => !before.has(type));
    const removed = [...before].filter((type) => !wanted.has(type));
    const error = added.length > 0 ? this.#native.subscribe(added, true) : 0;
    if (removed.length > 0) this.#native.subscribe(removed, false);
    return error;
  }

  /** Those who could listen in time have done so, or not. */
  endEarly(): void {
    this.set('early', []);
  }

  /** As `set`, but what was wanted already is asked for again: the kernel may answer that. */
  renew(who: string, types: readonly number[]): number {
    this.#wishes.set(who, types);
    return this.#native.subscribe(types, true);
  }

  #all(): Set<number> {
    return new Set([...this.#wishes.values()].flat());
  }
}
