/** Ends an association whose peer comes to have an address that is blocked. */
import type { BlockList } from 'node:net';

import type { NativeNotification } from '../../types/native-values';
import { blockedOf } from '../addresses/block-list';
import { constants } from '../constants';
import { isRestart } from '../notifications/names';
import { listed } from './link';
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
      this.#check(notification.address ? [notification.address] : []);
    } else if (isRestart(notification)) {
      this.#check(listed(this.#host.link.peerAddresses()));
    }
  }

  #check(addresses: readonly { address: string }[]): void {
    const { config, calls } = this.#host;
    const blocked = blockedOf(config.blockList as BlockList, addresses);
    if (blocked !== undefined) calls.onBlocked?.(blocked);
  }
}
