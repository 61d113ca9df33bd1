/** Connects the parts of one Endpoint: its descriptor, its associations, its attempts to connect. */
import { constants as os } from 'node:os';

import { isIPv6Address } from '../addresses/family';
import type { Address } from '../../types/address';
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
import { binding } from '../binding';
import { endpointBound, endpointClosed, type Place, systemError } from '../errors';
import { checkSendAllInfo } from '../messages/info';
import { earlyNumbers } from '../notifications/choice';
import { getOption } from '../options/options';
import { wipeSecrets } from '../options/secret';
import { canonical, checkAddress, checkBytes, type Family } from '../validate';
import { AssociationCore, type AssociationCoreHost } from './association-core';
import { bindingOf, type EndpointBinding } from './bind-arguments';
import { bindShared } from './bind-shared';
import type { EndpointConfig } from './config';
import { EndpointAssociation } from './endpoint-association';
import type { EndpointEmitter } from './endpoint-events';
import type { EndpointLink } from './endpoint-link';
import { getOptionOfAll, setOptionOfAll } from './options';
import { SharedDescriptor, type SharedDescriptorHost } from './shared-descriptor';
import { SharedLimit } from './shared-limit';

const { EISCONN } = os.errno;

/** One of its associations. */
export type Core = AssociationCore<EndpointAssociation>;

/** Events of associations that are the endpoint's, too. */
const FORWARDED = new Set(['message', 'notification', 'sendFailed']);

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

export class EndpointCore implements AssociationCoreHost, SharedDescriptorHost {
  readonly user: EndpointEmitter;
  readonly config: EndpointConfig;
  readonly total: SharedLimit;
  maxAssociations: number;
  #family: Family = 6;
  #descriptor: SharedDescriptor | undefined;
  #isListening = false;
  #isReferenced = true;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #isCloseEmitted = false;
  readonly #closeWaiters: (() => void)[] = [];
  /** Those that are up. */
  readonly associations = new Map<number, Core>();
  /** Those that are being set up by us. */
  readonly #dialing = new Map<Core, Dialer>();
  /** By the id of the association that the peer has begun at the same time. */
  readonly #awaited = new Map<number, Dialer>();
  /** Calls of `connect` that are under way. */
  readonly dials = new Set<{ cancel(): void }>();
  readonly takers = new Set<MessageTaker>();
  /** How many of those have more than they want. */
  #holds = 0;
  #isPausedByUser = false;

  constructor(user: EndpointEmitter, config: EndpointConfig) {
    this.user = user;
    this.config = config;
    this.total = new SharedLimit(config.totalSendBufferLimit);
    this.maxAssociations = config.maxAssociations;
  }

  get sctp(): SctpOptions {
    return this.config.sctp;
  }

  get copies(): boolean {
    return this.config.copy;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  get isClosed(): boolean {
    return this.#state !== 'open';
  }

  /** Whether nothing is to be handed to listeners. */
  get isPaused(): boolean {
    return this.#isPausedByUser || this.#holds > 0;
  }

  get isPausedByUser(): boolean {
    return this.#isPausedByUser;
  }

  /** Associations that there are, and those being set up. */
  get count(): number {
    return this.associations.size + this.#dialing.size;
  }

  get wantsMessages(): boolean {
    return this.takers.size > 0 || this.user.listenerCount('message') > 0;
  }

  /** Bound, if it is open. */
  get descriptor(): SharedDescriptor | undefined {
    return this.#descriptor;
  }

  /** @throws ERR_SCTP_ENDPOINT_CLOSED */
  checkOpen(): void {
    if (this.isClosed) throw endpointClosed();
  }

  /** @throws what the kernel refuses; nothing stays open then */
  bind(where: EndpointBinding, listens: boolean): void {
    this.checkOpen();
    if (this.#descriptor) {
      const place = this.address() ?? {};
      if (where.isGiven || !listens) throw endpointBound(listens ? 'listen' : 'bind', place);
      const errno = this.#descriptor.native.listen(where.backlog);
      if (errno < 0) throw systemError('listen', errno, place);
    } else {
      this.#open(where, listens);
    }
    this.#isListening ||= listens;
  }

  /** So many INITs as are sent, each a time-out or more after the last. */
  get leastSetupWait(): number {
    const { native } = this.opened();
    const { maxAttempts } = getOption(native, 'initMsg');
    return maxAttempts * getOption(native, 'rtoInfo').initial;
  }

  /** The descriptor: it is opened, and bound to every address, if it is not yet. */
  opened(): SharedDescriptor {
    return this.#descriptor ?? this.#open(bindingOf(undefined, false), false);
  }

  /**
   * Sets up an association.
   * @returns nothing if the peer has begun it meanwhile; or negative errno
   * @throws what the kernel refuses of opening
   */
  dial(addresses: readonly string[], port: number, dialer: Dialer): Core | number | undefined {
    this.checkOpen();
    const descriptor = this.opened();
    const reachable =
      this.#family === 6 ? addresses : addresses.filter((host) => !isIPv6Address(host));
    const link = descriptor.connect(reachable.length > 0 ? reachable : addresses, port);
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

  address(): Address | undefined {
    return this.#descriptor?.native.localAddress();
  }

  /** The association that has this address as one of its peer's. */
  find({ address, port }: Required<Place>): Core | undefined {
    const wanted = canonical(address);
    const args = { address: { address, port } };
    const found = this.#descriptor?.native.getOption('peerAddrInfo', args);
    if (typeof found === 'object') return this.associations.get(found['assocId'] as number);
    // Those that have a descriptor of their own.
    return [...this.associations.values()].find(
      ({ link, association: { addresses } }) =>
        link.isPeeledOff &&
        addresses.remotes.some((one) => one.port === port && canonical(one.address) === wanted),
    );
  }

  /** @returns those that have not taken it */
  sendAll(data: unknown, info: unknown): EndpointAssociation[] {
    checkBytes('data', data);
    if (info !== undefined) checkSendAllInfo(info);
    this.checkOpen();
    const all = [...this.associations.values()].filter(({ canSend }) => canSend);
    return all.filter((core) => !core.trySend(data, info)).map(({ user }) => user);
  }

  setPaused(on: boolean): void {
    this.#isPausedByUser = on;
    this.#onPause();
  }

  addTaker(taker: MessageTaker): void {
    this.takers.add(taker);
    for (const core of this.#all()) core.delivery.deliverSoon();
  }

  /** A taker has more than it wants, or room again. */
  hold(on: boolean): void {
    this.#holds += on ? 1 : -1;
    this.#onPause();
  }

  setReferenced(on: boolean): void {
    this.#isReferenced = on;
    const native = this.#descriptor?.native;
    for (const one of [native, ...this.#all().map(({ association }) => association)]) {
      if (on) one?.ref();
      else one?.unref();
    }
  }

  /** An event of the endpoint's has gained or lost listeners. */
  onListeners(event: string | symbol): void {
    if (!FORWARDED.has(event as string)) return;
    for (const core of this.#all()) core.onListeners(event);
  }

  getOption<Name extends ReadableOptionName>(name: Name, args: unknown): OptionValues[Name] {
    this.checkOpen();
    return getOptionOfAll(this.opened(), name, args);
  }

  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    this.checkOpen();
    const descriptor = this.opened();
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
    const { native } = this.opened();
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
    this.#stopListening();
    for (const dial of this.dials) dial.cancel();
    this.setPaused(false);
    for (const core of [...this.associations.values()]) core.shutdownSoon();
    this.#closeIfDone();
  }

  /** Ends every association at once, then the endpoint. */
  destroy(error: Error | undefined): void {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.#stopListening();
    for (const dial of this.dials) dial.cancel();
    const reason = error && Buffer.from(error.message);
    for (const core of [...this.#all()]) core.abort(reason, error);
    this.#closeIfDone();
  }

  // --- What its descriptor reports ---

  onInbound(link: EndpointLink, peer: Peer): void {
    if (this.#state !== 'open') {
      link.abort(Buffer.from('the endpoint is closing'));
    } else if (this.associations.size + this.#dialing.size >= this.maxAssociations) {
      link.abort(Buffer.from('too many associations'));
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

  // --- What its associations report ---

  listenerCount(event: string): number {
    return this.user.listenerCount(event);
  }

  onMessage({ user }: Core, data: Buffer, info: ReceivedInfo): void {
    user.emit('message', data, info);
    for (const taker of this.takers) taker.onMessage({ data, info, association: user });
    this.user.emit('message', data, info, user);
  }

  onEvent(core: Core, event: string, args: unknown[]): boolean {
    const { user } = core;
    const emit = (emitter: object, all: unknown[]): boolean =>
      (emitter as { emit(name: string, ...rest: unknown[]): boolean }).emit(event, ...all);
    const isHeard = emit(user, args);
    if (!FORWARDED.has(event)) return isHeard;
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
    // Its 'close' comes before ours.
    setImmediate(() => {
      setImmediate(() => {
        this.#closeIfDone();
      });
    });
  }

  #onPause(): void {
    const { isPaused } = this;
    this.#descriptor?.setReading(!isPaused);
    for (const core of this.#all()) {
      if (!isPaused) core.delivery.deliverSoon();
      core.delivery.limitReading();
    }
  }

  /** The peer may have set up an association meanwhile, which was not read yet. */
  #awaitInbound(addresses: readonly string[], port: number, dialer: Dialer): number | undefined {
    for (const address of addresses) {
      const args = { address: { address, port } };
      const found = this.#descriptor?.native.getOption('peerAddrInfo', args);
      const id = typeof found === 'object' ? (found['assocId'] as number) : 0;
      if (id === 0 || this.associations.has(id)) continue;
      this.#awaited.set(id, dialer);
      return undefined;
    }
    return -EISCONN;
  }

  #makeAssociation(link: EndpointLink, isInbound: boolean): Core {
    const { captureRejections } = this.config;
    if (!this.#isReferenced) link.unref();
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

  /** @throws what the kernel refuses; nothing stays open then */
  #open(where: EndpointBinding, listens: boolean): SharedDescriptor {
    const { maxMessageSize, maxUnfinishedBytes, notifications } = this.config;
    const native = new binding.SeqpacketSocket(maxMessageSize, maxUnfinishedBytes, true);
    const sctp = { v6Only: false, ...this.sctp };
    const onOpened = (): void => {
      // Now, since it misses associations that begin before.
      native.subscribe(earlyNumbers(notifications), true);
    };
    const config = { ...where, backlog: listens ? where.backlog : 0, sctp, onOpened };
    const bound = bindShared(native, config);
    this.#family = bound.family;
    wipeSecrets(this.sctp); // the kernel has them
    const descriptor = new SharedDescriptor(bound, this);
    this.#descriptor = descriptor;
    descriptor.setReading(!this.isPaused);
    if (!this.#isReferenced) native.unref();
    return descriptor;
  }

  #stopListening(): void {
    if (this.#isListening) this.#descriptor?.native.listen(0);
    this.#isListening = false;
  }

  #closeIfDone(): void {
    if (this.#state !== 'closing') return;
    if (this.associations.size > 0 || this.#dialing.size > 0) return;
    this.#state = 'closed';
    this.#descriptor?.close();
    for (const taker of this.takers) taker.onClose();
    setImmediate(() => {
      this.#isCloseEmitted = true;
      for (const resolve of this.#closeWaiters) resolve();
      this.user.emit('close');
    });
  }
}
