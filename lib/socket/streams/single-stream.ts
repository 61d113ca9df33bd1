/** One stream of an association as a Duplex of its own. */
import type { WithEvents } from '../../../types/events';
import type { Message, SendInfo, WriteCallback } from '../../../types/messages';
import type { SctpStream, SctpStreamEvents } from '../../../types/streams';
import { toBuffer } from '../../messages/bytes';
import { copyOfInfo } from '../../messages/info';
import type { Tally } from '../../messages/tally';
import { checkPpid } from '../../protocols/ppid';
import { checkBytes, checkFunction, isGiven } from '../../validate';
import { readingOf } from '../reading/message-reader';
import { isReceived } from '../reading/received';
import { callbackOf } from '../writing/arguments';
import { bufferMessage, MessageDuplex, setSink } from '../writing/message-duplex';
import { PendingMessage } from '../writing/pending-message';

/** The socket that a stream belongs to. */
export interface SingleStreamOwner {
  /** Takes the message at once; throws if it cannot be sent. */
  send(data: Buffer, info: SendInfo, callback: WriteCallback): void;
  /** Nothing can be sent any more, on whatever stream: the socket reports it. */
  isFailing(): boolean;
  /** Whether the socket survives this loss of messages, and reports it itself. */
  reports(error: Error): boolean;
  /** Messages were read. */
  onRead(): void;
  onClosed(): void;
}

/** What the socket does to its streams, and their users cannot. */
export interface SingleStreamControl {
  /** The socket has found out that somebody should read. */
  claim(): void;
  /** The peer has shut down. */
  endReading(): void;
  whenRead(callback: () => void): void;
  /** What was received before the peer ended can still be read. */
  onSocketDestroyed(error: Error | null): void;
}

export let controlOf: (stream: SingleStream) => SingleStreamControl;

const Base = MessageDuplex as WithEvents<typeof MessageDuplex, SctpStreamEvents>;

/** What may wait in it, in bytes: its socket's limits. */
export interface SingleStreamLimits {
  readonly highWaterMark: number;
  readonly writableHighWaterMark: number;
  /** Counts what waits to be read. */
  readonly tally: Tally;
}

/**
 * Messages wait in the socket, in the order in which they were written, whatever their streams;
 * Writable's buffer here only counts those that the kernel has not taken.
 */
export class SingleStream extends Base implements SctpStream {
  readonly sid: number;
  readonly #owner: SingleStreamOwner;
  readonly #pending: PendingMessage[] = [];
  #ppid: number | undefined;
  #isClaimed = false;
  #hasEnded = false;
  /** Called once everything is read. */
  #onRead: (() => void) | undefined;
  readonly #control: SingleStreamControl = {
    claim: () => {
      this.#isClaimed = true;
    },
    endReading: () => {
      this.#hasEnded = true;
      readingOf(this).end();
    },
    whenRead: (callback) => {
      this.#onRead = callback; // what is dropped is not waited for
      readingOf(this).whenRead(callback);
    },
    onSocketDestroyed: (error) => {
      if (!this.#hasEnded) this.#close(error);
    },
  };

  static {
    controlOf = (stream) => stream.#control;
  }

  constructor(sid: number, limits: SingleStreamLimits, owner: SingleStreamOwner) {
    const { highWaterMark, writableHighWaterMark, tally } = limits;
    super({ allowHalfOpen: false, writableHighWaterMark }, { highWaterMark, tally });
    this.sid = sid;
    this.#owner = owner;
    readingOf(this).listener = {
      takesMore: false, // the socket's reader knows
      onReadingChange: () => {
        owner.onRead();
      },
    };
    setSink(this, {
      write: (data, chunk, callback) => this.#writeMessage(data, chunk, callback),
    });
    // A stream that is only written to is no longer needed.
    this.once('finish', () => {
      if (!this.#isClaimed) this.destroy();
    });
  }

  get ppid(): number | undefined {
    return this.#ppid;
  }

  set ppid(value: number | string | undefined) {
    this.#ppid = value === undefined ? undefined : checkPpid('ppid', value);
  }

  /** Whether messages of the stream come here: from the first reading on. */
  get isClaimed(): boolean {
    return this.#isClaimed;
  }

  send(data: ArrayBufferView, info?: Omit<SendInfo, 'sid'>, callback?: WriteCallback): boolean;
  send(data: ArrayBufferView, callback: WriteCallback): boolean;
  send(
    data: ArrayBufferView,
    second?: Omit<SendInfo, 'sid'> | WriteCallback,
    third?: WriteCallback,
  ): boolean {
    const info = typeof second === 'function' || second === undefined ? {} : copyOfInfo(second);
    if (isGiven(third)) checkFunction('callback', third);
    const callback = callbackOf(second, third);
    return this.#post(toBuffer(checkBytes('data', data)), info, callback, callback !== undefined);
  }

  #writeMessage(data: Buffer, chunk: unknown, callback: WriteCallback | undefined): boolean {
    const { ppid } = chunk as Partial<Message>;
    try {
      return this.#post(data, ppid === undefined ? {} : { ppid }, callback);
    } catch (error) {
      if (!isReceived(chunk)) throw error;
      this.destroy(error as Error); // nobody could catch it: see Writing
      return false;
    }
  }

  override _read(): void {
    this.#isClaimed = true;
    super._read();
  }

  override _write(_chunk: unknown, _encoding: BufferEncoding, callback: WriteCallback): void {
    const message = this.#pending.shift();
    message?.whenSettled((error) => {
      if (!error) {
        callback();
      } else if (this.#owner.isFailing()) {
        this.#whenOver(() => {
          this.#close(error);
          callback(error); // after `destroy`, so that it is no 'error'
        });
      } else {
        // The callback of the message gets it in any case.
        callback(message.isAwaited || this.#owner.reports(error) ? undefined : error);
      }
    });
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    readingOf(this).drop();
    this.#owner.onRead(); // what was dropped may have been all that there was room for
    this.#owner.onClosed();
    this.#onRead?.();
    callback(error);
  }

  #post(
    data: Buffer,
    info: object,
    callback: WriteCallback | undefined,
    isAwaited = false,
  ): boolean {
    // Writable refuses it.
    if (this.writableEnded || this.destroyed) return bufferMessage(this, data, callback);
    const message = new PendingMessage(undefined, isAwaited);
    if (data.length === 0) message.settle(null);
    else this.#owner.send(data, this.#address(info), message.settle);
    this.#pending.push(message);
    return bufferMessage(this, data, (error) => callback?.(error ?? message.failure));
  }

  /** What was received before can still be read. */
  #whenOver(action: () => void): void {
    const act = (): void => {
      this.off('end', act).off('close', act);
      action();
    };
    if (this.readableEnded || this.destroyed) act();
    else this.once('end', act).once('close', act);
  }

  #address(info: object): SendInfo {
    const ppid = this.#ppid;
    return { ...(ppid !== undefined && { ppid }), ...info, sid: this.sid };
  }

  /** An error of the socket's, which reports it: here it is emitted only to listeners. */
  #close(error: Error | null): void {
    const isHeard = error !== null && this.listenerCount('error') > 0;
    this.destroy(isHeard ? error : undefined);
  }
}
