/** Ends an association whose peer comes to have an address that is blocked. */
import type { BlockList } from 'node:net';

import type { NativeNotification } from '../../types/native-values';
import { blockedOf } from '../addresses/block-list';
import { constants } from '../constants';
import { peerBlocked, peerUnchecked } from '../errors';
import { isRestart } from '../notifications/names';
import type { Part, PartHost } from './part';

const { SCTP_ADDR_ADDED, SCTP_PEER_ADDR_CHANGE } = constants;

export class Admission implements Part {
  readonly #host: PartHost;

  constructor(host: PartHost) {
    this.#host = host;
  }

  onUp(): void {
    this.#host.subscriptions.set('admission', [SCTP_PEER_ADDR_CHANGE]);
  }

  onNotification(notification: NativeNotification): void {
    if (notification.type === 'peerAddrChange' && notification.state === SCTP_ADDR_ADDED) {
      const { address } = notification;
      this.#check(address ? [address] : this.#host.link.peerAddresses());
    } else if (isRestart(notification)) {
      this.#check(this.#host.link.peerAddresses());
    }
  }

  /** A peer whose addresses nobody knows may have one that is blocked. */
  #check(addresses: readonly { address: string }[] | number): void {
    const { config, calls } = this.#host;
    if (typeof addresses === 'number' || addresses.length === 0) {
      if (this.#host.link.isGone()) return; // its end is about to be read
      calls.onBlocked?.(peerUnchecked(typeof addresses === 'number' ? addresses : 0));
      return;
    }
    const blocked = blockedOf(config.blockList as BlockList, addresses);
    if (blocked !== undefined) calls.onBlocked?.(peerBlocked(blocked));
  }
}
