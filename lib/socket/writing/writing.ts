/**
 * The messages of a Socket from `write` and `send` into Writable's buffer: what a message may be,
 * what is refused, and what is held back to leave together.
 */
import type { Duplex } from 'node:stream';

import type { WriteCallback } from '../../../types/messages';
import type { Association } from '../../association/association';
import { emitUnsent } from '../../association/losses';
import { releaseAll, TickHold } from '../../association/tick-hold';
import { LONGEST_IN_BURST } from '../../burst';
import { endedByOtherParty } from '../../errors';
import { toBuffer } from '../../messages/bytes';
import type { CheckedSocketInfo } from '../../messages/info';
import { checkBytes } from '../../validate';
import { isReceived } from '../reading/received';
import type { Batches } from './batches';
import { chunkOf, NOTHING } from './chunks';
import type { MessageChecks } from './message-checks';
import { Gathering, type GatheringHost } from './gathering';
import { bufferMessage } from './message-duplex';
import { PendingMessage } from './pending-message';
import { partsOf } from './splitting';
import { writableStateOf } from './writable-state';

export interface WritingConfig {
  /** Whether chunks longer than a message may be are split. */
  readonly splits: boolean;
  /** Whether chunks have no boundaries at all. */
  readonly byteStream: boolean;
}

/** What Writing needs of its Socket. */
export interface WritingHost {
  readonly socket: Duplex;
  readonly batches: Batches;
  /** The association while it is established. */
  readonly upAssociation: Association | undefined;
  /** What a message may be. */
  readonly checks: MessageChecks;
  /** There is a message to send, though none can be sent any longer. */
  onHopelessWrite(): void;
}

export class Writing implements GatheringHost {
  readonly #stream: Duplex;
  readonly #host: WritingHost;
  readonly #checks: MessageChecks;
  readonly #batches: Batches;
  readonly #splits: boolean;
  readonly #merges: boolean;
  readonly #hold: TickHold;
  /** The stream is corked to the end of the tick. */
  #isCorked = false;
  /** Made with the first message. */
  #gathering: Gathering | undefined;

  constructor(host: WritingHost, { splits, byteStream }: WritingConfig) {
    this.#stream = host.socket;
    this.#host = host;
    this.#checks = host.checks;
    this.#batches = host.batches;
    this.#splits = splits;
    this.#merges = byteStream;
    this.#hold = new TickHold(() => {
      this.#onTickEnd();
    });
  }

  /** Whether the stream is corked to collect what is written within this tick. */
  get isCorked(): boolean {
    return this.#isCorked;
  }

  get socket(): Duplex {
    return this.#stream;
  }

  get upAssociation(): Association | undefined {
    return this.#host.upAssociation;
  }

  get maySend(): boolean {
    return this.#batches.maySend;
  }

  get isSpent(): boolean {
    return this.#batches.isSpent;
  }

  /** From now to the end of the tick. @returns false if there is no such end */
  hold(): boolean {
    this.#hold.hold();
    return this.#hold.isHolding;
  }

  /** What Writable gets leaves at the end of the tick, if there is one. */
  cork(): void {
    if (this.#isCorked || !this.hold()) return;
    this.#isCorked = true;
    this.#stream.cork();
  }

  /** `write`, of a message without a callback. @returns undefined if it must go by `write` */
  gather(data: Uint8Array): boolean | undefined {
    if (this.#merges) return undefined;
    const { sid, ppid } = data as Partial<Record<'sid' | 'ppid', unknown>>;
    let info: CheckedSocketInfo | undefined;
    if (sid !== undefined || ppid !== undefined) {
      info = this.#checks.numbersOf(sid, ppid);
      if (info === undefined) return undefined;
    }
    return (this.#gathering ??= new Gathering(this)).add(data, info);
  }

  /** `send`: a message whose sender says how it is to be sent. */
  send(data: ArrayBufferView, info: unknown, callback: WriteCallback | undefined): boolean {
    if (
      callback === undefined &&
      !this.#merges &&
      ArrayBuffer.isView(data) &&
      data instanceof Uint8Array
    ) {
      const short = this.#checks.shortInfo(info);
      const result = short && (this.#gathering ??= new Gathering(this)).add(data, short);
      if (result !== undefined) return result;
    }
    const bytes = toBuffer(checkBytes('data', data));
    this.#checks.checkLength(bytes.length);
    return this.#enqueue(bytes, this.#checks.checkInfo(info), callback, callback !== undefined);
  }

  /** `write`: a chunk, which may itself say how it is to be sent. */
  write(data: Buffer, chunk: unknown, callback: WriteCallback | undefined): boolean {
    const stream = this.#stream;
    if (stream.writableEnded && stream.readableEnded && !stream.allowHalfOpen) {
      return this.#isWrapped() ? this.#loseWrapped(data, callback) : this.#refuseEnded(callback);
    }
    if (data.length === 0) return this.#toWritable(NOTHING, callback);
    if (this.#merges) return this.#enqueueBytes(data, callback);
    let info: CheckedSocketInfo | undefined;
    try {
      info = this.#checks.infoOf(chunk);
      if (!this.#splits) this.#checks.checkLength(data.length);
    } catch (error) {
      if (!isReceived(chunk) && !this.#isPipedInto()) throw error;
      return this.#refusePassedOn(error as Error, callback);
    }
    if (this.#splits && data.length > this.#checks.longestWhole) {
      return this.#writeParts(data, info, callback);
    }
    return this.#enqueue(data, info, callback);
  }

  /** Resolves when the kernel has accepted everything written so far. */
  accepted(): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      if (stream.writableFinished || stream.destroyed) {
        resolve();
      } else if (stream.writableEnded) {
        stream.once('finish', resolve);
        stream.once('close', resolve);
      } else {
        this.#toWritable(NOTHING, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }
    });
  }

  /** What was written, here and elsewhere, leaves now, and not only at the end of the tick. */
  release(): void {
    releaseAll();
  }

  /** Node's `pipe` listens for 'unpipe' as long as it lasts; so may users, by other functions. */
  #isPipedInto(): boolean {
    return this.#stream.listeners('unpipe').some(({ name }) => name === 'onunpipe');
  }

  /**
   * A chunk that is piped, or a received message that is passed on: a program that only forwards
   * must not get an exception for what a peer has chosen.
   */
  #refusePassedOn(error: Error, callback: WriteCallback | undefined): boolean {
    if (callback) process.nextTick(callback, error);
    this.#stream.destroy(error);
    return false;
  }

  #writeParts(
    data: Buffer,
    info: CheckedSocketInfo | undefined,
    callback?: WriteCallback,
  ): boolean {
    const parts = partsOf(data, this.#checks.longestPart);
    const last = parts.pop() as Buffer;
    for (const part of parts) this.#enqueue(part, info, undefined);
    return this.#enqueue(last, info, callback);
  }

  #enqueueBytes(data: Buffer, callback: WriteCallback | undefined): boolean {
    if (this.#refusesHopeless(callback)) return false;
    if (!callback) return this.#toWritable(data);
    return this.#toWritable(data, (error) => {
      callback(error ? this.#reasonOf(error) : (this.#failure() ?? null));
    });
  }

  /**
   * Node's own stream around a byte stream: TLS and HTTP/2 write through it, corking each time. Over
   * TCP they write to the handle below the socket, which does not know that JavaScript has ended.
   */
  #isWrapped(): boolean {
    const stream = this.#stream;
    if (!this.#merges || stream.writableCorked === 0) return false;
    return stream.listeners('data').some(({ name }) => name === 'ondata');
  }

  /** The closing alert of TLS after both sides have ended. */
  #loseWrapped(data: Buffer, callback: WriteCallback | undefined): boolean {
    const error = endedByOtherParty();
    process.nextTick(() => {
      emitUnsent(this.#stream, data, undefined, error);
    });
    if (callback) process.nextTick(callback, null);
    return true;
  }

  /** Both sides have ended: refused in the words of `net`. */
  #refuseEnded(callback: WriteCallback | undefined): boolean {
    const error = endedByOtherParty();
    if (callback) process.nextTick(callback, error);
    this.#stream.destroy(error);
    return false;
  }

  /** Why nothing can be sent any longer, as far as the program is to know. */
  #failure(): Error | undefined {
    const { failure, losesQuietly } = this.#batches;
    return losesQuietly ? undefined : failure;
  }

  #refusesHopeless(callback: WriteCallback | undefined): boolean {
    const failure = this.#failure();
    if (!failure) return false;
    if (this.#stream.destroyed || this.#stream.writableEnded) return false;
    if (callback) process.nextTick(callback, failure);
    this.#host.onHopelessWrite();
    return true;
  }

  #enqueue(
    data: Buffer,
    info: CheckedSocketInfo | undefined,
    callback?: WriteCallback,
    isAwaited = false,
  ): boolean {
    // Long ones leave at once, with what was written before: they would gain nothing.
    const isLong = data.length > LONGEST_IN_BURST;
    if (isLong && callback === undefined && this.#isIdle() && this.#batches.sendNow(data, info)) {
      return true;
    }
    if (this.#refusesHopeless(callback)) return false;
    if (!isLong && !this.#isCorked && this.#host.upAssociation) this.cork();
    const mayGoOn = this.#buffer(data, info, callback, isAwaited);
    if (isLong) this.#hold.release();
    return mayGoOn;
  }

  /** Whether Writable would hand a message on at once, and be done with it. */
  #isIdle(): boolean {
    const stream = this.#stream;
    const { length, corked } = writableStateOf(stream);
    return length === 0 && corked === 0 && stream.writable;
  }

  #buffer(
    data: Buffer,
    info: CheckedSocketInfo | undefined,
    callback: WriteCallback | undefined,
    isAwaited: boolean,
  ): boolean {
    if (info === undefined && callback === undefined) return this.#toWritable(data);
    const pending = new PendingMessage(info, isAwaited);
    const chunk = chunkOf(data, pending);
    if (callback === undefined) return this.#toWritable(chunk);
    return this.#toWritable(chunk, (error) => {
      callback(error ? this.#reasonOf(error) : pending.failure);
    });
  }

  /** For what is not gathered: it follows what was. */
  #toWritable(data: Buffer, callback?: WriteCallback): boolean {
    this.#gathering?.giveWay();
    return bufferMessage(this.#stream, data, callback);
  }

  #onTickEnd(): void {
    this.#gathering?.flush();
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#stream.uncork();
  }

  /** Writable fails what waits in its buffer with no more than "destroyed". */
  #reasonOf(error: Error): Error {
    const failure = this.#batches.failure as NodeJS.ErrnoException | undefined;
    return failure?.code === 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION' ? failure : error;
  }
}
