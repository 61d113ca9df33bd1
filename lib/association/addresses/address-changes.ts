/** 'address-change': notices when an end of the association has other addresses. */
import type { NativeNotification } from '../../../types/native';
import { binding } from '../../binding';
import { isRestart } from '../../notifications/names';
import { isHeard } from '../owner';
import type { Part, PartHost } from '../part';
import { RecurringCheck } from '../recurring-check';

const { constants } = binding;
const { SCTP_PEER_ADDR_CHANGE } = constants;

const changesOfPeer: readonly number[] = [
  constants.SCTP_ADDR_ADDED,
  constants.SCTP_ADDR_REMOVED,
  constants.SCTP_ADDR_MADE_PRIM,
];

/** Polling intervals for changes of our own addresses, which the kernel does not report; in ms. */
const CHECKING = { first: 5, slowest: 1000 };

export class AddressChanges implements Part {
  readonly #host: PartHost;
  /** Our addresses that are being removed, until the peer agrees. */
  #leaving: readonly string[] = [];
  readonly #check = new RecurringCheck(CHECKING, () => {
    this.#emitChange();
    return this.#expectsChange();
  });

  constructor(host: PartHost) {
    this.#host = host;
  }

  /** Our own addresses were changed. @param leaving those that the peer must agree to let go */
  onLocalChange(leaving: readonly string[] = []): void {
    this.#leaving = [...this.#leaving, ...leaving];
    process.nextTick(() => {
      this.checkForChanges();
      this.#emitChange();
    });
  }

  /** Begins to check for changes that nothing reports, if there may be any. */
  checkForChanges(): void {
    if (this.#expectsChange()) this.#check.start();
    else this.#check.stop();
  }

  onUp(): void {
    this.checkForChanges();
  }

  onSettled(): void {
    this.#subscribe();
  }

  onListeners(): void {
    this.#subscribe();
    this.checkForChanges();
  }

  onNotification(notification: NativeNotification): void {
    if (concernsAddresses(notification)) this.#emitChange();
  }

  onDismissed(): void {
    this.#check.stop();
  }

  onOver(): void {
    this.#check.stop();
  }

  /** If an address, or which is the primary one, has changed. */
  #emitChange(): void {
    const { addresses, owner } = this.#host;
    if (addresses.hasChanged() && !owner.destroyed) owner.emit('address-change');
  }

  #subscribe(): void {
    const { owner, subscriptions } = this.#host;
    const isWanted = isHeard(owner, 'address-change');
    subscriptions.set('addresses', isWanted ? [SCTP_PEER_ADDR_CHANGE] : []);
  }

  /** Whether our addresses may change unreported by the kernel, and somebody listens. */
  #expectsChange(): boolean {
    const { addresses, life, owner } = this.#host;
    if (!life.isUp || !isHeard(owner, 'address-change')) return false;
    if (this.#leaving.length > 0) {
      const present = new Set(addresses.locals.map(({ address }) => address));
      this.#leaving = this.#leaving.filter((address) => present.has(address));
    }
    return this.#leaving.length > 0 || this.#followsInterfaces();
  }

  #followsInterfaces(): boolean {
    const values = this.#host.link.getOption('autoAsconf', {});
    return typeof values === 'object' && values['value'] !== 0;
  }
}

export function concernsAddresses(notification: NativeNotification): boolean {
  if (notification.type === 'peerAddrChange') return changesOfPeer.includes(notification.state);
  return isRestart(notification);
}
