/**
 * A Duplex whose reading half keeps message boundaries in every style of reading.
 *
 * Object mode would do that, but `tls` and others refuse such streams. So messages wait in a queue
 * of our own, and Readable's buffer holds one at a time: its high-water mark is 1, and it gets the
 * next message only when it is empty.
 */
import type { DuplexOptions } from 'node:stream';

import type { Message, ReceivedInfo } from '../../../types/messages';
import type { OnReadOptions } from '../../../types/socket';
import { MessageQueue } from '../../messages/queue';
import { AttentiveDuplex } from './attentive-duplex';
import * as hooks from '../hooks';
import { decode, describe } from '../messages/incoming';
import { OwnMemory } from '../messages/onread';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

export interface ReadingConfig {
  /** Bytes that may wait to be read. */
  highWaterMark: number;
  onread?: OnReadOptions;
}

interface QueuedMessage {
  readonly data: Buffer;
  readonly info: ReceivedInfo;
}

export abstract class MessageReader extends AttentiveDuplex {
  readonly #queue = new MessageQueue<QueuedMessage>();
  readonly #readAheadLimit: number;
  /** Where messages go instead of through Readable, if the user wants that. */
  readonly #ownMemory: OwnMemory | undefined;
  /** Readable has asked for something and not got it yet. */
  #wanted = false;
  /** How much `read(n)` wants: it may cross messages. */
  #wantedBytes = 0;
  #feedScheduled = false;
  /** The user is calling `read`, and may be handed messages though the stream is paused. */
  #isReading = false;
  /** The last message handed over to Readable, if nobody listened for 'message'. */
  #untold: QueuedMessage | undefined;
  /** What to do once everything is handed over to Readable. */
  #ending: (() => void) | undefined;
  /** What to do once everything is read. */
  #afterwards: (() => void) | undefined;

  constructor(options: DuplexOptions, { highWaterMark, onread }: ReadingConfig) {
    super({ ...options, readableHighWaterMark: 1 });
    this.#readAheadLimit = Math.max(1, highWaterMark);
    this.#ownMemory = onread && new OwnMemory(onread, this);
    // What the user has set, and not what we told Readable.
    Object.defineProperty(this, 'readableHighWaterMark', { value: highWaterMark });
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
    this[hooks.setReceiving](this.readAheadBytes < this.#readAheadLimit);
  }

  /** No more messages will come: ends the readable side once all are read. */
  protected [hooks.endReading](): void {
    this.#ending = () => {
      this.push(null);
      // Nobody may be reading, and 'end' must come all the same.
      if (this.readableLength === 0) this.read(0);
    };
    this.#feed();
  }

  /** Whether something waits to be read, and nobody has ever begun to read. */
  protected get [hooks.isAbandoned](): boolean {
    if (this.#queue.length === 0 && this.readableLength === 0) return false;
    return (
      this.readableFlowing === null &&
      this.listenerCount('readable') === 0 &&
      this.#ownMemory === undefined
    );
  }

  /** Calls back as soon as every message that was received is read. */
  protected [hooks.whenRead](callback: () => void): void {
    this.#afterwards = callback;
    this.#scheduleFeed();
  }

  /** Nobody will read any more. */
  protected [hooks.dropUnread](): void {
    this.#queue.clear();
    this.#ownMemory?.clear();
    this.#ending = undefined;
    this.#afterwards = undefined;
    this.#untold = undefined;
  }

  /** The last message that Readable has, once the stream is closed. */
  protected [hooks.discard](): void {
    while (this.readableLength > 0) super.read();
  }

  /** Lets a closed stream begin anew; what it had received is gone. */
  protected [hooks.renew](): void {
    this[hooks.dropUnread]();
    this.#wanted = false;
    this.#wantedBytes = 0;
    (this as unknown as { _undestroy(): void })._undestroy(); // as `net` itself does
  }

  override _read(): void {
    this.#wanted = true;
    this.#scheduleFeed();
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
  override read(size?: number): any {
    if (size === undefined) {
      this.#wantedBytes = 0;
    } else if (size > this.readableLength) {
      this.#wantedBytes = size;
      this.#wanted = true;
    }
    // So that reading until null needs no tick for each message. Flowing readers are fed anyway.
    if (size !== 0 && this.readableFlowing !== true) {
      this.#isReading = true;
      try {
        this.#feed();
      } finally {
        this.#isReading = false;
      }
    }
    const chunk: unknown = super.read(size);
    if (chunk !== null) this.#wantedBytes = 0;
    if (this.readableLength === 0) this.#untold = undefined;
    if (this.#afterwards) this.#scheduleFeed(); // was it the last?
    return chunk;
  }

  override pause(): this {
    this.#ownMemory?.stop();
    return super.pause();
  }

  override resume(): this {
    super.resume();
    this.#ownMemory?.start();
    this.#scheduleFeed();
    return this;
  }

  /** Listening for 'message' starts the flow, as listening for 'data' does. */
  override on(event: string | symbol, listener: Listener): this {
    super.on(event, listener);
    if (event !== 'message') return this;
    if (this.#untold)
      this.once('resume', () => {
        this.#tellWaiting();
      });
    if (this.readableFlowing !== false) this.resume();
    return this;
  }

  /** Readable has a message, from when nobody listened for 'message', and begins to flow. */
  #tellWaiting(): void {
    const untold = this.#untold;
    if (!untold || this.readableLength === 0) return;
    this.#untold = undefined;
    try {
      this.emit('message', untold.data, untold.info);
    } finally {
      // The listener may have paused, and must not get it again.
      if (!this.destroyed && this.listenerCount('readable') === 0) this.read();
    }
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
    if (this.#ownMemory) return this.#ownMemory.isReady;
    if (this.readableLength < this.#wantedBytes) return true;
    if (this.readableLength > 0) return false;
    if (this.readableFlowing === true) return true;
    return this.#wanted && (this.#isReading || !this.#withholds());
  }

  /** A paused Readable reads ahead, but to hand a message over means to emit 'message'. */
  #withholds(): boolean {
    if (!this.isPaused() || this.listenerCount('message') === 0) return false;
    return this.listenerCount('readable') === 0;
  }

  #feed(): void {
    try {
      this.#ownMemory?.goOn();
      while (this.#queue.length > 0 && this.#canTake()) {
        const message = this.#queue.shift();
        if (message) this.#give(message.data, message.info);
      }
    } finally {
      // A handler may have thrown: the others still want theirs.
      const isMore = this.#queue.length > 0 && this.#canTake();
      if (isMore || this.#ownMemory?.hasMore) this.#scheduleFeed();
    }
    if (this.#ending === undefined && this.#afterwards === undefined) this[hooks.limitReadAhead]();
    else if (this.#queue.length === 0 && this.#ownMemory?.isReady !== false) this.#end();
  }

  /** The queue is empty, and stays so. */
  #end(): void {
    this.#ending?.();
    this.#ending = undefined;
    // What is too little for `read(n)` will never be enough.
    if (this.readableLength > 0 && this.readableLength >= this.#wantedBytes) return;
    this.#afterwards?.();
    this.#afterwards = undefined;
  }

  #give(data: Buffer, info: ReceivedInfo): void {
    const message = describe(data, info);
    const isAwaited = this.listenerCount('message') > 0;
    // Somebody flows for the sake of 'message' alone.
    const isAll = isAwaited && this.readableFlowing === true && this.listenerCount('data') === 0;
    this.#untold = isAwaited ? undefined : { data: message, info };
    try {
      if (isAwaited) this.emit('message', message, info);
    } finally {
      if (!isAll && !this.destroyed) this.#handOver(message);
      if (this.readableLength === 0) this.#untold = undefined;
    }
  }

  #handOver(message: Message): void {
    if (this.#ownMemory) {
      try {
        this.#ownMemory.take(message);
      } finally {
        if (this.#ownMemory.hasMore) this.#scheduleFeed(); // its callback has thrown
      }
      return;
    }
    const encoding = this.readableEncoding;
    if (encoding === null) {
      this.#wanted = false;
      this.push(message);
      return;
    }
    // Each message is decoded on its own: a string in the stream's own encoding passes by
    // Readable's decoder, which would carry bytes over from one message to the next.
    const text = decode(message, encoding);
    if (text === '') return; // half a character: nothing to read
    this.#wanted = false;
    this.push(text, encoding);
  }
}
