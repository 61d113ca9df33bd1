/** What one association on an endpoint offers beside messages, and that it concerns that one alone. */
import { once } from 'node:events';

import type { EndpointAssociation, SctpOptions, SendFailedError } from 'kernel-sctp';

import {
  associate,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  peeledOff,
  portOf,
} from '../support/endpoints';
import { setSysctl } from '../support/own-network';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';

/** Two associations of one server: what is done to the first must not reach the second. */
async function twoOfOne(options: Parameters<typeof listeningEndpoint>[0] = {}) {
  const server = listeningEndpoint(options);
  const first = await associate(endpointFor(options), server);
  const second = await associate(endpointFor(options), server);
  return { server, first, second };
}

/** A pattern that differs from place to place. */
function pattern(length: number, seed: number): Buffer {
  const data = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) data[i] = (i * 31 + seed) & 0xff;
  return data;
}

describeSctp('options of an association', () => {
  test('are its own; those of the endpoint are for all', async () => {
    const { server, first, second } = await twoOfOne();
    const mine = { initial: 400, min: 300, max: 5000 };
    first.far.setOption('rtoInfo', mine);
    expect(first.far.getOption('rtoInfo')).toEqual(mine);
    expect(second.far.getOption('rtoInfo')).not.toEqual(mine);
    server.setOption('delayedSack', { delay: 100, freq: 3 });
    for (const { far } of [first, second]) {
      expect(far.getOption('delayedSack')).toEqual({ delay: 100, freq: 3 });
    }
    expect(() => {
      first.far.setOption('reuseAddr', true);
    }).toThrow(expect.objectContaining({ code: 'ERR_SCTP_OPTION' }) as Error);
  });

  test('a payload protocol identifier by default', async () => {
    const { first, second } = await twoOfOne();
    first.near.setOption('defaultSndInfo', { ppid: 46 });
    const infos = [first, second].map(async ({ near, far }) => {
      const message = once(far, 'message') as Promise<[Buffer, { ppid: number }]>;
      near.send(Buffer.from('x'));
      return (await message)[1].ppid;
    });
    expect(await Promise.all(infos)).toEqual([46, 0]);
  });
});

describeSctp('what is known of an association', () => {
  test('status, counters and paths', async () => {
    const { first, second } = await twoOfOne({ OS: 7 });
    first.near.send(Buffer.alloc(100));
    await first.near.dry();
    expect(first.near.status()).toMatchObject({ state: 'established', outStreams: 7 });
    expect([first.near.OS, second.near.OS]).toEqual([7, 7]);
    expect(first.near.stats().oOdChunks).toBe(1);
    expect(second.near.stats().oOdChunks).toBe(0);
    expect(first.near.paths).toMatchObject([{ address: HOST, primary: true }]);
  });

  test('several addresses, of which one is primary', async () => {
    const [one, other] = ['127.0.0.1', '127.0.0.2'];
    const server = endpointFor().listen({ localAddresses: [one, other] });
    const client = endpointFor().bind({ localAddresses: ['127.0.0.3', '127.0.0.4'] });
    const near = await client.connect({ remoteAddresses: [one, other], port: portOf(server) });
    expect(near.remoteAddresses.toSorted()).toEqual([one, other]);
    expect(near.localAddresses.toSorted()).toEqual(['127.0.0.3', '127.0.0.4']);
    const next = near.remoteAddress === one ? other : one;
    near.setPrimary(next);
    expect(near.remoteAddress).toBe(next);
    expect(near.paths.find(({ primary }) => primary)?.address).toBe(next);
    near.requestHeartbeat(one);
    const found = [one, other].map((address) =>
      client.associationWith({ address, port: portOf(server) }),
    );
    expect(found).toEqual([near, near]);
  });
});

describeSctp('streams', () => {
  const sctp = {
    reconfigSupported: true,
    enableStreamReset: { resetStreams: true, changeAssoc: true },
  };

  test('reset and added on one association alone', async () => {
    const { first, second } = await twoOfOne({ sctp, OS: 4 });
    for (const { near, far } of [first, second]) {
      near.send(Buffer.from('x'), { sid: 2 });
      await nextTexts(far, 1);
    }
    await first.near.resetStreams({ outgoing: [2] });
    const ssns = [first, second].map(async ({ near, far }) => {
      const message = once(far, 'message') as Promise<[Buffer, { ssn: number }]>;
      near.send(Buffer.from('y'), { sid: 2 });
      return (await message)[1].ssn;
    });
    expect(await Promise.all(ssns)).toEqual([0, 1]);

    await first.near.addStreams({ outgoing: 3 });
    expect([first.near.OS, second.near.OS]).toEqual([7, 4]);
    first.near.send(Buffer.from('z'), { sid: 6 });
    expect(await nextTexts(first.far, 1)).toEqual(['z']);
    expect(() => second.near.send(Buffer.from('z'), { sid: 6 })).toThrow(/stream/);
  });
});

describeSctp('messages that are not delivered', () => {
  test('each is reported before close, however many; the other association lives on', async () => {
    const server = listeningEndpoint({ highWaterMark: 1, sctp: { rcvBuf: 4096 } });
    const client = endpointFor().bind({ host: HOST });
    const second = listeningEndpoint();
    const { near, far } = await associate(client, server);
    const other = await associate(client, second);
    const failed: number[] = [];
    near.on('sendFailed', ({ context }: SendFailedError) => failed.push(context));
    const COUNT = 300;
    for (let i = 0; i < COUNT; i++) near.send(Buffer.alloc(100), { context: i });
    const ended = endOf(near);
    far.abort('not interested');
    const { reason, causes } = await ended;
    expect([reason, causes[0]?.text]).toEqual(['aborted', 'not interested']);
    // More than one wake-up reads; what is missing lay in the peer's buffer, acknowledged.
    expect(failed.length).toBeGreaterThan(150);
    expect(failed).toEqual(
      Array.from({ length: failed.length }, (_, i) => COUNT - failed.length + i),
    );
    other.near.send(Buffer.from('still here'));
    expect(await nextTexts(other.far, 1)).toEqual(['still here']);
  });
});

describeSctp('messages in parts', () => {
  // With I-DATA (RFC 8260) those of one association take turns, too.
  test.each<[string, SctpOptions]>([
    ['one after another', {}],
    ['in turns', { fragmentInterleave: true, interleavingSupported: true, streamScheduler: 'rr' }],
  ])('of many associations at once, %s, are put together for each', async (_, interleaving) => {
    setSysctl('net/sctp/intl_enable', 1);
    const sctp = { rcvBuf: 65_536, partialDeliveryPoint: 8000, ...interleaving };
    const server = listeningEndpoint({ sctp });
    const COUNT = 8;
    const LENGTH = 100_000;
    const got = new Map<EndpointAssociation, Map<number, Buffer>>();
    server.on('message', (data, { sid }, from) => {
      got.set(from, (got.get(from) ?? new Map<number, Buffer>()).set(sid, data));
    });
    const pairs: Awaited<ReturnType<typeof associate>>[] = [];
    const own = { sctp: { ...interleaving } };
    for (let i = 0; i < COUNT; i++) pairs.push(await associate(endpointFor(own), server));
    for (const [i, { near }] of pairs.entries()) {
      near.send(pattern(LENGTH, i), { sid: 1 });
      near.send(pattern(LENGTH, i + COUNT), { sid: 2 });
      near.send(pattern(10, i), { sid: 3 });
    }
    const isComplete = (): boolean => pairs.every(({ far }) => got.get(far)?.size === 3);
    while (!isComplete()) await once(server, 'message');
    for (const [i, { far }] of pairs.entries()) {
      const messages = got.get(far);
      expect(messages?.get(1)?.equals(pattern(LENGTH, i))).toBe(true);
      expect(messages?.get(2)?.equals(pattern(LENGTH, i + COUNT))).toBe(true);
      expect(messages?.get(3)?.equals(pattern(10, i))).toBe(true);
    }
  });
});

describeSctp('ids', () => {
  test('of associations that are over do not lead to those that follow', async () => {
    const server = listeningEndpoint();
    const client = endpointFor().bind({ host: HOST });
    const seen = new Set<number>();
    const ended: EndpointAssociation[] = [];
    for (let round = 0; round < 10; round++) {
      const { near, far } = await associate(client, server);
      expect(seen.has(near.id) || seen.has(far.id)).toBe(false);
      seen.add(near.id).add(far.id);
      near.send(Buffer.from(String(round)));
      expect(await nextTexts(far, 1)).toEqual([String(round)]);
      const ends = Promise.all([endOf(near), endOf(far)]);
      // Alternating: what ends it must not matter.
      if (round % 2 === 0) near.abort();
      else void far.shutdown();
      await ends;
      ended.push(near, far);
    }
    for (const one of ended) {
      expect(() => one.send(Buffer.from('late'))).toThrow(
        expect.objectContaining({ code: 'ERR_SCTP_ASSOCIATION_OVER' }) as Error,
      );
    }
    expect([client.associations, server.associations]).toEqual([[], []]);
  });
});

describeSctp('an association that takes nothing', () => {
  test('is moved by the end that sends, and nobody notices', async () => {
    const sctp = { sndBuf: 60_000 };
    const server = listeningEndpoint({ sctp });
    // Python's kernel holds it: nothing on that side is peeled off.
    const peer = await PythonPeer.open({
      style: 'stream',
      listen: false,
      reading: false,
      rcvBuf: 4096,
    });
    const accepted = once(server, 'association') as Promise<[EndpointAssociation]>;
    await peer.connect(HOST, portOf(server));
    const [stuck] = await accepted;
    const well = await associate(endpointFor(), server);
    const { id } = stuck;
    expect(peeledOff()).toBe(0);
    const COUNT = 100;
    for (let i = 0; i < COUNT; i++) stuck.send(Buffer.from(String(i).padEnd(1000, '.')));
    for (let i = 0; peeledOff() === 0; i++) {
      well.far.send(Buffer.from(String(i)));
      expect(await nextTexts(well.near, 1)).toEqual([String(i)]);
    }
    expect([peeledOff(), stuck.id, stuck.closed]).toEqual([1, id, false]);
    await peer.read(true);
    await peer.waitForMessages(COUNT);
    expect(peer.messages.map((message) => parseInt(textOf(message)))).toEqual(
      Array.from({ length: COUNT }, (_, i) => i),
    );
    await stuck.shutdown();
    expect(server.associations).toEqual([well.far]);
  });
});
