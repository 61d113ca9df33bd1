/** Messages that were received and wait for somebody to take them, in order. */
import type { ReceivedInfo } from '../../types/messages';
import { MessageQueue } from '../messages/queue';
import { pushSharing, shareNothing } from '../messages/shared-memory';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import type { Share } from './shared-limit';

export interface ReadMessage {
  data: Buffer;
  readonly info: ReceivedInfo;
}

export class ReadQueue {
  readonly #queue: MessageQueue<ReadMessage>;
  #isDelivering = false;

  /** @param share counts what waits, along with what others have */
  constructor(share: Share) {
    const tally = {
      add(_messages: number, charge: number): void {
        share.add(charge);
      },
    };
    this.#queue = new MessageQueue(MESSAGE_OVERHEAD, tally);
  }

  /** With what keeping them costs. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  get length(): number {
    return this.#queue.length;
  }

  push(message: ReadMessage): void {
    pushSharing(this.#queue, message);
  }

  /** No more come: what waits keeps no memory but its own. */
  complete(): void {
    shareNothing(this.#queue);
  }

  shift(): ReadMessage | undefined {
    return this.#queue.shift();
  }

  clear(): void {
    this.#queue.clear();
  }

  /** @returns whether the message was handed over, with none before it, and so need not wait */
  pass(message: ReadMessage, receive: (message: ReadMessage) => void): boolean {
    if (this.#isDelivering || this.#queue.length > 0) return false;
    this.#isDelivering = true;
    try {
      receive(message);
    } finally {
      this.#isDelivering = false;
    }
    return true;
  }

  /**
   * Hands messages over, as long as `wanted`; a call from within does nothing. What the receiver
   * throws comes through, and the rest waits for the next call.
   */
  deliver(wanted: () => boolean, receive: (message: ReadMessage) => void): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      while (this.#queue.length > 0 && wanted()) receive(this.#queue.shift() as ReadMessage);
    } finally {
      this.#isDelivering = false;
    }
  }
}
