/**
 * Nothing waits for a timer of the kernel's, with default settings: some of what scripts/sweep-stalls
 * does in full. The kernel's counters are the judge. On a busy machine timers expire by themselves
 * now and then; a transfer that stalls waits with every few messages, or never ends.
 */
import { once } from 'node:events';

import { createEndpoint, type EndpointAssociation } from 'kernel-sctp';

import { readCounters, since } from '../../stalls/counters';
import { type Situation, sweep } from '../../stalls/sweep';
import { closing } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening } from '../../support/sockets';

const own = { ways: 1, streams: 1 } as const;
const MIB = 1024 * 1024;

const transfers: (Situation & { sizes: number[]; outgrowWindows?: boolean })[] = [
  { ...own, place: 'loopback', privileged: false, sizes: [20_000, 60_000] },
  { ...own, place: 'loopback', privileged: false, sizes: [180_000, 262_144], outgrowWindows: true },
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

  test('a window that a message can fill is acknowledged sooner on the loopback, unless it is said when', async () => {
    const sctp = { rcvBuf: 65_536 };
    const { client, peer } = await connectedPair({ server: { sctp } });
    expect(peer.getOption('delayedSack').delay).toBe(20);
    expect(client.getOption('delayedSack').delay).toBe(200);
    for (const said of [{ delayedSack: { delay: 90 } }, { peerAddrParams: { sackDelay: 90 } }]) {
      const { peer: other } = await connectedPair({ server: { sctp: { ...sctp, ...said } } });
      expect(other.getOption('delayedSack').delay).toBe(90);
    }
  });

  test('so is one of an association on an endpoint', async () => {
    const endpoint = closing(createEndpoint({ sctp: { rcvBuf: 65_536 } })).listen({
      host: '127.0.0.1',
    });
    const begun = once(endpoint, 'association') as Promise<[EndpointAssociation]>;
    const other = closing(createEndpoint());
    const { port } = endpoint.address() as { port: number };
    const near = await other.connect({ host: '127.0.0.1', port });
    const [far] = await begun;
    expect(far.getOption('delayedSack').delay).toBe(20);
    expect(near.getOption('delayedSack').delay).toBe(200);
    expect(near.getOption('peerAddrParams').pathMtu).toBeLessThan(16_000); // towards the small window
  });

  test.each(transfers)(
    '%o',
    async ({ sizes, outgrowWindows, ...situation }) => {
      const rows = await sweep(situation, sizes);
      expect(rows.map(({ size }) => size)).toEqual(sizes);
      for (const { isUnfinished, count, counters } of rows) {
        expect(isUnfinished).toBe(false);
        // Each may wait for an acknowledgement if it fills the window: not for long, see below.
        const waits = outgrowWindows ? 0 : counters.DelaySackExpireds;
        expect(counters.T3RtxExpireds + waits).toBeLessThan(count / 3);
      }
    },
    120_000,
  );
});
