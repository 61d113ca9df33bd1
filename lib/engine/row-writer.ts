/** Rows of a batch, as the addon's sockets hand them to lib/batch.ts. */

import type { NativeNotification } from '../../types/native-values';
import { binding } from '../binding';
import { constants } from '../constants';
import { guarded } from '../guarded';
import { firstRow, rowColumns as COLUMN, rowKinds as KIND } from '../native-rows';

const MAX_ROWS = 256;
const noSlab = new ArrayBuffer(0);

export type OnBatch = (count: number, slab: ArrayBuffer, extras: unknown[] | undefined) => void;

interface Row {
  kind: number;
  offset: number;
  length: number;
  sid: number;
  ppid: number;
  flags: number;
  context: number;
}

export class RowWriter {
  readonly #shared = binding.rows;
  #rows: Row[] = [];
  #extras: unknown[] = [];

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  message(data: Buffer, sid: number, ppid: number, unordered: boolean, context: number): void {
    const flags = unordered ? constants.SCTP_UNORDERED : 0;
    const { length } = data;
    const offset = this.#keep(data);
    this.#add({ kind: KIND.largeMessage, offset, length, sid, ppid, flags, context });
  }

  notification(notification: NativeNotification): void {
    this.#add({ kind: KIND.notification, offset: this.#keep(notification) });
  }

  tooLarge(): void {
    this.#add({ kind: KIND.tooLarge });
  }

  /** @param errno negative */
  error(errno: number): void {
    this.#add({ kind: KIND.error, length: -errno });
  }

  end(): void {
    this.#add({ kind: KIND.end });
  }

  /** Hands them over. What a handler throws is an uncaught exception; the rest is delivered. */
  flush(onBatch: OnBatch | undefined): void {
    const rows = this.#shared;
    while (this.#rows.length > 0) {
      const batch = this.#rows.splice(0, MAX_ROWS);
      const extras = this.#extras;
      if (this.#rows.length === 0) this.#extras = [];
      batch.forEach((row, index) => {
        this.#write(row, firstRow + index * COLUMN.count);
      });
      rows[0] = 0;
      while (onBatch && rows[0] < batch.length) {
        const before: number | undefined = rows[0];
        guarded(() => {
          onBatch(batch.length, noSlab, extras);
        });
        if (rows[0] === before) break; // no longer wanted
      }
    }
  }

  #write(row: Row, at: number): void {
    const rows = this.#shared;
    rows.fill(0, at, at + COLUMN.count);
    rows[at + COLUMN.kind] = row.kind;
    rows[at + COLUMN.offset] = row.offset;
    rows[at + COLUMN.length] = row.length;
    rows[at + COLUMN.sid] = row.sid;
    rows[at + COLUMN.ppid] = row.ppid;
    rows[at + COLUMN.flags] = row.flags;
    rows[at + COLUMN.context] = row.context;
  }

  #add(row: Partial<Row> & { kind: number }): void {
    this.#rows.push({ offset: 0, length: 0, sid: 0, ppid: 0, flags: 0, context: 0, ...row });
  }

  #keep(extra: unknown): number {
    this.#extras.push(extra);
    return this.#extras.length - 1;
  }
}
