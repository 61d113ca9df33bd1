/**
 * Messages on their way into one native call: their bytes and how each is to be sent, in memory that
 * is shared with the native side. There is one for all Links of a thread. It is filled and sent
 * without anything else running in between, or else by somebody who holds it.
 */
import { Buffer } from 'node:buffer';

import type { NativeSendInfo } from '../types/native';
import { binding } from './binding';
import { lengthOf } from './validate';
import { firstSendRow, longestBurst, sendColumns } from './native-rows';

const {
  offset: OFFSET,
  length: LENGTH,
  sid: SID,
  ppid: PPID,
  flags: FLAGS,
  context: CONTEXT,
  prPolicy: PR_POLICY,
  prValue: PR_VALUE,
  authKey: AUTH_KEY,
  assocId: ASSOC_ID,
  isDefault: IS_DEFAULT,
  isSame: IS_SAME,
  count: COLUMNS,
} = sendColumns;
const ACTIVE_KEY = 0xffff_ffff;

/** The addon's, from the first burst on. */
let rows: Uint32Array = new Uint32Array(0);
let memory: Uint8Array = new Uint8Array(0);

/** Longer messages fill packets by themselves: they gain nothing from company, and are not copied. */
export const LONGEST_IN_BURST = 8192;

/** How much of what is said of a message the kernel applies by itself (SendInfo in native/core). */
export enum SaidByDefault {
  Nothing,
  /** That it has no lifetime. */
  Lifetime,
  /** Everything. */
  All,
}

/** With so many, a burst need not wait for more. */
const ENOUGH = 16;

/** Who fills the burst while other code runs. */
export interface BurstHolder {
  /** Somebody else needs it now: what is in it must be kept elsewhere. */
  onBurstWanted(): void;
  /** Somebody else would hold it, and there is enough in it to be sent. */
  onBurstShared(): void;
}

class Burst {
  #holder: BurstHolder | undefined;
  #count = 0;
  #bytes = 0;
  /** How the last one is to be sent. */
  #info: NativeSendInfo | undefined;
  #assocId = 0;
  #byDefault = SaidByDefault.Nothing;

  /** How many messages it has. */
  get count(): number {
    return this.#count;
  }

  /** Why the message after the last accepted one was refused: a negative errno; or 0. */
  get errno(): number {
    return (rows[0] as number) | 0;
  }

  /** To fill it from now on, until it is free. @returns false if somebody else does so */
  claim(holder: BurstHolder): boolean {
    if (this.#holder !== undefined && this.#count >= ENOUGH) this.#holder.onBurstShared();
    if (this.#holder !== undefined) return false;
    this.clear();
    this.#holder = holder;
    return true;
  }

  /** What this holder has put into it has left, or is elsewhere; it may be another's by now. */
  free(holder: BurstHolder): void {
    if (this.#holder === holder) this.#holder = undefined;
  }

  clear(): void {
    this.#holder?.onBurstWanted();
    this.#holder = undefined;
    if (rows.length === 0) ({ sendRows: rows, sendMemory: memory } = binding);
    this.#count = 0;
    this.#bytes = 0;
    this.#info = undefined;
  }

  /**
   * Copies a message.
   * @param assocId of its association, where the descriptor has several
   * @param byDefault what of `info` need not be said; not everything, where it has several
   * @returns false, and does nothing, if it must go alone (too long, or its memory is detached) or
   *   there is no more room
   */
  add(
    data: Uint8Array,
    info: NativeSendInfo,
    assocId: number,
    byDefault = SaidByDefault.Nothing,
  ): boolean {
    const offset = this.#bytes;
    if (!this.place(lengthOf(data), info, assocId, byDefault)) return false;
    memory.set(data, offset);
    return true;
  }

  /** As `add`, for one whose bytes `fill` gives it. */
  place(length: number, info: NativeSendInfo, assocId: number, byDefault: SaidByDefault): boolean {
    const offset = this.#bytes;
    if (this.#count === longestBurst || offset + length > memory.length) return false;
    if (length > LONGEST_IN_BURST || length === 0) return false;
    this.#bytes = offset + length;
    const row = firstSendRow + this.#count++ * COLUMNS;
    rows[row + OFFSET] = offset;
    rows[row + LENGTH] = length;
    const isSame =
      info === this.#info && assocId === this.#assocId && byDefault === this.#byDefault;
    rows[row + IS_SAME] = isSame ? 1 : 0;
    if (!isSame) this.#say(row, info, assocId, byDefault);
    return true;
  }

  /** How a message is to be sent. Apart, as most are sent like the one before: V8 would compile it with those. */
  #say(row: number, info: NativeSendInfo, assocId: number, byDefault: SaidByDefault): void {
    this.#info = info;
    this.#assocId = assocId;
    this.#byDefault = byDefault;
    rows[row + SID] = info[0];
    rows[row + PPID] = info[1];
    rows[row + FLAGS] = info[2];
    rows[row + CONTEXT] = info[3];
    rows[row + PR_POLICY] = info[4];
    rows[row + PR_VALUE] = info[5];
    rows[row + AUTH_KEY] = info[6] ?? ACTIVE_KEY;
    rows[row + ASSOC_ID] = assocId;
    rows[row + IS_DEFAULT] = byDefault;
  }

  /** Copies what the last messages have together, which were only placed. */
  fill(bytes: Uint8Array): void {
    memory.set(bytes, this.#bytes - lengthOf(bytes));
  }

  /** The memory of its first so many bytes. */
  bytes(count: number): Buffer {
    return Buffer.from(memory.buffer, memory.byteOffset, count);
  }

  /** Of its messages. */
  lengths(): number[] {
    const lengths = new Array<number>(this.#count);
    for (let index = 0; index < lengths.length; index++) {
      lengths[index] = rows[firstSendRow + index * COLUMNS + LENGTH] as number;
    }
    return lengths;
  }

  /** What its first `count` messages have together. */
  bytesOf(count: number): number {
    if (count === 0) return 0;
    const row = firstSendRow + (count - 1) * COLUMNS;
    return (rows[row + OFFSET] as number) + (rows[row + LENGTH] as number);
  }

  /**
   * For a socket that takes one message at a time.
   * @param send returns a negative errno for one that is refused; it must not keep the memory
   * @returns how many were accepted, as `sendBurst` does
   */
  sendEach(send: (data: Uint8Array, ...info: NativeSendInfo) => number): number {
    rows[0] = 0;
    let how = firstSendRow;
    const at = (column: number): number => rows[how + column] as number;
    for (let index = 0; index < this.#count; index++) {
      const row = firstSendRow + index * COLUMNS;
      if (rows[row + IS_SAME] === 0) how = row;
      const offset = rows[row + OFFSET] as number;
      const data = memory.subarray(offset, offset + (rows[row + LENGTH] as number));
      const key = at(AUTH_KEY);
      const result = send(
        data,
        ...([at(SID), at(PPID), at(FLAGS), at(CONTEXT), at(PR_POLICY), at(PR_VALUE)] as const),
        key === ACTIVE_KEY ? undefined : key,
        at(ASSOC_ID),
      );
      if (result < 0) {
        rows[0] = result;
        return index;
      }
    }
    return this.#count;
  }
}

export const burst = new Burst();
