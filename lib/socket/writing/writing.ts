/** The messages of a Socket on their way through Writable's buffer to the association. */
import { Buffer } from 'node:buffer';
import { constants as os } from 'node:os';
import type { Duplex } from 'node:stream';

import type { WriteCallback } from '../../../types/messages';
import type { Association } from '../../association/association';
import { emitUnsent } from '../../association/losses';
import { Outbox } from '../../association/outbox';
import type { Outgoing } from '../../association/sending';
import { endedByOtherParty, notConnected, socketClosed, systemError } from '../../errors';
import { toBuffer } from '../../messages/bytes';
import type { CheckedSocketInfo } from '../../messages/info';
import { LONGEST_IN_BURST } from '../../burst';
import { checkBytes } from '../../validate';
import { isReceived } from '../reading/received';
import { MessageChecks } from './message-checks';
import { merged, Merging } from './merging';
import { bufferMessage } from './message-duplex';
import { PendingMessage } from './pending-message';
import { partsOf } from './splitting';
import { releaseAll, TickHold } from './tick-hold';

const { EINVAL } = os.errno;

/** Written to learn when everything before it has been accepted. It is not sent. */
const NOTHING = Buffer.alloc(0);

/**
 * How much the kernel may take, in bytes with an overhead for each message, before other things get
 * their turn: a program that writes whenever it may would otherwise never read.
 */
const BUDGET = 1_048_576;
const OVERHEAD = 4096;

/** TCP, too, takes no more than its buffer has room for: what comes after that meets an error. */
const MOST_LOST_QUIETLY = 256 * 1024;

const kPending = Symbol('pending');
type Chunk = Buffer & { [kPending]?: PendingMessage };

interface OutgoingChunk extends Outgoing {
  readonly pending: PendingMessage | undefined;
  /** Writable no longer counts it: it was taken while earlier ones of the tick were on their way. */
  readonly isCollected?: boolean;
}

export interface WritingConfig {
  /** Whether chunks longer than a message may be are split. */
  readonly splits: boolean;
  /** Whether chunks have no boundaries at all. */
  readonly byteStream: boolean;
}

/** What Writing needs of its Socket. */
export interface WritingHost {
  readonly socket: Duplex;
  /** Whether there is an association, or is to be one. */
  readonly isBegun: boolean;
  readonly association: Association | undefined;
  /** The kernel has taken messages. */
  onAccepted(): void;
  /** The kernel no longer takes messages. */
  onBroken(errno: number): void;
  /** There is a message to send, though none can be sent any longer. */
  onHopelessWrite(): void;
}

export class Writing {
  readonly #stream: Duplex;
  readonly #host: WritingHost;
  readonly #splits: boolean;
  readonly #checks: MessageChecks;
  readonly #outbox: Outbox<OutgoingChunk>;
  #bytesAccepted = 0;
  /** Accepted too, but of a batch that Writable still counts as waiting. */
  #bytesUnderWay = 0;
  /** All of the batch under way, which Writable still counts as waiting. */
  #batchBytes = 0;
  #batchDone: WriteCallback | undefined;
  /** What the kernel has taken of the budget. */
  #spent = 0;
  readonly #hold: TickHold;
  /** How much of Writable's buffer was written before a restart, and so has failed. */
  #staleBytes = 0;
  #staleError: Error | undefined;
  /** Of a byte stream. */
  readonly #merging: Merging | undefined;
  /** The kernel had no room for something that still waits. */
  #isFull = false;
  /** The first that the kernel refused had not waited for room. */
  #metEnd = false;
  /** As with TCP, what is written after the peer has ended is lost without an error. */
  #losesQuietly = false;
  /** Bytes that were lost in this way. */
  #lostQuietly = 0;
  #onceSent: (() => void) | undefined;

  constructor(host: WritingHost, { splits, byteStream }: WritingConfig) {
    this.#stream = host.socket;
    this.#host = host;
    this.#splits = splits;
    this.#hold = new TickHold(host.socket);
    if (byteStream) this.#merging = this.#makeMerging();
    this.#checks = new MessageChecks(() => this.#upAssociation);
    this.#outbox = new Outbox({
      // Detached since it was written: the kernel would call it invalid, too.
      trySend: (chunk) =>
        chunk.data.length === 0
          ? -EINVAL
          : (host.association as Association).sending.trySend(chunk),
      addToBurst: (chunk) => (host.association as Association).sending.addToBurst(chunk),
      sendBurst: () => (host.association as Association).sending.sendBurst(),
      watch: (on) => host.association?.life.setWriting(on),
      onAccepted: ({ data, isCollected }) => {
        if (!isCollected) this.#bytesUnderWay += data.length;
        this.#spent += data.length + OVERHEAD;
      },
      onProgress: () => {
        host.onAccepted();
      },
      onRefused: (chunk, errno) => {
        this.#onRefused(chunk, errno);
      },
      onBroken: (errno) => {
        this.#metEnd = !this.#isFull;
        host.onBroken(errno);
      },
      onFailed: (chunk, error) => {
        if (this.#losesQuietly) this.#countLost(chunk.data.length);
        this.#onFailed(chunk, error);
        if (this.#outbox.failure && !this.#losesQuietly) host.onHopelessWrite();
      },
      onIdle: () => {
        this.#onBatchDone();
      },
    });
  }

  /** Whether the stream is corked to collect what is written within this tick. */
  get isHolding(): boolean {
    return this.#hold.isHolding;
  }

  /** Bytes that were written, those included that still wait for room in the kernel. */
  get bytesWritten(): number {
    return this.#bytesAccepted + this.#stream.writableLength;
  }

  /** Why nothing can be sent any longer, if so. */
  get failure(): Error | undefined {
    return this.#outbox.failure;
  }

  /** `send`: a message whose sender says how it is to be sent. */
  send(data: ArrayBufferView, info: unknown, callback: WriteCallback | undefined): boolean {
    const bytes = toBuffer(checkBytes('data', data));
    this.#checks.checkLength(bytes.length);
    return this.#enqueue(bytes, this.#checks.checkInfo(info), callback, callback !== undefined);
  }

  /** `write`: a chunk, which may itself say how it is to be sent. */
  write(data: Buffer, chunk: unknown, callback: WriteCallback | undefined): boolean {
    const stream = this.#stream;
    if (stream.writableEnded && stream.readableEnded && !stream.allowHalfOpen) {
      return this.#isWrapped ? this.#loseWrapped(data, callback) : this.#refuseEnded(callback);
    }
    if (data.length === 0) return bufferMessage(stream, NOTHING, callback);
    if (this.#merging) return this.#enqueueBytes(data, callback);
    let info: CheckedSocketInfo | undefined;
    try {
      info = this.#checks.infoOf(chunk);
      if (!this.#splits) this.#checks.checkLength(data.length);
    } catch (error) {
      if (!isReceived(chunk) && !this.#isPipedInto) throw error;
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
        bufferMessage(stream, NOTHING, (error) => {
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

  /** What Writable hands over, one batch at a time. */
  dispatch(chunks: readonly Chunk[], callback: WriteCallback): void {
    if (!this.#host.isBegun) {
      // `write` says what that of `net` does.
      callback(
        chunks.some(({ [kPending]: pending }) => pending?.info) ? notConnected() : socketClosed(),
      );
      return;
    }
    let bytes = 0;
    for (const { length } of chunks) bytes += length;
    if (this.#collects(chunks, bytes)) {
      this.#bytesAccepted += bytes;
      callback();
      return;
    }
    this.#merging?.flush();
    this.#batchBytes = bytes;
    this.#batchDone = callback;
    const [first] = chunks;
    if (chunks.length === 1 && first?.length === 0 && first !== NOTHING) this.#correctLength();
    this.#outbox.send(this.#freshOf(this.#messagesOf(chunks)));
    this.#isFull = this.#waitsForRoom;
  }

  /** Calls back when nothing still waits of what Writable has handed over. */
  whenSent(callback: () => void): void {
    this.#merging?.flush();
    if (this.#outbox.length === 0) callback();
    else this.#onceSent = callback;
  }

  /** Hands over what was collected in this tick, as far as the kernel takes it. */
  flushCollected(): void {
    this.#merging?.flush();
  }

  /** The association is up. */
  open(): void {
    this.#outbox.open();
    // Later: write callbacks must not come before 'connect'.
    process.nextTick(() => {
      this.#outbox.flush(false);
      this.#isFull = this.#waitsForRoom;
    });
  }

  /** There may be room in the kernel. */
  flush(): void {
    this.#outbox.flush(true);
  }

  /** Nothing can be sent any more. */
  fail(reason: Error | (() => Error)): void {
    this.#outbox.fail(reason);
  }

  /** The peer has shut down: what still waits can no longer be sent. */
  onPeerEnded(reason: () => Error): void {
    // A byte stream that had waited for room has a gap; what met the peer's end has TCP's fate.
    this.#losesQuietly = this.#merging !== undefined && (this.#metEnd || !this.#isFull);
    this.#outbox.fail(reason);
  }

  /** What was written so far has failed; what comes may be sent. @returns whether there was any */
  failWritten(error: Error): boolean {
    const { writableLength } = this.#stream;
    this.#staleBytes = writableLength - this.#batchBytes;
    this.#staleError = error;
    this.#outbox.failWaiting(error);
    return writableLength > 0;
  }

  /** For another association. */
  renew(): void {
    this.#bytesAccepted = 0;
    this.#bytesUnderWay = 0;
    this.#batchBytes = 0;
    this.#batchDone = undefined;
    this.#spent = 0;
    this.#staleBytes = 0;
    this.#isFull = false;
    this.#metEnd = false;
    this.#losesQuietly = false;
    this.#lostQuietly = 0;
    this.#merging?.drop();
    this.#outbox.renew();
  }

  /** And not for the association. */
  get #waitsForRoom(): boolean {
    return this.#outbox.length > 0 && this.#upAssociation !== undefined;
  }

  get #upAssociation(): Association | undefined {
    const { association } = this.#host;
    return association?.life.isUp ? association : undefined;
  }

  /** Node's `pipe` listens for 'unpipe' as long as it lasts; so may users, by other functions. */
  get #isPipedInto(): boolean {
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

  #makeMerging(): Merging {
    const checks = (): MessageChecks => this.#checks;
    return new Merging({
      sendCollected: (data) => {
        this.#outbox.send([{ data, info: undefined, pending: undefined, isCollected: true }]);
        this.#isFull = this.#waitsForRoom;
        return this.#outbox.length === 0;
      },
      get longestMessage() {
        return checks().longestPart;
      },
    });
  }

  /** Nothing may overtake what waits, and what waits is merged anyway. */
  #collects(chunks: readonly Buffer[], bytes: number): boolean {
    if (!this.#merging || !this.#upAssociation || this.#outbox.failure) return false;
    return (
      this.#outbox.length === 0 && !chunks.some(isPending) && this.#merging.collect(chunks, bytes)
    );
  }

  #messagesOf(chunks: readonly Chunk[]): OutgoingChunk[] {
    const messages: OutgoingChunk[] = [];
    if (!this.#merging) {
      for (const chunk of chunks) if (chunk !== NOTHING) messages.push(toOutgoing(chunk));
      return messages;
    }
    const { longest } = this.#merging;
    let run: Chunk[] = [];
    for (const chunk of chunks) {
      if (isPending(chunk)) {
        messages.push(...merged(run, longest).map(toOutgoing), toOutgoing(chunk)); // of `send`
        run = [];
      } else {
        run.push(chunk);
      }
    }
    messages.push(...merged(run, longest).map(toOutgoing));
    return messages;
  }

  #enqueueBytes(data: Buffer, callback: WriteCallback | undefined): boolean {
    if (this.#refusesHopeless(callback)) return false;
    if (!callback) return bufferMessage(this.#stream, data);
    return bufferMessage(this.#stream, data, (error) => {
      const failure = this.#losesQuietly ? null : (this.#outbox.failure ?? null);
      callback(error ? this.#reasonOf(error) : failure);
    });
  }

  /**
   * Node's own stream around a byte stream: TLS and HTTP/2 write through it, corking each time. Over
   * TCP they write to the handle below the socket, which does not know that JavaScript has ended.
   */
  get #isWrapped(): boolean {
    const stream = this.#stream;
    if (!this.#merging || stream.writableCorked === 0) return false;
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

  #refusesHopeless(callback: WriteCallback | undefined): boolean {
    const { failure } = this.#outbox;
    if (!failure || this.#losesQuietly) return false;
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
    if (this.#refusesHopeless(callback)) return false;
    // Long ones leave at once, with what was written before: they would gain nothing.
    const isLong = data.length > LONGEST_IN_BURST;
    if (!isLong && this.#upAssociation) this.#hold.hold();
    const mayGoOn = this.#buffer(data, info, callback, isAwaited);
    if (isLong) this.#hold.release();
    return mayGoOn;
  }

  #buffer(
    data: Buffer,
    info: CheckedSocketInfo | undefined,
    callback: WriteCallback | undefined,
    isAwaited: boolean,
  ): boolean {
    if (info === undefined && callback === undefined) return bufferMessage(this.#stream, data);
    // A Buffer of its own: the same one may be written again before this one has left.
    const chunk: Chunk = Buffer.from(data.buffer, data.byteOffset, data.length);
    const pending = new PendingMessage(info, isAwaited);
    chunk[kPending] = pending;
    if (callback === undefined) return bufferMessage(this.#stream, chunk);
    return bufferMessage(this.#stream, chunk, (error) => {
      callback(error ? this.#reasonOf(error) : pending.failure);
    });
  }

  /** Writable fails what waits in its buffer with no more than "destroyed". */
  #reasonOf(error: Error): Error {
    const failure = this.#outbox.failure as NodeJS.ErrnoException | undefined;
    return failure?.code === 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION' ? failure : error;
  }

  #onBatchDone(): void {
    const done = this.#batchDone;
    if (this.#spent <= BUDGET || !done) {
      this.#finishBatch();
      return;
    }
    setImmediate(() => {
      this.#spent = 0;
      if (this.#batchDone === done) this.#finishBatch(); // not another association's
    });
  }

  #finishBatch(): void {
    const done = this.#batchDone;
    this.#batchDone = undefined;
    this.#batchBytes = 0;
    this.#bytesAccepted += this.#bytesUnderWay;
    this.#bytesUnderWay = 0;
    this.#isFull = false;
    done?.();
    this.#onceSent?.();
    this.#onceSent = undefined;
  }

  /** Without those that were written before a restart: they are all that waited. */
  #freshOf(messages: OutgoingChunk[]): OutgoingChunk[] {
    if (this.#staleBytes === 0) return messages;
    const fresh = messages.filter((message) => !this.#isStale(message));
    this.#staleBytes = 0;
    return fresh;
  }

  /** Takes the next message of Writable's buffer: if it was written before a restart, it fails. */
  #isStale(message: OutgoingChunk): boolean {
    if (this.#staleBytes === 0 || this.#staleError === undefined) return false;
    this.#staleBytes -= message.data.length;
    this.#onFailed(message, this.#staleError);
    return true;
  }

  /**
   * A chunk that was detached while it waited: Writable, which knows its length from the chunk
   * itself, would wait for the rest for ever.
   */
  #correctLength(): void {
    const state = (this.#stream as unknown as { _writableState: { writelen: number } })
      ._writableState;
    state.writelen = this.#stream.writableLength; // one that waited alone
  }

  /** An unnoticed gap in a stream would be worse than the end of the association. */
  #onRefused(chunk: OutgoingChunk, errno: number): void {
    const error = this.#upAssociation?.sending.explain(errno, chunk) ?? systemError('write', errno);
    this.#onFailed(chunk, error);
    const isHeard =
      chunk.pending?.isAwaited === true || this.#stream.listenerCount('sendFailed') > 0;
    if (!isHeard) process.nextTick(() => this.#stream.destroy(error));
  }

  #countLost(bytes: number): void {
    this.#lostQuietly += bytes;
    if (this.#lostQuietly > MOST_LOST_QUIETLY) this.#losesQuietly = false;
  }

  /** Later: what handlers throw must not stop the outbox. */
  #onFailed(chunk: OutgoingChunk, error: Error): void {
    chunk.pending?.settle(this.#losesQuietly ? null : error);
    process.nextTick(() => {
      emitUnsent(this.#stream, chunk.data, chunk.info, error);
    });
  }
}

function isPending(chunk: Chunk): boolean {
  return chunk[kPending] !== undefined;
}

function toOutgoing(chunk: Chunk): OutgoingChunk {
  const pending = chunk[kPending];
  return { data: chunk, info: pending?.info, pending };
}
