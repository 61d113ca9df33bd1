/** 'path' and 'peer-info-update', and the calls that concern paths and addresses. */
import { constants as os } from 'node:os';

import type { NativeNotification } from '../../../types/native-values';
import type { Path, PeerInfo } from '../../../types/paths';
import { constants } from '../../constants';
import { reportPathChange } from '../../diagnostics/associations';
import { isSubscribed } from '../../diagnostics/channels';
import { systemError } from '../../errors';
import { isRestart } from '../../notifications/names';
import type { Link } from '../link';
import { isHeard } from '../owner';
import type { Part, PartHost } from '../part';
import { RecurringCheck } from '../recurring-check';
import { ErrorCollector } from '../error-collector';
import type { AddressChanges } from './address-changes';
import { addAddress, askForPrimary, removeAddress } from './own-addresses';
import { PathChanges } from './path-changes';
import {
  exposePotentialFailures,
  makePrimary,
  pathsOf,
  peerInfoOf,
  sendHeartbeat,
} from './path-table';

const { ENOTCONN } = os.errno;
const { SCTP_PEER_ADDR_CHANGE } = constants;

/** How often 'peer-info-update' comes while nothing happens, in milliseconds. */
const PEER_INFO_INTERVAL = 5000;

export class Paths implements Part {
  readonly #host: PartHost;
  readonly #addressChanges: () => AddressChanges;
  /** While somebody listens for 'path'. */
  #changes: PathChanges | undefined;
  readonly #peerInfoClock = new RecurringCheck(
    { first: PEER_INFO_INTERVAL, slowest: PEER_INFO_INTERVAL },
    () => this.#emitPeerInfo(),
  );

  constructor(host: PartHost, addressChanges: () => AddressChanges) {
    this.#host = host;
    this.#addressChanges = addressChanges;
  }

  /** As they are now; none while there is no association. */
  get all(): Path[] {
    const { link, isUp } = this.#host;
    return isUp ? pathsOf(link) : [];
  }

  get peerInfo(): Record<string, PeerInfo | undefined> {
    const { link, isUp, addresses } = this.#host;
    const info = isUp ? peerInfoOf(link) : {};
    if (Object.keys(info).length > 0) return info;
    return Object.fromEntries(addresses.remotes.map(({ address }) => [address, undefined]));
  }

  addLocalAddress(address: unknown): void {
    addAddress(this.#linkFor('addLocalAddress'), address);
    this.#addressChanges().onLocalChange();
  }

  removeLocalAddress(address: unknown): void {
    const leaving = removeAddress(this.#linkFor('removeLocalAddress'), address);
    this.#addressChanges().onLocalChange([leaving]);
  }

  setPrimary(address: unknown): void {
    makePrimary(this.#linkFor('setPrimary'), address);
  }

  setPeerPrimary(address: unknown): void {
    askForPrimary(this.#linkFor('setPeerPrimary'), address);
  }

  requestHeartbeat(address: unknown): void {
    sendHeartbeat(this.#linkFor('requestHeartbeat'), address);
  }

  onUp(): void {
    this.#observe(true);
    this.#runPeerInfo();
  }

  onSettled(): void {
    this.#subscribe();
  }

  onListeners(event: string): void {
    this.#subscribe();
    if (event === 'path') this.#observe();
    else this.#runPeerInfo();
  }

  onNotification(notification: NativeNotification): void {
    if (notification.type === 'peerAddrChange') this.#onChange(notification);
    if (isRestart(notification)) this.#observe(true);
  }

  onDismissed(): void {
    this.#peerInfoClock.stop();
  }

  onOver(): void {
    this.#peerInfoClock.stop();
  }

  /** A listener for 'path' gets potential failures too, unless that is ruled out. */
  #observe(restart = false): void {
    const { link, isUp, owner, config } = this.#host;
    if (!isUp || !(isHeard(owner, 'path') || isSubscribed('pathChange'))) {
      this.#changes = undefined;
    } else if (restart || !this.#changes) {
      this.#changes = new PathChanges(link);
      if (config.sctp.exposePfState === undefined) exposePotentialFailures(link);
    }
  }

  #onChange(notification: Extract<NativeNotification, { type: 'peerAddrChange' }>): void {
    const { owner, calls } = this.#host;
    const change = this.#changes?.next(notification);
    if (change) reportPathChange(calls, change);
    if (owner.destroyed) return;
    const errors = new ErrorCollector();
    errors.in(() => {
      if (change) owner.emit('path', change);
    });
    errors.in(() => {
      this.#emitPeerInfo();
    });
    errors.throwFirst();
  }

  #runPeerInfo(): void {
    const { isUp, owner } = this.#host;
    if (!isUp || !isHeard(owner, 'peer-info-update')) this.#peerInfoClock.stop();
    else if (!this.#peerInfoClock.isRunning) this.#peerInfoClock.start();
  }

  #subscribe(): void {
    const isWanted =
      isHeard(this.#host.owner, 'path', 'peer-info-update') || isSubscribed('pathChange');
    this.#host.subscriptions.set('paths', isWanted ? [SCTP_PEER_ADDR_CHANGE] : []);
  }

  /** @returns whether there was a listener */
  #emitPeerInfo(): boolean {
    const { isUp, owner } = this.#host;
    if (!isUp || owner.destroyed) return false;
    return owner.emit('peer-info-update');
  }

  #linkFor(call: string): Link {
    const { link, isUp } = this.#host;
    if (!isUp) {
      throw systemError(call, -ENOTCONN, {}, "there is no association yet: wait for 'connect'");
    }
    return link;
  }
}
