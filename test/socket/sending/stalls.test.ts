/**
 * Nothing waits for a timer of the kernel's, with default settings: some of what scripts/sweep-stalls
 * does in full. The kernel's counters are the judge. On a busy machine timers expire by themselves
 * now and then; a transfer that stalls waits with every few messages, or never ends.
 */
import { once } from 'node:events';

import { readCounters, since } from '../../stalls/counters';
import { type Situation, sweep } from '../../stalls/sweep';
import { describeSctp } from '../../support/sctp';
import { connectTo, listening } from '../../support/sockets';

const own = { ways: 1, streams: 1 } as const;
const MIB = 1024 * 1024;

const transfers: (Situation & { sizes: number[] })[] = [
  { ...own, place: 'loopback', privileged: false, sizes: [180_000, 262_144] },
  { ...own, place: 'network', privileged: false, sizes: [212_992, 425_984] },
  { ...own, place: 'network', privileged: true, pythonBuffer: 4 * MIB, sizes: [MIB] },
];

describeSctp('no stall', () => {
  test.each([false, true])(
    'at the end (byteStream: %p): the last message does not wait for a delayed acknowledgement',
    async (byteStream) => {
      const server = await listening();
      const before = readCounters();
      for (let i = 0; i < 30; i++) {
        const client = connectTo(server, { byteStream });
        client.write('all but the last');
        client.end('last');
        await once(client.resume(), 'close');
      }
      expect(since(before, readCounters()).DelaySackExpireds).toBeLessThan(10);
    },
  );

  test.each(transfers)(
    '%o',
    async ({ sizes, ...situation }) => {
      const rows = await sweep(situation, sizes);
      expect(rows.map(({ size }) => size)).toEqual(sizes);
      for (const { isUnfinished, count, counters } of rows) {
        expect(isUnfinished).toBe(false);
        expect(counters.T3RtxExpireds + counters.DelaySackExpireds).toBeLessThan(count / 3);
      }
    },
    120_000,
  );
});
