/** Adds to the stream of an association its paths: to see, to choose, to add and to remove. */
import { constants as os } from 'node:os';

import type { AddressInput } from '../../../types/address';
import type { NativeNotification, NativeStreamSocket } from '../../../types/native';
import type { Path, PeerInfo } from '../../../types/paths';
import { binding } from '../../binding';
import { systemError } from '../../errors';
import { isRestart } from '../../notifications/names';
import { AddressedStream } from './addressed-stream';
import * as hooks from '../hooks';
import { Lookout } from '../association/lookout';
import { addAddress, askForPrimary, removeAddress } from '../addresses/own-addresses';
import { PathChanges } from '../addresses/path-changes';
import {
  exposePotentialFailures,
  makePrimary,
  pathsOf,
  peerInfoOf,
  sendHeartbeat,
} from '../addresses/paths';

const { ENOTCONN } = os.errno;
const { SCTP_PEER_ADDR_CHANGE } = binding.constants;

/** How often 'peer-info-update' comes while nothing happens, in milliseconds. */
const PEER_INFO_INTERVAL = 5000;

export abstract class MultihomedStream extends AddressedStream {
  /** While somebody listens for 'path'. */
  #changes: PathChanges | undefined;
  readonly #peerInfoClock = new Lookout(
    { first: PEER_INFO_INTERVAL, slowest: PEER_INFO_INTERVAL },
    () => this.#tellPeerInfo(),
  );

  /** The paths to the peer, as they are now; none while there is no association. */
  get paths(): Path[] {
    const transport = this[hooks.transport];
    return transport?.isUp ? pathsOf(transport.native) : [];
  }

  /**
   * The same by address, as RFC 6458 §8.2.2 has it, for each of `remoteAddresses`; undefined where
   * the kernel knows nothing (any more).
   */
  get peerInfoByAddress(): Record<string, PeerInfo | undefined> {
    const transport = this[hooks.transport];
    return peerInfoOf(transport?.isUp ? transport.native : undefined, this.remoteAddresses);
  }

  /**
   * Adds an address of this machine to the association. It is ours at once; the peer is told and
   * uses it after it has confirmed it, about which the kernel says nothing to this end.
   *
   * @throws a system error, explained, if the kernel refuses it or cannot tell the peer: EPERM
   * without sctp.asconfSupported at both ends, EADDRNOTAVAIL, EADDRINUSE, EINVAL, ENOTCONN
   */
  addLocalAddress(address: AddressInput): void {
    addAddress(this.#nativeFor('addLocalAddress'), address);
    this[hooks.onLocalChange]();
  }

  /**
   * Takes an address of ours out of the association. Nothing is sent from it any more; it stays in
   * `localAddresses` until the peer has agreed, and then 'address-change' comes.
   *
   * @throws as `addLocalAddress`; EBUSY for the last one
   */
  removeLocalAddress(address: AddressInput): void {
    const leaving = removeAddress(this.#nativeFor('removeLocalAddress'), address);
    this[hooks.onLocalChange]([leaving]);
  }

  /**
   * Sends to this address of the peer from now on, as long as it works (RFC 6458 §8.1.9).
   * 'address-change' follows, and 'path' with `change: 'madePrim'`.
   *
   * @throws a system error, explained, if it is not an address of the peer
   */
  setPrimary(address: AddressInput): void {
    makePrimary(this.#nativeFor('setPrimary'), address);
  }

  /**
   * Asks the peer to do the same with an address of ours (RFC 6458 §8.3.1). The kernel does not
   * tell whether it does.
   *
   * @throws as `addLocalAddress`; EADDRNOTAVAIL if it is not an address of ours
   */
  setPeerPrimary(address: AddressInput): void {
    askForPrimary(this.#nativeFor('setPeerPrimary'), address);
  }

  /**
   * Sends a heartbeat to an address of the peer now (RFC 6458 §8.1.12, SPP_HB_DEMAND). If that
   * changes anything, 'path' tells it.
   *
   * @throws a system error, explained, if it is not an address of the peer
   */
  requestHeartbeat(address: AddressInput): void {
    sendHeartbeat(this.#nativeFor('requestHeartbeat'), address);
  }

  protected override [hooks.onSettled](): void {
    this.#subscribe();
    super[hooks.onSettled]();
  }

  protected override [hooks.onListeners](event: string | symbol): void {
    super[hooks.onListeners](event);
    if (event !== 'path' && event !== 'peer-info-update') return;
    this.#subscribe();
    if (event === 'path') this.#observePaths();
    else this.#runPeerInfo();
  }

  protected override [hooks.adopt](native: NativeStreamSocket, up: boolean): void {
    super[hooks.adopt](native, up);
    if (up) this.#begin();
  }

  protected override [hooks.onConnected](): void {
    super[hooks.onConnected]();
    this.#begin();
  }

  protected override [hooks.onDestroy](): void {
    super[hooks.onDestroy]();
    this.#peerInfoClock.stop();
  }

  protected override [hooks.onNotification](notification: NativeNotification): void {
    try {
      super[hooks.onNotification](notification);
    } finally {
      if (notification.type === 'peerAddrChange') this.#onPathNotification(notification);
      if (isRestart(notification)) this.#observePaths(true);
    }
  }

  #begin(): void {
    this.#observePaths(true);
    this.#runPeerInfo();
  }

  /** Whoever listens for 'path' hears of potential failures too, unless that is ruled out. */
  #observePaths(anew = false): void {
    const transport = this[hooks.transport];
    if (!transport?.isUp || this.listenerCount('path') === 0) {
      this.#changes = undefined;
    } else if (anew || !this.#changes) {
      const { native } = transport;
      this.#changes = new PathChanges(native);
      if (this[hooks.config].sctp.exposePfState === undefined) exposePotentialFailures(native);
    }
  }

  #onPathNotification(notification: Extract<NativeNotification, { type: 'peerAddrChange' }>): void {
    if (this.destroyed) return;
    try {
      const change = this.#changes?.next(notification);
      if (change) this.emit('path', change);
    } finally {
      this.#tellPeerInfo();
    }
  }

  #runPeerInfo(): void {
    const isWanted = this[hooks.transport]?.isUp && this.listenerCount('peer-info-update') > 0;
    if (!isWanted) this.#peerInfoClock.stop();
    else if (!this.#peerInfoClock.isRunning) this.#peerInfoClock.start();
  }

  #subscribe(): void {
    const isListened = ['path', 'peer-info-update'].some((event) => this.listenerCount(event) > 0);
    this[hooks.subscriptions]?.set('paths', isListened ? [SCTP_PEER_ADDR_CHANGE] : []);
  }

  /** @returns whether somebody wants to hear it again */
  #tellPeerInfo(): boolean {
    if (!this[hooks.transport]?.isUp || this.destroyed) return false;
    return this.emit('peer-info-update');
  }

  #nativeFor(call: string): NativeStreamSocket {
    const native = this[hooks.openNative]();
    if (!this[hooks.transport]?.isUp) {
      throw systemError(call, -ENOTCONN, {}, "there is no association yet: wait for 'connect'");
    }
    return native;
  }
}
