/**
 * What one association on an endpoint has received, until listeners take it: when it is handed
 * over, how much may wait before the peer is held back, and what has to wait for the last of it.
 */
import type { ReceivedInfo } from '../../types/messages';
import type { Association } from '../association/association';
import type { AssociationEmitter } from './emitters';
import type { EndpointLink } from './endpoint-link';
import { type ReadMessage, ReadQueue } from './read-queue';

/** What Delivery needs of its association and endpoint. */
export interface DeliveryHost {
  readonly association: Association;
  readonly link: EndpointLink;
  /** What users listen to. */
  readonly user: AssociationEmitter;
  /** Nothing of the association's is to be received any more. */
  readonly isOver: boolean;
  /** Whether the endpoint is paused. */
  readonly isEndpointPaused: boolean;
  /** Whether the endpoint has listeners for messages. */
  readonly wantsMessages: boolean;
  /** Bytes that may wait. */
  readonly highWaterMark: number;
  /** Milliseconds for which messages that nobody has ever listened for may delay the end. */
  readonly closeTimeout: number;
  /** To the association's listeners, and the endpoint's. */
  onMessage(data: Buffer, info: ReceivedInfo): void;
}

export class Delivery {
  readonly #host: DeliveryHost;
  readonly #queue = new ReadQueue();
  /** Code that waits for the association has had no chance to add listeners yet. */
  #isNew = true;
  #isPaused = false;
  /** The endpoint closes: nobody is to get what still comes. */
  #isDiscarding = false;
  #deadline: NodeJS.Timeout | undefined;
  #onceRead: (() => void)[] = [];
  readonly #hand = ({ data, info }: ReadMessage): void => {
    this.#host.onMessage(data, info);
  };

  constructor(host: DeliveryHost) {
    this.#host = host;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** What waits, with what keeping it costs. */
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
    if (!on) this.deliverSoon();
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

  /** Listeners have come or gone, or the endpoint is no longer paused. */
  deliverSoon(): void {
    process.nextTick(() => {
      this.#deliver();
    });
  }

  /** Has the kernel hold the peer back while too much waits to be read. */
  limitReading(): void {
    const { association, isEndpointPaused, link, highWaterMark, isOver } = this.#host;
    if (isOver || association.isClosed) return;
    const hasRoom = this.#queue.bytes < highWaterMark;
    // While the endpoint is paused nothing is read from the descriptor that most share.
    const isHeldBack = isEndpointPaused && link.isPeeledOff;
    if (hasRoom) association.setReading(!isHeldBack);
    else if (!isEndpointPaused || isHeldBack) association.setReading(false);
  }

  /** What waits is dropped, and so is what still comes. */
  discard(): void {
    this.#isDiscarding = true;
    this.clear();
    this.#callIfRead();
  }

  clear(): void {
    this.#queue.clear();
  }

  /** @returns what waits, for somebody else to read */
  takeAll(): ReadMessage[] {
    const waiting: ReadMessage[] = [];
    for (let one = this.#queue.shift(); one; one = this.#queue.shift()) waiting.push(one);
    return waiting;
  }

  /** Calls back once everything received was handed over. */
  afterReading(callback: () => void): void {
    this.#onceRead.push(callback);
    this.#callIfRead();
  }

  /**
   * The association is over: calls back once what it had received was handed over. That waits for a
   * reader, if there is one; for the first one not forever.
   */
  finish(callback: () => void): void {
    const { closeTimeout } = this.#host;
    if (closeTimeout > 0) {
      this.#deadline = setTimeout(() => {
        if (this.#isWanted()) return;
        this.clear();
        this.#callIfRead();
      }, closeTimeout).unref();
    }
    this.afterReading(() => {
      clearTimeout(this.#deadline);
      callback();
    });
  }

  #isWanted(): boolean {
    return this.#host.user.listenerCount('message') > 0 || this.#host.wantsMessages;
  }

  #isFlowing(): boolean {
    if (this.#isNew || this.#isPaused || this.#host.isEndpointPaused) return false;
    return this.#isWanted();
  }

  #deliver(): void {
    if (this.#isNew) return;
    try {
      this.#queue.deliver(() => this.#isFlowing(), this.#hand);
    } finally {
      this.limitReading();
      this.#callIfRead();
    }
  }

  #callIfRead(): void {
    if (this.#isNew || this.#queue.length > 0 || this.#onceRead.length === 0) return;
    for (const callback of this.#onceRead.splice(0)) callback();
  }
}
