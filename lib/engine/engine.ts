/** Drives an association of the engine: packets in and out, events, once a turn. */
import { AsyncResource } from 'node:async_hooks';

import type {
  NativeEngineAssociation,
  NativeEngineConfig,
  NativeEngineListener,
  NativeEngineStats,
  NativeErrorCause,
} from '../../types/native-engine';
import { binding } from '../binding';
import { engineRowColumns as COLUMN, engineRowKinds as KIND } from '../native-rows';
import { CLOSED, deliverRow, type EngineHandler } from './events';
import { Slab } from './slab';

/** A kept packet keeps its slab alive, and a MessagePort clones it whole: it is small. */
const PACKET_SLAB = 16 * 1024;
/** For messages; the addon copies those of up to 8 KiB there. */
const MESSAGE_SLAB = 256 * 1024;
const LONGEST_IN_SLAB = 8 * 1024;
const PACKETS_AT_ONCE = 128;
const ROWS_AT_ONCE = 64;
/** Packets that may arrive in one turn before what they brought is delivered and frees the window. */
const PACKETS_UNDELIVERED = 128;

/** The engine's number of the state. */
const STATE_CLOSED = 8;

const packetSlab = new Slab(PACKET_SLAB);
const messageSlab = new Slab(MESSAGE_SLAB);
const lengths = new Uint32Array(PACKETS_AT_ONCE);

/** What a poll fills. Several at a time only if a handler runs the event loop. */
interface Batch {
  rows: Uint32Array | undefined;
  extras: unknown[];
}
const spare: Batch[] = [];

/** A listener that has let the peer in, and from where. */
export interface Door {
  listener: NativeEngineListener;
  origin: Uint8Array;
}

export class Engine {
  readonly #native: NativeEngineAssociation;
  readonly #handler: EngineHandler;
  readonly #resource = new AsyncResource('SctpEngine');
  readonly #maxPacketSize: number;
  readonly #onFlush = (): void => {
    this.flush();
  };
  #isScheduled = false;
  #isTickScheduled = false;
  #undelivered = 0;
  #isFlushing = false;
  #isReading = true;
  /** Packets on their way to the transport. */
  #outgoing: Buffer[] = [];
  #isOver = false;
  #lastStats: NativeEngineStats | undefined;

  constructor(config: NativeEngineConfig, handler: EngineHandler, door?: Door) {
    this.#native = door
      ? new binding.EngineAssociation(config, door.listener, door.origin)
      : new binding.EngineAssociation(config);
    this.#native.onTimeout = this.#onFlush;
    this.#handler = handler;
    this.#maxPacketSize = this.#native.maxPacketSize();
  }

  /** Whether it is over, also while the handler is still to learn it. */
  get isOver(): boolean {
    return this.#isOver || this.state === STATE_CLOSED;
  }

  /** The engine's number. */
  get state(): number {
    return this.#native.state();
  }

  connect(): void {
    this.#native.connect();
    this.#flushSoon();
  }

  receive(packet: ArrayBufferView): void {
    if (this.#isOver) return;
    // Now, or one SACK would answer many packets: too few for the peer to see what is lost, and
    // each lets it send a burst.
    if (this.#native.receive(packet) > 0) this.#pollPackets();
    if (++this.#undelivered >= PACKETS_UNDELIVERED) {
      this.flush();
    } else if (!this.#isScheduled) {
      // At the end of the turn: what arrives together is delivered and answered together.
      this.#isScheduled = true;
      setImmediate(this.#onFlush);
    }
  }

  /** @returns as the native one */
  send(
    ...message: Parameters<NativeEngineAssociation['send']>
  ): ReturnType<NativeEngineAssociation['send']> {
    const status = this.#native.send(...message);
    this.#flushSoon();
    return status;
  }

  /** @returns as the native one */
  resetStreams(sids: readonly number[]): number {
    const status = this.#native.resetStreams(sids);
    this.#flushSoon();
    return status;
  }

  /** @returns as the native one */
  requestReset(sids: readonly number[]): number {
    const status = this.#native.requestReset(sids);
    this.#flushSoon();
    return status;
  }

  /** @returns as the native one */
  addStreams(outgoing: number, incoming: number): number {
    const status = this.#native.addStreams(outgoing, incoming);
    this.#flushSoon();
    return status;
  }

  shutdown(): void {
    this.#native.shutdown();
    this.#flushSoon();
  }

  abort(reason: string): void {
    this.#native.abort(reason);
    this.#flushSoon();
  }

  /** Ends what has not begun: the peer knows nothing of it. */
  discard(): void {
    if (this.#isOver) return;
    this.#end();
    process.nextTick(() => {
      this.#resource.runInAsyncScope(() => {
        this.#handler.onClosed(CLOSED.aborted, []);
      });
    });
  }

  /** Sends what is to be sent, and reports nothing from now on. */
  release(): void {
    if (this.#isOver) return;
    this.#sendPackets();
    this.#end();
  }

  /** Whether events are delivered. What is not delivered keeps the peer's window closed. */
  setReading(on: boolean): void {
    if (this.#isReading === on) return;
    this.#isReading = on;
    if (on && !this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(this.#onFlush);
    }
  }

  /**
   * Delivers now, whether that is wanted or not.
   * @returns whether there may be more
   */
  deliver(limit = ROWS_AT_ONCE): boolean {
    return !this.#isOver && this.#deliverEvents(limit);
  }

  bufferedAmount(sid?: number): number {
    return this.#native.bufferedAmount(sid);
  }

  retainedBytes(): number {
    return this.#native.retainedBytes();
  }

  setLowThreshold(sid: number, bytes: number): void {
    this.#native.setLowThreshold(sid, bytes);
  }

  setPriority(sid: number, priority: number): void {
    this.#native.setPriority(sid, priority);
  }

  setWeight(sid: number, weight: number): void {
    this.#native.setWeight(sid, weight);
  }

  setMtu(mtu: number): void {
    this.#native.setMtu(mtu);
  }

  tune(config: NativeEngineConfig): void {
    this.#native.tune(config);
    this.#flushSoon();
  }

  stats(): NativeEngineStats | undefined {
    return this.#native.stats() ?? this.#lastStats;
  }

  ref(): void {
    this.#native.ref();
  }

  unref(): void {
    this.#native.unref();
  }

  /** Sends what is to be sent, delivers what there is, and sees to the time. */
  flush(): void {
    // A handler may hand over packets, too; the outer one goes on with what they brought.
    if (this.#isFlushing || this.#isOver) return;
    this.#isFlushing = true;
    try {
      this.#resource.runInAsyncScope(this.#run, this);
    } finally {
      this.#isFlushing = false;
    }
  }

  /** What was sent in one tick leaves together. */
  #flushSoon(): void {
    if (this.#isTickScheduled || this.#isOver) return;
    this.#isTickScheduled = true;
    process.nextTick(this.#onFlush);
  }

  #run(): void {
    this.#isScheduled = this.#isTickScheduled = false;
    this.#undelivered = 0;
    do this.#sendPackets();
    while (this.#isDelivering() && this.#deliverEvents(ROWS_AT_ONCE));
    this.#native.arm();
  }

  /** A reader sets the pace of an association that ended in order, too; a failure is no reader's. */
  #isDelivering(): boolean {
    if (this.#isReading) return true;
    return this.#native.state() === STATE_CLOSED && !this.#native.endedInOrder();
  }

  #end(): void {
    this.#isOver = true;
    this.#lastStats = this.#native.stats();
    this.#native.close();
  }

  #sendPackets(): void {
    for (;;) {
      this.#pollPackets();
      const packets = this.#outgoing;
      if (packets.length === 0) return;
      this.#outgoing = [];
      this.#handler.onPackets(packets);
    }
  }

  #pollPackets(): void {
    const most = Math.max(this.#maxPacketSize, this.#native.maxPacketSize());
    for (;;) {
      packetSlab.reserve(most);
      const { bytes } = packetSlab;
      const count = this.#native.pollPackets(bytes, packetSlab.used, lengths);
      if (count <= 0) return;
      for (let i = 0; i < count; i++) {
        const start = packetSlab.used;
        packetSlab.used += lengths[i] as number;
        this.#outgoing.push(bytes.subarray(start, packetSlab.used));
      }
      if (count < lengths.length && bytes.length - packetSlab.used >= most) return;
    }
  }

  /** False when there was none. */
  #deliverEvents(limit: number): boolean {
    const { count: columns } = COLUMN;
    const batch = spare.pop() ?? { rows: undefined, extras: [] };
    const rows = (batch.rows ??= new Uint32Array(1 + ROWS_AT_ONCE * columns));
    const room = limit < ROWS_AT_ONCE ? rows.subarray(0, 1 + limit * columns) : rows;
    messageSlab.reserve(LONGEST_IN_SLAB);
    const { bytes, used } = messageSlab;
    const count = this.#native.pollEvents(bytes, used, room, batch.extras);
    if (count > 0) messageSlab.used = rows[0] as number;
    for (let row = 0; row < count; row++) {
      this.#deliver(rows, 1 + row * columns, bytes, batch.extras);
    }
    if (count > 0) this.#handler.onBatchEnd?.();
    batch.extras.length = 0;
    spare.push(batch);
    // None, though one may wait: there was no room for it.
    return count > 0;
  }

  #deliver(rows: Uint32Array, row: number, slab: Buffer, extras: readonly unknown[]): void {
    if (rows[row + COLUMN.kind] !== KIND.closed) {
      deliverRow(this.#handler, rows, row, slab, extras);
      return;
    }
    // What it has to say before it goes: an ABORT.
    this.#sendPackets();
    this.#end();
    const causes = extras[rows[row + COLUMN.offset] as number] as NativeErrorCause[];
    this.#handler.onClosed(rows[row + COLUMN.code] as number, causes);
  }
}
