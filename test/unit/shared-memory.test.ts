/** What messages that wait keep of the memory that they share with others. */
import { ReadQueue } from '#lib/endpoint/read-queue';

import type { ReceivedInfo } from '../../types/messages';

const SLAB = 262_144;
const info = {} as ReceivedInfo;

/** Messages of 10 bytes, each in a piece of memory where everything else was for others. */
function slowQueue(count: number): { queue: ReadQueue; slabs: Set<ArrayBufferLike> } {
  const queue = new ReadQueue({ add: () => undefined, hasRoom: () => true });
  const slabs = new Set<ArrayBufferLike>();
  for (let i = 0; i < count; i++) {
    const slab = new ArrayBuffer(SLAB);
    slabs.add(slab);
    for (const offset of [0, 100]) {
      const data = Buffer.from(slab, offset, 10);
      data.fill(i);
      queue.push({ data, info });
    }
  }
  return { queue, slabs };
}

function drained(queue: ReadQueue): Buffer[] {
  const all: Buffer[] = [];
  queue.deliver(
    () => true,
    ({ data }) => all.push(data),
  );
  return all;
}

describe('messages of an association on an endpoint', () => {
  test('keep one piece of all that they share with others, while they wait', () => {
    const { queue, slabs } = slowQueue(40);
    const all = drained(queue);
    expect(all.map((data) => data[9])).toEqual(Array.from({ length: 80 }, (_, i) => i >> 1));
    expect(new Set(all.map(({ buffer }) => buffer).filter((one) => slabs.has(one))).size).toBe(1);
  });

  test('keep none once the association is over', () => {
    const { queue, slabs } = slowQueue(3);
    queue.complete();
    expect(drained(queue).filter(({ buffer }) => slabs.has(buffer))).toEqual([]);
  });

  test('that fill at least half of their memory share none', () => {
    const { queue } = slowQueue(0);
    const long = Array.from({ length: 4 }, () => Buffer.from(new ArrayBuffer(20_000), 0, 10_000));
    for (const data of long) queue.push({ data, info });
    expect(drained(queue).every((data, i) => data === long[i])).toBe(true);
  });

  test('that have memory of their own are left alone, and those before them are not forgotten', () => {
    const { queue, slabs } = slowQueue(1);
    const own = Buffer.allocUnsafeSlow(10);
    queue.push({ data: own, info });
    queue.push({ data: Buffer.from(new ArrayBuffer(SLAB), 0, 10), info });
    const all = drained(queue);
    expect(all[2]).toBe(own);
    expect(all.slice(0, 2).filter(({ buffer }) => slabs.has(buffer))).toEqual([]);
  });
});
