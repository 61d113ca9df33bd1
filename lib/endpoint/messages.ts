/** `for await (const { data, info, association } of endpoint)` */
import type { EndpointMessage } from '../../types/endpoint';
import { MessageQueue } from '../messages/queue';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import type { EndpointCore, MessageTaker } from './core';
import type { EndpointAssociation } from './endpoint-association';

type Message = EndpointMessage<EndpointAssociation>;
type Result = IteratorResult<Message, undefined>;

const DONE: Result = { done: true, value: undefined };

/** While more waits than `highWaterMark`, nothing is read from the endpoint. */
export class MessageIterator implements MessageTaker, AsyncIterableIterator<Message, undefined> {
  readonly #endpoint: EndpointCore;
  readonly #queue = new MessageQueue<Message>(MESSAGE_OVERHEAD);
  #waiting: ((result: Result) => void)[] = [];
  #isOver = false;
  #isHolding = false;

  constructor(endpoint: EndpointCore) {
    this.#endpoint = endpoint;
    if (endpoint.isClosed) this.#isOver = true;
    else endpoint.addTaker(this);
  }

  next(): Promise<Result> {
    const message = this.#queue.shift();
    if (message) {
      if (this.#isHolding && this.#queue.length === 0) this.#hold(false);
      return Promise.resolve({ done: false, value: message });
    }
    if (this.#isOver) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  return(): Promise<Result> {
    this.#queue.clear();
    this.#leave();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  onMessage(message: Message): void {
    const resolve = this.#waiting.shift();
    if (resolve) {
      resolve({ done: false, value: message });
      return;
    }
    this.#queue.push(message);
    if (this.#queue.bytes >= this.#endpoint.config.highWaterMark) this.#hold(true);
  }

  onClose(): void {
    this.#leave();
  }

  #hold(on: boolean): void {
    if (this.#isHolding === on) return;
    this.#isHolding = on;
    this.#endpoint.hold(on);
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hold(false);
    this.#endpoint.takers.delete(this);
    for (const resolve of this.#waiting.splice(0)) resolve(DONE);
  }
}
