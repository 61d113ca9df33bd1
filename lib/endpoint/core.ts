/** Connects the parts of one Endpoint: its descriptor, its associations, those who read; its end. */
import type { EndpointDrop } from '../../types/endpoint';
import type {
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SctpOptions,
  SettableOptionName,
} from '../../types/options';
import { addressHint } from '../address-hint';
import type { Peer } from '../batch';
import { endpointClosed, systemError } from '../errors';
import { guarded } from '../guarded';
import { toBuffer } from '../messages/bytes';
import { checkSendAllInfo } from '../messages/info';
import { checkAddress, checkBytes } from '../validate';
import { checkReason, LONGEST_REASON } from './abort-reason';
import { AssociationCore, type AssociationCoreHost } from './association-core';
import type { EndpointConfig } from './config';
import { type Core, EndpointAssociation } from './endpoint-association';
import { FORWARDED_EVENTS } from './emitters';
import type { EndpointEmitter } from './endpoint-events';
import type { EndpointLink } from './endpoint-link';
import { getOptionOfAll, setOptionOfAll } from './options';
import { EndpointDescriptor, type EndpointDescriptorHost } from './endpoint-descriptor';
import { Readers } from './readers';
import { Register, type RegisterHost } from './register';
import { SharedLimit } from './shared-limit';

export class EndpointCore implements AssociationCoreHost, EndpointDescriptorHost, RegisterHost {
  readonly user: EndpointEmitter;
  readonly config: EndpointConfig;
  readonly total: SharedLimit;
  readonly totalUnread: SharedLimit;
  readonly descriptor: EndpointDescriptor;
  readonly readers: Readers;
  readonly register: Register;
  /** Whether it keeps the process alive. */
  isReferenced = true;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #isCloseEmitted = false;
  readonly #closeWaiters: (() => void)[] = [];
  /** Calls of `connect` that are under way. */
  readonly dials = new Set<{ cancel(): void }>();

  constructor(user: EndpointEmitter, config: EndpointConfig) {
    this.user = user;
    this.config = config;
    this.total = new SharedLimit(config.totalSendBufferLimit);
    this.totalUnread = new SharedLimit(config.totalHighWaterMark);
    this.descriptor = new EndpointDescriptor(config, this);
    this.readers = new Readers(user, () => this.#state === 'open');
    this.register = new Register(this, this.readers.unread);
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

  /** @throws ERR_SCTP_ENDPOINT_CLOSED */
  checkOpen(): void {
    if (this.isClosed) throw endpointClosed();
  }

  /** @returns those that have not taken it */
  sendAll(data: unknown, info: unknown): EndpointAssociation[] {
    const bytes = toBuffer(checkBytes('data', data));
    const checked = info === undefined ? undefined : checkSendAllInfo(info);
    if (checked?.abort === true) checkReason('data', bytes);
    this.checkOpen();
    const all = [...this.register.up.values()].filter(({ sends }) => sends.canSend);
    return all.filter((core) => !core.sends.trySend(bytes, checked)).map(({ user }) => user);
  }

  setReferenced(on: boolean): void {
    this.isReferenced = on;
    const native = this.descriptor.shared?.native;
    for (const one of [native, ...this.register.all().map(({ association }) => association)]) {
      if (on) one?.ref();
      else one?.unref();
    }
  }

  /** An event of the endpoint's has gained or lost listeners. */
  onListeners(event: string | symbol): void {
    if (!FORWARDED_EVENTS.has(event as string)) return;
    if (event === 'message') this.readers.onListeners();
    for (const core of this.register.all()) core.onListeners(event);
  }

  getOption<Name extends ReadableOptionName>(name: Name, args: unknown): OptionValues[Name] {
    this.checkOpen();
    return getOptionOfAll(this.descriptor.opened(), name, args);
  }

  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    this.checkOpen();
    const descriptor = this.descriptor.opened();
    const all = this.register.all();
    for (const { association } of all) association.beforeOptionSet(name, value);
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
    for (const { link } of this.register.all()) {
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
    this.readers.handRest(this.register.up.values());
    for (const core of [...this.register.up.values()]) core.shutdownSoon();
    this.#closeIfDone();
  }

  /** Ends every association at once, then the endpoint. */
  destroy(error: Error | undefined): void {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.descriptor.stopListening();
    for (const dial of this.dials) dial.cancel();
    this.readers.handRest(this.register.up.values());
    const reason = error && Buffer.from(error.message).subarray(0, LONGEST_REASON);
    for (const core of this.register.all()) core.abort(reason, error);
    this.#closeIfDone();
  }

  // --- What its descriptor reports ---

  onInbound(link: EndpointLink, peer: Peer): void {
    const refusal = this.register.refusal(link);
    if (this.#state !== 'open') {
      link.abort(Buffer.from('the endpoint is closing'));
    } else if (refusal !== undefined) {
      link.abort(Buffer.from(refusal));
      const { address: remoteAddress, port: remotePort, family: remoteFamily } = peer;
      const drop: EndpointDrop = { remoteAddress, remotePort, remoteFamily };
      this.user.emit('drop', drop);
    } else {
      this.register.admit(link);
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

  onEvent(core: Core, event: string, args: unknown[]): boolean {
    const { user } = core;
    const emit = (emitter: object, all: unknown[]): boolean =>
      (emitter as { emit(name: string, ...rest: unknown[]): boolean }).emit(event, ...all);
    if (!FORWARDED_EVENTS.has(event)) return emit(user, args);
    const subject = core.association.wasUp ? user : undefined;
    let isHeard: boolean;
    try {
      isHeard = emit(user, args);
    } catch (error) {
      guarded(() => emit(this.user, [...args, subject]));
      throw error;
    }
    return emit(this.user, [...args, subject]) || isHeard;
  }

  onUp(core: Core): void {
    this.register.onUp(core);
    this.user.emit('association', core.user, core.isInbound);
  }

  onRefused(core: Core, errno: number): void {
    this.register.onRefused(core, errno);
    this.#closeIfDone();
  }

  onOver(core: Core): void {
    this.register.onOver(core);
    this.#closeSoon();
  }

  onRead(core: Core): void {
    if (this.readers.unread.delete(core)) this.#closeSoon();
  }

  // --- What its register asks for ---

  makeAssociation(link: EndpointLink, isInbound: boolean): Core {
    const { captureRejections } = this.config;
    if (!this.isReferenced) link.unref();
    return new AssociationCore(
      link,
      isInbound,
      this,
      (core) => new EndpointAssociation({ core, captureRejections }),
    );
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
    if (this.#state !== 'closing' || !this.register.isEmpty) return;
    this.#state = 'closed';
    this.descriptor.shared?.close();
    this.readers.onClose();
    setImmediate(() => {
      this.#isCloseEmitted = true;
      for (const resolve of this.#closeWaiters) resolve();
      this.user.emit('close');
    });
  }
}
