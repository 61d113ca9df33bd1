/** Messages that were accepted from the user and wait for room in the kernel. First in, first out. */

export interface QueuedMessage<Info> {
  /** Our own copy: the caller may reuse its buffer as soon as send() has returned. */
  data: Buffer;
  host: string;
  port: number;
  info: Info;
}

/** What keeping a message costs beside its bytes, so that many tiny ones are bounded too. */
const OVERHEAD = 256;

export class SendQueue<Info> {
  #messages: QueuedMessage<Info>[] = [];
  /** Taken messages stay in front until half the array is empty: shift() is slow on long arrays. */
  #head = 0;
  #bytes = 0;

  static charge(length: number): number {
    return length + OVERHEAD;
  }

  /** What the waiting messages count, overhead included. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#messages.length - this.#head;
  }

  first(): QueuedMessage<Info> | undefined {
    return this.#messages[this.#head];
  }

  push(message: QueuedMessage<Info>): void {
    this.#messages.push(message);
    this.#bytes += SendQueue.charge(message.data.length);
  }

  shift(): void {
    const message = this.#messages[this.#head];
    if (message === undefined) return;
    this.#bytes -= SendQueue.charge(message.data.length);
    this.#messages[this.#head++] = undefined as never;
    if (this.#head * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
  }
}
