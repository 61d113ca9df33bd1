/** Collects what a handle's onRecv gets, and waits for it. */
import { once, EventEmitter } from 'node:events';

import type { OnReceive, ReceivedInfo } from 'kernel-sctp';

export interface Message {
  data: Buffer;
  host: string;
  port: number;
  info: ReceivedInfo;
}

export class Inbox {
  readonly messages: Message[] = [];
  readonly errors: string[] = [];
  readonly #events = new EventEmitter();

  /** Pass this to `open`. */
  readonly onRecv: OnReceive = (result, info) => {
    if (typeof result === 'string') {
      this.errors.push(result);
    } else {
      const [data, host, port] = result;
      this.messages.push({ data, host, port, info: info as ReceivedInfo });
    }
    this.#events.emit('change');
  };

  /** Waits until there are `count` messages; the test's time limit is the only one. */
  async waitForMessages(count: number): Promise<Message[]> {
    while (this.messages.length < count) await once(this.#events, 'change');
    return this.messages;
  }

  async waitForErrors(count: number): Promise<string[]> {
    while (this.errors.length < count) await once(this.#events, 'change');
    return this.errors;
  }

  async nextMessage(): Promise<Message> {
    return (await this.waitForMessages(1))[0] as Message;
  }

  texts(): string[] {
    return this.messages.map(({ data }) => data.toString());
  }
}
