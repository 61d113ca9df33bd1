/**
 * What one association on an endpoint has received, until listeners take it: when it is handed
 * over, how much may wait before the peer is held back, and what has to wait for the last of it.
 */
import type { ReceivedInfo } from '../../types/messages';
import type { Association } from '../association/association';
import { guarded } from '../guarded';
import type { AssociationEmitter } from './emitters';
import { type ReadMessage, ReadQueue } from './read-queue';
import type { Share } from './shared-limit';
import type { TurnTaker } from './turns';

/** What Delivery needs of its association and endpoint. */
export interface DeliveryHost {
  readonly association: Association;
  /** What users listen to. */
  readonly user: AssociationEmitter;
  /** Nothing of the association's is to be received any more. */
  readonly isOver: boolean;
  /** We end it: its peer sends what it has, and no more. */
  readonly isEnding: boolean;
  /** Whether the endpoint hands nothing over now. */
  readonly isHeld: boolean;
  /** Whether the endpoint has listeners for messages. */
  readonly wantsMessages: boolean;
  /** Bytes that may wait. */
  readonly highWaterMark: number;
  /** Milliseconds for which messages may delay the end while nobody listens; 0 for any time. */
  readonly closeTimeout: number;
  /** To the association's listeners, and the endpoint's. */
  onMessage(data: Buffer, info: ReceivedInfo): void;
  /** Something waits until the endpoint hands it over, or no longer does. */
  onWaiting(isWaiting: boolean): void;
}

export class Delivery implements TurnTaker {
  readonly #host: DeliveryHost;
  readonly #share: Share;
  readonly #queue: ReadQueue;
  /** Code that waits for the association has had no chance to add listeners yet. */
  #isNew = true;
  #isPaused = false;
  /** The association has listeners for messages; to ask for each message costs more than keeping this. */
  #isHeard = false;
  /** The endpoint closes: nobody is to get what still comes. */
  #isDiscarding = false;
  #isFinishing = false;
  /** Of what waits once the association is over, while nobody listens. */
  #deadline: NodeJS.Timeout | undefined;
  #onceRead: (() => void)[] = [];
  readonly #hand = ({ data, info }: ReadMessage): void => {
    this.#host.onMessage(data, info);
  };

  /** @param share of what may wait in all associations */
  constructor(host: DeliveryHost, share: Share) {
    this.#host = host;
    this.#share = share;
    this.#queue = new ReadQueue(share);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Whether the association itself has listeners for messages. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** What waits, with what keeping them costs. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** The association is up. */
  open(): void {
    setImmediate(() => {
      this.#isNew = false;
      this.#deliver();
    });
  }

  setPaused(on: boolean): void {
    this.#isPaused = on;
    if (on) this.#host.onWaiting(false);
    else this.#deliverSoon();
  }

  onMessage(data: Buffer, info: ReceivedInfo): void {
    if (this.#host.isOver || this.#isDiscarding) return;
    const message = { data, info };
    if (this.#isFlowing() && this.#queue.pass(message, this.#hand)) {
      if (this.#queue.length > 0 || this.#onceRead.length > 0) this.#deliver(); // came meanwhile
      return;
    }
    this.#queue.push(message);
    this.#deliver();
  }

  /** Those of the endpoint have come or gone; it is the endpoint that hands over. */
  onReaders(): void {
    if (!this.#isFinishing) return;
    if (this.#isWanted()) this.#stopWaiting();
    else this.#deadline ??= this.#makeDeadline();
  }

  /** Listeners for messages have come or gone, here or at the endpoint. */
  onListeners(): void {
    this.#isHeard = this.#host.user.listenerCount('message') > 0;
    this.#deliverSoon();
  }

  takeTurn(): boolean {
    if (this.#queue.length === 0 || !this.#isFlowing()) return false;
    let isFirst = true;
    this.#deliver(() => {
      const isWanted = isFirst;
      isFirst = false;
      return isWanted;
    });
    return true;
  }

  /** Has the kernel hold the peer back while too much waits to be read. */
  limitReading(): void {
    const { association, highWaterMark, isOver, isEnding } = this.#host;
    if (isOver || association.isClosed) return;
    // One that ends must be read to its end.
    const hasRoom = isEnding || this.#queue.bytes < highWaterMark;
    association.setReading(hasRoom && this.#share.hasRoom(0));
  }

  /** What waits is dropped, and so is what still comes. */
  discard(): void {
    this.#isDiscarding = true;
    this.clear();
    this.#callIfRead();
  }

  clear(): void {
    this.#queue.clear();
    this.#host.onWaiting(false);
  }

  /** @returns what waits, for somebody else to read */
  takeAll(): ReadMessage[] {
    const waiting: ReadMessage[] = [];
    for (let one = this.#queue.shift(); one; one = this.#queue.shift()) waiting.push(one);
    this.#host.onWaiting(false);
    return waiting;
  }

  /** Calls back once everything received was handed over. */
  afterReading(callback: () => void): void {
    this.#onceRead.push(callback);
    this.#callIfRead();
  }

  /**
   * The association is over: calls back once what it had received was handed over. That waits for a
   * reader as long as there is one, even if it takes nothing; without any not forever.
   */
  finish(callback: () => void): void {
    this.#queue.complete();
    this.#isFinishing = true;
    this.afterReading(() => {
      this.#isFinishing = false;
      this.#stopWaiting();
      callback();
    });
    this.onReaders();
  }

  #deliverSoon(): void {
    process.nextTick(() => {
      this.#deliver();
    });
  }

  #makeDeadline(): NodeJS.Timeout | undefined {
    const { closeTimeout } = this.#host;
    if (closeTimeout === 0) return undefined;
    return setTimeout(() => {
      this.clear();
      this.#callIfRead();
    }, closeTimeout).unref();
  }

  #stopWaiting(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #isWanted(): boolean {
    return this.#isHeard || this.#host.wantsMessages;
  }

  #isFlowing(): boolean {
    if (this.#isNew || this.#isPaused || this.#host.isHeld) return false;
    return this.#isWanted();
  }

  /** @param wanted whether the next message may be handed over, beside everything else */
  #deliver(wanted?: () => boolean): void {
    if (this.#isNew) return;
    let isDone = false;
    try {
      this.#queue.deliver(() => this.#isFlowing() && wanted?.() !== false, this.#hand);
      isDone = true;
    } finally {
      // A listener has thrown, which must not keep the rest.
      if (!isDone) this.#deliverSoon();
      this.#host.onWaiting(this.#queue.length > 0 && !this.#isPaused);
      this.limitReading();
      this.#callIfRead();
      this.onReaders();
    }
  }

  #callIfRead(): void {
    if (this.#isNew || this.#queue.length > 0 || this.#onceRead.length === 0) return;
    const [callback] = this.#onceRead.splice(0, 1);
    // Whoever ends one of many associations must get to the others.
    if (callback) guarded(callback);
    this.#callIfRead();
  }
}
