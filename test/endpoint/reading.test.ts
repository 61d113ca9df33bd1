/** Loops and pauses: what waits for them, and what goes on meanwhile. */
import { once } from 'node:events';

import type { Endpoint, EndpointAssociation, EndpointOptions } from 'kernel-sctp';

import { until } from '../lifecycle/kit';
import { describeSctp } from '../support/sctp';
import {
  associate,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  peeledOff,
  portOf,
  textsOf,
} from '../support/endpoints';

const LENGTH = 1000;
const MARK = 4000;
/** What a wake-up may bring beyond the mark: 64 messages, with what keeping them costs. */
const WAKE_UP = 64 * (LENGTH + 256);

/** Messages of association 3 are "3.0", "3.1" and so on. */
function message(one: number, i: number): Buffer {
  return Buffer.from(`${String(one)}.${String(i)} `.padEnd(LENGTH, '-'));
}

const named = (data: Buffer): string => String(data).replace(/ -*$/, '');
const namesOf = (one: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${String(one)}.${String(i)}`);

interface Crowd {
  server: Endpoint;
  pairs: { near: EndpointAssociation; far: EndpointAssociation }[];
}

async function crowd(count: number, options: EndpointOptions): Promise<Crowd> {
  const server = listeningEndpoint(options);
  const pairs = [];
  for (let i = 0; i < count; i++) pairs.push(await associate(endpointFor(), server));
  return { server, pairs };
}

/** As much as the endpoint keeps, until it keeps no more. */
async function settled({ pairs }: Crowd): Promise<number> {
  const sum = (): number => pairs.reduce((all, { far }) => all + far.readAheadBytes, 0);
  let [before, same] = [-1, 0];
  await until(() => {
    same = sum() === before ? same + 1 : 0;
    before = sum();
    return before > 0 && same > 5;
  });
  return before;
}

describeSctp('a loop over the messages of an endpoint', () => {
  test('holds its associations back, and nothing else', async () => {
    const all = await crowd(3, { highWaterMark: MARK });
    const { server, pairs } = all;
    const COUNT = 300;
    for (const [one, { near }] of pairs.entries()) {
      for (let i = 0; i < COUNT; i++) near.send(message(one, i));
    }
    const got: string[][] = pairs.map(() => []);
    const other = listeningEndpoint();
    let most = 0;
    let isFirst = true;
    for await (const { data, association } of server) {
      got[pairs.findIndex(({ far }) => far === association)]?.push(named(data));
      if (isFirst) {
        isFirst = false;
        most = await settled(all);
        // Everything that is awaited here has to come past what waits.
        const outbound = await server.connect({ host: HOST, port: portOf(other) });
        const answer = nextTexts(outbound, 1);
        outbound.send(Buffer.from('there and'));
        const [far] = other.associations;
        expect(await nextTexts(far as EndpointAssociation, 1)).toEqual(['there and']);
        await outbound.dry();
        await outbound.shutdown();
        void answer.catch(() => undefined);
        const inbound = once(server, 'association') as Promise<[EndpointAssociation]>;
        const late = await endpointFor().connect({ host: HOST, port: portOf(server) });
        const [met] = await inbound;
        const end = endOf(met);
        await late.shutdown();
        expect((await end).reason).toBe('shutdown');
      }
      if (got.every(({ length }) => length === COUNT)) break;
    }
    expect(most).toBeGreaterThanOrEqual(3 * MARK);
    expect(most).toBeLessThan(3 * (MARK + WAKE_UP));
    expect(got).toEqual(pairs.map((_, one) => namesOf(one, COUNT)));
    for (const { near } of pairs) await near.dry();
  });

  test('may await the end of an association that has more before it than it may', async () => {
    const all = await crowd(2, { highWaterMark: MARK });
    const { server, pairs } = all;
    const COUNT = 200;
    for (let i = 0; i < COUNT; i++)
      for (const [one, { near }] of pairs.entries()) near.send(message(one, i));
    const got: string[] = [];
    const reasons: string[] = [];
    for (const { far } of pairs) far.on('close', ({ reason }) => reasons.push(reason));
    let isFirst = true;
    for await (const { data } of server) {
      got.push(named(data));
      if (isFirst) {
        isFirst = false;
        await settled(all);
        await Promise.all(pairs.map(({ far }) => far.shutdown()));
        expect(server.associations).toEqual([]);
        expect(reasons).toEqual([]); // their messages come first
      }
      if (got.length === 2 * COUNT) break;
    }
    for (const one of [0, 1]) {
      expect(got.filter((name) => name.startsWith(String(one)))).toEqual(namesOf(one, COUNT));
    }
    await until(() => reasons.length === 2);
    expect(reasons).toEqual(['shutdown', 'shutdown']);
  });

  test('leaves what it has not taken for the next', async () => {
    const { server, pairs } = await crowd(1, {});
    const [{ near, far }] = pairs as [Crowd['pairs'][0]];
    for (let i = 0; i < 20; i++) near.send(message(0, i));
    await near.dry();
    const got: string[] = [];
    for await (const { data } of server) {
      got.push(named(data));
      if (got.length === 7) break;
    }
    await new Promise(setImmediate);
    expect(got).toHaveLength(7);
    for await (const { data } of server) {
      got.push(named(data));
      if (got.length === 10) break;
    }
    const rest = textsOf(far);
    await until(() => rest.length === 10);
    expect([...got, ...rest.map((text) => named(Buffer.from(text)))]).toEqual(namesOf(0, 20));
  });

  test('takes one message of each association at a time', async () => {
    const all = await crowd(3, {});
    const { server, pairs } = all;
    for (const [one, { near }] of pairs.entries()) {
      for (let i = 0; i < 10; i++) near.send(message(one, i));
    }
    await until(() => pairs.every(({ far }) => far.readAheadBytes === 10 * (LENGTH + 256)));
    const got: string[] = [];
    for await (const { data } of server) {
      got.push(named(data));
      if (got.length === 30) break;
    }
    for (let i = 0; i < 10; i++) {
      const round = got.slice(3 * i, 3 * i + 3);
      expect(round.sort()).toEqual([0, 1, 2].map((one) => `${String(one)}.${String(i)}`));
    }
  });

  test('gets what came of associations that were over before it began', async () => {
    const { server, pairs } = await crowd(2, {});
    const ends = pairs.map(({ far }) => endOf(far));
    for (const [one, { near }] of pairs.entries()) {
      near.send(message(one, 0));
      await near.shutdown();
    }
    await until(() => server.associations.length === 0);
    const got: string[] = [];
    for await (const { data } of server) {
      got.push(named(data));
      if (got.length === 2) break;
    }
    expect(got).toEqual(['0.0', '1.0']);
    expect((await Promise.all(ends)).map(({ reason }) => reason)).toEqual(['shutdown', 'shutdown']);
  });
});

describeSctp('an endpoint that is paused', () => {
  test('goes on with everything but messages', async () => {
    const { server, pairs } = await crowd(2, {});
    const [{ near, far }, other] = pairs as [Crowd['pairs'][0], Crowd['pairs'][0]];
    const got: string[] = [];
    server.on('message', (data) => got.push(named(data)));
    server.pause();
    for (let i = 0; i < 5; i++) near.send(message(0, i));
    await near.dry();
    await far.dry();
    const peer = listeningEndpoint();
    const outbound = await server.connect({ host: HOST, port: portOf(peer) });
    await outbound.shutdown();
    const end = endOf(other.far);
    await other.near.shutdown();
    expect((await end).reason).toBe('shutdown');
    await until(() => far.readAheadBytes === 5 * (LENGTH + 256));
    await far.shutdown();
    expect(got).toEqual([]);
    server.resume();
    await endOf(far);
    expect(got).toEqual(namesOf(0, 5));
  });

  test('keeps no more than totalHighWaterMark of all', async () => {
    const COUNT = 10;
    const TOTAL = 40_000;
    const all = await crowd(COUNT, { totalHighWaterMark: TOTAL, highWaterMark: 1_000_000 });
    const { server, pairs } = all;
    const got: string[][] = pairs.map(() => []);
    for (const [one, { far }] of pairs.entries())
      far.on('message', (data) => got[one]?.push(named(data)));
    server.pause();
    const MESSAGES = 120;
    for (const [one, { near }] of pairs.entries()) {
      for (let i = 0; i < MESSAGES; i++) near.send(message(one, i));
    }
    const kept = await settled(all);
    expect(kept).toBeGreaterThanOrEqual(TOTAL);
    expect(kept).toBeLessThan(TOTAL + COUNT * WAKE_UP);
    expect(kept).toBeLessThan((COUNT * MESSAGES * (LENGTH + 256)) / 1.2);
    expect(peeledOff()).toBeGreaterThan(0);
    server.resume();
    await until(() => got.every(({ length }) => length === MESSAGES));
    expect(got).toEqual(pairs.map((_, one) => namesOf(one, MESSAGES)));
  });
});

describeSctp('listeners that change while messages come', () => {
  test('a message for which nobody listens any longer waits, and is handed over later', async () => {
    const server = listeningEndpoint();
    const { near, far } = await associate(endpointFor(), server);
    const got: string[] = [];
    const first = (data: Buffer): void => {
      got.push(`first ${String(data)}`);
      far.off('message', first);
    };
    far.on('message', first);
    for (const text of ['1', '2', '3']) near.send(Buffer.from(text));
    await until(() => far.readAheadBytes > 0);
    expect(got).toEqual(['first 1']);
    far.once('message', (data) => got.push(`second ${String(data)}`));
    await until(() => got.length === 2);
    server.on('message', (data) => got.push(`endpoint ${String(data)}`));
    await until(() => got.length === 3);
    expect(got).toEqual(['first 1', 'second 2', 'endpoint 3']);
  });

  test("an endpoint that begins to listen in an association's listener gets the same message", async () => {
    const server = listeningEndpoint();
    const { near, far } = await associate(endpointFor(), server);
    const got: string[] = [];
    far.once('message', (data) => {
      got.push(`association ${String(data)}`);
      server.on('message', (same) => got.push(`endpoint ${String(same)}`));
    });
    for (const text of ['1', '2']) near.send(Buffer.from(text));
    await until(() => got.length === 3);
    expect(got).toEqual(['association 1', 'endpoint 1', 'endpoint 2']);
  });
});
