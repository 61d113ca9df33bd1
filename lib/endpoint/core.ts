/** Connects the parts of one Endpoint: its descriptor, its associations, its attempts to connect. */
import { constants as os } from 'node:os';

import type { EndpointDrop, EndpointMessage } from '../../types/endpoint';
import type { ReceivedInfo } from '../../types/messages';
import type {
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SctpOptions,
  SettableOptionName,
} from '../../types/options';
import { addressHint } from '../address-hint';
import type { Peer } from '../batch';
import { endpointClosed, type Place, systemError } from '../errors';
import { toBuffer } from '../messages/bytes';
import { checkSendAllInfo } from '../messages/info';
import { canonical, checkAddress, checkBytes } from '../validate';
import { checkReason, LONGEST_REASON } from './abort-reason';
import { AssociationCore, type AssociationCoreHost } from './association-core';
import type { EndpointConfig } from './config';
import { EndpointAssociation } from './endpoint-association';
import { FORWARDED_EVENTS } from './emitters';
import type { EndpointEmitter } from './endpoint-events';
import type { EndpointLink } from './endpoint-link';
import { getOptionOfAll, setOptionOfAll } from './options';
import { EndpointDescriptor, type EndpointDescriptorHost } from './endpoint-descriptor';
import { SharedLimit } from './shared-limit';
import { Turns } from './turns';
import { UnreadEnds } from './unread-ends';

const { EISCONN } = os.errno;

/** One of its associations. */
export type Core = AssociationCore<EndpointAssociation>;

/** Who waits for the outcome of a connect. */
export interface Dialer {
  onUp(core: Core): void;
  onRefused(errno: number): void;
}

/** Somebody who takes messages of all associations, beside listeners. */
export interface MessageTaker {
  onMessage(message: EndpointMessage<EndpointAssociation>): void;
  /** The endpoint is closed. */
  onClose(): void;
}

export class EndpointCore implements AssociationCoreHost, EndpointDescriptorHost {
  readonly user: EndpointEmitter;
  readonly config: EndpointConfig;
  readonly total: SharedLimit;
  readonly totalUnread: SharedLimit;
  maxAssociations: number;
  readonly descriptor: EndpointDescriptor;
  /** Whether it keeps the process alive. */
  isReferenced = true;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #isCloseEmitted = false;
  readonly #closeWaiters: (() => void)[] = [];
  /** Those that are up. */
  readonly associations = new Map<number, Core>();
  /** Those that are being set up by us. */
  readonly #dialing = new Map<Core, Dialer>();
  readonly #unread = new UnreadEnds<Core>();
  /** By the id of the association that the peer has begun at the same time. */
  readonly #awaited = new Map<number, Dialer>();
  /** Calls of `connect` that are under way. */
  readonly dials = new Set<{ cancel(): void }>();
  readonly takers = new Set<MessageTaker>();
  /** How many of those want none now. */
  #holds = 0;
  #isPaused = false;
  readonly #turns = new Turns<Core>(() => this.isHeld);

  constructor(user: EndpointEmitter, config: EndpointConfig) {
    this.user = user;
    this.config = config;
    this.total = new SharedLimit(config.totalSendBufferLimit);
    this.totalUnread = new SharedLimit(config.totalHighWaterMark);
    this.maxAssociations = config.maxAssociations;
    this.descriptor = new EndpointDescriptor(config, this);
  }

  get sctp(): SctpOptions {
    return this.config.sctp;
  }

  get copies(): boolean {
    return this.config.copy;
  }

  get isClosed(): boolean {
    return this.#state !== 'open';
  }

  /** Whether nothing is to be handed to listeners. */
  get isHeld(): boolean {
    return this.#state === 'open' && (this.#isPaused || this.#holds > 0);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Associations that there are, and those being set up. */
  get count(): number {
    return this.associations.size + this.#dialing.size;
  }

  get wantsMessages(): boolean {
    return this.takers.size > 0 || this.user.listenerCount('message') > 0;
  }

  /** @throws ERR_SCTP_ENDPOINT_CLOSED */
  checkOpen(): void {
    if (this.isClosed) throw endpointClosed();
  }

  /**
   * Sets up an association.
   * @returns nothing if the peer has begun it meanwhile; or negative errno
   * @throws what the kernel refuses of opening
   */
  dial(addresses: readonly string[], port: number, dialer: Dialer): Core | number | undefined {
    this.checkOpen();
    const { descriptor } = this;
    const link = descriptor.opened().connect(descriptor.reachable(addresses), port);
    if (link === -EISCONN) return this.#awaitInbound(addresses, port, dialer);
    if (typeof link === 'number') return link;
    const core = this.#makeAssociation(link, false);
    this.#dialing.set(core, dialer);
    return core;
  }

  /** Gives up an association that is being set up. */
  abandon(core: Core): void {
    this.#dialing.delete(core);
    core.abort();
  }

  /** The association that has this address as one of its peer's. */
  find({ address, port }: Required<Place>): Core | undefined {
    const wanted = canonical(address);
    const id = this.descriptor.idOf({ address, port });
    if (id !== undefined) return this.associations.get(id);
    // Those that have a descriptor of their own.
    return [...this.associations.values()].find(
      ({ link, association: { addresses } }) =>
        link.isPeeledOff &&
        addresses.remotes.some((one) => one.port === port && canonical(one.address) === wanted),
    );
  }

  /** @returns those that have not taken it */
  sendAll(data: unknown, info: unknown): EndpointAssociation[] {
    const bytes = toBuffer(checkBytes('data', data));
    const checked = info === undefined ? undefined : checkSendAllInfo(info);
    if (checked?.abort === true) checkReason('data', bytes);
    this.checkOpen();
    const all = [...this.associations.values()].filter(({ canSend }) => canSend);
    return all.filter((core) => !core.trySend(bytes, checked)).map(({ user }) => user);
  }

  setPaused(on: boolean): void {
    this.#isPaused = on;
    if (!on) this.#turns.serveSoon();
  }

  addTaker(taker: MessageTaker): void {
    this.takers.add(taker);
    this.#unread.onReaders();
    this.#turns.serveSoon();
  }

  removeTaker(taker: MessageTaker): void {
    this.takers.delete(taker);
    this.#unread.onReaders();
  }

  /** A taker wants no more messages, or wants some again. */
  hold(on: boolean): void {
    this.#holds += on ? 1 : -1;
    if (!on) this.#turns.serveSoon();
  }

  setReferenced(on: boolean): void {
    this.isReferenced = on;
    const native = this.descriptor.shared?.native;
    for (const one of [native, ...this.#all().map(({ association }) => association)]) {
      if (on) one?.ref();
      else one?.unref();
    }
  }

  /** An event of the endpoint's has gained or lost listeners. */
  onListeners(event: string | symbol): void {
    if (!FORWARDED_EVENTS.has(event as string)) return;
    for (const core of this.#all()) core.onListeners(event);
    if (event !== 'message') return;
    this.#turns.serveSoon(); // those that are over have some, too
    process.nextTick(() => {
      this.#unread.onReaders();
    });
  }

  getOption<Name extends ReadableOptionName>(name: Name, args: unknown): OptionValues[Name] {
    this.checkOpen();
    return getOptionOfAll(this.descriptor.opened(), name, args);
  }

  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    this.checkOpen();
    const descriptor = this.descriptor.opened();
    const all = this.#all();
    setOptionOfAll(
      descriptor,
      all.map(({ link }) => link),
      name,
      value,
    );
    for (const { association } of all) association.onOptionSet();
  }

  /** Changes the descriptor's addresses; the kernel announces it to those that negotiated it. */
  changeAddress(call: 'addLocalAddress' | 'removeLocalAddress', input: unknown): void {
    this.checkOpen();
    const { native } = this.descriptor.opened();
    const own = native.localAddress()?.port ?? 0;
    const { address, port } = checkAddress('address', input, own);
    const list: [string, number] = [address, port];
    const errno = call === 'addLocalAddress' ? native.bindMore(list) : native.unbind(list);
    if (errno < 0) throw systemError(call, errno, { address, port }, addressHint(address));
    for (const { link } of this.#all()) {
      if (link.isPeeledOff) link.changeAddress(call, list);
    }
  }

  /** Resolves when it is closed. */
  whenClosed(): Promise<void> {
    if (this.#state === 'closed' && this.#isCloseEmitted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#closeWaiters.push(resolve);
    });
  }

  /** Ends every association in order, then the endpoint. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.descriptor.stopListening();
    for (const dial of this.dials) dial.cancel();
    this.#handRest();
    for (const core of [...this.associations.values()]) core.shutdownSoon();
    this.#closeIfDone();
  }

  /** Ends every association at once, then the endpoint. */
  destroy(error: Error | undefined): void {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.descriptor.stopListening();
    for (const dial of this.dials) dial.cancel();
    this.#handRest();
    const reason = error && Buffer.from(error.message).subarray(0, LONGEST_REASON);
    for (const core of [...this.#all()]) core.abort(reason, error);
    this.#closeIfDone();
  }

  // --- What its descriptor reports ---

  onInbound(link: EndpointLink, peer: Peer): void {
    // What we have begun as well was counted then.
    const refusal = this.#awaited.has(link.assocId) ? undefined : this.#refusal();
    if (this.#state !== 'open') {
      link.abort(Buffer.from('the endpoint is closing'));
    } else if (refusal !== undefined) {
      link.abort(Buffer.from(refusal));
      const { address: remoteAddress, port: remotePort, family: remoteFamily } = peer;
      const drop: EndpointDrop = { remoteAddress, remotePort, remoteFamily };
      this.user.emit('drop', drop);
    } else {
      const core = this.#makeAssociation(link, true);
      const dialer = this.#awaited.get(link.assocId);
      this.#awaited.delete(link.assocId);
      if (dialer) this.#dialing.set(core, dialer);
    }
  }

  onError(errno: number): void {
    this.user.emit('error', systemError('read', errno));
  }

  // --- What its associations report, and ask for ---

  get leastSetupWait(): number {
    return this.descriptor.leastSetupWait;
  }

  listenerCount(event: string): number {
    return this.user.listenerCount(event);
  }

  onMessage({ user }: Core, data: Buffer, info: ReceivedInfo): void {
    // First, since a listener may throw.
    for (const taker of this.takers) taker.onMessage({ data, info, association: user });
    user.emit('message', data, info);
    this.user.emit('message', data, info, user);
  }

  onWaiting(core: Core, isWaiting: boolean): void {
    if (isWaiting) this.#turns.add(core);
    else this.#turns.remove(core);
  }

  onEvent(core: Core, event: string, args: unknown[]): boolean {
    const { user } = core;
    const emit = (emitter: object, all: unknown[]): boolean =>
      (emitter as { emit(name: string, ...rest: unknown[]): boolean }).emit(event, ...all);
    const isHeard = emit(user, args);
    if (!FORWARDED_EVENTS.has(event)) return isHeard;
    const subject = core.association.wasUp ? user : undefined;
    return emit(this.user, [...args, subject]) || isHeard;
  }

  onUp(core: Core): void {
    this.associations.set(core.link.assocId, core);
    const dialer = this.#dialing.get(core);
    this.#dialing.delete(core);
    dialer?.onUp(core);
    this.user.emit('association', core.user, core.isInbound);
  }

  onRefused(core: Core, errno: number): void {
    const dialer = this.#dialing.get(core);
    this.#dialing.delete(core);
    dialer?.onRefused(errno);
    this.#closeIfDone();
  }

  onOver(core: Core): void {
    if (this.associations.get(core.link.assocId) === core) {
      this.associations.delete(core.link.assocId);
    }
    this.#unread.add(core);
    this.#closeSoon();
  }

  onRead(core: Core): void {
    if (this.#unread.delete(core)) this.#closeSoon();
  }

  /** It closes: what has come goes to loops, which end after it; the rest is dropped. */
  #handRest(): void {
    // Those with a turn come first; others are paused themselves, or have only just come up.
    const all = [...this.#turns.takeAll(), ...this.associations.values(), ...this.#unread];
    for (const { delivery, user } of new Set(all)) {
      const waiting = delivery.takeAll();
      for (const taker of this.takers) {
        for (const message of waiting) taker.onMessage({ ...message, association: user });
      }
      delivery.discard();
    }
  }

  /** Why nobody may come now, if so. */
  #refusal(): string | undefined {
    const { size, cost } = this.#unread;
    if (this.count + size >= this.maxAssociations) return 'too many associations';
    const { bytes, limit } = this.totalUnread;
    return bytes + cost >= limit ? 'too much waits to be read' : undefined;
  }

  /** The peer may have set up an association meanwhile, which was not read yet. */
  #awaitInbound(addresses: readonly string[], port: number, dialer: Dialer): number | undefined {
    for (const address of addresses) {
      const id = this.descriptor.idOf({ address, port }) ?? 0;
      if (id === 0 || this.associations.has(id)) continue;
      this.#awaited.set(id, dialer);
      return undefined;
    }
    return -EISCONN;
  }

  #makeAssociation(link: EndpointLink, isInbound: boolean): Core {
    const { captureRejections } = this.config;
    if (!this.isReferenced) link.unref();
    return new AssociationCore(
      link,
      isInbound,
      this,
      (core) => new EndpointAssociation({ core, captureRejections }),
    );
  }

  #all(): Core[] {
    return [...this.associations.values(), ...this.#dialing.keys()];
  }

  /** The 'close' of an association comes before ours. */
  #closeSoon(): void {
    setImmediate(() => {
      setImmediate(() => {
        this.#closeIfDone();
      });
    });
  }

  #closeIfDone(): void {
    if (this.#state !== 'closing') return;
    if (this.associations.size > 0 || this.#dialing.size > 0 || this.#unread.size > 0) return;
    this.#state = 'closed';
    this.descriptor.shared?.close();
    for (const taker of this.takers) taker.onClose();
    setImmediate(() => {
      this.#isCloseEmitted = true;
      for (const resolve of this.#closeWaiters) resolve();
      this.user.emit('close');
    });
  }
}
