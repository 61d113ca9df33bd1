/** Reads the rows that one wake-up of a socket received (see types/native.d.ts). */
import { Buffer } from 'node:buffer';
import { debuglog } from 'node:util';
import { markAsUntransferable } from 'node:worker_threads';

import type { Address } from '../types/address';
import type { ReceivedInfo } from '../types/messages';
import type { NativeNotification } from '../types/native-values';
import { binding } from './binding';
import { constants } from './constants';
import { describedView } from './messages/described';
import { eventOf } from './notifications/events';
import { firstRow, rowColumns as COLUMN, rowKinds as KIND } from './native-rows';

const trace = debuglog('kernel-sctp');

/** Where a message came from. */
export type Peer = Address;

/** What a socket does with what it receives. */
export interface BatchHandler {
  /** False once the user has closed the socket: what is left is not delivered. */
  readonly receiving: boolean;
  /** Whether messages must not share memory. */
  readonly copies: boolean;
  /** Whether messages carry their `sid`, `ppid` and so on. */
  readonly describes?: boolean;
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
    if (rows[0] === 0) this.#memory = this.#prepare(slab);
    while ((rows[0] as number) < count && this.#handler.receiving) {
      const row = firstRow + (rows[0] as number) * COLUMN.count;
      rows[0] = (rows[0] as number) + 1;
      if (rows[row + COLUMN.kind] === KIND.slab) {
        this.#memory = this.#prepare(extras[this.#column(row, COLUMN.offset)] as ArrayBuffer);
      } else {
        this.#deliver(row, this.#memory, extras);
      }
    }
    this.#memory = noMemory; // an idle socket must not keep it alive
  }

  /** Whether nothing is left of a batch. */
  static isDone(count: number): boolean {
    return (rows[0] as number) >= count;
  }

  #deliver(row: number, slab: ArrayBuffer, extras: unknown[]): void {
    const handler = this.#handler;
    const offset = this.#column(row, COLUMN.offset);
    const length = this.#column(row, COLUMN.length);
    const peerNumber = this.#column(row, COLUMN.peer);
    const peer = this.#peers?.[peerNumber] ?? unknownPeer;
    switch (rows[row + COLUMN.kind]) {
      case KIND.message: {
        const info = this.#info(row);
        if (handler.describes === true) {
          handler.onMessage(describedView(slab, offset, length, info), peer, info);
          break;
        }
        const view = Buffer.from(slab, offset, length);
        handler.onMessage(handler.copies ? unpooledCopy(view) : view, peer, info);
        break;
      }
      case KIND.largeMessage:
        handler.onMessage(extras[offset] as Buffer, peer, this.#info(row));
        break;
      case KIND.tooLarge:
        handler.onTooLarge(length, peer, this.#column(row, COLUMN.assocId));
        break;
      case KIND.incomplete:
        handler.onIncomplete(length, peer);
        break;
      case KIND.notification: {
        const notification = extras[offset] as NativeNotification;
        if (trace.enabled) trace('%s:%d %o', peer.address, peer.port, notification);
        handler.onNotification(notification, peer);
        break;
      }
      case KIND.event: {
        const notification = this.#event(row);
        if (trace.enabled) trace('%s:%d %o', peer.address, peer.port, notification);
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

  #column(row: number, column: number): number {
    return rows[row + column] as number;
  }

  #event(row: number): NativeNotification {
    return eventOf(
      this.#column(row, COLUMN.ppid),
      this.#column(row, COLUMN.flags),
      this.#column(row, COLUMN.assocId),
      this.#column(row, COLUMN.context),
      this.#column(row, COLUMN.ssn),
      this.#column(row, COLUMN.sid),
      this.#column(row, COLUMN.tsn),
    );
  }

  #info(row: number): ReceivedInfo {
    return {
      sid: this.#column(row, COLUMN.sid),
      ppid: this.#column(row, COLUMN.ppid),
      unordered: (this.#column(row, COLUMN.flags) & constants.SCTP_UNORDERED) !== 0,
      ssn: this.#column(row, COLUMN.ssn),
      tsn: this.#column(row, COLUMN.tsn),
      cumulativeTsn: this.#column(row, COLUMN.cumulativeTsn),
      context: this.#column(row, COLUMN.context),
      assocId: this.#column(row, COLUMN.assocId),
    };
  }

  /** Messages share it: it must not be transferred with one of them. */
  #prepare(slab: ArrayBuffer): ArrayBuffer {
    if (slab !== preparedSlab) markAsUntransferable(slab);
    preparedSlab = slab;
    return slab;
  }
}

function unpooledCopy(view: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(view.length);
  view.copy(copy);
  return copy;
}
