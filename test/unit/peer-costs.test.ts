/** What a peer can make a Socket do and hold, whatever it sends: counted, without a kernel. */
import { LimitedTally, MESSAGE_OVERHEAD } from '#lib/messages/tally';

import { type FakedDescriptor, fakedSocket, turn } from '../support/faked-socket';

const BATCH = 64;
const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

/** As many messages as the socket lets in. */
async function fill(kernel: FakedDescriptor, most: number): Promise<number> {
  let count = 0;
  while (kernel.reading && count < most) {
    const sids = Array.from({ length: Math.min(BATCH, kernel.limit) }, () => 0);
    kernel.arrive(sids);
    count += sids.length;
    await turn();
  }
  return count;
}

describe('messages of one byte', () => {
  test.each([
    ['paused', 65_536, (): undefined => undefined],
    [
      'read stream by stream',
      65_536,
      (socket: ReturnType<typeof fakedSocket>['socket']) => socket.on('stream', () => undefined),
    ],
    ['paused, with a high-water mark of 0', 0, (): undefined => undefined],
  ])('count what keeping them costs: %s', async (_, highWaterMark, prepare) => {
    const { socket, kernel } = fakedSocket({ highWaterMark });
    prepare(socket);
    socket.pause();
    const count = await fill(kernel, 10_000);
    const room = Math.ceil(highWaterMark / (1 + MESSAGE_OVERHEAD));
    expect(count).toBeGreaterThanOrEqual(room);
    expect(count).toBeLessThanOrEqual(room + BATCH);
    expect(socket.readAheadBytes).toBe(count);
    socket.destroy();
  });
});

test('of the memory that messages share, those that wait keep one piece', async () => {
  const { socket, kernel } = fakedSocket({ highWaterMark: 65_536 });
  socket.pause();
  await turn();
  const slabs: ArrayBufferLike[] = [];
  for (let i = 0; i < 40; i++) {
    slabs.push(kernel.renewSlab());
    kernel.arrive([0, 0]);
  }
  const kept = new Set<ArrayBufferLike>();
  socket.on('data', (message: Buffer) => kept.add(message.buffer)).resume();
  await turn();
  expect(slabs.filter((slab) => kept.has(slab))).toHaveLength(1);
  socket.destroy();
});

test('all sockets of a server keep no more than totalHighWaterMark, and one message each', async () => {
  const tally = new LimitedTally(100 * (1 + MESSAGE_OVERHEAD));
  const pairs = range(0, 50).map(() => fakedSocket({ highWaterMark: 65_536 }, { tally }));
  for (const { socket } of pairs) socket.pause();
  await turn();
  for (const { kernel } of pairs) while (kernel.reading) kernel.arrive([0]);
  const unread = pairs.reduce((sum, { socket }) => sum + socket.readAheadBytes, 0);
  expect(unread).toBeLessThanOrEqual(100 + pairs.length);
  expect(pairs.every(({ socket }) => socket.readAheadBytes > 0)).toBe(true);
  for (const { socket } of pairs) socket.destroy();
  expect(tally.charge).toBe(0);
});

/** With work for each stream at each message this would take minutes. */
test('thousands of streams: no work for each of them at each message', async () => {
  const STREAMS = 20_000;
  const { socket, kernel } = fakedSocket();
  let received = 0;
  socket.on('stream', (stream) => {
    stream.on('data', () => received++);
  });
  for (let sid = 0; sid < STREAMS; sid += BATCH) {
    kernel.arrive(range(sid, BATCH));
    await turn();
  }
  const rounds = 2000;
  for (let round = 0; round < rounds; round++) {
    kernel.arrive(range((round * BATCH) % STREAMS, BATCH).map((sid) => sid % STREAMS));
    await turn();
  }
  expect(received).toBe(Math.ceil(STREAMS / BATCH) * BATCH + rounds * BATCH);
  expect([socket.readAheadBytes, kernel.reading]).toEqual([0, true]);
  socket.destroy();
});
