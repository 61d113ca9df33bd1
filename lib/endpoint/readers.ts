/** Who takes the messages of an endpoint's associations, listeners and loops, and when. */
import type { EndpointMessage } from '../../types/endpoint';
import type { ReceivedInfo } from '../../types/messages';
import { guarded } from '../guarded';
import type { Core, EndpointAssociation } from './endpoint-association';
import type { EndpointEmitter } from './endpoint-events';
import { Turns } from './turns';
import { UnreadEnds } from './unread-ends';

/** Somebody who takes messages of all associations, beside listeners. */
export interface MessageTaker {
  onMessage(message: EndpointMessage<EndpointAssociation>): void;
  /** The endpoint is closed. */
  onClose(): void;
}

export class Readers {
  readonly unread = new UnreadEnds<Core>();
  readonly #user: EndpointEmitter;
  readonly #isOpen: () => boolean;
  readonly #takers = new Set<MessageTaker>();
  /** How many of those want none now. */
  #holds = 0;
  #isPaused = false;
  /** The endpoint has listeners for messages. */
  #isHeard: boolean;
  readonly #turns = new Turns<Core>(() => this.isHeld);

  /** @param isOpen whether the endpoint is; once it closes, nothing is held back */
  constructor(user: EndpointEmitter, isOpen: () => boolean) {
    this.#user = user;
    this.#isOpen = isOpen;
    this.#isHeard = user.listenerCount('message') > 0;
  }

  /** Whether nothing is to be handed to listeners. */
  get isHeld(): boolean {
    return this.#isOpen() && (this.#isPaused || this.#holds > 0);
  }

  /** Whether messages of the endpoint's associations may still come. */
  get isOpen(): boolean {
    return this.#isOpen();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get wantsMessages(): boolean {
    return this.#isHeard || this.#takers.size > 0;
  }

  setPaused(on: boolean): void {
    this.#isPaused = on;
    if (!on) this.#turns.serveSoon();
  }

  addTaker(taker: MessageTaker): void {
    this.#takers.add(taker);
    this.unread.onReaders();
    this.#turns.serveSoon();
  }

  removeTaker(taker: MessageTaker): void {
    this.#takers.delete(taker);
    this.unread.onReaders();
  }

  /** A taker wants no more messages, or wants some again. */
  hold(on: boolean): void {
    this.#holds += on ? 1 : -1;
    if (!on) this.#turns.serveSoon();
  }

  /** Listeners for messages have come or gone. */
  onListeners(): void {
    this.#isHeard = this.#user.listenerCount('message') > 0;
    this.#turns.serveSoon(); // those that are over have some, too
    process.nextTick(() => {
      this.unread.onReaders();
    });
  }

  onMessage({ user, delivery }: Core, data: Buffer, info: ReceivedInfo): void {
    // First, since a listener may throw.
    if (this.#takers.size > 0) {
      for (const taker of this.#takers) taker.onMessage({ data, info, association: user });
    }
    if (delivery.isHeard) {
      try {
        user.emit('message', data, info);
      } catch (error) {
        guarded(() => this.#user.emit('message', data, info, user));
        throw error;
      }
    }
    if (this.#isHeard) this.#user.emit('message', data, info, user);
  }

  /** It has messages that wait until they are wanted, or no longer has. */
  onWaiting(core: Core, isWaiting: boolean): void {
    if (isWaiting) this.#turns.add(core);
    else this.#turns.remove(core);
  }

  /** The endpoint closes: what has come goes to loops, which end after it; the rest is dropped. */
  handRest(associations: Iterable<Core>): void {
    // Those with a turn come first; others are paused themselves, or have only just come up.
    const all = [...this.#turns.takeAll(), ...associations, ...this.unread];
    for (const { delivery, user } of new Set(all)) {
      const waiting = delivery.takeAll();
      for (const taker of this.#takers) {
        for (const message of waiting) taker.onMessage({ ...message, association: user });
      }
      delivery.discard();
    }
  }

  /** The endpoint is closed. */
  onClose(): void {
    for (const taker of this.#takers) taker.onClose();
  }
}
