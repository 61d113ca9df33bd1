/** Where the two ends of an association are, and 'address-change'. */
import type { Address } from '../../../types/address';
import type { NativeNotification } from '../../../types/native-values';
import { binding } from '../../binding';
import { isRestart } from '../../notifications/names';
import type { Life } from '../life';
import type { Link } from '../link';
import { isHeard, type Owner } from '../owner';
import type { Part } from '../part';
import { RecurringCheck } from '../recurring-check';
import type { Subscriptions } from '../subscriptions';
import { KnownAddresses } from './known-addresses';

const { SCTP_PEER_ADDR_CHANGE } = binding.constants;

/** Polling intervals for changes of our own addresses, which the kernel does not report; in ms. */
const CHECKING = { first: 5, slowest: 1000 };

export class Addresses implements Part {
  readonly #link: Link;
  readonly #life: Life;
  readonly #owner: Owner;
  readonly #subscriptions: Subscriptions;
  #known: KnownAddresses | undefined;
  /** Our addresses that are being removed, until the peer agrees. */
  #leaving: readonly string[] = [];
  readonly #check = new RecurringCheck(CHECKING, () => {
    if (this.#known?.haveLocalsChanged()) this.#emit();
    return this.#expectsChange();
  });

  constructor(link: Link, life: Life, owner: Owner, subscriptions: Subscriptions) {
    this.#link = link;
    this.#life = life;
    this.#owner = owner;
    this.#subscriptions = subscriptions;
  }

  /** Our address that is used to reach `remote`; it may change with that. */
  get local(): Address | undefined {
    return this.#known?.local;
  }

  /** All of ours, while the association lasts; then the last ones known. */
  get locals(): readonly Address[] {
    return this.#known?.locals ?? [];
  }

  /** The peer's primary one. */
  get remote(): Address | undefined {
    return this.#known?.remote;
  }

  /** All of the peer's, while the association lasts; then the last ones known. */
  get remotes(): readonly Address[] {
    return this.#known?.remotes ?? [];
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
    this.#known = new KnownAddresses(this.#link);
    this.checkForChanges();
  }

  onSettled(): void {
    this.#subscribe();
  }

  onListeners(event: string | symbol): void {
    if (event !== 'address-change') return;
    this.#subscribe();
    this.checkForChanges();
  }

  onNotification(notification: NativeNotification): void {
    const known = this.#known;
    if (!known) return;
    if (notification.type === 'peerAddrChange') {
      if (known.changedBy(notification)) this.#emit();
    } else if (isRestart(notification)) {
      this.#emitChange();
    }
  }

  onDismissed(): void {
    this.#known?.remember();
    this.#check.stop();
  }

  onOver(): void {
    this.#check.stop();
  }

  #emitChange(): void {
    if (this.#known?.hasChanged()) this.#emit();
  }

  #emit(): void {
    if (!this.#owner.destroyed) this.#owner.emit('address-change');
  }

  #subscribe(): void {
    const isWanted = isHeard(this.#owner, 'address-change');
    this.#subscriptions.set('addresses', isWanted ? [SCTP_PEER_ADDR_CHANGE] : []);
  }

  /** Whether our addresses may change unreported by the kernel, and somebody listens. */
  #expectsChange(): boolean {
    if (!this.#life.isUp || !isHeard(this.#owner, 'address-change')) return false;
    if (this.#leaving.length > 0) {
      const present = new Set(this.locals.map(({ address }) => address));
      this.#leaving = this.#leaving.filter((address) => present.has(address));
    }
    return this.#leaving.length > 0 || this.#followsInterfaces();
  }

  #followsInterfaces(): boolean {
    const values = this.#link.getOption('autoAsconf', {});
    return typeof values === 'object' && values['value'] !== 0;
  }
}
