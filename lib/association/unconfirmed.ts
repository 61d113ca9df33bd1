/**
 * 'unconfirmed': messages were under way when the peer shut down. Its kernel still acknowledges
 * them, also if the program that was to read them is gone.
 */
import type { NativeNotification } from '../../types/native-values';
import type { Link } from './link';
import { isHeard, type Owner } from './owner';
import type { Part } from './part';

export class Unconfirmed implements Part {
  readonly #link: Link;
  readonly #owner: Owner;
  #isReported = false;

  constructor(link: Link, owner: Owner) {
    this.#link = link;
    this.#owner = owner;
  }

  onNotification({ type }: NativeNotification): void {
    if (type !== 'shutdown' || this.#isReported) return;
    this.#isReported = true; // the peer repeats it until it is answered
    if (!isHeard(this.#owner, 'unconfirmed')) return;
    const unacknowledgedBytes = this.#link.unacknowledgedBytes();
    if (unacknowledgedBytes > 0) this.#owner.emit('unconfirmed', { unacknowledgedBytes });
  }
}
