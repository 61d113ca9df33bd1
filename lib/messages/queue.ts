import type { Tally } from './tally';

/** Shared by queues that have never had a message, as most of an idle socket. */
const NONE: never[] = [];

/** What waits in order, as whoever sends it sees it. */
export interface WaitingMessages<Message> {
  readonly length: number;
  /** What they count. */
  readonly bytes: number;
  /** What a message of this length counts. */
  charge(length: number): number;
  push(message: Message): void;
  /** The message that `shift` would return after `index` others. */
  at(index: number): Message | undefined;
  shift(): Message | undefined;
}

/** A queue of messages that knows how much memory they take. First in, first out. */
export class MessageQueue<
  Message extends { readonly data: Buffer },
> implements WaitingMessages<Message> {
  readonly #overhead: number;
  readonly #tally: Pick<Tally, 'add'> | undefined;
  #messages: Message[] = NONE;
  /** What each counted as it came: memory that is detached or shrinks later must not upset sums. */
  #charges: number[] = NONE;
  /** Taken messages stay in front until half the array is empty: shift() is slow on long arrays. */
  #head = 0;
  #bytes = 0;

  /**
   * @param overhead bytes that each message counts beside its own, to bound tiny ones too
   * @param tally counts these messages along with those of other queues
   */
  constructor(overhead = 0, tally?: Pick<Tally, 'add'>) {
    this.#overhead = overhead;
    this.#tally = tally;
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

  /** The message that `shift` would return after `index` others. */
  at(index: number): Message | undefined {
    return this.#messages[this.#head + index];
  }

  push(message: Message): void {
    if (this.#messages === NONE) {
      this.#messages = [];
      this.#charges = [];
    }
    this.#messages.push(message);
    const charge = this.charge(message.data.length);
    this.#charges.push(charge);
    this.#count(1, charge);
  }

  shift(): Message | undefined {
    const message = this.#messages[this.#head];
    if (message === undefined) return undefined;
    this.#count(-1, -(this.#charges[this.#head] as number));
    this.#messages[this.#head++] = undefined as never;
    if (this.#head * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head);
      this.#charges = this.#charges.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  clear(): void {
    this.#count(-this.length, -this.#bytes);
    this.#messages = NONE;
    this.#charges = NONE;
    this.#head = 0;
  }

  #count(messages: number, charge: number): void {
    this.#bytes += charge;
    this.#tally?.add(messages, charge);
  }
}
