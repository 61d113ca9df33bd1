/** Reads the rows that one wake-up of a socket received (see types/native.d.ts). */
import { Buffer } from 'node:buffer';
import { debuglog } from 'node:util';
import { markAsUntransferable } from 'node:worker_threads';

import type { Address } from '../types/address';
import type { Message, MessageInfo, ReceivedInfo } from '../types/messages';
import type { NativeNotification } from '../types/native-values';
import { binding } from './binding';
import { constants } from './constants';
import { describedView } from './messages/described';
import { firstRow, rowColumns, rowKinds as KIND } from './native-rows';
import { eventOf } from './notifications/events';

const trace = debuglog('kernel-sctp');
/** NODE_DEBUG is read once; to ask Node each time takes two calls. */
let traced: boolean | undefined;
const isTraced = (): boolean => (traced ??= trace.enabled);

// As constants of this file: until V8 has compiled what is done for each message, looking them up is
// a good part of it.
const {
  kind: ROW_KIND,
  offset: OFFSET,
  length: LENGTH,
  peer: PEER,
  assocId: ASSOC_ID,
  sid: SID,
  flags: FLAGS,
  ppid: PPID,
  context: CONTEXT,
  ssn: SSN,
  tsn: TSN,
  cumulativeTsn: CUMULATIVE_TSN,
  count: COLUMNS,
} = rowColumns;
const { message: MESSAGE, largeMessage: LARGE_MESSAGE, slab: SLAB, event: EVENT } = KIND;
const { SCTP_UNORDERED } = constants;

/** Where a message came from. */
export type Peer = Address;

/** A reader that takes messages as they come: they go there without what else they may have to pass. */
export interface Flow {
  /** @returns false, and does nothing, if it takes none now: what it did with the last may have changed that */
  take(data: Message): boolean;
}

/** What a socket does with what it receives. */
export interface BatchHandler {
  /** False once the user has closed the socket: what is left is not delivered. */
  readonly receiving: boolean;
  /** Whether messages must not share memory. */
  readonly copies: boolean;
  /** Given if messages carry their `sid`, `ppid` and so on. */
  readonly flow?: Flow | undefined;
  onMessage(data: Buffer, peer: Peer, info: ReceivedInfo): void;
  /** A message above the limit was dropped; `length` is its full length. */
  onTooLarge(length: number, peer: Peer, assocId: number): void;
  /** The rest of a message, of which `length` bytes had come, will never come. */
  onIncomplete(length: number, peer: Peer): void;
  onNotification(notification: NativeNotification, peer: Peer): void;
  /** Reading failed; `errno` is negative. */
  onError(errno: number): void;
  /** One-to-one sockets: the peer has shut down, only notifications can follow. */
  onEnd?(): void;
}

export const unknownPeer: Peer = { address: '', family: 'IPv4', port: 0 };
const noMemory = new ArrayBuffer(0);
/** The addon's, from the first reader on. */
let rows: Uint32Array = new Uint32Array(0);
let preparedSlab: ArrayBuffer | undefined;

export class BatchReader {
  /** Addresses by the numbers that the native side gave them. */
  #peers: Peer[] | undefined;
  readonly #handler: BatchHandler;
  /** What the next row's offset refers to; a batch continues after a handler threw. */
  #memory = noMemory;

  constructor(handler: BatchHandler) {
    this.#handler = handler;
    ({ rows } = binding);
  }

  /** Delivers the rows from `rows[0]` on. May throw what a handler throws, and be called again. */
  read(count: number, slab: ArrayBuffer, extras: unknown[] = []): void {
    const handler = this.#handler;
    if (rows[0] === 0) this.#memory = this.#prepare(slab);
    for (let index = rows[0] as number; index < count && handler.receiving; index = rows[0]) {
      const row = firstRow + index * COLUMNS;
      rows[0] = index + 1;
      switch (rows[row + ROW_KIND]) {
        case MESSAGE:
          this.#deliverMessage(row);
          break;
        case LARGE_MESSAGE:
          this.#deliverLarge(row, extras[rows[row + OFFSET] as number] as Buffer);
          break;
        case EVENT:
          this.#deliverEvent(row);
          break;
        case SLAB:
          this.#memory = this.#prepare(extras[rows[row + OFFSET] as number] as ArrayBuffer);
          break;
        default:
          this.#deliver(row, extras);
      }
    }
    this.#memory = noMemory; // an idle socket must not keep it alive
  }

  /** Whether nothing is left of a batch. */
  static isDone(count: number): boolean {
    return (rows[0] as number) >= count;
  }

  #deliverMessage(row: number): void {
    const handler = this.#handler;
    const { flow } = handler;
    const offset = rows[row + OFFSET] as number;
    const length = rows[row + LENGTH] as number;
    if (flow !== undefined) {
      const message = describedView(this.#memory, offset, length, messageInfoOf(row));
      if (!flow.take(message)) handler.onMessage(message, unknownPeer, infoOf(row));
      return;
    }
    const peer = this.#peers?.[rows[row + PEER] as number] ?? unknownPeer;
    const view = Buffer.from(this.#memory, offset, length);
    handler.onMessage(handler.copies ? unpooledCopy(view) : view, peer, infoOf(row));
  }

  /** A short life consists of these. */
  #deliverEvent(row: number): void {
    const peer = this.#peers?.[rows[row + PEER] as number] ?? unknownPeer;
    const notification = eventIn(row);
    if (isTraced()) trace('%s:%d %o', peer.address, peer.port, notification);
    this.#handler.onNotification(notification, peer);
  }

  /** What is rarer than messages. */
  #deliver(row: number, extras: unknown[]): void {
    const handler = this.#handler;
    const offset = rows[row + OFFSET] as number;
    const length = rows[row + LENGTH] as number;
    const peerNumber = rows[row + PEER] as number;
    const peer = this.#peers?.[peerNumber] ?? unknownPeer;
    switch (rows[row + ROW_KIND]) {
      case KIND.tooLarge:
        handler.onTooLarge(length, peer, rows[row + ASSOC_ID] as number);
        break;
      case KIND.incomplete:
        handler.onIncomplete(length, peer);
        break;
      case KIND.notification: {
        const notification = extras[offset] as NativeNotification;
        if (isTraced()) trace('%s:%d %o', peer.address, peer.port, notification);
        handler.onNotification(notification, peer);
        break;
      }
      case KIND.peer:
        (this.#peers ??= [])[peerNumber] = extras[offset] as Peer;
        break;
      case KIND.error:
        handler.onError(-length);
        break;
      case KIND.end:
        handler.onEnd?.();
        break;
    }
  }

  /** @param memory its own; it may be longer */
  #deliverLarge(row: number, memory: Buffer): void {
    const handler = this.#handler;
    const length = rows[row + LENGTH] as number;
    const { flow } = handler;
    if (flow !== undefined) {
      const { buffer, byteOffset } = memory;
      const message = describedView(buffer as ArrayBuffer, byteOffset, length, messageInfoOf(row));
      if (!flow.take(message)) handler.onMessage(message, unknownPeer, infoOf(row));
      return;
    }
    const peer = this.#peers?.[rows[row + PEER] as number] ?? unknownPeer;
    const info = infoOf(row);
    if (length === memory.length) {
      handler.onMessage(memory, peer, info);
    } else {
      const view = memory.subarray(0, length);
      handler.onMessage(handler.copies ? unpooledCopy(view) : view, peer, info);
    }
  }

  /** Messages share it: it must not be transferred with one of them. */
  #prepare(slab: ArrayBuffer): ArrayBuffer {
    if (slab !== preparedSlab) markAsUntransferable(slab);
    preparedSlab = slab;
    return slab;
  }
}

/** What a message says of itself: all that most readers ever get, so only this is made for each. */
function messageInfoOf(row: number): MessageInfo {
  return {
    sid: rows[row + SID] as number,
    ppid: rows[row + PPID] as number,
    unordered: ((rows[row + FLAGS] as number) & SCTP_UNORDERED) !== 0,
    context: rows[row + CONTEXT] as number,
  };
}

/** With what the kernel says of it. Spelt out: V8 would give each object that is made with `...` a hidden class of its own. */
function infoOf(row: number): ReceivedInfo {
  return {
    sid: rows[row + SID] as number,
    ppid: rows[row + PPID] as number,
    unordered: ((rows[row + FLAGS] as number) & SCTP_UNORDERED) !== 0,
    ssn: rows[row + SSN] as number,
    tsn: rows[row + TSN] as number,
    cumulativeTsn: rows[row + CUMULATIVE_TSN] as number,
    context: rows[row + CONTEXT] as number,
    assocId: rows[row + ASSOC_ID] as number,
  };
}

function eventIn(row: number): NativeNotification {
  return eventOf(
    rows[row + PPID] as number,
    rows[row + FLAGS] as number,
    rows[row + ASSOC_ID] as number,
    rows[row + CONTEXT] as number,
    rows[row + SSN] as number,
    rows[row + SID] as number,
    rows[row + TSN] as number,
  );
}

function unpooledCopy(view: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(view.length);
  view.copy(copy);
  return copy;
}
