/** Messages of one tick leave together; a receiver that is late loses none. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import type { EndpointAssociation } from 'kernel-sctp';

import { until } from '../lifecycle/kit';
import { readCounters, since } from '../stalls/counters';
import { defer } from '../support/cleanup';
import {
  associate,
  associatedEndpoints,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
  textsOf,
} from '../support/endpoints';
import { floodStandingStill } from '../support/flood';
import { packetsSent } from '../support/packets';
import { describeSctp } from '../support/sctp';

const NUMBERED = Array.from({ length: 80 }, (_, i) => `message ${String(i)}`);

function sendAll(association: EndpointAssociation, texts = NUMBERED): void {
  for (const text of texts) association.send(Buffer.from(text));
}

describeSctp('what an association is given within one tick', () => {
  test('leaves in a few packets', async () => {
    const { near, far } = await associatedEndpoints();
    const texts = textsOf(far);
    const before = packetsSent();
    let accepted = 0;
    for (const text of NUMBERED) {
      expect(near.send(Buffer.from(text), { sid: 1, ppid: 3 }, () => accepted++)).toBe(true);
    }
    await until(() => texts.length === NUMBERED.length);
    // Acknowledgements are among them.
    expect(packetsSent() - before).toBeLessThan(20);
    expect(texts).toEqual(NUMBERED);
    expect([accepted, near.bufferedAmount]).toEqual([NUMBERED.length, 0]);
  });

  test('leaves apart from what another is given', async () => {
    const server = listeningEndpoint();
    const client = endpointFor();
    const one = await associate(client, server);
    const other = await associate(endpointFor(), server);
    const [ofOne, ofOther] = [textsOf(one.near), textsOf(other.near)];
    for (const text of NUMBERED) {
      one.far.send(Buffer.from(`one ${text}`));
      other.far.send(Buffer.from(`other ${text}`));
    }
    await until(() => ofOne.length + ofOther.length === 2 * NUMBERED.length);
    expect(ofOne).toEqual(NUMBERED.map((text) => `one ${text}`));
    expect(ofOther).toEqual(NUMBERED.map((text) => `other ${text}`));
  });

  test('has its callbacks run where each was sent', async () => {
    const { near, far } = await associatedEndpoints();
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    for (const name of ['one', 'two', 'three']) {
      storage.run(name, () => {
        near.send(Buffer.from(name), undefined, () => seen.push(storage.getStore()));
      });
    }
    expect(await nextTexts(far, 3)).toEqual(['one', 'two', 'three']);
    expect(seen).toEqual(['one', 'two', 'three']);
  });

  test('stays in order with long messages', async () => {
    const { near, far } = await associatedEndpoints();
    const got: number[] = [];
    far.on('message', ({ length }) => got.push(length));
    const lengths = [1, 2, 20_000, 3, 8192, 8193, 4, 5];
    for (const length of lengths) near.send(Buffer.alloc(length));
    await until(() => got.length === lengths.length);
    expect(got).toEqual(lengths);
  });

  test('is bounded by what the kernel does not take, not by the tick', async () => {
    const { near, far } = await associatedEndpoints({ client: { sendBufferLimit: 2000 } });
    const texts = textsOf(far);
    sendAll(near);
    await until(() => texts.length === NUMBERED.length);
    expect(texts).toEqual(NUMBERED);
  });

  test.each(['shutdown', 'abort'] as const)('leaves before %s', async (method) => {
    const { near, far } = await associatedEndpoints();
    const texts = textsOf(far);
    sendAll(near);
    void near[method]();
    await until(() => texts.length === NUMBERED.length);
    expect(texts).toEqual(NUMBERED);
  });

  test('goes along with an association that is peeled off', async () => {
    const { near, far } = await associatedEndpoints();
    const texts = textsOf(far);
    sendAll(near);
    const socket = near.peelOff();
    await until(() => texts.length === NUMBERED.length);
    expect(texts).toEqual(NUMBERED);
    const closed = once(socket, 'close');
    await far.shutdown();
    await closed;
  });

  test('leaves, too, if the other end is in this process and ends first', async () => {
    const { near, far } = await associatedEndpoints();
    const texts = textsOf(far);
    near.send(Buffer.from('sent before'));
    const ended = once(near, 'close');
    await far.shutdown();
    await ended;
    expect(texts).toEqual(['sent before']);
  });
});

describeSctp('a receiver that is late', () => {
  test('has announced no more than it has memory for', async () => {
    const server = listeningEndpoint();
    let received = 0;
    server.on('message', () => received++);
    const before = readCounters();
    const sent = floodStandingStill(HOST, portOf(server), 100);
    await until(() => received === sent);
    expect(sent).toBeGreaterThan(10_000);
    // One probes the closed window.
    expect(since(before, readCounters()).InDataChunkDiscards).toBeLessThanOrEqual(2);
  });

  test('reports its whole receive buffer, whatever its window is', () => {
    const endpoint = endpointFor({ sctp: { rcvBuf: 100_000 } }).bind({ host: HOST });
    expect(endpoint.getOption('rcvBuf')).toBe(200_000);
    endpoint.setOption('rcvBuf', 60_000);
    expect(endpoint.getOption('rcvBuf')).toBe(120_000);
  });

  test('reports what is left of it once the process has dropped its privileges', async () => {
    const SIZE = 2 * 8 * 1024 * 1024; // the kernel doubles it
    const server = listeningEndpoint({ sctp: { rcvBuf: SIZE / 2 } });
    expect(server.getOption('rcvBuf')).toBe(SIZE);
    process.seteuid?.(65534);
    defer(() => process.seteuid?.(0));
    await associate(endpointFor(), server);
    expect(server.getOption('rcvBuf')).toBe(
      2 * Number(readFileSync('/proc/sys/net/core/rmem_max', 'latin1')),
    );
  });
});
