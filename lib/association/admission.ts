/** Ends an association whose peer comes to have an address that is blocked. */
import type { BlockList } from 'node:net';

import type { NativeNotification } from '../../types/native-values';
import { blockedOf } from '../addresses/block-list';
import { binding } from '../binding';
import { isRestart } from '../notifications/names';
import { type Link, listed } from './link';
import type { Part } from './part';
import type { Subscriptions } from './subscriptions';

const { SCTP_ADDR_ADDED, SCTP_PEER_ADDR_CHANGE } = binding.constants;

export class Admission implements Part {
  readonly #link: Link;
  readonly #subscriptions: Subscriptions;
  readonly #list: BlockList | undefined;
  readonly #onBlocked: (address: string) => void;

  constructor(
    link: Link,
    subscriptions: Subscriptions,
    list: BlockList | undefined,
    onBlocked: (address: string) => void,
  ) {
    this.#link = link;
    this.#subscriptions = subscriptions;
    this.#list = list;
    this.#onBlocked = onBlocked;
  }

  onUp(): void {
    if (this.#list) this.#subscriptions.set('admission', [SCTP_PEER_ADDR_CHANGE]);
  }

  onNotification(notification: NativeNotification): void {
    if (!this.#list) return;
    if (notification.type === 'peerAddrChange' && notification.state === SCTP_ADDR_ADDED) {
      this.#check(this.#list, notification.address ? [notification.address] : []);
    } else if (isRestart(notification)) {
      this.#check(this.#list, listed(this.#link.peerAddresses()));
    }
  }

  #check(list: BlockList, addresses: readonly { address: string }[]): void {
    const blocked = blockedOf(list, addresses);
    if (blocked !== undefined) this.#onBlocked(blocked);
  }
}
