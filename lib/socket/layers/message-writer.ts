/** Adds to the Duplex of messages its writing half: one write is one message. */
import type { DuplexOptions } from 'node:stream';

import type { SocketSendInfo } from '../../../types/messages';
import { sendFailed, socketClosed, systemError } from '../../errors';
import { MessageDefaults } from '../../messages/defaults';
import { checkBytes } from '../../validate';
import { ChunkChecks } from '../messages/chunk-checks';
import * as hooks from '../hooks';
import type { Limits } from '../association/limits';
import { ChunkWriter } from './chunk-writer';
import type { ReadingConfig } from './message-reader';
import { isReceived } from '../messages/incoming';
import {
  callbackOf,
  type Chunk,
  kWaybill,
  piecesOf,
  reasonOf,
  toBuffer,
  type Waybill,
  type WriteCallback,
} from '../messages/outgoing';
import { Outbox } from '../messages/outbox';
import { Outdated } from '../messages/outdated';
import type { Transport } from '../association/transport';

/** What is written to learn when everything before has left. It goes nowhere. */
const NOTHING = Buffer.alloc(0);

export interface WritingConfig extends ReadingConfig {
  /** Chunks that are longer than a message may be are cut up. */
  splits: boolean;
}

export abstract class MessageWriter extends ChunkWriter {
  readonly #outbox: Outbox<Chunk>;
  readonly #checks = new ChunkChecks(() => this[hooks.limits]);
  readonly #splits: boolean;
  #transport: Transport | undefined;
  #defaults: MessageDefaults | undefined;
  #bytesAccepted = 0;
  /** Accepted too, but of a batch that Writable still counts as waiting. */
  #bytesUnderWay = 0;
  /** All of the batch under way, which Writable still counts as waiting. */
  #batchBytes = 0;
  #outdated = new Outdated();
  /** How many streams are piped into this one. */
  #sources = 0;

  constructor(options: DuplexOptions, config: WritingConfig) {
    super(options, config);
    this.#splits = config.splits;
    this.on('pipe', () => this.#sources++);
    this.on('unpipe', () => this.#sources--);
    this.#outbox = new Outbox({
      trySend: (chunk) => this.#trySend(chunk),
      watch: (on) => this.#transport?.setWriting(on),
      onAccepted: (chunk) => {
        this.#bytesUnderWay += chunk.length;
        this[hooks.onAccepted](chunk.length);
      },
      onRefused: (chunk, errno) => {
        const info = chunk[kWaybill]?.info;
        const error = this[hooks.limits]?.sendError(errno, chunk.length, info);
        this.#onRefused(chunk, error ?? systemError('write', errno));
      },
      onBroken: (errno) => {
        this[hooks.onSendBroken](errno);
      },
      onFailed: (chunk, error) => {
        this.#onFailed(chunk, error);
        if (this.#outbox.failure) this[hooks.onHopelessWrite]();
      },
    });
  }

  /** Bytes that were written, those included that still wait for room in the kernel. */
  get bytesWritten(): number {
    return this.#bytesAccepted + this.writableLength;
  }

  /** Whether there is an association, or is to be one. */
  protected abstract get [hooks.isBegun](): boolean;
  /** Something was sent or received. */
  protected abstract [hooks.onActivity](): void;
  /** The kernel has taken a message of this length. */
  protected abstract [hooks.onAccepted](length: number): void;
  /** `end` was called. */
  protected abstract [hooks.onEnd](): void;
  /** The kernel takes no messages any more. */
  protected abstract [hooks.onSendBroken](errno: number): void;
  /** There is a message to send, though none can be sent any more. */
  protected abstract [hooks.onHopelessWrite](): void;
  /** Nothing before the association is up: then the kernel decides, later. */
  protected abstract get [hooks.limits](): Limits | undefined;

  /**
   * Sends one message, and says how. Boundaries are kept, however long it is.
   *
   * @param data at least one byte; must not change until the callback
   * @param info what is left out follows the socket's defaults
   * @param callback the kernel has accepted the message, or it cannot be sent
   * @returns false if the caller should wait for 'drain', as `write` does
   * @throws TypeError, RangeError with Node's codes for bad arguments, among them a stream that
   *   was not negotiated
   * @throws ERR_SCTP_MESSAGE_TOO_LARGE for more than the kernel's send buffer
   */
  send(data: ArrayBufferView, info?: SocketSendInfo, callback?: WriteCallback): boolean;
  send(data: ArrayBufferView, callback: WriteCallback): boolean;
  send(
    data: ArrayBufferView,
    second?: SocketSendInfo | WriteCallback,
    third?: WriteCallback,
  ): boolean {
    const callback = callbackOf(second, third);
    const info = typeof second === 'function' || second === undefined ? {} : second;
    const bytes = toBuffer(checkBytes('data', data));
    this.#checks.checkLength(bytes.length);
    return this.#enqueue(bytes, this.#checks.checkInfo(info), callback, callback !== undefined);
  }

  protected override [hooks.writeMessage](
    data: Buffer,
    chunk: unknown,
    callback: WriteCallback | undefined,
  ): boolean {
    if (data.length === 0) return this[hooks.buffer](NOTHING, callback);
    let info: SocketSendInfo | undefined;
    try {
      info = this.#checks.infoOf(chunk);
      if (!this.#splits) this.#checks.checkLength(data.length);
    } catch (error) {
      if (this.#sources === 0 && !isReceived(chunk)) throw error;
      return this.#refusePassedOn(error as Error, callback);
    }
    if (this.#splits && data.length > this.#checks.longestUncut) {
      return this.#writePieces(data, info, callback);
    }
    return this.#enqueue(data, info, callback);
  }

  override end(...args: unknown[]): this {
    const isFirst = !this.destroyed && !this.writableEnded;
    super.end(...(args as [unknown, BufferEncoding, () => void]));
    if (isFirst) this[hooks.onEnd]();
    return this;
  }

  override _write(chunk: Chunk, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.#dispatch([chunk], callback);
  }

  override _writev(chunks: { chunk: unknown }[], callback: WriteCallback): void {
    this.#dispatch(
      chunks.map(({ chunk }) => chunk as Chunk),
      callback,
    );
  }

  /** The association is up. */
  protected [hooks.startSending](transport: Transport): void {
    this.#transport = transport;
    this.#defaults = new MessageDefaults(transport.native);
    this.#outbox.open();
  }

  protected override [hooks.renew](): void {
    super[hooks.renew]();
    this.#transport = undefined;
    this.#defaults = undefined;
    this.#bytesAccepted = 0;
    this.#bytesUnderWay = 0;
    this.#batchBytes = 0;
    this.#outdated = new Outdated();
    this.#outbox.renew();
  }

  protected [hooks.reloadDefaults](): void {
    this.#defaults?.reload();
  }

  protected [hooks.flushOutbox](): void {
    this.#outbox.flush(true);
  }

  protected [hooks.failOutbox](error: Error): void {
    this.#outbox.fail(error);
  }

  /** What was written so far has failed; what comes may be sent. */
  protected [hooks.failWritten](error: Error): void {
    this.#outdated.begin(this.writableLength - this.#batchBytes, error);
    this.#outbox.failWaiting(error);
  }

  protected get [hooks.sendFailure](): Error | undefined {
    return this.#outbox.failure;
  }

  /**
   * A chunk that is piped, or a received message that is written on: what a peer has chosen must
   * not be thrown at a program that only passes it on.
   */
  #refusePassedOn(error: Error, callback: WriteCallback | undefined): boolean {
    if (callback) process.nextTick(callback, error);
    this.destroy(error);
    return false;
  }

  #writePieces(data: Buffer, info: SocketSendInfo | undefined, callback?: WriteCallback): boolean {
    const pieces = piecesOf(data, this.#checks.longestPiece);
    const last = pieces.pop() as Buffer;
    for (const piece of pieces) this.#enqueue(piece, info, undefined);
    return this.#enqueue(last, info, callback);
  }

  #enqueue(
    data: Buffer,
    info: SocketSendInfo | undefined,
    callback?: WriteCallback,
    isHeard = false,
  ): boolean {
    const failure = this.#outbox.failure;
    if (failure && !this.destroyed && !this.writableEnded) {
      if (callback) process.nextTick(callback, failure);
      this[hooks.onHopelessWrite]();
      return false;
    }
    if (info === undefined && callback === undefined) return this[hooks.buffer](data);
    // A Buffer of its own: the same one may be written again before this one has left.
    const chunk: Chunk = Buffer.from(data.buffer, data.byteOffset, data.length);
    const waybill: Waybill = { info: info ?? {}, isHeard };
    chunk[kWaybill] = waybill;
    if (callback === undefined) return this[hooks.buffer](chunk);
    return this[hooks.buffer](chunk, (error) => {
      callback(error ? reasonOf(error, this.#outbox.failure) : (waybill.failure ?? null));
    });
  }

  #dispatch(chunks: Chunk[], callback: WriteCallback): void {
    if (!this[hooks.isBegun]) {
      callback(socketClosed());
      return;
    }
    this.#batchBytes = chunks.reduce((bytes, { length }) => bytes + length, 0);
    const messages = chunks.filter((chunk) => chunk !== NOTHING);
    this.#outbox.send(this.#withoutOutdated(messages), () => {
      this.#batchBytes = 0;
      this.#bytesAccepted += this.#bytesUnderWay;
      this.#bytesUnderWay = 0;
      callback();
    });
  }

  #withoutOutdated(chunks: Chunk[]): Chunk[] {
    return chunks.filter((chunk) => {
      const error = this.#outdated.pass(chunk.length);
      if (error) this.#onFailed(chunk, error);
      return !error;
    });
  }

  #trySend(chunk: Chunk): number {
    const info = chunk[kWaybill]?.info;
    const native = (this.#defaults as MessageDefaults).toNative(info);
    return (this.#transport as Transport).send(chunk, native, info?.address);
  }

  /** A gap in a stream, of which nobody knows, would be worse than the end of the association. */
  #onRefused(chunk: Chunk, error: Error): void {
    this.#onFailed(chunk, error);
    const isHeard = chunk[kWaybill]?.isHeard === true || this.listenerCount('sendFailed') > 0;
    if (!isHeard) process.nextTick(() => this.destroy(error));
  }

  /** Later: what handlers throw must not stop the outbox. */
  #onFailed(chunk: Chunk, error: Error): void {
    const waybill = chunk[kWaybill];
    if (waybill) waybill.failure = error;
    process.nextTick(() => {
      this.#tellFailed(chunk, waybill?.info ?? {}, error);
    });
  }

  #tellFailed(data: Buffer, info: SocketSendInfo, error: Error): void {
    if (this.listenerCount('sendFailed') === 0) return;
    const { sid = 0, ppid = 0, context = 0, unordered = false } = info;
    const message = { data, sid, ppid, context, unordered, sent: false };
    this.emit('sendFailed', sendFailed(message, error.message, error));
  }
}
