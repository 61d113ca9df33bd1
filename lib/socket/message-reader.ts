/**
 * A Duplex whose reading half keeps message boundaries in every style of reading.
 *
 * Object mode would do that, but `tls` and others refuse such streams. So messages wait in a queue
 * of our own, and Readable's buffer holds one at a time: its high-water mark is 1, and it gets the
 * next message only when it is empty.
 */
import { Duplex, type DuplexOptions } from 'node:stream';

import type { Message, MessageInfo, ReceivedInfo } from '../../types/messages';
import { MessageQueue } from '../messages/queue';
import * as hooks from './hooks';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

interface QueuedMessage {
  readonly data: Buffer;
  readonly info: ReceivedInfo;
}

export abstract class MessageReader extends Duplex {
  readonly #queue = new MessageQueue<QueuedMessage>();
  readonly #readAheadLimit: number;
  /** Readable has asked for something and not got it yet. */
  #wanted = false;
  /** How much `read(n)` wants: it may cross messages. */
  #wantedBytes = 0;
  #feedScheduled = false;
  /** What to do once the queue is empty, and perhaps Readable's buffer as well. */
  #ending: { act: () => void; mustBeRead: boolean } | undefined;

  constructor(options: DuplexOptions, readAheadLimit: number) {
    super({ ...options, readableHighWaterMark: 1 });
    this.#readAheadLimit = readAheadLimit;
    // What the user has set, and not what we told Readable.
    Object.defineProperty(this, 'readableHighWaterMark', { value: readAheadLimit });
  }

  /** Bytes of received messages that nobody has read yet; `highWaterMark` bounds them. */
  get readAheadBytes(): number {
    return this.#queue.bytes;
  }

  /** There is room for more messages, or no longer. */
  protected abstract [hooks.setReceiving](on: boolean): void;

  /** A message has been received. */
  protected [hooks.deliver](data: Buffer, info: ReceivedInfo): void {
    if (this.#queue.length === 0 && this.#canTake()) {
      this.#give(data, info);
    } else {
      this.#queue.push({ data, info });
      this.#feed();
    }
  }

  /** Stops receiving while the queue is full. */
  protected [hooks.limitReadAhead](): void {
    this[hooks.setReceiving](this.#queue.bytes < this.#readAheadLimit);
  }

  /** No more messages will come: ends the readable side once all are read. */
  protected [hooks.endReading](): void {
    const act = (): void => {
      this.push(null);
      // Nobody may be reading, and 'end' must come all the same.
      if (this.readableLength === 0) this.read(0);
    };
    this.#ending = { act, mustBeRead: false };
    this.#feed();
  }

  /** Calls back as soon as every message that was received is read. */
  protected [hooks.whenRead](callback: () => void): void {
    this.#ending = { act: callback, mustBeRead: true };
    this.#feed();
  }

  /** Nobody will read any more. */
  protected [hooks.dropUnread](): void {
    this.#queue.clear();
    this.#ending = undefined;
  }

  override _read(): void {
    this.#wanted = true;
    this.#scheduleFeed();
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
  override read(size?: number): any {
    if (size !== undefined && size > this.readableLength) {
      this.#wantedBytes = size;
      this.#wanted = true;
    }
    // So that reading until null needs no tick for each message. Flowing readers are fed anyway.
    if (size !== 0 && this.readableFlowing !== true) this.#feed();
    const chunk: unknown = super.read(size);
    if (chunk !== null) this.#wantedBytes = 0;
    return chunk;
  }

  /** Listening for 'message' starts the flow, as listening for 'data' does. */
  override on(event: string | symbol, listener: Listener): this {
    super.on(event, listener);
    if (event === 'message' && this.readableFlowing !== false) this.resume();
    return this;
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  #scheduleFeed(): void {
    if (this.#feedScheduled) return;
    this.#feedScheduled = true;
    process.nextTick(() => {
      this.#feedScheduled = false;
      this.#feed();
    });
  }

  #canTake(): boolean {
    if (this.readableLength < this.#wantedBytes) return true;
    return this.readableLength === 0 && (this.readableFlowing === true || this.#wanted);
  }

  #feed(): void {
    try {
      while (this.#queue.length > 0 && this.#canTake()) {
        const message = this.#queue.shift();
        if (message) this.#give(message.data, message.info);
      }
    } finally {
      // A handler may have thrown: the others still want theirs.
      if (this.#queue.length > 0 && this.#canTake()) this.#scheduleFeed();
    }
    if (this.#ending === undefined) {
      this[hooks.limitReadAhead]();
    } else if (this.#queue.length === 0) {
      const { act, mustBeRead } = this.#ending;
      if (mustBeRead && this.readableLength > 0) return; // _read comes when it is taken
      this.#ending = undefined;
      act();
    }
  }

  #give(data: Buffer, info: ReceivedInfo): void {
    const message = describe(data, info);
    if (this.listenerCount('message') > 0) {
      this.emit('message', message, info);
      if (this.destroyed) return;
      // Somebody flows for the sake of 'message' alone.
      if (this.readableFlowing === true && this.listenerCount('data') === 0) return;
    }
    const encoding = this.readableEncoding;
    if (encoding === null) {
      this.#wanted = false;
      this.push(message);
      return;
    }
    // Each message is decoded on its own: a string in the stream's own encoding passes by
    // Readable's decoder, which would carry bytes over from one message to the next.
    const text = data.toString(encoding);
    if (text === '') return; // half a character: nothing to read
    this.#wanted = false;
    this.push(text, encoding);
  }
}

/** The Buffer itself, which now says what belongs to it. */
function describe(data: Buffer, { sid, ppid, unordered, context }: MessageInfo): Message {
  const message = data as Message;
  message.sid = sid;
  message.ppid = ppid;
  message.unordered = unordered;
  message.context = context;
  return message;
}
