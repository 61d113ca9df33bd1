/**
 * Messages on their way to the kernel: each is tried at once, and waits in order where the kernel
 * has no room. The one way out for all sockets.
 */
import { constants as os } from 'node:os';

import { MessageQueue, type WaitingMessages } from '../messages/queue';
import { longestBurst as MOST_COLLECTED } from '../native-rows';
import { burst } from '../burst';
import { RetryWait } from './retry-wait';

const { EADDRNOTAVAIL, EAGAIN, EINVAL, EMSGSIZE, ENOBUFS, ENOMEM } = os.errno;

/** With so much, collecting more gains nothing. */
const MOST_COLLECTED_BYTES = 131_072;

/** There is no room now, but there will be. */
export const NO_ROOM: ReadonlySet<number> = new Set([-EAGAIN, -ENOBUFS, -ENOMEM]);
/** This message cannot be sent, others can. The address is one that the message names. */
const BAD_MESSAGE = new Set([-EADDRNOTAVAIL, -EINVAL, -EMSGSIZE]);

export interface OutboxListener<Message> {
  /** @returns bytes taken, or negative errno */
  trySend(message: Message): number;
  /** @returns whether the message leaves with the next `sendBurst`; else it is tried alone */
  addToBurst?(message: Message): boolean;
  /** Fills `burst` with what waits, where the queue can do that better than message by message. */
  addWaiting?(): void;
  /** @returns how many messages of `burst` were taken; `burst.errno` is why the next was not */
  sendBurst?(): number;
  /** Starts or stops waiting for "writable". */
  watch(on: boolean): void;
  /** Whether that also retries where the kernel's "writable" cannot be trusted. */
  isRetried?(): boolean;
  /** Whether it flushes once there must be room, whatever "writable" says. */
  isReported?(): boolean;
  /**
   * Reads what has come meanwhile: messages for an association that the peer has restarted must not
   * reach the next one.
   */
  catchUp?(): void;
  /** A message has been accepted that `send` or `queue` was given. */
  onAccepted?(message: Message): void;
  /** With `addWaiting`: so many that waited have been, and are to leave the queue. */
  onWaitingAccepted?(count: number): void;
  /** So many messages of those that `sendFilled` was given, and so many bytes. */
  onFilledAccepted?(messages: number, bytes: number): void;
  /** Some have been, since the last time. */
  onProgress?(): void;
  /** This message cannot be sent. */
  onRefused(message: Message, errno: number): void;
  /**
   * Nothing can be sent any more. What waits does so until `fail`. Not for a descriptor with many
   * associations: there a failure concerns one of them only.
   */
  onBroken?(errno: number): void;
  /** What `fail` or `failWaiting` found waiting, and what came after `fail`. */
  onFailed?(message: Message, error: Error): void;
  /** Nothing waits any more. */
  onIdle(): void;
}

/** What `burst` holds, when it was filled elsewhere. */
export interface FilledBurst<Message> {
  /** Frees the burst, of which the first so many messages were accepted. @returns the others */
  take(accepted: number): Message[];
}

export class Outbox<Message extends { readonly data: Buffer }> {
  readonly #listener: OutboxListener<Message>;
  readonly #queue: WaitingMessages<Message>;
  #wait: RetryWait | undefined;
  #state: 'waiting' | 'open' | 'broken' = 'waiting';
  #failure: Error | (() => Error) | undefined;
  /** Something was handed over since `onIdle`. */
  #isBusy = false;
  /** Why the message that `send` gets next was refused by `sendNow`; or 0. */
  #knownErrno = 0;

  /** @param queue keeps those that wait, and counts what they take */
  constructor(
    listener: OutboxListener<Message>,
    queue: WaitingMessages<Message> = new MessageQueue(),
  ) {
    this.#listener = listener;
    this.#queue = queue;
  }

  /** Why nothing can be sent any longer, if so. */
  get failure(): Error | undefined {
    if (typeof this.#failure === 'function') this.#failure = this.#failure();
    return this.#failure;
  }

  /** How many messages wait. */
  get length(): number {
    return this.#queue.length;
  }

  /** What they count, with their overhead. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** The one that came last of those that wait. */
  get last(): Message | undefined {
    return this.#queue.at(this.#queue.length - 1);
  }

  /** What a message of this length counts. */
  charge(length: number): number {
    return this.#queue.charge(length);
  }

  /** For another association; whatever waited has failed by now. */
  renew(): void {
    this.#state = 'waiting';
    this.#knownErrno = 0;
    this.#failure = undefined;
  }

  /** Messages may leave: those that wait do so with the next `flush`. */
  open(): void {
    this.#state = 'open';
  }

  /**
   * Tries a message now, unless others wait, which it must not overtake.
   * @returns bytes taken; -EAGAIN if it has to wait; another negative errno
   */
  try(message: Message): number {
    if (this.#queue.length > 0) return -EAGAIN;
    const result = this.#listener.trySend(message);
    return NO_ROOM.has(result) ? -EAGAIN : result;
  }

  /**
   * Sends a message if it can leave now; `onIdle` does not follow then. Else it must be the first that
   * `send` gets next.
   */
  sendNow(message: Message): boolean {
    if (this.#state !== 'open' || this.#isBusy) return false;
    const result = this.#listener.trySend(message);
    if (result < 0) {
      this.#knownErrno = result;
      return false;
    }
    this.#listener.onAccepted?.(message);
    this.#listener.onProgress?.();
    return true;
  }

  /** Lets a message wait that `try` found no room for. */
  queue(message: Message): void {
    this.#queue.push(message);
    this.onQueued();
  }

  /** As `queue`, for one that is in its queue by now. */
  onQueued(): void {
    this.#isBusy = true;
    if (this.#queue.length === 1) this.#beginWait(true);
  }

  /** Adds a message to those that leave with the next `flush`. @returns whether that should be now */
  collect(message: Message): boolean {
    this.#queue.push(message);
    return this.onCollected();
  }

  /** As `collect`, for one that is in its queue by now. */
  onCollected(): boolean {
    this.#isBusy = true;
    return this.#queue.length >= MOST_COLLECTED || this.#queue.bytes >= MOST_COLLECTED_BYTES;
  }

  /** Whether nothing can leave now: there is no room, or no association yet. */
  get isBlocked(): boolean {
    return this.#state !== 'open' || this.#wait?.isWaiting === true;
  }

  /** Sends messages; `onIdle` follows when the last has left or failed. */
  send(messages: readonly Message[]): void {
    this.#isBusy = true;
    const { sent, errno } = this.#sendBursts(messages);
    for (let i = sent; i < messages.length; i++) this.#queue.push(messages[i] as Message);
    this.#afterSending(errno);
  }

  /** As `send`, for what `burst` was filled with meanwhile. */
  sendFilled(filled: FilledBurst<Message>): void {
    this.#isBusy = true;
    let [sent, errno] = [0, 0];
    if (this.#state === 'open' && this.#queue.length === 0) {
      const accepted = this.#listener.sendBurst?.() ?? 0;
      sent = Math.max(accepted, 0);
      if (accepted < burst.count) errno = accepted < 0 ? accepted : burst.errno;
    }
    const bytes = burst.bytesOf(sent);
    for (const message of filled.take(sent)) this.#queue.push(message);
    if (sent > 0) {
      this.#listener.onFilledAccepted?.(sent, bytes);
      this.#listener.onProgress?.();
    }
    this.#afterSending(errno);
  }

  /**
   * Hands waiting messages to the kernel, as far as it takes them.
   * @param writable whether the kernel has just called the descriptor writable
   */
  flush(writable: boolean): void {
    if (this.#state === 'open' && this.#isBusy) this.#goOn(0, !writable);
  }

  /**
   * Nothing can be sent any more: what waits has failed, and so has all that comes.
   * @param reason made when somebody needs it
   */
  fail(reason: Error | (() => Error)): void {
    this.#failure = reason;
    this.#state = 'broken';
    if (this.#isBusy) this.failWaiting(this.failure as Error);
    else this.#wait?.end();
  }

  /** What waits has failed; what comes may be sent. */
  failWaiting(error: Error): void {
    this.#wait?.end();
    const wasBusy = this.#isBusy;
    this.#isBusy = false;
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) {
      this.#listener.onFailed?.(message, error);
    }
    // Later: it runs user code, and this may be in the middle of an association's event.
    if (!wasBusy) return;
    process.nextTick(() => {
      this.#listener.onIdle();
    });
  }

  /** Gives up what waits, for somebody else to send. */
  takeAll(): Message[] {
    this.#wait?.end();
    this.#isBusy = false;
    const taken: Message[] = [];
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) {
      taken.push(message);
    }
    return taken;
  }

  /** The descriptor is about to be closed. */
  drop(): void {
    this.#wait?.drop();
  }

  /** @param errno negative, of the first that waits; or 0 */
  #afterSending(errno: number): void {
    if (this.#failure) this.failWaiting(this.failure as Error);
    else if (this.#state === 'open') this.#goOn(errno, true);
  }

  /**
   * What can leave in bursts at once never waits.
   * @returns how many were accepted, and the negative errno for the next, if it is known
   */
  #sendBursts(messages: readonly Message[]): { sent: number; errno: number } {
    let [sent, errno] = [0, this.#knownErrno];
    this.#knownErrno = 0;
    if (this.#state !== 'open' || this.#queue.length > 0) return { sent, errno };
    while (sent < messages.length && errno === 0) {
      burst.clear();
      let end = sent;
      while (end < messages.length && this.#adds(messages[end] as Message)) end++;
      if (end === sent) break;
      const accepted = this.#listener.sendBurst?.() ?? 0;
      if (accepted < end - sent) errno = accepted < 0 ? accepted : burst.errno;
      for (let left = accepted; left > 0; left--) {
        this.#listener.onAccepted?.(messages[sent++] as Message);
      }
    }
    if (sent > 0) this.#listener.onProgress?.();
    return { sent, errno };
  }

  /**
   * Hands over what waits.
   * @param errno negative, of the first message, which has just been tried; or 0
   * @param trust whether "writable" can be waited for, whatever comes of this
   */
  #goOn(errno: number, trust: boolean): void {
    for (;;) {
      if (NO_ROOM.has(errno)) {
        this.#beginWait(trust);
        return;
      }
      if (this.#breaks(errno)) {
        this.#state = 'broken';
        this.#wait?.end();
        this.#listener.onBroken?.(errno);
        return;
      }
      if (errno < 0) this.#refuse(errno);
      const before = this.#queue.length;
      if (before === 0) break;
      errno = this.#sendSome();
      trust ||= this.#queue.length < before;
    }
    this.#wait?.end();
    this.#becomeIdle();
  }

  /**
   * Sends the first message, and those after it that can leave with it. Those that are accepted no
   * longer wait.
   * @returns 0, or the negative errno for the one that is now the first
   */
  #sendSome(): number {
    const count = this.#fillBurst();
    if (count === 0) {
      const result = this.#listener.trySend(this.#queue.at(0) as Message);
      if (result < 0) return result;
      this.#accept(1);
      return 0;
    }
    const accepted = this.#listener.sendBurst?.() ?? 0;
    if (accepted < 0) return accepted;
    this.#accept(accepted);
    return accepted === count ? 0 : burst.errno;
  }

  /** @returns how many messages it has: 0 if the first must go alone */
  #fillBurst(): number {
    burst.clear();
    if (this.#listener.addWaiting !== undefined) {
      this.#listener.addWaiting();
      return burst.count;
    }
    const { length } = this.#queue;
    for (let i = 0; i < length; i++) {
      if (!this.#adds(this.#queue.at(i) as Message)) break;
    }
    return burst.count;
  }

  #adds(message: Message): boolean {
    return this.#listener.addToBurst?.(message) === true;
  }

  #beginWait(trust: boolean): void {
    this.#wait ??= new RetryWait(
      (on) => {
        this.#listener.watch(on);
      },
      () => {
        try {
          this.#listener.catchUp?.();
        } finally {
          this.flush(false);
        }
      },
    );
    const isReported = this.#listener.isReported?.() === true;
    this.#wait.begin(trust, this.#listener.isRetried?.() === true, isReported);
  }

  #accept(count: number): void {
    if (count === 0) return;
    if (this.#listener.onWaitingAccepted !== undefined) this.#listener.onWaitingAccepted(count);
    else {
      for (let i = 0; i < count; i++) {
        const message = this.#queue.shift() as Message;
        this.#listener.onAccepted?.(message);
      }
    }
    this.#wait?.onProgress();
    this.#listener.onProgress?.();
  }

  #refuse(errno: number): void {
    this.#listener.onRefused(this.#queue.shift() as Message, errno);
  }

  #breaks(result: number): boolean {
    return result < 0 && this.#listener.onBroken !== undefined && !BAD_MESSAGE.has(result);
  }

  #becomeIdle(): void {
    this.#isBusy = false;
    this.#listener.onIdle();
  }
}
