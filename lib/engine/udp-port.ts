/**
 * A UDP port that carries SCTP packets (RFC 6951): to associations by the way they take and their
 * SCTP ports, and to listeners what belongs to none.
 */
import { constants as os } from 'node:os';

import { familyOf } from '../addresses/family';
import type { NativeStranger, NativeUdpSocket } from '../../types/native-engine';
import { binding } from '../binding';

const { EAGAIN } = os.errno;

/** Packets received at once; each has a slot. */
const SLOTS = 32;
const SLOT_SIZE = 65_536;
/** Batches until other work has its turn. */
const BATCHES = 8;
/** Packets that wait where the kernel has no room; what is beyond is lost, as packets may be. */
const MAX_WAITING = 4096;
const COMMON_HEADER = 12;

/** Shared: a batch is done with before the next is received. */
let memory: Buffer | undefined;
const rows = new Uint32Array(2 * SLOTS);

/** Where a packet came from, and where to. */
export type Source = NativeStranger;

/** An association, as its packets see it. */
export interface PacketTarget {
  receive(packet: Buffer): void;
  /** A batch of packets is complete. */
  flush(): void;
  /** Nobody is at the peer's address and port, says the network; `errno` is negative. */
  onUnreachable(errno: number): void;
  /** The process ends. */
  onExit(): void;
}

/** Who takes packets that belong to no association. */
export interface StrangersTarget {
  readonly sctpPort: number;
  /** Whether it listens on an address of this machine. */
  accepts(localAddress: string, isIPv4Peer: boolean): boolean;
  onStranger(packet: Buffer, source: Source): void;
  /** A batch of packets is complete. */
  flush(): void;
}

/** What an association holds of its port. */
export interface Attachment {
  send(packets: Buffer[]): void;
  /** Keeps the process alive, until it is detached. */
  ref(): void;
  unref(): void;
  /** No more packets, either way. */
  detach(): void;
}

interface Way {
  number: number;
  users: number;
}

const open = new Set<UdpPort>();
let isWatchingExit = false;

export class UdpPort {
  readonly #native: NativeUdpSocket;
  readonly #onUnused: () => void;
  readonly #ways = new Map<string, Way>();
  /** By way and SCTP ports. */
  readonly #associations = new Map<number, PacketTarget>();
  readonly #listeners = new Set<StrangersTarget>();
  readonly #holders = new Set<object>();
  #waiting: { way: number; packets: Buffer[]; next: number }[] = [];
  #waitingCount = 0;
  #isClosed = false;

  /** @param native open, and bound or connected */
  constructor(native: NativeUdpSocket, onUnused: () => void) {
    this.#native = native;
    this.#onUnused = onUnused;
    native.onReadable = () => {
      this.#onReadable();
    };
    native.onWritable = () => {
      this.#onWritable();
    };
    native.unref();
    native.watch(true, false);
    open.add(this);
    if (isWatchingExit) return;
    isWatchingExit = true;
    process.on('exit', () => {
      for (const port of open) for (const target of port.#associations.values()) target.onExit();
    });
  }

  get localPort(): number {
    return this.#native.localAddress()?.port ?? 0;
  }

  /** Keeps the process alive, for `holder`. */
  ref(holder: object): void {
    if (this.#isClosed) return;
    if (this.#holders.size === 0) this.#native.ref();
    this.#holders.add(holder);
  }

  unref(holder: object): void {
    if (!this.#holders.delete(holder) || this.#isClosed) return;
    if (this.#holders.size === 0) this.#native.unref();
  }

  isListenedTo(sctpPort: number, conflicts: (other: StrangersTarget) => boolean): boolean {
    return [...this.#listeners].some((other) => other.sctpPort === sctpPort && conflicts(other));
  }

  listen(target: StrangersTarget): void {
    this.#listeners.add(target);
  }

  unlisten(target: StrangersTarget): void {
    this.#listeners.delete(target);
    this.#closeIfUnused();
  }

  /**
   * @param source the peer, and our address
   * @returns nothing if there is an association between these ports already
   */
  attach(
    target: PacketTarget,
    source: Source,
    peerPort: number,
    ownPort: number,
  ): Attachment | undefined {
    const name = `${source.address} ${String(source.port)} ${source.localAddress}`;
    const way = this.#ways.get(name) ?? {
      number: this.#native.addWay(source.address, source.port, source.localAddress),
      users: 0,
    };
    const key = keyOf(way.number, peerPort, ownPort);
    if (this.#associations.has(key)) return undefined;
    way.users++;
    this.#ways.set(name, way);
    this.#associations.set(key, target);
    let isAttached = true;
    return {
      send: (packets) => {
        if (isAttached) this.#send(way.number, packets);
      },
      ref: () => {
        if (isAttached) this.ref(target);
      },
      unref: () => {
        this.unref(target);
      },
      detach: () => {
        if (!isAttached) return;
        isAttached = false;
        this.#associations.delete(key);
        this.unref(target);
        if (--way.users === 0) {
          this.#ways.delete(name);
          this.#native.removeWay(way.number);
        }
        this.#closeIfUnused();
      },
    };
  }

  #closeIfUnused(): void {
    if (this.#isClosed || this.#associations.size > 0 || this.#listeners.size > 0) return;
    this.#isClosed = true;
    open.delete(this);
    this.#native.close();
    this.#onUnused();
  }

  #send(way: number, packets: Buffer[]): void {
    if (this.#isClosed) return;
    let next = 0;
    if (this.#waiting.length === 0) {
      next = this.#native.send(way, packets, 0);
      if (next < 0 || next >= packets.length) return;
    }
    if (this.#waitingCount + packets.length > MAX_WAITING) return;
    this.#waitingCount += packets.length;
    this.#waiting.push({ way, packets, next });
    this.#native.watch(true, true);
  }

  #onWritable(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      first.next = this.#native.send(first.way, first.packets, first.next);
      if (first.next >= 0 && first.next < first.packets.length) return;
      this.#waiting.shift();
      this.#waitingCount -= first.packets.length;
    }
    this.#native.watch(true, false);
  }

  #onReadable(): void {
    memory ??= Buffer.allocUnsafeSlow(SLOTS * SLOT_SIZE);
    for (let batch = 0; batch < BATCHES && !this.#isClosed; batch++) {
      const strangers: Source[] = [];
      const count = this.#native.receive(memory, rows, strangers);
      if (count === -EAGAIN) return;
      if (count < 0) {
        for (const target of this.#associations.values()) target.onUnreachable(count);
        continue;
      }
      const touched = new Set<{ flush(): void }>();
      for (let i = 0; i < count; i++) {
        const length = rows[2 * i + 1] as number;
        const packet = memory.subarray(i * SLOT_SIZE, i * SLOT_SIZE + length);
        if (length < COMMON_HEADER) continue;
        const target = this.#take(packet, rows[2 * i] as number, strangers[i]);
        if (target) touched.add(target);
      }
      for (const target of touched) target.flush();
      if (count < SLOTS) return;
    }
  }

  /** @returns who has got the packet */
  #take(packet: Buffer, way: number, stranger: Source | undefined): { flush(): void } | undefined {
    const peerPort = packet.readUInt16BE(0);
    const ownPort = packet.readUInt16BE(2);
    // A way becomes known while a batch is read.
    const number = way === 0 && stranger ? this.#numberOf(stranger) : way;
    const target = this.#associations.get(keyOf(number, peerPort, ownPort));
    if (target) {
      target.receive(packet);
      return target;
    }
    const source = stranger ?? this.#sourceOf(way);
    if (!source) return undefined;
    for (const listener of this.#listeners) {
      const { localAddress, family } = source;
      if (listener.sctpPort !== ownPort) continue;
      if (!listener.accepts(localAddress, family === 'IPv4')) continue;
      listener.onStranger(packet, source);
      return listener;
    }
    const refusal = binding.refuseStranger(packet);
    if (refusal) this.reply(source, refusal);
    return undefined;
  }

  /** Answers a stranger. */
  reply({ address, port, localAddress }: Source, packet: Buffer): void {
    this.#native.reply(address, port, localAddress, packet);
  }

  #numberOf({ address, port, localAddress }: Source): number {
    return this.#ways.get(`${address} ${String(port)} ${localAddress}`)?.number ?? 0;
  }

  #sourceOf(number: number): Source | undefined {
    for (const [name, way] of this.#ways) {
      if (way.number !== number) continue;
      const [address = '', port, localAddress = ''] = name.split(' ');
      const family = familyOf(address);
      return { address, port: Number(port), family, localAddress };
    }
    return undefined;
  }
}

function keyOf(way: number, peerPort: number, ownPort: number): number {
  return way * 2 ** 32 + peerPort * 2 ** 16 + ownPort;
}
