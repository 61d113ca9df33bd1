/** Where the two ends of an association are: as the kernel says, or has said last. */
import type { Address } from '../../../types/address';
import { type Link, listed } from '../link';
import { sourceOf } from './source';

type List = readonly Address[];

interface Known {
  /** The peer's primary one. */
  readonly remote: Address | undefined;
  /** Empty where the primary one is the only one. */
  readonly remotes: List;
  readonly locals: List;
}

const NONE: List = [];

/** Of the association that was asked last: those of one server have the same addresses. */
let lastLocals = NONE;

export class Addresses {
  readonly #link: Link;
  /** Nothing before the association is up. */
  #known: Known | undefined;
  /** As of the last call of `hasChanged`. */
  #seen: Known | undefined;
  /** What our end is bound to, of an association that was over as soon as it was up. */
  #bound: Address | undefined;

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
    this.#readLocals();
    return this.#known?.locals ?? NONE;
  }

  /** The peer's primary one. */
  get remote(): Address | undefined {
    this.#readRemote();
    return this.#known?.remote;
  }

  /** All of the peer's, while the association lasts; then the last ones known. */
  get remotes(): List {
    this.#readRemotes();
    return remotesOf(this.#known);
  }

  /** The association is up: once it is over, the kernel has no addresses of it. */
  begin(): void {
    const link = this.#link;
    this.#known = { remote: link.origin ?? link.peerAddress(), remotes: NONE, locals: NONE };
    this.#readRemotes();
    this.#readLocals();
    if (this.#known.locals.length === 0) this.#bound = link.localAddress();
    this.#seen = this.#known;
  }

  /** Asks the kernel once more, while it still has the association. */
  remember(): void {
    this.#readRemote();
    this.#readRemotes();
    this.#readLocals();
  }

  /** Whether an address, or which is the primary one, has changed since the last call. */
  hasChanged(): boolean {
    this.remember();
    const before = this.#seen;
    this.#seen = this.#known;
    return before !== this.#seen && describe(before) !== describe(this.#seen);
  }

  #readLocals(): void {
    if (!this.#known) return;
    const found = listed(this.#link.localAddresses());
    if (found.length === 0 || isSameList(found, this.#known.locals)) return;
    this.#known = { ...this.#known, locals: shared(found) };
  }

  #readRemote(): void {
    if (!this.#known) return;
    const remote = this.#link.peerAddress();
    if (remote === undefined || isSame(remote, this.#known.remote)) return;
    this.#known = { ...this.#known, remote };
  }

  #readRemotes(): void {
    if (!this.#known) return;
    const found = listed(this.#link.peerAddresses());
    if (found.length === 0 || isSameList(found, remotesOf(this.#known))) return;
    const isPrimary = found.length === 1 && isSame(found[0], this.#known.remote);
    this.#known = { ...this.#known, remotes: isPrimary ? NONE : found };
  }
}

function remotesOf(known: Known | undefined): List {
  if (!known) return NONE;
  return known.remotes.length > 0 || !known.remote ? known.remotes : [known.remote];
}

/** For comparisons. */
function describe(known: Known | undefined): string {
  const lists = [known?.locals ?? NONE, remotesOf(known)];
  const texts = lists.map((list) => list.map(({ address }) => address).sort());
  return JSON.stringify([...texts, known?.remote?.address]);
}

/** The same list as last time, if it says the same. */
function shared(locals: List): List {
  if (!isSameList(locals, lastLocals)) lastLocals = locals;
  return lastLocals;
}

function isSameList(list: List, other: List): boolean {
  return list.length === other.length && list.every((one, index) => isSame(one, other[index]));
}

function isSame(one: Address | undefined, other: Address | undefined): boolean {
  return one?.address === other?.address && one?.port === other?.port;
}
