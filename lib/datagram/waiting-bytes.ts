/**
 * Messages of one peer that wait, in copies of our own: the caller may reuse its Buffer at once. Short
 * ones lie one after another in memory that they share: a Buffer and objects for each of many
 * thousands would cost more than all else, and the garbage collector looks at each.
 */
import type { NativeSendInfo } from '../../types/native';
import { burst, LONGEST_IN_BURST, type SaidByDefault } from '../burst';
import type { EndpointLink } from '../endpoint/endpoint-link';
import type { WaitingMessages } from '../messages/queue';
import { MESSAGE_OVERHEAD } from '../messages/tally';
import type { ReadyMessage } from './ready-message';

/** Bytes that messages share at most: it begins with those of one, as peers may be many. */
const MOST_SHARED = 65_536;

type How = Pick<ReadyMessage, 'info' | 'byDefault'>;

class Segment {
  readonly memory: Buffer;
  readonly lengths: number[] = [];
  /** How each is to be sent: mostly as the one before. */
  readonly hows: How[] = [];
  /** What is filled, and what has been taken. */
  end = 0;
  begin = 0;
  /** How many have been taken. */
  taken = 0;

  constructor(size: number) {
    this.memory = Buffer.allocUnsafe(size);
  }

  has(room: number): boolean {
    return this.memory.length - this.end >= room;
  }

  add(data: Uint8Array, length: number, how: How): void {
    this.memory.set(data, this.end);
    this.end += length;
    this.lengths.push(length);
    this.hows.push(how);
  }

  /** Puts its messages into the burst. @returns whether that has room for more */
  addTo(link: EndpointLink): boolean {
    const { begin, lengths, hows } = this;
    let offset = begin;
    let index = this.taken;
    for (; index < lengths.length; index++) {
      const { info, byDefault } = hows[index] as How;
      const length = lengths[index] as number;
      if (!link.placeInBurst(length, info, byDefault)) break;
      offset += length;
    }
    if (offset > begin) burst.fill(this.memory.subarray(begin, offset));
    return index === lengths.length;
  }

  get isTaken(): boolean {
    return this.taken === this.lengths.length;
  }
}

export class WaitingBytes implements WaitingMessages<ReadyMessage> {
  readonly #segments: Segment[] = [];
  #last: Segment | undefined;
  #how: How | undefined;
  /** Of the memory that the last one shares, if it does. */
  #size = 0;
  #length = 0;
  #bytes = 0;

  get length(): number {
    return this.#length;
  }

  /** What they count, with the overhead of each. */
  get bytes(): number {
    return this.#bytes;
  }

  charge(length: number): number {
    return length + MESSAGE_OVERHEAD;
  }

  push({ data, info, byDefault }: ReadyMessage): void {
    this.add(data, data.length, info, byDefault);
  }

  add(data: Uint8Array, length: number, info: NativeSendInfo, byDefault: SaidByDefault): void {
    let how = this.#how;
    if (how?.info !== info || how.byDefault !== byDefault) how = this.#how = { info, byDefault };
    const last = this.#last?.has(length) === true ? this.#last : undefined;
    const segment = last ?? this.#grow(length);
    segment.add(data, length, how); // which throws if shared memory grows meanwhile
    if (last === undefined) this.#segments.push((this.#last = segment));
    this.#length++;
    this.#bytes += this.charge(length);
  }

  /** The first one; who sends from here asks for no other. */
  at(index: number): ReadyMessage | undefined {
    const segment = this.#segments[0];
    if (segment === undefined || index > 0) return undefined;
    const { memory, begin, taken, lengths, hows } = segment;
    const data = memory.subarray(begin, begin + (lengths[taken] as number));
    return { data, ...(hows[taken] as How) };
  }

  shift(): ReadyMessage | undefined {
    const message = this.at(0);
    if (message !== undefined) this.drop(1);
    return message;
  }

  /** Puts as many as there is room for into the burst, which is empty, the first one first. */
  addTo(link: EndpointLink): void {
    for (const segment of this.#segments) if (!segment.addTo(link)) return;
  }

  /** Forgets the first so many. */
  drop(count: number): void {
    for (let left = count; left > 0;) {
      const segment = this.#segments[0] as Segment;
      const { lengths, taken } = segment;
      const end = Math.min(taken + left, lengths.length);
      let bytes = 0;
      for (let index = taken; index < end; index++) bytes += lengths[index] as number;
      segment.begin += bytes;
      segment.taken = end;
      left -= end - taken;
      this.#length -= end - taken;
      this.#bytes -= bytes + (end - taken) * MESSAGE_OVERHEAD;
      if (segment.isTaken) this.#segments.shift();
    }
    if (this.#length > 0) return;
    this.#last = this.#how = undefined;
    this.#size = 0;
  }

  /** Each has twice the memory of the one before. Long messages have their own. */
  #grow(length: number): Segment {
    const isLong = length > LONGEST_IN_BURST;
    const size = isLong ? length : Math.max(length, Math.min(2 * this.#size, MOST_SHARED));
    this.#size = isLong ? 0 : size;
    return new Segment(size);
  }
}
