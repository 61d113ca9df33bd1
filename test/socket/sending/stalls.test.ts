/**
 * Nothing waits for a timer of the kernel's, with default settings: some of what scripts/sweep-stalls
 * does in full. The kernel's counters are the judge. On a busy machine timers expire by themselves
 * now and then; a transfer that stalls waits with every few messages, or never ends.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { createEndpoint, type EndpointAssociation, type Socket } from 'kernel-sctp';

import { readCounters, since } from '../../stalls/counters';
import { type Situation, sweep } from '../../stalls/sweep';
import { closing } from '../../support/cleanup';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening, portOf } from '../../support/sockets';

const own = { ways: 1, streams: 1 } as const;
const MIB = 1024 * 1024;

const transfers: (Situation & { sizes: number[]; outgrowWindows?: boolean })[] = [
  { ...own, place: 'loopback', privileged: false, sizes: [20_000, 60_000] },
  { ...own, place: 'loopback', privileged: false, sizes: [180_000, 262_144], outgrowWindows: true },
  {
    ...own,
    ...{ place: 'loopback', privileged: false, outgrowWindows: true },
    ...{ pythonBuffer: 4 * MIB, sizes: [100_000] },
  },
  { ...own, place: 'network', privileged: false, sizes: [212_992, 425_984] },
  { ...own, place: 'network', privileged: true, pythonBuffer: 4 * MIB, sizes: [MIB] },
];

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await delay(5);
};

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
  });

  const smallWindow = { rcvBuf: 212_992 };
  const SMALL = 15_800;
  const mtuOf = (one: Socket | EndpointAssociation): number => one.getOption('status').primary.mtu;

  test('packets towards a small window are smaller while long messages leave, unless it is said how long', async () => {
    const small = { server: { sctp: smallWindow } };
    const said = { pathMtu: 30_000 };
    const { client, peer } = await connectedPair(small);
    peer.resume();
    const usual = mtuOf(client);
    expect(usual).toBeGreaterThan(60_000);
    client.write(Buffer.alloc(1000));
    expect(mtuOf(client)).toBe(usual);
    client.write(Buffer.alloc(180_000));
    expect(mtuOf(client)).toBe(SMALL);
    await until(() => mtuOf(client) === usual);
    // Who reads what was said sees no more than that.
    client.write(Buffer.alloc(180_000));
    expect(mtuOf(client)).toBe(SMALL);
    expect(client.getOption('peerAddrParams')).toMatchObject({ pathMtu: usual, pmtudEnable: true });
    // What is said meanwhile holds, also of one path.
    client.write(Buffer.alloc(180_000));
    expect(mtuOf(client)).toBe(SMALL);
    client.setOption('peerAddrParams', { address: client.remoteAddress as string, ...said });
    expect(mtuOf(client)).toBe(30_000);
    const other = await connectedPair({ ...small, client: { sctp: { peerAddrParams: said } } });
    other.peer.resume();
    for (const socket of [client, other.client]) {
      await socket.dry();
      await delay(700); // longer than all looks
      socket.write(Buffer.alloc(180_000));
      expect(mtuOf(socket)).toBeGreaterThan(SMALL); // Linux soon forgets what was said of one path
    }
    expect(mtuOf(other.client)).toBe(30_000);
  });

  test('packets are as they were after a long message, whatever short ones follow', async () => {
    const { client, peer } = await connectedPair({ server: { sctp: smallWindow } });
    peer.resume();
    const usual = mtuOf(client);
    client.write(Buffer.alloc(180_000));
    expect(mtuOf(client)).toBe(SMALL);
    const steady = setInterval(() => client.write(Buffer.alloc(200)), 2);
    try {
      await until(() => mtuOf(client) === usual);
    } finally {
      clearInterval(steady);
    }
  });

  test('so are those of an association on an endpoint', async () => {
    const endpoint = closing(createEndpoint({ sctp: smallWindow })).listen({ host: '127.0.0.1' });
    const { port } = endpoint.address() as { port: number };
    endpoint.on('message', () => undefined);
    const other = closing(createEndpoint());
    const near = await other.connect({ host: '127.0.0.1', port });
    const usual = mtuOf(near);
    expect(usual).toBeGreaterThan(60_000);
    near.send(Buffer.alloc(20_000));
    expect(mtuOf(near)).toBe(SMALL);
    await until(() => mtuOf(near) === usual);
    near.send(Buffer.alloc(20_000));
    other.setOption('peerAddrParams', { pmtudEnable: true });
    near.send(Buffer.alloc(20_000));
    expect(mtuOf(near)).toBe(usual);
  });

  test('another program sends messages longer than a small window', async () => {
    const server = await listening({ sctp: { rcvBuf: 32_768 } });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const peer = await PythonPeer.open({ style: 'stream', listen: false });
    await peer.connect('127.0.0.1', portOf(server));
    const [socket] = await accepted;
    const lengths: number[] = [];
    socket.on('data', ({ length }: Buffer) => lengths.push(length));
    for (let i = 0; i < 5; i++) await peer.send(Buffer.alloc(60_000));
    await until(() => lengths.length === 5);
    expect(lengths).toEqual([60_000, 60_000, 60_000, 60_000, 60_000]);
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
