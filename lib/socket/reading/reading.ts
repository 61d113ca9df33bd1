/**
 * The messages that wait to be read, and how Readable gets them: one at a time, and only when its
 * buffer is empty, so that it keeps their boundaries in every style of reading.
 */
import { type Duplex, Readable } from 'node:stream';

import type { ReceivedInfo } from '../../../types/messages';
import type { OnReadOptions } from '../../../types/socket';
import { MessageQueue } from '../../messages/queue';
import { pushSharing } from '../../messages/shared-memory';
import { MESSAGE_OVERHEAD, Tally } from '../../messages/tally';
import { describe } from '../../messages/described';
import { mayHaveListeners, type ReadableState, readableStateOf } from './readable-state';
import { UserBuffer } from './user-buffer';
import { decode } from './received';

export interface ReadingConfig {
  /** Bytes that may wait to be read. */
  highWaterMark: number;
  /** Counts what waits here along with what waits elsewhere. */
  tally?: Tally | undefined;
  onread?: OnReadOptions | undefined;
  /** Whether boundaries do not matter (default: they do). */
  byteStream?: boolean;
}

interface QueuedMessage {
  data: Buffer;
  readonly info: ReceivedInfo;
}

export interface ReadingListener {
  /** How much waits to be read may have changed. */
  onReadingChange(): void;
  /** Whether more is received; else `onReadingChange` has to follow what may change that. */
  readonly takesMore: boolean;
  /** An event has gained or lost listeners. */
  onListeners?(event: string | symbol): void;
}

/** Nothing depends on who listens for these, which every user of a stream does. */
const OF_NO_CONCERN: ReadonlySet<string | symbol> = new Set(
  'close connect drain end error finish pause pipe readable ready resume timeout unpipe'.split(' '),
);

export class Reading {
  /** Set by whoever receives. */
  listener: ReadingListener | undefined;
  /** Whether messages come with their `sid` and so on. */
  areDescribed = false;
  readonly highWaterMark: number;
  readonly #stream: Duplex;
  readonly #state: ReadableState;
  /** What waits here, and in what is counted with it. */
  readonly tally: Tally;
  readonly #queue: MessageQueue<QueuedMessage>;
  readonly #isByteStream: boolean;
  /** Whether messages go through Readable, one by one. */
  readonly #isPlain: boolean;
  /** Where messages go instead of through Readable, if the user wants that. */
  readonly #userBuffer: UserBuffer | undefined;
  /** Readable has asked for data and not got it yet. */
  #wanted: boolean;
  /** How much `read(n)` wants: it may cross messages. */
  #wantedBytes = 0;
  #feedScheduled = false;
  /** The user is calling `read`, and may get messages though the stream is paused. */
  #isReading = false;
  /** Listeners that there are. To ask the stream for each message costs more than handing it over. */
  #isMessageAwaited = false;
  #isDataAwaited = false;
  #announcesStreams = false;
  /** Whether listeners want no more than 'data' of each message. */
  #isDataAll = false;
  /** The last message handed over to Readable, if nobody listened for 'message'. */
  #unannounced: QueuedMessage | undefined;
  /** Readable is to end once everything is handed over to it. */
  #isEnding = false;
  /** What to do once everything is read. */
  #afterwards: (() => void) | undefined;

  /** Nothing is to be received before somebody wants to read. */
  #isHeld = false;

  constructor(stream: Duplex, { highWaterMark, onread, tally, byteStream = false }: ReadingConfig) {
    this.#stream = stream;
    this.#state = readableStateOf(stream);
    this.#isByteStream = byteStream;
    this.#wanted = byteStream; // read ahead, as `net` does
    this.highWaterMark = highWaterMark;
    this.tally = new Tally(tally);
    this.#queue = new MessageQueue(MESSAGE_OVERHEAD, this.tally);
    this.#userBuffer = onread && new UserBuffer(onread, stream);
    this.#isPlain = !byteStream && onread === undefined;
    if (mayHaveListeners(stream)) {
      for (const event of ['message', 'data', 'stream']) this.countListeners(event);
    }
  }

  /** An event has gained or lost listeners. */
  countListeners(event: string | symbol): void {
    if (OF_NO_CONCERN.has(event)) return;
    if (event === 'message') this.#isMessageAwaited = this.#stream.listenerCount(event) > 0;
    else if (event === 'data') this.#isDataAwaited = this.#stream.listenerCount(event) > 0;
    else if (event === 'stream') this.#announcesStreams = this.#stream.listenerCount(event) > 0;
    else {
      this.listener?.onListeners?.(event);
      return;
    }
    this.#isDataAll =
      this.#isPlain && this.#isDataAwaited && !this.#isMessageAwaited && !this.#announcesStreams;
  }

  /** Whether somebody wants to know of streams, and so none of their messages. */
  get announcesStreams(): boolean {
    return this.#announcesStreams;
  }

  /** How many bytes of messages nobody has read yet. */
  get bytes(): number {
    return this.#queue.bytes - this.#queue.length * MESSAGE_OVERHEAD + this.#buffered();
  }

  /** As `bytes`, with those of single streams. */
  get totalBytes(): number {
    return this.tally.bytes + this.#buffered();
  }

  /** What `limit` bounds: as `totalBytes`, with the overhead of each message. */
  get totalCharge(): number {
    return this.tally.charge + this.#buffered();
  }

  /** Whether no message waits to be handed over to Readable, nor in what is counted with them. */
  get isDrained(): boolean {
    return this.tally.charge === 0 && !this.#isHeld;
  }

  /** Readable's own buffer has one message, or, of a byte stream, many chunks. */
  #buffered(): number {
    return this.#isByteStream ? this.#stream.readableLength : 0;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether nothing is to be received until somebody wants to read: `pauseOnConnect`. */
  hold(on: boolean): void {
    this.#isHeld = on;
  }

  /**
   * What may wait, with the overhead of each message; one message at a time with a high-water mark
   * of 0, or while all together hold too much.
   */
  get limit(): number {
    return this.tally.isFull ? 1 : Math.max(1, this.highWaterMark);
  }

  /** A message has been received. */
  deliver(data: Buffer, info: ReceivedInfo): void {
    if (this.passesBy()) {
      this.passBy(this.areDescribed ? data : describe(data, info));
    } else if (this.#queue.length === 0 && this.#canTake()) {
      this.#give(data, info);
    } else {
      pushSharing(this.#queue, { data, info });
      this.#feed();
    }
  }

  /**
   * Whether Readable would do no more with a message than to emit it, and look for another one in the
   * next tick. It has to do so with the first, to know that it was read from.
   */
  passesBy(): boolean {
    const state = this.#state;
    return (
      this.#isDataAll &&
      this.#queue.length === 0 &&
      state.flowing === true &&
      state.length === 0 &&
      state.dataEmitted &&
      state.encoding === null &&
      !state.destroyed
    );
  }

  /** Emits a message that need not go through Readable. */
  passBy(message: Buffer): void {
    this.#unannounced = undefined;
    this.#stream.emit('data', message);
  }

  /** No more messages will come: ends the readable side once all are read. */
  end(): void {
    this.#isEnding = true;
    this.#feed();
  }

  #endReadable(): void {
    this.#stream.push(null);
    // Nobody may be reading, and 'end' must come all the same. Who flows has read it by now.
    const { flowing, sync } = this.#state;
    if (flowing === true && !sync) return;
    if (this.#stream.readableLength === 0) this.#stream.read(0);
  }

  /** Whether something waits to be read, and nobody has ever begun to read. */
  get isAbandoned(): boolean {
    if (this.#queue.length === 0 && this.#stream.readableLength === 0) return false;
    return (
      this.#stream.readableFlowing === null &&
      this.#stream.listenerCount('readable') === 0 &&
      this.#userBuffer === undefined
    );
  }

  /** Calls back as soon as every message that was received is read. */
  whenRead(callback: () => void): void {
    this.#afterwards = callback;
    this.#scheduleFeed();
  }

  /** Nothing will be read any more. */
  drop(): void {
    this.#queue.clear();
    this.#userBuffer?.clear();
    this.#isEnding = false;
    this.#afterwards = undefined;
    this.#unannounced = undefined;
  }

  /** Takes the last message out of a closed stream's own buffer. @returns whether there was one */
  discardBuffer(): boolean {
    const isThere = this.#stream.readableLength > 0;
    while (this.#stream.readableLength > 0) Readable.prototype.read.call(this.#stream);
    return isThere;
  }

  /** Lets a closed stream be used again; what it had received is dropped. */
  renew(): void {
    this.drop();
    this.#wanted = this.#isByteStream;
    this.#isHeld = false;
    this.#wantedBytes = 0;
    (this.#stream as unknown as { _undestroy(): void })._undestroy(); // as `net` itself does
  }

  /** Readable wants something. */
  onWanted(): void {
    this.#wanted = true;
    const wasHeld = this.#isHeld;
    this.#isHeld = false;
    if (wasHeld || !this.#isIdle()) this.#scheduleFeed();
  }

  /** The user calls `read(size)`. */
  beforeRead(size: number | undefined): void {
    if (size === undefined) {
      this.#wantedBytes = 0;
    } else if (size > this.#stream.readableLength) {
      this.#wantedBytes = size;
      this.#wanted = true;
    }
    // So that reading until null needs no tick for each message. Flowing readers are fed anyway.
    if (size === 0 || this.#stream.readableFlowing === true) return;
    this.#isReading = true;
    try {
      this.#feed();
    } finally {
      this.#isReading = false;
    }
  }

  afterRead(chunk: unknown): void {
    if (chunk !== null) this.#wantedBytes = 0;
    if (this.#stream.readableLength === 0) this.#unannounced = undefined;
    if (this.#afterwards) this.#scheduleFeed(); // was it the last?
  }

  onPaused(): void {
    this.#userBuffer?.stop();
  }

  onResumed(): void {
    this.#userBuffer?.start();
    if (!this.#isIdle()) this.#scheduleFeed();
  }

  /** Somebody listens for 'message': that starts the flow, as listening for 'data' does. */
  onMessageListener(): void {
    if (this.#unannounced) {
      this.#stream.once('resume', () => {
        this.#announce();
      });
    }
    if (this.#stream.readableFlowing !== false) this.#stream.resume();
  }

  /** Readable has a message, from when nobody listened for 'message', and begins to flow. */
  #announce(): void {
    const message = this.#unannounced;
    if (!message || this.#stream.readableLength === 0) return;
    this.#unannounced = undefined;
    try {
      this.#stream.emit('message', message.data, message.info);
    } finally {
      // The listener may have paused, and must not get it again.
      const isFlowing = !this.#stream.destroyed && this.#stream.listenerCount('readable') === 0;
      if (isFlowing) this.#stream.read();
    }
  }

  /** Nothing waits, so that a tick for it would be in vain: short lives consist of such ticks. */
  #isIdle(): boolean {
    if (!this.#isPlain || this.tally.charge > 0 || this.listener?.takesMore === false) return false;
    return !this.#isEnding && this.#afterwards === undefined;
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
    if (this.#userBuffer) return this.#userBuffer.isReady;
    if (this.#isByteStream) return this.#wanted || this.#stream.readableFlowing === true;
    if (this.#stream.readableLength < this.#wantedBytes) return true;
    if (this.#stream.readableLength > 0) return false;
    if (this.#stream.readableFlowing === true) return true;
    return this.#wanted && (this.#isReading || !this.#withholds());
  }

  /** A paused Readable reads ahead, but handing a message over emits 'message'. */
  #withholds(): boolean {
    if (!this.#isMessageAwaited || !this.#stream.isPaused()) return false;
    return this.#stream.listenerCount('readable') === 0;
  }

  #feed(): void {
    try {
      this.#userBuffer?.goOn();
      while (this.#queue.length > 0 && this.#canTake()) {
        const message = this.#queue.shift();
        if (message) this.#give(message.data, message.info);
      }
    } finally {
      // A handler may have thrown: the others still want theirs.
      const isMore = this.#queue.length > 0 && this.#canTake();
      if (isMore || this.#userBuffer?.hasMore) this.#scheduleFeed();
    }
    if (!this.#isEnding && this.#afterwards === undefined) this.listener?.onReadingChange();
    else if (this.#queue.length === 0 && this.#userBuffer?.isReady !== false) this.#finish();
  }

  /** The queue is empty, and stays so. */
  #finish(): void {
    if (this.#isEnding) this.#endReadable();
    this.#isEnding = false;
    // What is too little for `read(n)` will never be enough.
    const { readableLength } = this.#stream;
    if (readableLength > 0 && readableLength >= this.#wantedBytes) return;
    this.#afterwards?.();
    this.#afterwards = undefined;
  }

  #give(data: Buffer, info: ReceivedInfo): void {
    if (this.#isMessageAwaited) {
      this.#emit(data, info);
    } else if (this.#isByteStream) {
      this.#handOver(data);
    } else {
      const message = describe(data, info);
      this.#unannounced = undefined;
      this.#handOver(message);
      if (this.#stream.readableLength > 0) this.#unannounced = { data: message, info };
    }
  }

  #emit(data: Buffer, info: ReceivedInfo): void {
    const message = describe(data, info);
    const stream = this.#stream;
    // Somebody flows for the sake of 'message' alone.
    const isAll = stream.readableFlowing === true && stream.listenerCount('data') === 0;
    this.#unannounced = undefined;
    try {
      stream.emit('message', message, info);
    } finally {
      if (!isAll && !stream.destroyed) this.#handOver(message);
    }
  }

  #handOver(message: Buffer): void {
    if (this.#userBuffer) {
      try {
        this.#userBuffer.take(message);
      } finally {
        if (this.#userBuffer.hasMore) this.#scheduleFeed(); // its callback has thrown
      }
      return;
    }
    if (this.#isByteStream) {
      this.#wanted = this.#stream.push(message);
      return;
    }
    const encoding = this.#stream.readableEncoding;
    if (encoding === null) {
      this.#wanted = false;
      this.#stream.push(message);
      return;
    }
    // Each message is decoded on its own: a string in the stream's own encoding passes by
    // Readable's decoder, which would carry bytes over from one message to the next.
    const text = decode(message, encoding);
    if (text === '') return; // half a character: nothing to read
    this.#wanted = false;
    this.#stream.push(text, encoding);
  }
}
