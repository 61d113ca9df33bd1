/** 'address-change': an end of the association has other addresses, or another primary one. */
import type { Address } from '../../../types/address';
import type { NativeNotification } from '../../../types/native-values';
import { constants } from '../../constants';
import { isRestart } from '../../notifications/names';
import { isHeard } from '../owner';
import type { Part, PartHost } from '../part';
import { RecurringCheck } from '../recurring-check';
import { type Known, remotesOf } from './addresses';

const { SCTP_ADDR_ADDED, SCTP_ADDR_MADE_PRIM, SCTP_ADDR_REMOVED, SCTP_PEER_ADDR_CHANGE } =
  constants;

type PeerAddrChange = Extract<NativeNotification, { type: 'peerAddrChange' }>;

/** Polling intervals for changes of our own addresses, which the kernel does not report; in ms. */
const CHECKING = { first: 5, slowest: 1000 };

/** What the last check for changes has found. */
interface Seen {
  locals: ReadonlySet<string>;
  readonly remotes: Set<string>;
  primary: string | undefined;
}

export class AddressChanges implements Part {
  readonly #host: PartHost;
  #seen: Seen;
  /** Our addresses that are being removed, until the peer agrees. */
  #leaving: readonly string[] = [];
  readonly #check = new RecurringCheck(CHECKING, () => {
    if (this.#haveLocalsChanged()) this.#emit();
    return this.#expectsChange();
  });

  constructor(host: PartHost) {
    this.#host = host;
    this.#seen = seenOf(host.addresses.atBegin);
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
    this.#seen = seenOf(this.#host.addresses.atBegin);
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
    if (!this.#host.wasUp) return;
    if (notification.type === 'peerAddrChange') {
      if (this.#changedBy(notification)) this.#emit();
    } else if (isRestart(notification)) {
      this.#emitChange();
    }
  }

  onDismissed(): void {
    this.#check.stop();
  }

  onOver(): void {
    this.#check.stop();
  }

  #emitChange(): void {
    if (this.#hasChanged()) this.#emit();
  }

  #emit(): void {
    const { owner } = this.#host;
    if (!owner.destroyed) owner.emit('address-change');
  }

  /** Whether an address, or which is the primary one, has changed since the last check. */
  #hasChanged(): boolean {
    const before = this.#seen;
    this.#seen = seenOf(this.#host.addresses.remember());
    const { locals, remotes, primary } = this.#seen;
    return (
      !isSame(locals, before.locals) ||
      !isSame(remotes, before.remotes) ||
      primary !== before.primary
    );
  }

  /** The same for our own alone. */
  #haveLocalsChanged(): boolean {
    const before = this.#seen.locals;
    this.#seen.locals = textsOf(this.#host.addresses.locals);
    return !isSame(this.#seen.locals, before);
  }

  /** The same for what a notification reports, without reading the addresses again. */
  #changedBy({ state, address }: PeerAddrChange): boolean {
    if (!address) return this.#hasChanged();
    const { addresses } = this.#host;
    const { remotes } = this.#seen;
    switch (state) {
      case SCTP_ADDR_ADDED:
        addresses.add(address);
        if (remotes.has(address.address)) return false;
        remotes.add(address.address);
        return true;
      case SCTP_ADDR_REMOVED: {
        addresses.remove(address);
        // Another one may be the primary address now.
        const isPrimaryNew = this.#isPrimaryNew();
        return remotes.delete(address.address) || isPrimaryNew;
      }
      case SCTP_ADDR_MADE_PRIM:
        return this.#isPrimaryNew();
      default:
        return false;
    }
  }

  #isPrimaryNew(): boolean {
    const before = this.#seen.primary;
    this.#seen.primary = this.#host.addresses.remote?.address;
    return this.#seen.primary !== before;
  }

  #subscribe(): void {
    const { owner, subscriptions } = this.#host;
    const isWanted = isHeard(owner, 'address-change');
    subscriptions.set('addresses', isWanted ? [SCTP_PEER_ADDR_CHANGE] : []);
  }

  /** Whether our addresses may change unreported by the kernel, and somebody listens. */
  #expectsChange(): boolean {
    const { addresses, isUp, owner } = this.#host;
    if (!isUp || !isHeard(owner, 'address-change')) return false;
    if (this.#leaving.length > 0) {
      const present = textsOf(addresses.locals);
      this.#leaving = this.#leaving.filter((address) => present.has(address));
    }
    return this.#leaving.length > 0 || this.#followsInterfaces();
  }

  #followsInterfaces(): boolean {
    const values = this.#host.link.getOption('autoAsconf', {});
    return typeof values === 'object' && values['value'] !== 0;
  }
}

/** Whether a notification may mean that addresses have changed. */
export function concernsAddresses(notification: NativeNotification): boolean {
  return notification.type === 'peerAddrChange' || isRestart(notification);
}

function seenOf(known: Known): Seen {
  const { locals, remote } = known;
  return {
    locals: textsOf(locals),
    remotes: textsOf(remotesOf(known)),
    primary: remote?.address,
  };
}

function textsOf(addresses: readonly Address[]): Set<string> {
  return new Set(addresses.map(({ address }) => address));
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((text) => other.has(text));
}
