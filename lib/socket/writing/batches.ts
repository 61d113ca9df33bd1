/**
 * What Writable hands over, a batch at a time, on its way to the kernel: what of it still counts as
 * waiting, and what becomes of it when it cannot be sent.
 */
import { constants as os } from 'node:os';
import type { Duplex } from 'node:stream';

import type { WriteCallback } from '../../../types/messages';
import type { Association } from '../../association/association';
import { emitUnsent } from '../../association/losses';
import { Outbox, type OutboxListener } from '../../association/outbox';
import { notConnected, socketClosed, systemError } from '../../errors';
import type { CheckedSocketInfo } from '../../messages/info';
import {
  type Chunk,
  isPending,
  markLast,
  saysHow,
  mergedMessagesOf,
  messagesOf,
  NOTHING,
} from './chunks';
import { GatheredChunk } from './gathered-chunk';
import { Merging } from './merging';
import type { MessageChecks } from './message-checks';
import type { OutgoingChunk } from './outgoing-chunk';
import { writableStateOf } from './writable-state';

const { EINVAL } = os.errno;

/**
 * How much the kernel may take, in bytes with an overhead for each message, before other things get
 * their turn: a program that writes whenever it may would otherwise never read.
 */
const BUDGET = 1_048_576;
const OVERHEAD = 1024;

/** TCP, too, takes no more than its buffer has room for: what comes after that meets an error. */
const MOST_LOST_QUIETLY = 256 * 1024;

/** What Batches need of their Socket. */
export interface BatchesHost {
  readonly socket: Duplex;
  /** Whether there is an association, or is to be one. */
  readonly isBegun: boolean;
  readonly association: Association | undefined;
  /** The association while it is established. */
  readonly upAssociation: Association | undefined;
  /** What a message may be. */
  readonly checks: MessageChecks;
  /** The kernel has taken messages. */
  onAccepted(): void;
  /** The kernel no longer takes messages. */
  onBroken(errno: number): void;
  /** There is a message to send, though none can be sent any longer. */
  onHopelessWrite(): void;
}

export class Batches implements OutboxListener<OutgoingChunk> {
  readonly #stream: Duplex;
  readonly #host: BatchesHost;
  readonly #outbox: Outbox<OutgoingChunk>;
  /** Only a byte stream has it. */
  readonly #merging: Merging | undefined;
  #bytesAccepted = 0;
  /** Accepted too, but of a batch that Writable still counts as waiting. */
  #bytesUnderWay = 0;
  /** All of the batch under way, which Writable still counts as waiting. */
  #batchBytes = 0;
  #batchDone: WriteCallback | undefined;
  /** What the kernel has taken of the budget. */
  #spent = 0;
  /** Whether others get their turn after the batch under way, if that is spent. */
  #mayRest = true;
  /** How much of Writable's buffer was written before a restart, and so has failed. */
  #staleBytes = 0;
  #staleError: Error | undefined;
  /** The kernel had no room for something that still waits. */
  #isFull = false;
  /** The first that the kernel refused had not waited for room. */
  #metEnd = false;
  #losesQuietly = false;
  /** Bytes that were lost in this way. */
  #lostQuietly = 0;
  #onceSent: (() => void) | undefined;
  #isEnding = false;

  /** @param merges whether chunks have no boundaries */
  constructor(host: BatchesHost, merges: boolean) {
    this.#stream = host.socket;
    this.#host = host;
    if (merges) this.#merging = this.#makeMerging();
    this.#outbox = new Outbox(this);
  }

  /** Bytes that were written, those included that still wait for room in the kernel. */
  get bytesWritten(): number {
    return this.#bytesAccepted + this.#stream.writableLength;
  }

  /** Why nothing can be sent any longer, if so. */
  get failure(): Error | undefined {
    return this.#outbox.failure;
  }

  /** Whether messages leave as they come: nothing has failed, and the end does not follow. */
  get maySend(): boolean {
    return this.#merging === undefined && !this.#isEnding && this.#outbox.failure === undefined;
  }

  /** Whether the kernel has taken so much that others are to get their turn. */
  get isSpent(): boolean {
    return this.#spent > BUDGET;
  }

  /** As with TCP, what is written after the peer has ended is lost without an error. */
  get losesQuietly(): boolean {
    return this.#losesQuietly;
  }

  /** What Writable hands over, one batch at a time. */
  dispatch(chunks: readonly Chunk[], callback: WriteCallback): void {
    if (!this.#host.isBegun) {
      // `write` says what that of `net` does.
      callback(chunks.some(saysHow) ? notConnected() : socketClosed());
      return;
    }
    let bytes = 0;
    for (const { length } of chunks) bytes += length;
    if (this.#collects(chunks, bytes)) {
      this.#bytesAccepted += bytes;
      callback();
      return;
    }
    this.flushCollected();
    this.#batchBytes = bytes;
    this.#batchDone = callback;
    const [first] = chunks;
    const gathered = chunks.length === 1 ? GatheredChunk.of(first) : undefined;
    // Whoever writes on in this tick, though `write` says false, does not let others run anyway.
    this.#mayRest = gathered?.isInBurst !== true || !gathered.isFull;
    if (gathered?.isInBurst && !this.#isEnding && this.#staleBytes === 0) {
      this.#outbox.sendFilled(gathered);
      this.#isFull = this.#waitsForRoom();
      return;
    }
    if (chunks.length === 1 && first?.length === 0 && first !== NOTHING) this.#correctLength();
    const messages = this.#merging
      ? mergedMessagesOf(chunks, this.#merging.longest)
      : messagesOf(chunks);
    if (this.#isEnding && bytes === this.#stream.writableLength) markLast(messages);
    this.#send(this.#freshOf(messages));
  }

  /**
   * A message while Writable has none; it need not know of this one.
   * @returns whether it was sent; else Writable must get it next
   */
  sendNow(data: Buffer, info: CheckedSocketInfo | undefined): boolean {
    if (!this.#host.upAssociation || !this.maySend || this.isSpent) return false;
    const chunk = { data, info, pending: undefined, isCollected: true, isLast: false };
    if (!this.#outbox.sendNow(chunk)) return false;
    this.#bytesAccepted += data.length;
    return true;
  }

  /** What Writable holds when `end` is called, or gets from it, is the last. */
  endWith(end: () => void): void {
    this.#isEnding = true;
    try {
      end();
    } finally {
      this.#isEnding = this.#stream.writableEnded; // a chunk may have been refused
    }
  }

  /** Calls back when nothing still waits of what Writable has handed over. */
  whenSent(callback: () => void): void {
    this.flushCollected();
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
    if (this.#outbox.length === 0) return;
    // Later: write callbacks must not come before 'connect'.
    process.nextTick(() => {
      this.#outbox.flush(false);
      this.#isFull = this.#waitsForRoom();
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
    this.#isEnding = false;
    this.#merging?.drop();
    this.#outbox.renew();
  }

  // --- What the outbox asks for and reports: methods, as closures would be most of an idle socket ---

  trySend(chunk: OutgoingChunk): number {
    // Detached since it was written: the kernel would call it invalid, too.
    if (chunk.data.length === 0) return -EINVAL;
    return this.#association().sending.trySend(chunk);
  }

  addToBurst(chunk: OutgoingChunk): boolean {
    return this.#association().sending.addToBurst(chunk);
  }

  sendBurst(): number {
    return this.#association().sending.sendBurst();
  }

  watch(on: boolean): void {
    this.#host.association?.setWriting(on);
  }

  catchUp(): void {
    this.#host.association?.catchUp();
  }

  onAccepted({ data, isCollected }: OutgoingChunk): void {
    if (!isCollected) this.#bytesUnderWay += data.length;
    this.#spent += data.length + OVERHEAD;
  }

  onFilledAccepted(messages: number, bytes: number): void {
    this.#bytesUnderWay += bytes;
    this.#spent += bytes + messages * OVERHEAD;
  }

  onProgress(): void {
    this.#host.onAccepted();
  }

  /** An unnoticed gap in a stream would be worse than the end of the association. */
  onRefused(chunk: OutgoingChunk, errno: number): void {
    const { upAssociation } = this.#host;
    const error = upAssociation?.sending.explain(errno, chunk) ?? systemError('write', errno);
    this.#fail(chunk, error);
    const isHeard =
      chunk.pending?.isAwaited === true || this.#stream.listenerCount('sendFailed') > 0;
    if (!isHeard) process.nextTick(() => this.#stream.destroy(error));
  }

  onBroken(errno: number): void {
    this.#metEnd = !this.#isFull;
    this.#host.onBroken(errno);
  }

  onFailed(chunk: OutgoingChunk, error: Error): void {
    if (this.#losesQuietly) this.#countLost(chunk.data.length);
    this.#fail(chunk, error);
    if (this.#outbox.failure && !this.#losesQuietly) this.#host.onHopelessWrite();
  }

  onIdle(): void {
    const done = this.#batchDone;
    if (!this.isSpent || !this.#mayRest || !done) {
      this.#finishBatch();
      return;
    }
    setImmediate(() => {
      this.#spent = 0;
      if (this.#batchDone === done) this.#finishBatch(); // not another association's
    });
  }

  #association(): Association {
    return this.#host.association as Association;
  }

  /** And not for the association. */
  #waitsForRoom(): boolean {
    return this.#outbox.length > 0 && this.#host.upAssociation !== undefined;
  }

  #send(messages: readonly OutgoingChunk[]): void {
    this.#outbox.send(messages);
    this.#isFull = this.#waitsForRoom();
  }

  #makeMerging(): Merging {
    const { checks } = this.#host;
    return new Merging({
      sendCollected: (data) => {
        const isLast = this.#isEnding && this.#stream.writableLength === 0;
        this.#send([{ data, info: undefined, pending: undefined, isCollected: true, isLast }]);
        return this.#outbox.length === 0;
      },
      get longestMessage() {
        return checks.longestPart;
      },
    });
  }

  /** Nothing may overtake what waits, and what waits is merged anyway. */
  #collects(chunks: readonly Buffer[], bytes: number): boolean {
    if (!this.#merging || !this.#host.upAssociation || this.#outbox.failure) return false;
    return (
      this.#outbox.length === 0 && !chunks.some(isPending) && this.#merging.collect(chunks, bytes)
    );
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
    this.#fail(message, this.#staleError);
    return true;
  }

  /**
   * A chunk that was detached while it waited: Writable, which knows its length from the chunk
   * itself, would wait for the rest for ever.
   */
  #correctLength(): void {
    writableStateOf(this.#stream).writelen = this.#stream.writableLength; // one that waited alone
  }

  #countLost(bytes: number): void {
    this.#lostQuietly += bytes;
    if (this.#lostQuietly > MOST_LOST_QUIETLY) this.#losesQuietly = false;
  }

  /** Later: what handlers throw must not stop the outbox. */
  #fail(chunk: OutgoingChunk, error: Error): void {
    chunk.pending?.settle(this.#losesQuietly ? null : error);
    process.nextTick(() => {
      emitUnsent(this.#stream, chunk.data, chunk.info, error);
    });
  }
}
