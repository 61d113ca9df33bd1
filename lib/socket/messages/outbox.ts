/** Hands a socket's messages to the kernel, one after another, as it has room for them. */
import { constants as os } from 'node:os';

import { RoomWait } from '../../room-wait';

const { EADDRNOTAVAIL, EAGAIN, EINVAL, EMSGSIZE, ENOBUFS, ENOMEM } = os.errno;

/** There is no room now, but will be. */
const NO_ROOM = new Set([-EAGAIN, -ENOBUFS, -ENOMEM]);
/** This message cannot be sent, others can. The address is one that the message names. */
const BAD_MESSAGE = new Set([-EADDRNOTAVAIL, -EINVAL, -EMSGSIZE]);

export interface OutboxListener<Message> {
  /** @returns bytes taken, or negative errno */
  trySend(message: Message): number;
  /** Starts or stops waiting for "writable". */
  watch(on: boolean): void;
  onAccepted(message: Message): void;
  /** This message cannot be sent. */
  onRefused(message: Message, errno: number): void;
  /** Nothing can be sent any more. What waits does so until `fail`. */
  onBroken(errno: number): void;
  /** What `fail` or `failWaiting` found waiting, and what came after `fail`. */
  onFailed(message: Message, error: Error): void;
}

export class Outbox<Message> {
  readonly #listener: OutboxListener<Message>;
  readonly #room: RoomWait;
  #state: 'waiting' | 'open' | 'broken' = 'waiting';
  #failure: Error | undefined;
  #messages: readonly Message[] = [];
  #next = 0;
  #done: (() => void) | undefined;

  constructor(listener: OutboxListener<Message>) {
    this.#listener = listener;
    this.#room = new RoomWait(
      (on) => {
        listener.watch(on);
      },
      () => {
        this.flush(false);
      },
    );
  }

  /** Why nothing can be sent any more, if so. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** For another association; whatever waited has failed by now. */
  renew(): void {
    this.#state = 'waiting';
    this.#failure = undefined;
  }

  /** The association is up: messages may leave. */
  open(): void {
    this.#state = 'open';
    // Later: what was written so far must not hear of it before others hear of the association.
    process.nextTick(() => {
      this.flush(false);
    });
  }

  /** Sends messages; `done` is called when the last has left or failed. One call at a time. */
  send(messages: readonly Message[], done: () => void): void {
    this.#messages = messages;
    this.#next = 0;
    this.#done = done;
    if (this.#failure) this.fail(this.#failure);
    else this.flush(false);
  }

  /** @param writable whether the kernel has just called the socket writable */
  flush(writable: boolean): void {
    if (this.#state !== 'open' || this.#done === undefined) return;
    let progress = false;
    for (; this.#next < this.#messages.length; this.#next++) {
      const message = this.#messages[this.#next] as Message;
      const result = this.#listener.trySend(message);
      if (NO_ROOM.has(result)) {
        this.#room.begin(progress || !writable);
        return;
      }
      if (result < 0 && !BAD_MESSAGE.has(result)) {
        this.#state = 'broken';
        this.#room.end();
        this.#listener.onBroken(result);
        return;
      }
      progress = true;
      if (result < 0) this.#listener.onRefused(message, result);
      else this.#listener.onAccepted(message);
    }
    this.#room.end();
    this.#takeDone()?.();
  }

  /** Nothing can be sent any more: what waits has failed, and so has all that comes. */
  fail(error: Error): void {
    this.#failure = error;
    this.#state = 'broken';
    this.failWaiting(error);
  }

  /** What waits has failed; what comes may be sent. */
  failWaiting(error: Error): void {
    this.#room.end();
    const failed = this.#messages.slice(this.#next);
    const done = this.#takeDone();
    for (const message of failed) this.#listener.onFailed(message, error);
    // Later: it runs what users have written, in the middle of an event of the association.
    if (done) process.nextTick(done);
  }

  #takeDone(): (() => void) | undefined {
    const done = this.#done;
    this.#done = undefined;
    this.#messages = [];
    return done;
  }
}
