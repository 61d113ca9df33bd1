/** Adds to the stream of an association where its two ends are, and 'address-change'. */
import type { Address } from '../../../types/address';
import type { NativeNotification, NativeStreamSocket } from '../../../types/native';
import type { OptionInput, SettableOptionName } from '../../../types/options';
import { binding } from '../../binding';
import { isRestart } from '../../notifications/names';
import { Ends } from '../addresses/ends';
import * as hooks from '../hooks';
import { Lookout } from '../association/lookout';
import { WatchedStream } from './watched-stream';

const { constants } = binding;
const { SCTP_PEER_ADDR_CHANGE } = constants;

const changesOfPeer: readonly number[] = [
  constants.SCTP_ADDR_ADDED,
  constants.SCTP_ADDR_REMOVED,
  constants.SCTP_ADDR_MADE_PRIM,
];

/** How soon to notice what the kernel does not tell of our own addresses, in milliseconds. */
const LOOKING = { first: 5, slowest: 1000 };

export abstract class AddressedStream extends WatchedStream {
  #ends: Ends | undefined;
  /** Our addresses that are to go once the peer has agreed. */
  #leaving: readonly string[] = [];
  readonly #lookout = new Lookout(LOOKING, () => {
    this.#tellChange();
    return this.#expectsChange();
  });

  /** Our address that is used to reach `remoteAddress`; it may change with that. */
  get localAddress(): string | undefined {
    return this.#ends?.local?.address;
  }

  /** 'IPv4' or 'IPv6': of `localAddress`. */
  get localFamily(): string | undefined {
    return this.#ends?.local?.family;
  }

  /** Our port, the same for all our addresses. */
  get localPort(): number | undefined {
    return this.#ends?.local?.port;
  }

  /** All our addresses in the association, while it lasts; then the last ones known. */
  get localAddresses(): string[] {
    return this.getLocalAddresses().map(({ address }) => address);
  }

  /** The peer's primary address; it may change. */
  get remoteAddress(): string | undefined {
    return this.#ends?.remote?.address;
  }

  /** 'IPv4' or 'IPv6': of `remoteAddress`. */
  get remoteFamily(): string | undefined {
    return this.#ends?.remote?.family;
  }

  /** The peer's port, the same for all its addresses. */
  get remotePort(): number | undefined {
    return this.#ends?.remote?.port;
  }

  /** All the peer's addresses in the association, while it lasts; then the last ones known. */
  get remoteAddresses(): string[] {
    return this.#ends?.remotes.map(({ address }) => address) ?? [];
  }

  /** The local end, or an empty object if there is none. */
  address(): Address | Record<string, never> {
    return this.#ends?.local ?? {};
  }

  /** As `localAddresses`, with family and port. */
  getLocalAddresses(): Address[] {
    return [...(this.#ends?.locals ?? [])];
  }

  override setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    super.setOption(name, value);
    if (name === 'autoAsconf') this.#lookOut();
  }

  /** Our own addresses were changed. @param leaving those that the peer must agree to let go */
  protected [hooks.onLocalChange](leaving: readonly string[] = []): void {
    this.#leaving = [...this.#leaving, ...leaving];
    process.nextTick(() => {
      this.#lookOut();
      this.#tellChange();
    });
  }

  protected override [hooks.adopt](native: NativeStreamSocket, up: boolean): void {
    super[hooks.adopt](native, up);
    if (up) this.#begin(native);
    else this.#ends = undefined;
  }

  protected override [hooks.onConnected](): void {
    const transport = this[hooks.transport];
    if (transport) this.#begin(transport.native);
  }

  protected override [hooks.onSettled](): void {
    this.#subscribe();
    super[hooks.onSettled]();
  }

  protected override [hooks.onListeners](event: string | symbol): void {
    super[hooks.onListeners](event);
    if (event !== 'address-change') return;
    this.#subscribe();
    this.#lookOut();
  }

  protected override [hooks.onDestroy](): void {
    this.#ends?.remember();
    this.#lookout.stop();
  }

  protected override [hooks.renew](): void {
    super[hooks.renew]();
    this.#ends = undefined;
    this.#leaving = [];
  }

  protected override [hooks.onNotification](notification: NativeNotification): void {
    try {
      super[hooks.onNotification](notification);
    } finally {
      if (concernsAddresses(notification)) this.#tellChange();
    }
  }

  #begin(native: NativeStreamSocket): void {
    this.#ends = new Ends(native);
    this.#lookOut();
  }

  #tellChange(): void {
    if (this.#ends?.hasChanged() && !this.destroyed) this.emit('address-change');
  }

  #subscribe(): void {
    const isListened = this.listenerCount('address-change') > 0;
    this[hooks.subscriptions]?.set('addresses', isListened ? [SCTP_PEER_ADDR_CHANGE] : []);
  }

  #lookOut(): void {
    if (this.#expectsChange()) this.#lookout.start();
    else this.#lookout.stop();
  }

  /** Whether our addresses may change without a word from the kernel, and somebody listens. */
  #expectsChange(): boolean {
    if (!this[hooks.transport]?.isUp || this.listenerCount('address-change') === 0) return false;
    if (this.#leaving.length > 0) {
      const { localAddresses } = this;
      this.#leaving = this.#leaving.filter((address) => localAddresses.includes(address));
    }
    return this.#leaving.length > 0 || this.#followsInterfaces();
  }

  #followsInterfaces(): boolean {
    const values = this[hooks.transport]?.native.getOption('autoAsconf', {});
    return typeof values === 'object' && values['value'] !== 0;
  }
}

function concernsAddresses(notification: NativeNotification): boolean {
  if (notification.type === 'peerAddrChange') return changesOfPeer.includes(notification.state);
  return isRestart(notification);
}
