/** Where the two ends of an association are: the kernel is asked, and its last answer remembered. */
import type { Address } from '../../../types/address';
import type { NativeStreamSocket } from '../../../types/native';
import { sourceOf } from './addresses';

export class Ends {
  readonly #native: NativeStreamSocket;
  #local: Address | undefined;
  #remote: Address | undefined;
  #locals: readonly Address[] = [];
  #remotes: readonly Address[] = [];
  /** What `hasChanged` has seen last. */
  #seen: string;

  /** @param native with an association that is up; once it is over, it has no addresses */
  constructor(native: NativeStreamSocket) {
    this.#native = native;
    this.#seen = this.#describe();
  }

  /** Our address on the way to the peer's primary one. */
  get local(): Address | undefined {
    const { remote } = this;
    const source = remote && sourceOf(this.#native, remote);
    if (source) {
      this.#local = { ...source, port: this.#native.localAddress()?.port ?? source.port };
    }
    // Of one that was over as soon as it was up, only what it is bound to is known.
    this.#local ??=
      this.#locals.find(({ family }) => family === remote?.family) ?? this.#native.localAddress();
    return this.#local;
  }

  /** The peer's primary address. */
  get remote(): Address | undefined {
    this.#remote = this.#native.peerAddress() ?? this.#remote;
    return this.#remote;
  }

  get locals(): readonly Address[] {
    const found = this.#native.localAddresses();
    if (found.length > 0) this.#locals = found;
    return this.#locals;
  }

  get remotes(): readonly Address[] {
    const found = this.#native.peerAddresses();
    if (found.length > 0) this.#remotes = found;
    return this.#remotes;
  }

  /** Asks for everything once more, while there is somebody to ask. */
  remember(): void {
    this.#describe();
    this.#local = this.local;
  }

  /** Whether an address, or which is the primary one, has changed since it was asked last. */
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
