/**
 * A Duplex whose reading half keeps message boundaries in every style of reading.
 *
 * Object mode would do that, but `tls` and others refuse such streams. So messages wait in a queue
 * of our own, and Readable's buffer holds one at a time: its high-water mark is 1. Byte streams have
 * no boundaries: there Readable's buffer is used as it is meant to be.
 */
import { Duplex, type DuplexOptions } from 'node:stream';

import type { UntypedDuplex } from '../../../types/events';
import { extensible } from '../../callable';
import { reportListeners } from '../../listener-reports';
import { Reading, type ReadingConfig } from './reading';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
type Listener = (...args: any[]) => void;

/** What of a Duplex's options its kind may choose. */
interface ReaderOptions {
  allowHalfOpen?: boolean;
  captureRejections?: boolean;
  emitClose?: boolean;
  writableHighWaterMark?: number;
}

/** For this package alone; subclasses of users cannot collide with it. */
export let readingOf: (reader: MessageReader) => Reading;

// Duplex's constructor must accept objects that inherit in the old style.
const Root = extensible(Duplex) as unknown as new (
  ...args: ConstructorParameters<typeof Duplex>
) => UntypedDuplex;

export abstract class MessageReader extends Root {
  readonly #reading: Reading;

  static {
    readingOf = (reader) => reader.#reading;
    reportListeners<MessageReader>(this.prototype, (reader, event) => {
      // Node's constructors, and old-style subclasses, may listen before ours has run.
      if (#reading in reader) reader.#reading.countListeners(event);
    });
  }

  constructor(options: ReaderOptions, config: ReadingConfig) {
    const { allowHalfOpen, captureRejections, emitClose, writableHighWaterMark } = options;
    const { byteStream = false, highWaterMark } = config;
    const readableHighWaterMark = byteStream ? highWaterMark : 1;
    // Each name spelt out: of `...options` V8 makes an object with a hidden class of its own, for
    // which Node's constructors then look up every option that there might be.
    super({
      allowHalfOpen,
      captureRejections,
      emitClose,
      readableHighWaterMark,
      writableHighWaterMark,
    } as DuplexOptions);
    this.#reading = new Reading(this, config);
  }

  /** Bytes of received messages that nobody has read yet; `highWaterMark` bounds them. */
  get readAheadBytes(): number {
    return this.#reading.bytes;
  }

  override _read(): void {
    this.#reading.onWanted();
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Node's own types
  override read(size?: number): any {
    this.#reading.beforeRead(size);
    const chunk: unknown = super.read(size);
    this.#reading.afterRead(chunk);
    return chunk;
  }

  override pause(): this {
    this.#reading.onPaused();
    return super.pause();
  }

  override resume(): this {
    super.resume();
    this.#reading.onResumed();
    return this;
  }

  override on(event: string | symbol, listener: Listener): this {
    super.on(event, listener);
    if (event === 'message' && #reading in this) this.#reading.onMessageListener();
    return this;
  }
}

// The user's value, and not the one given to Readable. (Node's types have a property there.)
Object.defineProperty(MessageReader.prototype, 'readableHighWaterMark', {
  configurable: true,
  get(this: MessageReader) {
    return readingOf(this).highWaterMark;
  },
});
