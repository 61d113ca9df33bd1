/** Where the two ends of an association are: as the kernel says, or has said last. */
import type { Address } from '../../../types/address';
import { invalidArgValue } from '../../errors';
import { canonical, withoutScope } from '../../validate';
import { type Link, listed } from '../link';
import { sourceOf } from './source';

type List = readonly Address[];

export interface Known {
  /** The peer's primary one. */
  readonly remote: Address | undefined;
  /** Empty where the primary one is the only one; by address where they come and go. */
  readonly remotes: List | Map<string, Address>;
  readonly locals: List;
}

const NONE: List = [];
export const NOTHING_KNOWN: Known = { remote: undefined, remotes: NONE, locals: NONE };

/** Our addresses in the association that was asked last: those of one server have the same. */
let lastLocals = NONE;

export class Addresses {
  readonly #link: Link;
  /** Nothing before the association is up. */
  #known = NOTHING_KNOWN;
  #atBegin = NOTHING_KNOWN;
  /** What our end is bound to, of an association that was over as soon as it was up. */
  #bound: Address | undefined;
  /** The kernel was asked in this turn of the event loop. */
  #isFresh = false;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Our address on the way to the peer's primary one; it may change with that. */
  get local(): Address | undefined {
    const { remote, locals } = this;
    const source = remote && sourceOf(locals, remote);
    if (source?.port !== 0) return source ?? this.#bound;
    return { ...source, port: this.#link.localAddress()?.port ?? 0 };
  }

  /** All of ours, while the association lasts; then the last ones known. */
  get locals(): List {
    if (this.#isUp()) this.#readLocals();
    return this.#known.locals;
  }

  /** The peer's primary one. */
  get remote(): Address | undefined {
    if (this.#isUp()) this.#readRemote();
    return this.#known.remote;
  }

  /** All of the peer's, while the association lasts; then the last ones known. */
  get remotes(): List {
    if (this.#isUp()) this.#readRemotes();
    return remotesOf(this.#known);
  }

  /**
   * One of the peer's addresses, in the kernel's spelling.
   * @throws if the association, which must be up, has no such one
   */
  remoteAs(name: string, address: string): string {
    const known = this.#remoteLike(address);
    if (known !== undefined) return known;
    this.#readRemotes(); // they come and go
    const found = this.#remoteLike(address);
    if (found !== undefined) return found;
    throw invalidArgValue(
      name,
      address,
      'is not an address of the peer: remoteAddresses has those',
    );
  }

  #remoteLike(address: string): string | undefined {
    const { remote, remotes } = this.#known;
    if (address === remote?.address) return address;
    if (remotes instanceof Map && remotes.has(address)) return address;
    const wanted = canonical(withoutScope(address));
    const isWanted = (one: Address): boolean => canonical(withoutScope(one.address)) === wanted;
    return remotesOf(this.#known).find(isWanted)?.address;
  }

  /** As the association began. */
  get atBegin(): Known {
    return this.#atBegin;
  }

  /** The association is up: once it is over, the kernel has no addresses of it. */
  begin(): void {
    const link = this.#link;
    const remotes = listed(link.peerAddresses());
    const [only] = remotes;
    const remote = link.origin ?? (remotes.length === 1 ? only : link.peerAddress());
    // An association always has addresses: none means that it is over.
    const locals = only === undefined ? NONE : shared(listed(link.localAddresses()));
    if (locals.length === 0) this.#bound = link.localAddress();
    this.#known = { remote, remotes: besidePrimary(remotes, remote), locals };
    this.#atBegin = this.#known;
    this.#isFresh = true;
  }

  /** Whether the association came up in this turn of the event loop. */
  get areFresh(): boolean {
    return this.#isFresh;
  }

  /** That turn is over. */
  onSettled(): void {
    this.#isFresh = false;
  }

  /** Asks the kernel once more, while it still has the association. @returns the answer */
  remember(): Known {
    if (!this.#isUp()) return this.#known;
    this.#readRemote();
    this.#readRemotes();
    this.#readLocals();
    return this.#known;
  }

  /** The kernel reports another address of the peer, who may have thousands. */
  add(address: Address): void {
    this.#remotesByAddress().set(address.address, address);
  }

  /** The kernel reports one less. */
  remove(address: Address): void {
    this.#remotesByAddress().delete(address.address);
  }

  #isUp(): boolean {
    return this.#known !== NOTHING_KNOWN;
  }

  #readLocals(): void {
    const found = listed(this.#link.localAddresses());
    if (found.length === 0 || isSameList(found, this.#known.locals)) return;
    this.#known = { ...this.#known, locals: shared(found) };
  }

  #readRemote(): void {
    const remote = this.#link.peerAddress();
    if (remote === undefined || isSame(remote, this.#known.remote)) return;
    this.#known = { ...this.#known, remote };
  }

  #readRemotes(): void {
    // An association always has addresses: none means that it is over.
    const found = listed(this.#link.peerAddresses());
    if (found.length === 0 || isSameList(found, remotesOf(this.#known))) return;
    this.#known = { ...this.#known, remotes: besidePrimary(found, this.#known.remote) };
  }

  #remotesByAddress(): Map<string, Address> {
    const { remotes } = this.#known;
    if (remotes instanceof Map) return remotes;
    const byAddress = new Map(remotesOf(this.#known).map((one) => [one.address, one]));
    this.#known = { ...this.#known, remotes: byAddress };
    return byAddress;
  }
}

export function remotesOf({ remote, remotes }: Known): List {
  if (remotes instanceof Map) return [...remotes.values()];
  return remotes.length > 0 || remote === undefined ? remotes : [remote];
}

/** As it is kept: empty if it has but the primary one. */
function besidePrimary(list: List, primary: Address | undefined): List {
  return list.length === 1 && isSame(list[0], primary) ? NONE : list;
}

/** The same list as last time, if it says the same. */
function shared(locals: List): List {
  if (!isSameList(locals, lastLocals)) lastLocals = locals;
  return lastLocals;
}

function isSameList(list: List, other: List): boolean {
  if (list.length !== other.length) return false;
  for (let i = 0; i < list.length; i++) if (!isSame(list[i], other[i])) return false;
  return true;
}

function isSame(one: Address | undefined, other: Address | undefined): boolean {
  return one?.address === other?.address && one?.port === other?.port;
}
