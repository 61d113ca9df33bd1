/** The addresses of both ends of an association: the kernel's last answer is remembered. */
import type { Address } from '../../../types/address';
import type { Link } from '../link';
import { sourceOf } from './source';

export class KnownAddresses {
  readonly #link: Link;
  #local: Address | undefined;
  #remote: Address | undefined;
  #locals: readonly Address[] = [];
  #remotes: readonly Address[] = [];
  /** As of the last call of `hasChanged`. */
  #seen: string;

  /** @param link of an association that is up; once it is over, it has no addresses */
  constructor(link: Link) {
    this.#link = link;
    this.#remote = link.peerAddress() ?? link.beginning().peer;
    if (this.#remote) this.#remotes = [this.#remote];
    this.#seen = this.#describe();
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
    this.#remotes = found(this.#link.peerAddresses()) ?? this.#remotes;
    return this.#remotes;
  }

  /** Reads everything once more, while the kernel still has the association. */
  remember(): void {
    this.#describe();
    this.#local = this.local;
  }

  /** Whether an address, or which is the primary one, has changed since the last call. */
  hasChanged(): boolean {
    const before = this.#seen;
    this.#seen = this.#describe();
    return before !== this.#seen;
  }

  #describe(): string {
    const { locals, remotes, remote } = this;
    const texts = [locals, remotes].map((list) => list.map(({ address }) => address).sort());
    return JSON.stringify([...texts, remote?.address]);
  }
}

/** An association always has addresses: none means that it is over. */
function found(addresses: Address[] | number): Address[] | undefined {
  return typeof addresses === 'number' || addresses.length === 0 ? undefined : addresses;
}
