/** Connects the parts of one association on an endpoint. */
import { constants as os } from 'node:os';

import type { AssociationEnd, AssociationEndReason } from '../../types/endpoint';
import type { ReceivedInfo, WriteCallback } from '../../types/messages';
import type { StallInfo } from '../../types/association';
import { Association } from '../association/association';
import type { MemberHost } from '../association/members';
import type { Owner, OwnerCalls } from '../association/owner';
import { releaseAll } from '../association/tick-hold';
import { constants } from '../constants';
import {
  associationEnding,
  associationOver,
  closeTimeout,
  noRoomToReceive,
  notUpYet,
  optionUnavailable,
  peeledOff,
  receivedTooLarge,
  stalled,
  systemError,
  writeAfterPeerEnded,
} from '../errors';
import { checkEndpointSendInfo } from '../messages/info';
import { toBuffer } from '../messages/bytes';
import { rowOf } from '../options/codec';
import { checkBytes } from '../validate';
import { checkReason } from './abort-reason';
import type { EndpointConfig } from './config';
import { Delivery, type DeliveryHost } from './delivery';
import { type AssociationEmitter, FORWARDED_EVENTS } from './emitters';
import type { EndpointLink } from './endpoint-link';
import { overError } from './over-error';
import { OutgoingMessages } from './outgoing';
import type { ReadMessage } from './read-queue';
import type { SharedLimit } from './shared-limit';

const { ECONNREFUSED } = os.errno;
const { SCTP_ESTABLISHED } = constants;

const WORDS = {
  syscall: 'send',
  oversizeRemedy: '',
  streamsOption: 'OS, sctp.initMsg.numOstreams',
} as const;

/** What an association asks of its endpoint. */
export interface AssociationCoreHost {
  readonly config: EndpointConfig;
  readonly total: SharedLimit;
  readonly totalUnread: SharedLimit;
  /** Milliseconds for which the kernel at least waits for a peer that does not answer. */
  readonly leastSetupWait: number;
  /** Whether nothing is to be handed to listeners now. */
  readonly isHeld: boolean;
  /** Whether it wants messages, beside the association's own listeners. */
  readonly wantsMessages: boolean;
  listenerCount(event: string): number;
  /** To the association's listeners, and the endpoint's. */
  onMessage(core: AssociationCore, data: Buffer, info: ReceivedInfo): void;
  /** It has messages that wait until they are wanted, or no longer has. */
  onWaiting(core: AssociationCore, isWaiting: boolean): void;
  /** As the association's own event; some are the endpoint's, too. */
  onEvent(core: AssociationCore, event: string, args: unknown[]): boolean;
  onUp(core: AssociationCore): void;
  /** It could not be set up; `errno` is negative. */
  onRefused(core: AssociationCore, errno: number): void;
  /** It is over. 'close' may follow. */
  onOver(core: AssociationCore): void;
}

export class AssociationCore<User extends AssociationEmitter = AssociationEmitter>
  implements OwnerCalls, MemberHost
{
  /** What users see of it. */
  readonly user: User;
  readonly link: EndpointLink;
  readonly association: Association;
  readonly outgoing: OutgoingMessages;
  /** Whether the peer has begun it. */
  readonly isInbound: boolean;
  readonly #host: AssociationCoreHost;
  /** What was received and waits for listeners. */
  readonly delivery: Delivery;
  #isEnding = false;
  #end: AssociationEnd | undefined;
  #error: Error | null = null;
  readonly #begun = performance.now();
  #onceClosed: (() => void)[] = [];

  constructor(
    link: EndpointLink,
    isInbound: boolean,
    host: AssociationCoreHost,
    makeUser: (core: AssociationCore<User>) => User,
  ) {
    this.link = link;
    this.isInbound = isInbound;
    this.#host = host;
    this.user = makeUser(this);
    const { config } = host;
    this.association = new Association(link, this.#owner(), this, config, WORDS);
    this.delivery = this.#makeDelivery();
    this.outgoing = new OutgoingMessages({
      association: this.association,
      owner: this.user,
      highWaterMark: config.writableHighWaterMark,
      limit: config.sendBufferLimit,
      total: host.total,
      onBroken: (errno) => {
        this.#onBroken(errno);
      },
      onIdle: () => {
        this.#onSendingIdle();
      },
    });
    this.association.start(false);
  }

  get config(): EndpointConfig {
    return this.#host.config;
  }

  get isUp(): boolean {
    return this.association.isUp && this.#end === undefined;
  }

  /** How it has ended, if so. */
  get end(): AssociationEnd | undefined {
    return this.#end;
  }

  get canSend(): boolean {
    return this.isUp && !this.#isEnding && !this.association.peerEnded;
  }

  // --- What users call ---

  send(data: unknown, info: unknown, callback: WriteCallback | undefined): boolean {
    const bytes = toBuffer(checkBytes('data', data));
    const checked = info === undefined ? undefined : checkEndpointSendInfo(info);
    this.#checkSending();
    const { addresses, sending, limits } = this.association;
    sending.checkLength(bytes.length);
    if (checked?.sid !== undefined) limits.checkStream(checked.sid);
    if (checked?.address !== undefined) {
      checked.address = addresses.remoteAs('info.address', checked.address);
    }
    if (checked?.abort === true) {
      this.abort(checkReason('data', bytes));
      if (callback) process.nextTick(callback);
      return false;
    }
    const goesOn = this.outgoing.send(bytes, checked, callback);
    if (checked?.eof === true) this.shutdown().catch(() => undefined); // 'close' reports it
    return goesOn;
  }

  /** For a message to many. @returns whether it was taken */
  trySend(data: unknown, info: unknown): boolean {
    try {
      this.send(data, info, undefined);
      return true;
    } catch {
      return false;
    }
  }

  /** Ends the association once everything has left. Resolves when it is over. */
  async shutdown(): Promise<void> {
    if (this.#end === undefined) {
      if (!this.#isOver()) this.#beginShutdown();
      await new Promise<void>((resolve) => {
        this.#onceClosed.push(resolve);
      });
    }
    const { reason, error } = this.#end as unknown as AssociationEnd;
    if (reason !== 'shutdown') throw error ?? overError(this.#end as unknown as AssociationEnd);
  }

  #beginShutdown(): void {
    this.#checkIsUp();
    this.outgoing.hurry();
    releaseAll();
    this.#isEnding = true;
    this.association.ending.expect();
    if (this.outgoing.isEmpty) this.association.ending.begin();
    this.delivery.limitReading();
  }

  /** As `shutdown`, whatever state it is in; unread messages are dropped. */
  shutdownSoon(): void {
    this.delivery.discard();
    this.shutdown().catch(() => undefined);
  }

  /** Ends the association at once. @param reason for the peer */
  abort(reason?: Uint8Array, error?: Error): void {
    if (this.#end !== undefined) return;
    releaseAll();
    this.#error = error ?? null;
    const failure = error ?? associationOver('was aborted by this end');
    this.association.dismiss(failure);
    this.association.abort(reason);
    this.delivery.clear();
    this.#finish('local', failure, error);
  }

  /** Takes the association's descriptor away from the endpoint. @returns what waits, to be read */
  detach(): ReadMessage[] {
    const waiting = this.delivery.takeAll();
    const failure = peeledOff();
    this.association.dismiss(failure);
    this.association.handOver();
    this.#finish('peeledOff', failure);
    return waiting;
  }

  takeTurn(): boolean {
    return this.delivery.takeTurn();
  }

  /** An event of the endpoint's, or of the association's, has gained or lost listeners. */
  onListeners(event: string | symbol): void {
    this.association.onListeners(event);
    if (event === 'message') this.delivery.deliverSoon();
  }

  // --- What the members of every association ask for ---

  get openAssociation(): Association {
    this.#checkIsUp();
    return this.association;
  }

  checkSettable(option: string): void {
    const { reach, until } = rowOf(option);
    if (reach !== 'none' && until !== 'associated') return;
    throw optionUnavailable(option, 'it applies to the whole endpoint: use setOption() of that');
  }

  async accepted(): Promise<void> {
    const isDone = (): boolean => this.association.endedInOrder; // everything was acknowledged
    if (isDone()) return;
    this.#checkIsUp();
    await this.outgoing.settled();
    if (!isDone()) this.#checkIsUp();
  }

  async acceptedBeforeEnd(): Promise<void> {
    this.#checkSending();
    await this.outgoing.settled();
    this.#checkIsUp();
  }

  // --- What the association reports ---

  onUp(): void {
    this.delivery.open();
    this.#host.onUp(this);
    this.outgoing.open();
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    this.delivery.onMessage(data, info);
  }

  onTooLarge(length: number): void {
    const { maxMessageSize, maxUnfinishedBytes } = this.#host.config;
    if (length > maxMessageSize) {
      this.abort(Buffer.from('message too long'), receivedTooLarge(maxMessageSize));
    } else {
      this.abort(Buffer.from('no room for the message'), noRoomToReceive(maxUnfinishedBytes));
    }
  }

  onBatchEnd(): void {
    this.delivery.limitReading();
  }

  onWritable(): void {
    this.outgoing.flush();
  }

  onPeerEnded(): void {
    this.outgoing.fail(writeAfterPeerEnded('send'));
    if (this.#end === undefined) this.delivery.afterReading(() => this.user.emit('end'));
  }

  onRestart(error: Error): boolean {
    return this.outgoing.failWaiting(error);
  }

  onSilentLoss(error: Error): void {
    this.abort(Buffer.from('messages were lost in a restart'), error);
  }

  onStalled({ duration, unacknowledgedBytes }: StallInfo): void {
    const error = stalled(duration, unacknowledgedBytes);
    this.abort(Buffer.from('nothing is acknowledged any longer'), error);
  }

  onStuck(): void {
    const error = closeTimeout(this.#host.config.closeTimeout);
    this.abort(Buffer.from('no progress while shutting down'), error);
  }

  onOver(errno: number): void {
    if (this.#end !== undefined) return;
    const { association } = this;
    if (!association.wasUp) {
      // On these sockets the kernel does not say which. It does not give up as early as a peer.
      const isEarly = performance.now() - this.#begun < this.#host.leastSetupWait;
      const reason = isEarly ? -ECONNREFUSED : errno;
      this.#settle('lost', systemError('connect', reason));
      this.#host.onRefused(this, reason);
      return;
    }
    if (errno === 0) {
      this.#settle('shutdown', associationOver('was shut down'));
      return;
    }
    const error = this.association.lossError(errno);
    this.#settle(association.causes.length > 0 ? 'aborted' : 'lost', error, error);
  }

  #owner(): Owner {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- for getters in an object
    const core = this;
    const host = this.#host;
    const { user } = this;
    return {
      emit: (event, ...args) => host.onEvent(this, event, args),
      listenerCount: (event) =>
        user.listenerCount(event) + (FORWARDED_EVENTS.has(event) ? host.listenerCount(event) : 0),
      get destroyed() {
        return core.#end !== undefined;
      },
      get errored() {
        return core.#error;
      },
    };
  }

  #makeDelivery(): Delivery {
    const { association, user } = this;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- for getters in an object
    const core = this;
    const host = this.#host;
    const needs: DeliveryHost = {
      association,
      user,
      get isOver() {
        return core.#end !== undefined;
      },
      get isEnding() {
        return core.#isEnding;
      },
      get isHeld() {
        return host.isHeld;
      },
      get wantsMessages() {
        return host.wantsMessages;
      },
      highWaterMark: host.config.highWaterMark,
      closeTimeout: host.config.closeTimeout,
      onMessage: (data, info) => {
        host.onMessage(this, data, info);
      },
      onWaiting: (isWaiting) => {
        host.onWaiting(this, isWaiting);
      },
    };
    return new Delivery(needs, host.totalUnread.makeShare());
  }

  #onBroken(errno: number): void {
    this.association.investigate(errno, () => {
      // It is over, or ends, as is about to be read: after what the peer has sent before.
      if (!this.link.isPeeledOff && !this.#isEstablished()) return;
      const error = systemError('send', errno);
      this.abort(undefined, error);
    });
  }

  #isEstablished(): boolean {
    const status = this.link.getOption('status', {});
    return typeof status !== 'number' && status['state'] === SCTP_ESTABLISHED;
  }

  #onSendingIdle(): void {
    if (this.#isEnding && this.#end === undefined) this.association.ending.begin();
  }

  /**
   * The kernel or the peer has ended it.
   * @param failure of what was not done
   * @param error for users
   */
  #settle(reason: AssociationEndReason, failure: Error, error?: Error): void {
    this.association.dismiss(failure);
    this.#finish(reason, failure, error);
  }

  #finish(reason: AssociationEndReason, failure: Error, error?: Error): void {
    this.#end = {
      reason,
      ...(error && { error }),
      causes: this.association.causes,
    };
    if (reason !== 'peeledOff') this.outgoing.fail(failure);
    this.association.release(() => failure);
    this.#host.onOver(this);
    if (!this.association.wasUp) return;
    this.delivery.finish(() => {
      // Not within the same wake-up: code that awaits an earlier event must be able to await this.
      setImmediate(() => {
        this.user.emit('close', this.#end);
      });
    });
    // It may be awaited in a loop that has yet to take those messages.
    setImmediate(() => {
      for (const resolve of this.#onceClosed.splice(0)) resolve();
    });
  }

  #checkIsUp(): void {
    if (this.#end !== undefined) throw overError(this.#end);
    if (this.#isOver()) throw associationOver('is over');
    if (!this.association.isUp) throw notUpYet();
  }

  /** The kernel has ended it; what follows from that comes soon. */
  #isOver(): boolean {
    return this.association.wasUp && this.association.isClosed;
  }

  #checkSending(): void {
    const isPeerFirst = this.association.peerEnded && !this.#isEnding;
    if (isPeerFirst && this.#end === undefined) throw writeAfterPeerEnded('send');
    this.#checkIsUp();
    if (this.#isEnding) throw associationEnding();
  }
}
