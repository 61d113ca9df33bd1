/**
 * One association, owned by a Socket, or one of many on an endpoint. It connects the kernel's side
 * (the Link) to its parts; messages go to the owner.
 */
import type { BlockList } from 'node:net';

import type { AssociationStatus } from '../../types/association';
import type { ReceivedInfo } from '../../types/messages';
import type { NativeNotification } from '../../types/native-values';
import type {
  OptionArguments,
  OptionInput,
  OptionValues,
  ReadableOptionName,
  SctpOptions,
  SettableOptionName,
} from '../../types/options';
import { describeCause } from '../causes';
import { connectionReset, errnoName, peerRestarted, socketClosed, systemError } from '../errors';
import { earlyNumbers, type NotificationChoice } from '../notifications/choice';
import { Addresses } from './addresses/addresses';
import { Admission } from './admission';
import { Paths } from './addresses/paths';
import { Dryness } from './dryness';
import { Ending } from './ending';
import { lastKnown } from './last-known';
import { Life, type LifeEvents } from './life';
import { Limits } from './limits';
import type { Link, LinkListener } from './link';
import { Losses, Restarts } from './losses';
import { Notifier } from './notifier';
import { withOlderNames } from './older-status';
import { AssociationOptions } from './options';
import type { Owner, OwnerCalls } from './owner';
import { PacketSize } from './packet-size';
import type { Part } from './part';
import { type Progress, progressOf } from './progress';
import { ReceiveBuffer } from './receive-buffer';
import { Reconfiguration } from './reconfiguration/reconfiguration';
import { Sending, type SendingWords } from './sending';
import { type StallConfig, StallWatch } from './stall-watch';
import { Subscriptions } from './subscriptions';
import { Thrown } from './thrown';
import { Unconfirmed } from './unconfirmed';

export interface AssociationConfig extends StallConfig {
  /** Milliseconds; 0 waits for ever. */
  readonly closeTimeout: number;
  readonly notifications: NotificationChoice;
  readonly sctp: SctpOptions;
  /** Ends an association whose peer gets one of these addresses. */
  readonly blockList?: BlockList | undefined;
  /** What the owner calls things, for errors. */
  readonly words: SendingWords;
}

export class Association implements LinkListener, LifeEvents {
  readonly life: Life;
  readonly limits: Limits;
  readonly dryness: Dryness;
  readonly stallWatch: StallWatch;
  readonly addresses: Addresses;
  readonly paths: Paths;
  readonly reconfiguration: Reconfiguration;
  readonly sending: Sending;
  readonly ending: Ending;
  readonly options: AssociationOptions;
  readonly #link: Link;
  readonly #calls: OwnerCalls;
  readonly #config: AssociationConfig;
  readonly #subscriptions: Subscriptions;
  /** In the order in which they take part, which is the order of events. */
  readonly #parts: readonly Part[];

  constructor(link: Link, owner: Owner, calls: OwnerCalls, config: AssociationConfig) {
    const { closeTimeout, notifications, sctp } = config;
    this.#link = link;
    this.#calls = calls;
    this.#config = config;
    const subscriptions = new Subscriptions(link, earlyNumbers(notifications));
    this.#subscriptions = subscriptions;
    const life = new Life(link, this);
    this.life = life;
    this.limits = new Limits(link);
    this.options = new AssociationOptions(link, () => {
      this.onOptionSet();
    });
    this.sending = new Sending(link, this.limits, config.words);
    this.dryness = new Dryness(link, subscriptions);
    const losses = new Losses(owner);
    const progress = (): Progress | undefined => progressOf(link, this.options);
    this.stallWatch = new StallWatch(life, owner, calls, progress, config);
    this.addresses = new Addresses(link, life, owner, subscriptions);
    const { addresses } = this;
    const mayExposeFailures = sctp.exposePfState === undefined;
    this.paths = new Paths({ link, life, owner, subscriptions, addresses, mayExposeFailures });
    this.reconfiguration = new Reconfiguration(link, life, owner, subscriptions);
    this.ending = new Ending(link, life, progress, closeTimeout, () => {
      calls.onStuck();
    });
    const admission = new Admission(link, subscriptions, config.blockList, (address) => {
      calls.onBlocked?.(address);
    });
    this.#parts = [
      admission,
      new ReceiveBuffer(link, sctp),
      new PacketSize(link, sctp),
      this.limits,
      this.sending,
      this.dryness,
      losses,
      new Notifier(owner, notifications, subscriptions),
      new Restarts(owner, calls, losses),
      new Unconfirmed(link, owner),
      this.stallWatch,
      this.addresses,
      this.paths,
      this.reconfiguration,
      this.ending,
    ];
  }

  /** Begins to receive. @param up whether the association is established already */
  start(up: boolean): void {
    this.#link.attach(this);
    this.life.start(up);
    if (!up) return;
    for (const part of this.#parts) part.onUp?.();
    this.#settleLater();
  }

  /** How many messages the next wake-up may read. */
  limitReads(count: number): void {
    this.#link.limitReads(count);
  }

  /** Something was sent or received: it is not stuck. */
  onActivity(): void {
    this.ending.progress();
  }

  /** The kernel has taken a message. */
  onAccepted(): void {
    this.ending.progress();
    this.stallWatch.onAccepted();
  }

  /** Whoever waits for acknowledgements waits in vain. */
  fail(error: Error): void {
    this.dryness.fail(error);
  }

  /** One of the owner's events has gained or lost listeners. */
  onListeners(event: string | symbol): void {
    if (this.life.isClosed) return;
    for (const part of this.#parts) part.onListeners?.(event);
  }

  /** What depends on options is read anew. */
  onOptionSet(): void {
    this.sending.reload();
    this.limits.forget();
  }

  /** @throws ERR_SCTP_OPTION if the kernel refuses */
  getOption<Name extends ReadableOptionName>(
    name: Name,
    ...args: OptionArguments<Name>
  ): OptionValues[Name] {
    try {
      return this.options.get(name, ...args);
    } catch (error) {
      const last = this.#link.isGone() ? lastKnown(name, this) : undefined;
      if (last === undefined) throw error;
      return last as OptionValues[Name];
    }
  }

  /** @throws ERR_SCTP_OPTION if the kernel refuses */
  setOption<Name extends SettableOptionName>(name: Name, value: OptionInput<Name>): void {
    this.options.set(name, value);
    if (name === 'autoAsconf') this.addresses.checkForChanges();
  }

  /** Its state (RFC 6458 §8.2.1), under older names as well. */
  status(): AssociationStatus {
    return withOlderNames(this.getOption('status'));
  }

  /** The owner no longer needs it. The Link may stay open for an orderly end. */
  dismiss(error: Error | null): void {
    for (const part of this.#parts) part.onDismissed?.(error);
  }

  /** Nothing more follows: settles what waits for acknowledgements. */
  release(error: Error): void {
    this.ending.onOver();
    if (this.life.isDone) this.dryness.settle();
    else this.dryness.fail(error);
  }

  /** @returns once the peer has acknowledged everything that the kernel has accepted so far */
  async dry(restarts: number): Promise<void> {
    if (this.life.isDone) return; // everything was acknowledged, or it could not have ended so
    if (this.life.isClosed) throw socketClosed();
    if (this.dryness.restarts !== restarts) throw peerRestarted();
    await this.dryness.wait();
  }

  /**
   * Calls back at once if the peer has acknowledged everything, or as soon as it has; or never will,
   * because it has restarted.
   */
  whenAcknowledged(callback: () => void): void {
    if (this.life.isClosed) return;
    if (this.#link.unacknowledgedBytes() === 0) callback();
    else {
      const settled = (): void => {
        if (!this.life.isClosed) callback(); // a loss is reported to the owner
      };
      this.dryness.wait().then(settled, settled);
    }
  }

  /** @param isWanted whether it is to end in order, by then */
  shutDownWhenAcknowledged(isWanted: () => boolean): void {
    this.ending.expect();
    this.whenAcknowledged(() => {
      if (isWanted()) this.ending.begin();
    });
  }

  /** Why the association was lost. */
  lossError(errno: number): NodeJS.ErrnoException {
    const name = errnoName(errno);
    if (name === 'ECONNRESET') return connectionReset(this.life.causes.map(describeCause));
    const hint =
      name === 'ETIMEDOUT' && this.#config.sctp.authSupported === true
        ? 'the peer acknowledged nothing; with SCTP-AUTH on it may have a wrong key'
        : '';
    return systemError('read', errno, {}, hint);
  }

  onUp(): void {
    for (const part of this.#parts) part.onUp?.();
    try {
      this.#calls.onUp();
    } finally {
      this.#settleLater();
    }
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    this.ending.progress();
    this.#calls.onMessage(data, info);
  }

  onTooLarge(): void {
    this.#calls.onTooLarge();
  }

  /** Every part, and the association itself, must get it, even if a listener throws. */
  onNotification(notification: NativeNotification): void {
    const thrown = new Thrown();
    for (const part of this.#parts) {
      try {
        part.onNotification?.(notification);
      } catch (error) {
        thrown.add(error);
      }
    }
    thrown.in(() => {
      this.life.onNotification(notification);
    });
    thrown.throwFirst();
  }

  onBatchEnd(): void {
    this.#calls.onBatchEnd();
  }

  onWritable(): void {
    this.#calls.onWritable();
  }

  onReadEnd(): void {
    this.life.onPeerEnded();
  }

  onReadError(errno: number): void {
    this.life.end(errno);
  }

  onPeerEnded(): void {
    this.#calls.onPeerEnded();
  }

  onOver(errno: number): void {
    for (const part of this.#parts) part.onOver?.();
    if (errno === 0) this.dryness.settle();
    this.#calls.onOver(errno);
  }

  /** Once the code that waited for the association has had the chance to add listeners. */
  #settleLater(): void {
    setImmediate(() => {
      if (this.life.isClosed) return;
      for (const part of this.#parts) part.onSettled?.();
      this.#subscriptions.endEarly();
    });
  }
}
