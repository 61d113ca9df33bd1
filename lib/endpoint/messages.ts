/** `for await (const { data, info, association } of endpoint)` */
import type { EndpointMessage } from '../../types/endpoint';
import type { EndpointAssociation } from './endpoint-association';
import type { MessageTaker, Readers } from './readers';

type Message = EndpointMessage<EndpointAssociation>;
type Result = IteratorResult<Message, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * Takes a message when one is asked for. What it does not take waits with its association, and with
 * what that means for the peer.
 */
export class MessageIterator implements MessageTaker, AsyncIterableIterator<Message, undefined> {
  readonly #readers: Readers;
  /** What the endpoint had as it was closed. */
  #rest: Message[] = [];
  #waiting: ((result: Result) => void)[] = [];
  #isOver = false;
  #isHolding = false;

  constructor(readers: Readers) {
    this.#readers = readers;
    if (!readers.isOpen) {
      this.#isOver = true;
      return;
    }
    this.#hold(true);
    readers.addTaker(this);
  }

  next(): Promise<Result> {
    const message = this.#rest.shift();
    if (message) return Promise.resolve({ done: false, value: message });
    if (this.#isOver) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#hold(false);
    });
  }

  return(): Promise<Result> {
    this.#rest = [];
    this.#leave();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  onMessage(message: Message): void {
    const resolve = this.#waiting.shift();
    if (resolve) resolve({ done: false, value: message });
    else this.#rest.push(message);
    if (this.#waiting.length === 0) this.#hold(true);
  }

  onClose(): void {
    this.#leave();
  }

  #hold(on: boolean): void {
    if (this.#isHolding === on) return;
    this.#isHolding = on;
    this.#readers.hold(on);
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#readers.removeTaker(this);
    this.#hold(false);
    for (const resolve of this.#waiting.splice(0)) resolve(DONE);
  }
}
