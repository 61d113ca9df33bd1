/** A queue of messages that knows how much memory they take. First in, first out. */
export class MessageQueue<Message extends { readonly data: Buffer }> {
  readonly #overhead: number;
  #messages: Message[] = [];
  /** Taken messages stay in front until half the array is empty: shift() is slow on long arrays. */
  #head = 0;
  #bytes = 0;

  /** @param overhead bytes that each message counts beside its own, to bound tiny ones too */
  constructor(overhead = 0) {
    this.#overhead = overhead;
  }

  /** What a message of this length counts. */
  charge(length: number): number {
    return length + this.#overhead;
  }

  /** What the waiting messages count. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#messages.length - this.#head;
  }

  first(): Message | undefined {
    return this.#messages[this.#head];
  }

  /** The message that `shift` would return after `index` others. */
  at(index: number): Message | undefined {
    return this.#messages[this.#head + index];
  }

  push(message: Message): void {
    this.#messages.push(message);
    this.#bytes += this.charge(message.data.length);
  }

  shift(): Message | undefined {
    const message = this.#messages[this.#head];
    if (message === undefined) return undefined;
    this.#bytes -= this.charge(message.data.length);
    this.#messages[this.#head++] = undefined as never;
    if (this.#head * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  clear(): void {
    this.#messages = [];
    this.#head = 0;
    this.#bytes = 0;
  }
}
