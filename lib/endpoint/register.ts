/** The associations of one endpoint, up or being set up, and how many there may be. */
import { constants as os } from 'node:os';

import type { Place } from '../errors';
import { canonical } from '../validate';
import type { EndpointConfig } from './config';
import type { Core } from './endpoint-association';
import type { EndpointDescriptor } from './endpoint-descriptor';
import type { EndpointLink } from './endpoint-link';
import type { SharedLimit } from './shared-limit';
import type { UnreadEnds } from './unread-ends';

const { EISCONN } = os.errno;

/** Who waits for the outcome of a connect. */
export interface Dialer {
  onUp(core: Core): void;
  onRefused(errno: number): void;
}

export interface RegisterHost {
  readonly config: EndpointConfig;
  readonly descriptor: EndpointDescriptor;
  readonly totalUnread: SharedLimit;
  makeAssociation(link: EndpointLink, isInbound: boolean): Core;
}

export class Register {
  maxAssociations: number;
  /** Those that are up. */
  readonly up = new Map<number, Core>();
  readonly #host: RegisterHost;
  readonly #unread: UnreadEnds<Core>;
  /** Those that are being set up by us. */
  readonly #dialing = new Map<Core, Dialer>();
  /** By the id of the association that the peer has begun at the same time. */
  readonly #awaited = new Map<number, Dialer>();

  constructor(host: RegisterHost, unread: UnreadEnds<Core>) {
    this.#host = host;
    this.#unread = unread;
    this.maxAssociations = host.config.maxAssociations;
  }

  /** Associations that there are, and those being set up, by us or with us. */
  get count(): number {
    return this.up.size + this.#dialing.size + this.#awaited.size;
  }

  /** Whether there are none, and nothing of any is still to be read. */
  get isEmpty(): boolean {
    return this.up.size === 0 && this.#dialing.size === 0 && this.#unread.size === 0;
  }

  /** Also those that are being set up. */
  all(): Core[] {
    return [...this.up.values(), ...this.#dialing.keys()];
  }

  /** The association that has this address as one of its peer's. */
  find({ address, port }: Required<Place>): Core | undefined {
    const wanted = canonical(address);
    const id = this.#host.descriptor.idOf({ address, port });
    if (id !== undefined) return this.up.get(id);
    // Those that have a descriptor of their own.
    return [...this.up.values()].find(
      ({ link, association: { addresses } }) =>
        link.isPeeledOff &&
        addresses.remotes.some((one) => one.port === port && canonical(one.address) === wanted),
    );
  }

  /**
   * Sets up an association.
   * @returns nothing if the peer has begun it meanwhile; or negative errno
   * @throws what the kernel refuses of opening
   */
  dial(addresses: readonly string[], port: number, dialer: Dialer): Core | number | undefined {
    const { descriptor } = this.#host;
    const link = descriptor.opened().connect(descriptor.reachable(addresses), port);
    if (link === -EISCONN) return this.#awaitInbound(addresses, port, dialer);
    if (typeof link === 'number') return link;
    const core = this.#host.makeAssociation(link, false);
    this.#dialing.set(core, dialer);
    return core;
  }

  /** Nobody waits for this outcome any longer: the peer's association, if it comes, is one of many. */
  forget(dialer: Dialer): void {
    for (const [id, one] of this.#awaited) {
      if (one === dialer) this.#awaited.delete(id);
    }
  }

  /** Gives up an association that is being set up. */
  abandon(core: Core): void {
    this.#dialing.delete(core);
    core.abort();
  }

  /** Why this one may not come, which a peer has begun. */
  refusal({ assocId }: EndpointLink): string | undefined {
    if (this.#awaited.has(assocId)) return undefined; // what we have begun as well was counted then
    const { size, cost } = this.#unread;
    if (this.count + size >= this.maxAssociations) return 'too many associations';
    const { bytes, limit } = this.#host.totalUnread;
    return bytes + cost >= limit ? 'too much waits to be read' : undefined;
  }

  /** A peer has begun one. */
  admit(link: EndpointLink): void {
    const core = this.#host.makeAssociation(link, true);
    const dialer = this.#awaited.get(link.assocId);
    this.#awaited.delete(link.assocId);
    if (dialer) this.#dialing.set(core, dialer);
  }

  onUp(core: Core): void {
    this.up.set(core.link.assocId, core);
    const dialer = this.#dialing.get(core);
    this.#dialing.delete(core);
    dialer?.onUp(core);
  }

  onRefused(core: Core, errno: number): void {
    const dialer = this.#dialing.get(core);
    this.#dialing.delete(core);
    dialer?.onRefused(errno);
  }

  onOver(core: Core): void {
    if (this.up.get(core.link.assocId) === core) {
      this.up.delete(core.link.assocId);
    }
    this.#unread.add(core);
  }

  /** The peer may have set up an association meanwhile, which was not read yet. */
  #awaitInbound(addresses: readonly string[], port: number, dialer: Dialer): number | undefined {
    const ours = new Set([...this.#dialing.keys()].map(({ link }) => link.assocId));
    for (const address of addresses) {
      const id = this.#host.descriptor.idOf({ address, port }) ?? 0;
      // Of the rest another `connect` gets the outcome.
      if (id === 0 || this.up.has(id) || ours.has(id) || this.#awaited.has(id)) continue;
      this.#awaited.set(id, dialer);
      return undefined;
    }
    return -EISCONN;
  }
}
