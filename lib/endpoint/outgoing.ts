/** Messages of one association on their way to the kernel, bounded for it and for the endpoint. */
import { AsyncResource } from 'node:async_hooks';

import type { WriteCallback } from '../../types/messages';
import type { Association } from '../association/association';
import { emitUnsent } from '../association/losses';
import { Outbox } from '../association/outbox';
import type { Owner } from '../association/owner';
import type { Outgoing } from '../association/sending';
import { TickHold } from '../association/tick-hold';
import { LONGEST_IN_BURST } from '../burst';
import { sendBufferFull } from '../errors';
import { guarded } from '../guarded';
import type { CheckedSocketInfo } from '../messages/info';
import { MessageQueue } from '../messages/queue';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import type { Share, SharedLimit } from './shared-limit';

export interface UnsentMessage extends Outgoing {
  readonly callback: WriteCallback | undefined;
  /** What it counted as it came: its memory may be detached, or shrink, later. */
  readonly charge: number;
  isLast: boolean;
}

export interface OutgoingHost {
  readonly association: Association;
  readonly owner: Pick<Owner, 'emit' | 'listenerCount'>;
  /** Bytes that may wait before the user is asked to stop, and at all. */
  readonly highWaterMark: number;
  readonly limit: number;
  /** Shared by all associations of the endpoint. */
  readonly total: SharedLimit;
  /** The kernel no longer takes messages. */
  onBroken(errno: number): void;
  /** Nothing waits any more. */
  onIdle(): void;
}

export class OutgoingMessages {
  readonly #host: OutgoingHost;
  readonly #outbox: Outbox<UnsentMessage>;
  readonly #share: Share;
  readonly #hold = new TickHold(() => {
    this.#outbox.flush(false);
  });
  #needsDrain = false;
  /** How many messages have left the queue, and who waits until so many have. */
  #left = 0;
  #waiters: { until: number; resolve: () => void }[] = [];

  constructor(host: OutgoingHost) {
    this.#host = host;
    this.#share = host.total.makeShare();
    const { association } = host;
    this.#outbox = new Outbox(
      {
        trySend: (message) => association.sending.trySend(message),
        addToBurst: (message) => association.sending.addToBurst(message),
        sendBurst: () => association.sending.sendBurst(),
        watch: (on) => {
          association.setWriting(on);
        },
        isRetried: () => association.link.retriesWriting,
        isReported: () => association.link.reportsRoom === true,
        catchUp: () => {
          association.catchUp();
        },
        onAccepted: (message) => {
          this.#onLeft(message);
          if (message.callback) process.nextTick(message.callback);
        },
        onProgress: () => {
          association.onAccepted();
        },
        onRefused: (message, errno) => {
          this.#onLeft(message);
          this.#onFailed(message, association.sending.explain(errno, message));
        },
        onBroken: (errno) => {
          host.onBroken(errno);
        },
        onFailed: (message, error) => {
          this.#onLeft(message);
          this.#onFailed(message, error);
        },
        onIdle: () => {
          this.#onIdle();
        },
      },
      new MessageQueue(MESSAGE_OVERHEAD),
    );
  }

  /** Bytes of messages that wait for room in the kernel, or for the end of the tick. */
  get bytes(): number {
    return this.#outbox.bytes - this.#outbox.length * MESSAGE_OVERHEAD;
  }

  get isEmpty(): boolean {
    return this.#outbox.length === 0;
  }

  get failure(): Error | undefined {
    return this.#outbox.failure;
  }

  /**
   * @returns whether the user may go on
   * @throws ERR_SCTP_SEND_BUFFER_FULL
   */
  send(data: Buffer, info: CheckedSocketInfo | undefined, callback?: WriteCallback): boolean {
    const charge = this.#outbox.charge(data.length);
    // It may be called on behalf of somebody else's message.
    const bound = callback && AsyncResource.bind(callback);
    const message: UnsentMessage = { data, info, callback: bound, charge, isLast: false };
    this.#checkRoom(data.length);
    this.#share.add(charge);
    this.#hand(message);
    const isFull = this.#outbox.isBlocked && this.#outbox.bytes >= this.#host.highWaterMark;
    if (isFull) this.#needsDrain = true;
    return !isFull;
  }

  /** The association is up: what waits may leave. */
  open(): void {
    this.#outbox.open();
    this.#outbox.flush(false);
  }

  /** There may be room in the kernel. */
  flush(): void {
    this.#outbox.flush(true);
  }

  /** Nothing follows what waits: its end need not wait for a delayed acknowledgement. */
  hurry(): void {
    const { last } = this.#outbox;
    if (last) last.isLast = true;
  }

  /** Nothing can be sent any more. */
  fail(error: Error): void {
    this.#outbox.fail(error);
  }

  /** What waits has failed; what comes may be sent. @returns whether there was any */
  failWaiting(error: Error): boolean {
    const wasWaiting = !this.isEmpty;
    this.#outbox.failWaiting(error);
    return wasWaiting;
  }

  /** Resolves when everything that was sent so far has left the queue. */
  settled(): Promise<void> {
    if (this.isEmpty) return Promise.resolve();
    const until = this.#left + this.#outbox.length;
    return new Promise((resolve) => {
      this.#waiters.push({ until, resolve });
    });
  }

  /** Gives up what waits, for somebody else to send. */
  takeAll(): UnsentMessage[] {
    const messages = this.#outbox.takeAll();
    for (const message of messages) this.#onLeft(message);
    return messages;
  }

  /** Messages of one tick leave together, unless they gain nothing by it. */
  #hand(message: UnsentMessage): void {
    const { data, info } = message;
    const isAlone = data.length > LONGEST_IN_BURST || info?.address !== undefined;
    if (isAlone || this.failure) {
      this.#hold.release();
      this.#outbox.send([message]);
      return;
    }
    const isMuch = this.#outbox.collect(message);
    if (this.#outbox.isBlocked) return;
    this.#hold.hold();
    if (isMuch) this.#hold.release();
    else if (!this.#hold.isHolding) this.#outbox.flush(false); // the process ends
  }

  /** @throws ERR_SCTP_SEND_BUFFER_FULL */
  #checkRoom(length: number): void {
    if (this.#hasRoom(length)) return;
    this.#hold.release();
    if (this.#hasRoom(length)) return;
    const { limit, total, association } = this.#host;
    const { remote } = association.addresses;
    const place = { ...(remote && { address: remote.address, port: remote.port }) };
    const { bytes } = this.#outbox;
    const charge = this.#outbox.charge(length);
    if (bytes + charge > limit) throw sendBufferFull(length, bytes, limit, place);
    throw sendBufferFull(length, total.bytes, total.limit, place, 'totalSendBufferLimit');
  }

  /** The first one is tried at once, and waits only if it must. */
  #hasRoom(length: number): boolean {
    if (this.isEmpty) return true;
    const charge = this.#outbox.charge(length);
    return this.#outbox.bytes + charge <= this.#host.limit && this.#share.hasRoom(charge);
  }

  #onLeft({ charge }: UnsentMessage): void {
    this.#share.add(-charge);
    this.#left++;
    while (this.#waiters[0] && this.#waiters[0].until <= this.#left) {
      this.#waiters.shift()?.resolve();
    }
  }

  /** Later: what handlers throw must not stop the others. */
  #onFailed({ data, info, callback }: UnsentMessage, error: Error): void {
    process.nextTick(() => {
      if (callback) {
        guarded(() => {
          callback(error);
        });
      }
      emitUnsent(this.#host.owner, data, info, error);
    });
  }

  #onIdle(): void {
    this.#host.onIdle();
    if (!this.#needsDrain) return;
    this.#needsDrain = false;
    if (this.failure) return;
    process.nextTick(() => {
      this.#host.owner.emit('drain');
    });
  }
}
