/**
 * 'unconfirmed': messages were under way when the peer shut down. Its kernel still acknowledges
 * them, also if the program that was to read them is gone.
 */
import type { NativeNotification } from '../../types/native-values';
import { isHeard } from './owner';
import type { Part, PartHost } from './part';

export class Unconfirmed implements Part {
  readonly #host: PartHost;
  #isReported = false;

  constructor(host: PartHost) {
    this.#host = host;
  }

  onNotification({ type }: NativeNotification): void {
    if (type !== 'shutdown' || this.#isReported) return;
    this.#isReported = true; // the peer repeats it until it is answered
    const { link, owner } = this.#host;
    if (!isHeard(owner, 'unconfirmed')) return;
    // The bytes of an association that shares its descriptor may be acknowledged without our noticing.
    const status = link.getOption('status');
    if (typeof status === 'number' || status['unackData'] === 0) return;
    const unacknowledgedBytes = link.unacknowledgedBytes();
    if (unacknowledgedBytes > 0) owner.emit('unconfirmed', { unacknowledgedBytes });
  }
}
