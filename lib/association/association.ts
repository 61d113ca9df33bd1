/**
 * One association, owned by a Socket, or one of many on an endpoint. It connects the kernel's side
 * (the Link) to its parts; messages go to the owner.
 */
import type { ErrorCause } from '../../types/notifications';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeNotification } from '../../types/native-values';
import { describeCause } from '../causes';
import { reportLost, reportShutdown, reportUp } from '../diagnostics/associations';
import { connectionReset, errnoName, peerRestarted, socketClosed, systemError } from '../errors';
import { earlyNumbers } from '../notifications/choice';
import { Addresses } from './addresses/addresses';
import type { Paths } from './addresses/paths';
import type { AssociationConfig } from './config';
import type { Dryness } from './dryness';
import type { Ending } from './ending';
import { adaptToLoopback, giveReceiveBuffer } from './establishing';
import { Life, type LifeEvents } from './life';
import type { Limits } from './limits';
import type { Link, LinkListener, StreamCounts } from './link';
import { AssociationOptions } from './options';
import type { Owner, OwnerCalls } from './owner';
import type { PartHost } from './part';
import { Parts } from './parts';
import { type Progress, progressOf } from './progress';
import type { Reconfiguration } from './reconfiguration/reconfiguration';
import { Sending, type SendingWords } from './sending';
import { settleLater } from './settling';
import type { SmallPackets } from './small-packets';
import { Subscriptions } from './subscriptions';
import { ErrorCollector } from './error-collector';

export class Association implements LinkListener, LifeEvents, PartHost {
  readonly link: Link;
  readonly owner: Owner;
  readonly calls: OwnerCalls;
  readonly config: AssociationConfig;
  readonly addresses: Addresses;
  readonly subscriptions: Subscriptions;
  readonly #life: Life;
  readonly #parts: Parts;
  readonly #words: SendingWords;
  #options: AssociationOptions | undefined;
  #sending: Sending | undefined;
  /** Where they help. To be dropped wherever the Link is closed. */
  #smallPackets: SmallPackets | undefined;

  /** @param words what the owner calls things, for errors */
  constructor(
    link: Link,
    owner: Owner,
    calls: OwnerCalls,
    config: AssociationConfig,
    words: SendingWords,
  ) {
    this.link = link;
    this.owner = owner;
    this.calls = calls;
    this.config = config;
    this.#life = new Life(link, this);
    this.addresses = new Addresses(link);
    this.subscriptions = new Subscriptions(link, earlyNumbers(config.notifications));
    this.#parts = new Parts(this);
    this.#words = words;
  }

  /** Whether it is established. */
  get isUp(): boolean {
    return this.#life.isUp;
  }

  get wasUp(): boolean {
    return this.#life.wasUp;
  }

  /** Whether the Link is closed, or somebody else's. */
  get isClosed(): boolean {
    return this.#life.isClosed;
  }

  /** Whether it has ended in order: everything was acknowledged, or it could not have. */
  get endedInOrder(): boolean {
    return this.#life.endedInOrder;
  }

  /** As its start was reported, if it was. */
  get begunWith(): StreamCounts | undefined {
    return this.#life.begunWith;
  }

  /** Whether the peer has shut down. */
  get peerEnded(): boolean {
    return this.#life.peerEnded;
  }

  /** Whether what comes in is read. */
  get isReading(): boolean {
    return this.#life.isReading;
  }

  /** The error causes in the peer's ABORT. */
  get causes(): ErrorCause[] {
    return this.#life.causes.map(describeCause);
  }

  get options(): AssociationOptions {
    return (this.#options ??= new AssociationOptions(this));
  }

  get sending(): Sending {
    return (this.#sending ??= new Sending(this.link, this.limits, this.#words, () => {
      this.#smallPackets?.begin();
    }));
  }

  get limits(): Limits {
    return this.#parts.get('limits');
  }

  get dryness(): Dryness {
    return this.#parts.get('dryness');
  }

  get paths(): Paths {
    return this.#parts.get('paths');
  }

  get reconfiguration(): Reconfiguration {
    return this.#parts.get('reconfiguration');
  }

  get ending(): Ending {
    return this.#parts.get('ending');
  }

  progress(): Progress | undefined {
    return progressOf(this.link, this.options);
  }

  /**
   * Begins to receive.
   * @param up whether the association is established already
   * @param isKnown whether that was reported already, of a former owner
   */
  start(up: boolean, isKnown = false): void {
    this.#parts.begin();
    this.link.attach(this);
    this.#life.start(up);
    if (!up) return;
    this.#begin();
    if (!isKnown) reportUp(this.calls);
    settleLater(this);
  }

  /** How many messages the next wake-up may read. */
  limitReads(count: number): void {
    this.link.limitReads(count);
  }

  /** Something was sent or received: it is not stuck. */
  onActivity(): void {
    this.#parts.ending?.progress();
  }

  /** The kernel has taken a message. */
  onAccepted(): void {
    this.#parts.ending?.progress();
    this.#parts.stallWatch?.onAccepted();
  }

  /** Whoever waits for acknowledgements waits in vain. */
  fail(error: Error): void {
    this.#parts.dryness?.fail(error);
  }

  /** One of the owner's events has gained or lost listeners. */
  onListeners(event: string | symbol): void {
    if (!this.isClosed) this.#parts.onListeners(event);
  }

  /** Its user is about to read an option: it must show what was said. */
  beforeOptionRead(name: string): void {
    this.#smallPackets?.beforeOptionRead(name);
  }

  /** Its user is about to set an option, to a value that is not checked yet. */
  beforeOptionSet(name: string, value: unknown): void {
    this.#smallPackets?.beforeOptionSet(name, value);
  }

  /** What depends on options is read anew. */
  onOptionSet(name?: string): void {
    this.#sending?.reload();
    this.#parts.limits?.forget();
    if (name === 'autoAsconf') this.#parts.addressChanges?.checkForChanges();
  }

  setReading(on: boolean): void {
    this.#life.setReading(on);
  }

  /** Whether to report when there may be room for another message. */
  setWriting(on: boolean): void {
    if (!this.isClosed) this.#life.setWriting(on);
  }

  /** Reads what the kernel has, if that is wanted: time has passed since it was looked at. */
  catchUp(): void {
    this.#life.readWhile(() => this.isReading);
  }

  /** Reads what the kernel has, but no more than that: more may come all the time. */
  readAll(): void {
    this.#life.readAll();
  }

  ref(): void {
    this.#life.ref();
  }

  unref(): void {
    this.#life.unref();
  }

  /**
   * A send has failed for good: finds out why, even if nobody reads.
   * @param unexplained nothing has happened that would be reported otherwise
   */
  investigate(errno: number, unexplained: () => void): void {
    this.#life.investigate(errno, unexplained);
  }

  /** Ends it at once, with an ABORT if it is not over. No event follows. */
  abort(reason?: Uint8Array): void {
    if (this.isUp) this.#reportAborted();
    this.#smallPackets?.drop();
    this.#life.letGo();
    this.link.abort(reason);
  }

  /** The kernel ends it in order, by itself. No event follows. */
  leave(): void {
    if (this.isUp) reportShutdown(this.calls);
    this.#smallPackets?.drop();
    this.#life.letGo();
    this.link.close();
  }

  /** Somebody else takes over the Link. No event follows. */
  handOver(): void {
    this.#smallPackets?.end();
    this.#life.letGo();
  }

  /** The owner no longer needs it. The Link may stay open for an orderly end. */
  dismiss(error: Error | null): void {
    // A server that wants none of its associations need not ask for their addresses twice.
    const areKnown = this.addresses.areFresh && this.#parts.areNone && this.#options === undefined;
    if (!this.isClosed && !areKnown) this.addresses.remember();
    this.#parts.onDismissed(error);
  }

  /** Nothing more follows: settles what waits for acknowledgements. @param reason if those fail */
  release(reason: () => Error): void {
    const { ending, dryness } = this.#parts;
    ending?.onOver();
    if (this.endedInOrder) dryness?.settle();
    else dryness?.fail(reason());
  }

  /** @returns once the peer has acknowledged everything that the kernel has accepted so far */
  async dry(restarts: number): Promise<void> {
    if (this.endedInOrder) return; // everything was acknowledged, or it could not have ended so
    if (this.isClosed) throw socketClosed();
    if (this.dryness.restarts !== restarts) throw peerRestarted();
    await this.dryness.wait();
  }

  /** Why the association was lost. */
  lossError(errno: number): NodeJS.ErrnoException {
    const name = errnoName(errno);
    if (name === 'ECONNRESET') return connectionReset(this.causes);
    const hint =
      name === 'ETIMEDOUT' && this.config.sctp.authSupported === true
        ? 'the peer acknowledged nothing; with SCTP-AUTH on it may have a wrong key'
        : '';
    return systemError('read', errno, {}, hint);
  }

  onUp(): void {
    this.#begin();
    reportUp(this.calls);
    try {
      this.calls.onUp();
    } finally {
      settleLater(this);
    }
  }

  /** Code that waited for the association has had the chance to add listeners. */
  onSettled(): void {
    if (this.isClosed) return;
    this.addresses.onSettled();
    this.#parts.onSettled();
    this.subscriptions.endEarly();
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    this.#parts.ending?.progress();
    this.calls.onMessage(data, info);
  }

  onTooLarge(length: number): void {
    this.calls.onTooLarge(length);
  }

  /** Every part, and the association itself, must get it, even if a listener throws. */
  onNotification(notification: NativeNotification): void {
    if (!this.#parts.areFor(notification)) {
      this.#life.onNotification(notification);
      return;
    }
    const errors = new ErrorCollector();
    this.#parts.onNotification(notification, errors);
    errors.in(() => {
      this.#life.onNotification(notification);
    });
    errors.throwFirst();
  }

  onBatchEnd(): void {
    this.calls.onBatchEnd();
  }

  onWritable(): void {
    this.calls.onWritable();
  }

  onReadEnd(): void {
    this.#life.onPeerEnded();
  }

  onReadError(errno: number): void {
    this.#life.end(errno);
  }

  onPeerEnded(): void {
    this.calls.onPeerEnded();
  }

  onOver(errno: number): void {
    this.#smallPackets?.drop();
    this.#parts.onOver();
    if (errno === 0) this.#parts.dryness?.settle();
    if (this.wasUp) this.#reportOver(errno);
    this.calls.onOver(errno);
  }

  #reportOver(errno: number): void {
    if (errno === 0) reportShutdown(this.calls);
    else {
      reportLost(this.calls, () => {
        const { causes } = this;
        const reason = causes.length > 0 ? 'aborted' : 'lost';
        return { reason, error: this.lossError(errno), causes };
      });
    }
  }

  /** By this end. */
  #reportAborted(): void {
    const { errored } = this.owner;
    reportLost(this.calls, () => ({
      reason: 'local',
      ...(errored && { error: errored }),
      causes: [],
    }));
  }

  #begin(): void {
    const { sctp } = this.config;
    giveReceiveBuffer(this.link, sctp);
    this.#smallPackets = adaptToLoopback(this.link, sctp);
    this.addresses.begin();
    this.#parts.onUp();
  }
}
