/** Connects the parts of one association on an endpoint. */
import { constants as os } from 'node:os';

import type { AssociationEndReason } from '../../types/endpoint';
import type { ReceivedInfo } from '../../types/messages';
import { Association } from '../association/association';
import type { MemberHost } from '../association/members';
import type { Owner } from '../association/owner';
import { releaseAll } from '../association/tick-hold';
import { associationOver, optionUnavailable, peeledOff, systemError } from '../errors';
import { rowOf } from '../options/codec';
import type { EndpointConfig } from './config';
import { Delivery, type DeliveryHost } from './delivery';
import { AssociationReports, type ReportsHost } from './association-reports';
import { type AssociationEmitter, FORWARDED_EVENTS } from './emitters';
import type { EndpointLink } from './endpoint-link';
import { Outcome } from './outcome';
import { OutgoingMessages } from './outgoing';
import type { ReadMessage } from './read-queue';
import { Sends, type SendsHost } from './sends';
import type { SharedLimit } from './shared-limit';

const { ECONNREFUSED } = os.errno;

const WORDS = {
  syscall: 'send',
  oversizeRemedy: '',
  streamsOption: 'OS, sctp.initMsg.numOstreams',
} as const;

/** Who takes what it receives, beside its own listeners. */
export interface AssociationReaders {
  /** Whether nothing is to be handed to listeners now. */
  readonly isHeld: boolean;
  readonly wantsMessages: boolean;
  /** To the association's listeners, and the endpoint's. */
  onMessage(core: AssociationCore, data: Buffer, info: ReceivedInfo): void;
  /** It has messages that wait until they are wanted, or no longer has. */
  onWaiting(core: AssociationCore, isWaiting: boolean): void;
}

/** What an association asks of its endpoint. */
export interface AssociationCoreHost {
  readonly config: EndpointConfig;
  readonly total: SharedLimit;
  readonly totalUnread: SharedLimit;
  /** Milliseconds for which the kernel at least waits for a peer that does not answer. */
  readonly leastSetupWait: number;
  readonly readers: AssociationReaders;
  listenerCount(event: string): number;
  /** As the association's own event; some are the endpoint's, too. */
  onEvent(core: AssociationCore, event: string, args: unknown[]): boolean;
  onUp(core: AssociationCore): void;
  /** It could not be set up; `errno` is negative. */
  onRefused(core: AssociationCore, errno: number): void;
  /** It is over. What it has received, if anything, may wait to be read. */
  onOver(core: AssociationCore): void;
  /** It is over, and nothing of it waits any more. 'close' follows. */
  onRead(core: AssociationCore): void;
}

export class AssociationCore<User extends AssociationEmitter = AssociationEmitter>
  implements ReportsHost, MemberHost, SendsHost
{
  /** What users see of it. */
  readonly user: User;
  readonly link: EndpointLink;
  readonly association: Association;
  readonly outgoing: OutgoingMessages;
  readonly outcome: Outcome;
  readonly sends = new Sends(this);
  /** Whether the peer has begun it. */
  readonly isInbound: boolean;
  readonly #host: AssociationCoreHost;
  /** What was received and waits for listeners. */
  readonly delivery: Delivery;
  readonly #begun = performance.now();

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
    const reports = new AssociationReports(this);
    this.association = new Association(link, this.#owner(), reports, config, WORDS);
    this.outcome = new Outcome(this.association);
    this.delivery = this.#makeDelivery();
    this.outgoing = new OutgoingMessages({
      association: this.association,
      owner: this.user,
      highWaterMark: config.writableHighWaterMark,
      limit: config.sendBufferLimit,
      total: host.total,
      onBroken: (errno) => {
        reports.onBroken(errno);
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

  get isSettled(): boolean {
    return this.outcome.isSettled;
  }

  // --- What users call ---

  /** Ends the association once everything has left. Resolves when it is over. */
  async shutdown(): Promise<void> {
    const { outcome } = this;
    if (!outcome.isSettled && !outcome.isOver) this.#beginShutdown();
    await outcome.whenClosed();
  }

  #beginShutdown(): void {
    this.outcome.checkIsUp();
    this.outgoing.hurry();
    releaseAll();
    this.outcome.isEnding = true;
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
    if (this.isSettled) return;
    releaseAll();
    this.outcome.onDismissed(error);
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
    if (event === 'message') this.delivery.onListeners();
  }

  // --- What the members of every association ask for ---

  get openAssociation(): Association {
    this.outcome.checkIsUp();
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
    this.outcome.checkIsUp();
    await this.outgoing.settled();
    if (!isDone()) this.outcome.checkIsUp();
  }

  async acceptedBeforeEnd(): Promise<void> {
    this.sends.check();
    await this.outgoing.settled();
    this.outcome.checkIsUp();
  }

  // --- What its reports ask for ---

  /** It is up. */
  onUp(): void {
    this.delivery.open();
    try {
      this.#host.onUp(this);
    } finally {
      this.outgoing.open(); // also if a listener has thrown
    }
  }

  /** It could not be set up; `errno` is negative. */
  onRefused(errno: number): void {
    // On these sockets the kernel does not say which. It does not give up as early as a peer.
    const isEarly = performance.now() - this.#begun < this.#host.leastSetupWait;
    const reason = isEarly ? -ECONNREFUSED : errno;
    this.settle('lost', systemError('connect', reason));
    this.#host.onRefused(this, reason);
  }

  /**
   * The kernel or the peer has ended it.
   * @param failure of what was not done
   * @param error for users
   */
  settle(reason: AssociationEndReason, failure: Error, error?: Error): void {
    this.association.dismiss(failure);
    this.#finish(reason, failure, error);
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
      eventNames: () => [...user.eventNames(), ...FORWARDED_EVENTS],
      get destroyed() {
        return core.isSettled;
      },
      get errored() {
        return core.outcome.error;
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
        return core.isSettled;
      },
      get isEnding() {
        return core.outcome.isEnding;
      },
      get isHeld() {
        return host.readers.isHeld;
      },
      get wantsMessages() {
        return host.readers.wantsMessages;
      },
      highWaterMark: host.config.highWaterMark,
      closeTimeout: host.config.closeTimeout,
      onMessage: (data, info) => {
        host.readers.onMessage(this, data, info);
      },
      onWaiting: (isWaiting) => {
        host.readers.onWaiting(this, isWaiting);
      },
    };
    return new Delivery(needs, host.totalUnread.makeShare());
  }

  #onSendingIdle(): void {
    if (this.outcome.isEnding && !this.isSettled) this.association.ending.begin();
  }

  #finish(reason: AssociationEndReason, failure: Error, error?: Error): void {
    const end = {
      reason,
      ...(error && { error }),
      causes: this.association.causes,
    };
    this.outcome.settle(end);
    if (reason !== 'peeledOff') this.outgoing.fail(failure);
    this.association.release(() => failure);
    this.#host.onOver(this);
    if (!this.association.wasUp) return;
    this.delivery.finish(() => {
      this.#host.onRead(this);
      // Not within the same wake-up: code that awaits an earlier event must be able to await this.
      setImmediate(() => {
        this.user.emit('close', end);
      });
    });
    // It may be awaited in a loop that has yet to take those messages.
    setImmediate(() => {
      this.outcome.releaseWaiters();
    });
  }
}
