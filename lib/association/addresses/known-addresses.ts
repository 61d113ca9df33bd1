/** The addresses of both ends of an association: the kernel's last answer is remembered. */
import type { Address } from '../../../types/address';
import type { NativeNotification } from '../../../types/native-values';
import { binding } from '../../binding';
import type { Link } from '../link';
import { sourceOf } from './source';

const { SCTP_ADDR_ADDED, SCTP_ADDR_MADE_PRIM, SCTP_ADDR_REMOVED } = binding.constants;

type PeerAddrChange = Extract<NativeNotification, { type: 'peerAddrChange' }>;

/** What the last check for changes has found. */
interface Seen {
  locals: ReadonlySet<string>;
  remotes: Set<string>;
  primary: string | undefined;
}

export class KnownAddresses {
  readonly #link: Link;
  #local: Address | undefined;
  #remote: Address | undefined;
  #locals: readonly Address[] = [];
  /** By address: a peer may have thousands, and notifications keep them up to date. */
  #remotes = new Map<string, Address>();
  #seen: Seen;

  /** @param link of an association that is up; once it is over, it has no addresses */
  constructor(link: Link) {
    this.#link = link;
    this.#remote = link.peerAddress() ?? link.beginning().peer;
    if (this.#remote) this.#remotes = byAddress([this.#remote]);
    this.#seen = this.#look();
  }

  /** Our address on the way to the peer's primary one. */
  get local(): Address | undefined {
    const { remote } = this;
    const source = remote && sourceOf(this.#link, remote);
    if (source) {
      this.#local = { ...source, port: this.#link.localAddress()?.port ?? source.port };
    }
    // Of an association that was over as soon as it was up, only the bound address is known.
    this.#local ??=
      this.#locals.find(({ family }) => family === remote?.family) ?? this.#link.localAddress();
    return this.#local;
  }

  /** The peer's primary address. */
  get remote(): Address | undefined {
    this.#remote = this.#link.peerAddress() ?? this.#remote;
    return this.#remote;
  }

  get locals(): readonly Address[] {
    this.#locals = found(this.#link.localAddresses()) ?? this.#locals;
    return this.#locals;
  }

  get remotes(): readonly Address[] {
    const present = found(this.#link.peerAddresses());
    if (!present) return [...this.#remotes.values()];
    this.#remotes = byAddress(present);
    return present;
  }

  /** Reads everything once more, while the kernel still has the association. */
  remember(): void {
    this.#look();
    this.#local = this.local;
  }

  /** Whether an address, or which is the primary one, has changed since the last check. */
  hasChanged(): boolean {
    const before = this.#seen;
    this.#seen = this.#look();
    const { locals, remotes, primary } = this.#seen;
    return (
      !isSame(locals, before.locals) ||
      !isSame(remotes, before.remotes) ||
      primary !== before.primary
    );
  }

  /** The same for our own alone. */
  haveLocalsChanged(): boolean {
    const before = this.#seen.locals;
    this.#seen.locals = textsOf(this.locals);
    return !isSame(this.#seen.locals, before);
  }

  /** The same for what a notification reports, without reading the addresses again. */
  changedBy({ state, address }: PeerAddrChange): boolean {
    if (!address) return this.hasChanged();
    const { remotes } = this.#seen;
    switch (state) {
      case SCTP_ADDR_ADDED:
        this.#remotes.set(address.address, address);
        if (remotes.has(address.address)) return false;
        remotes.add(address.address);
        return true;
      case SCTP_ADDR_REMOVED: {
        this.#remotes.delete(address.address);
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
    this.#seen.primary = this.remote?.address;
    return this.#seen.primary !== before;
  }

  #look(): Seen {
    const { locals, remotes, remote } = this;
    return { locals: textsOf(locals), remotes: textsOf(remotes), primary: remote?.address };
  }
}

function byAddress(addresses: readonly Address[]): Map<string, Address> {
  return new Map(addresses.map((address) => [address.address, address]));
}

function textsOf(addresses: readonly Address[]): Set<string> {
  return new Set(addresses.map(({ address }) => address));
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((text) => other.has(text));
}

/** An association always has addresses: none means that it is over. */
function found(addresses: Address[] | number): Address[] | undefined {
  return typeof addresses === 'number' || addresses.length === 0 ? undefined : addresses;
}
