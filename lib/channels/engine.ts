/** Drives an association of the engine: packets in and out, events, once a turn. */
import { AsyncResource } from 'node:async_hooks';
import { markAsUntransferable } from 'node:worker_threads';

import type {
  NativeEngineAssociation,
  NativeEngineConfig,
  NativeEngineStats,
  NativeErrorCause,
} from '../../types/native';
import { binding } from '../binding';

/** A kept packet keeps its slab alive, and a MessagePort clones it whole: it is small. */
const PACKET_SLAB = 16 * 1024;
/** Of messages; the addon copies those of up to 8 KiB there. */
const MESSAGE_SLAB = 256 * 1024;
const LONGEST_IN_SLAB = 8 * 1024;
const PACKETS_AT_ONCE = 128;
const ROWS_AT_ONCE = 64;
/** Packets that may arrive in one turn before what they brought is delivered and frees the window. */
const PACKETS_UNDELIVERED = 128;

/** The engine's reason when we have aborted. */
const DISCARDED = 1;

export interface EngineHandler {
  onPacket(packet: Buffer): void;
  onMessage(sid: number, ppid: number, data: Buffer): void;
  onMessageFailed(sid: number, ppid: number, length: number, reason: number, sent: boolean): void;
  /** @param features bits: partial reliability, interleaving, reconfiguration, zero checksum */
  onConnected(outbound: number, inbound: number, features: number): void;
  onRestarted(outbound: number, inbound: number, features: number): void;
  onBufferedAmountLow(sid: number): void;
  onIncomingReset(sids: number[]): void;
  onOutgoingReset(sids: number[], performed: boolean): void;
  onPeerShutdown(): void;
  onErrorReceived(causes: NativeErrorCause[]): void;
  onClosed(reason: number, causes: NativeErrorCause[]): void;
}

class Slab {
  bytes = Buffer.alloc(0);
  used = 0;

  constructor(readonly size: number) {}

  /** Room for `bytes` in one piece. */
  reserve(bytes: number): void {
    if (this.bytes.length - this.used >= bytes) return;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(this.size, bytes));
    markAsUntransferable(this.bytes.buffer); // one packet or message must not take the others along
    this.used = 0;
  }
}

const packetSlab = new Slab(PACKET_SLAB);
const messageSlab = new Slab(MESSAGE_SLAB);
const lengths = new Uint32Array(PACKETS_AT_ONCE);

/** What a poll fills. Several at a time only if a handler runs the event loop. */
interface Batch {
  rows: Uint32Array | undefined;
  extras: unknown[];
}
const spare: Batch[] = [];

export class Engine {
  readonly #native: NativeEngineAssociation;
  readonly #handler: EngineHandler;
  readonly #resource = new AsyncResource('SctpEngine');
  readonly #maxPacketSize: number;
  readonly #onFlush = (): void => {
    this.#flush();
  };
  #isScheduled = false;
  #isTickScheduled = false;
  #undelivered = 0;
  #isFlushing = false;
  /** Packets on their way to the transport. */
  #outgoing: Buffer[] = [];
  #isOver = false;
  #lastStats: NativeEngineStats | undefined;

  constructor(config: NativeEngineConfig, handler: EngineHandler) {
    this.#native = new binding.EngineAssociation(config);
    this.#native.onTimeout = this.#onFlush;
    this.#handler = handler;
    this.#maxPacketSize = this.#native.maxPacketSize();
  }

  connect(): void {
    this.#native.connect();
    this.#flushSoon();
  }

  receive(packet: ArrayBufferView): void {
    if (this.#isOver) return;
    this.#native.receive(packet);
    // Now, or one SACK would answer many packets: too few for the peer to see what is lost, and
    // each lets it send a burst.
    this.#pollPackets();
    if (++this.#undelivered >= PACKETS_UNDELIVERED) {
      this.#flush();
    } else if (!this.#isScheduled) {
      // At the end of the turn: what arrives together is delivered and answered together.
      this.#isScheduled = true;
      setImmediate(this.#onFlush);
    }
  }

  /** @returns as the native one */
  send(
    data: string | ArrayBufferView,
    sid: number,
    ppid: number,
    unordered: boolean,
    policy: number,
    value: number,
  ): number {
    const status = this.#native.send(data, sid, ppid, unordered, policy, value);
    this.#flushSoon();
    return status;
  }

  /** @returns as the native one */
  resetStreams(sids: readonly number[]): number {
    const status = this.#native.resetStreams(sids);
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
    this.#isOver = true;
    this.#lastStats = this.#native.stats();
    this.#native.close();
    process.nextTick(() => {
      this.#resource.runInAsyncScope(() => {
        this.#handler.onClosed(DISCARDED, []);
      });
    });
  }

  bufferedAmount(sid?: number): number {
    return this.#native.bufferedAmount(sid);
  }

  setLowThreshold(sid: number, bytes: number): void {
    this.#native.setLowThreshold(sid, bytes);
  }

  setWeight(sid: number, weight: number): void {
    this.#native.setWeight(sid, weight);
  }

  setMtu(mtu: number): void {
    this.#native.setMtu(mtu);
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

  /** What was sent in one tick leaves together. */
  #flushSoon(): void {
    if (this.#isTickScheduled || this.#isOver) return;
    this.#isTickScheduled = true;
    process.nextTick(this.#onFlush);
  }

  #flush(): void {
    // A handler may hand over packets, too; the outer one goes on with what they brought.
    if (this.#isFlushing || this.#isOver) return;
    this.#isFlushing = true;
    try {
      this.#resource.runInAsyncScope(this.#run, this);
    } finally {
      this.#isFlushing = false;
    }
  }

  #run(): void {
    this.#isScheduled = this.#isTickScheduled = false;
    this.#undelivered = 0;
    do this.#sendPackets();
    while (this.#deliverEvents());
    this.#native.arm();
  }

  #sendPackets(): void {
    for (;;) {
      this.#pollPackets();
      const packets = this.#outgoing;
      if (packets.length === 0) return;
      this.#outgoing = [];
      for (const packet of packets) this.#handler.onPacket(packet);
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
  #deliverEvents(): boolean {
    const { count: columns } = binding.engineRowColumns;
    const batch = spare.pop() ?? { rows: undefined, extras: [] };
    const rows = (batch.rows ??= new Uint32Array(1 + ROWS_AT_ONCE * columns));
    messageSlab.reserve(LONGEST_IN_SLAB);
    const { bytes, used } = messageSlab;
    const count = this.#native.pollEvents(bytes, used, rows, batch.extras);
    if (count > 0) messageSlab.used = rows[0] as number;
    for (let row = 0; row < count; row++) {
      this.#deliver(rows, 1 + row * columns, bytes, batch.extras);
    }
    batch.extras.length = 0;
    spare.push(batch);
    // None, though one may wait: there was no room for it.
    return count > 0;
  }

  #deliver(rows: Uint32Array, row: number, slab: Buffer, extras: readonly unknown[]): void {
    const KIND = binding.engineRowKinds;
    const COLUMN = binding.engineRowColumns;
    const handler = this.#handler;
    const column = (name: keyof typeof COLUMN): number => rows[row + COLUMN[name]] as number;
    const extra = (): unknown => extras[column('offset')];
    switch (column('kind')) {
      case KIND.message: {
        const start = column('offset');
        const data = slab.subarray(start, start + column('length'));
        handler.onMessage(column('sid'), column('ppid'), data);
        break;
      }
      case KIND.largeMessage:
        handler.onMessage(column('sid'), column('ppid'), Buffer.from(extra() as ArrayBuffer));
        break;
      case KIND.messageFailed:
        handler.onMessageFailed(
          column('sid'),
          column('ppid'),
          column('length'),
          column('code'),
          column('flag') !== 0,
        );
        break;
      case KIND.connected:
        handler.onConnected(column('sid'), column('ppid'), column('code'));
        break;
      case KIND.restarted:
        handler.onRestarted(column('sid'), column('ppid'), column('code'));
        break;
      case KIND.bufferedAmountLow:
        if (column('flag') === 0) handler.onBufferedAmountLow(column('sid'));
        break;
      case KIND.incomingStreamsReset:
        handler.onIncomingReset(extra() as number[]);
        break;
      case KIND.outgoingStreamsReset:
        handler.onOutgoingReset(extra() as number[], column('code') === 0);
        break;
      case KIND.peerShutdown:
        handler.onPeerShutdown();
        break;
      case KIND.errorReceived:
        handler.onErrorReceived(extra() as NativeErrorCause[]);
        break;
      case KIND.closed: {
        // What it has to say before it goes: an ABORT.
        this.#sendPackets();
        this.#isOver = true;
        this.#lastStats = this.#native.stats();
        this.#native.close();
        handler.onClosed(column('code'), extra() as NativeErrorCause[]);
        break;
      }
    }
  }
}
