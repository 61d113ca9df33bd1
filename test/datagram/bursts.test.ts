/** Messages of one tick leave together; a receiver that is late loses none. */
import { open } from 'kernel-sctp';

import { until } from '../lifecycle/kit';
import { readCounters, since } from '../stalls/counters';
import { closing } from '../support/cleanup';
import { floodStandingStill } from '../support/flood';
import { describeSctp } from '../support/sctp';
import { packetsSent } from '../support/packets';

const HOST = '127.0.0.1';

/** A handle that collects texts, and one whose association with it is up. */
async function pair(info = {}) {
  const texts: string[] = [];
  const problems: string[] = [];
  const options = { host: HOST, unordered: false };
  const server = closing(
    open(options, (result) => {
      if (typeof result === 'string') problems.push(result);
      else texts.push(String(result[0]));
    }),
  );
  const { port } = server.address();
  const client = closing(
    open(options, (result) => {
      if (typeof result === 'string') problems.push(result);
    }),
  );
  const send = (text: string): number => client.send(Buffer.from(text), HOST, port, info);
  send('first');
  await until(() => texts.length === 1);
  texts.length = 0;
  return { server, client, port, send, texts, problems };
}

const NUMBERED = Array.from({ length: 80 }, (_, i) => `message ${String(i)}`);

describeSctp('what open is given within one tick', () => {
  test.each([[{}], [{ sid: 3, ppid: 7 }]])('leaves in a few packets: %j', async (info) => {
    const { send, texts } = await pair(info);
    const before = packetsSent();
    for (const text of NUMBERED) expect(send(text)).toBe(text.length);
    await until(() => texts.length === NUMBERED.length);
    // Acknowledgements are among them.
    expect(packetsSent() - before).toBeLessThan(20);
    expect(texts).toEqual(NUMBERED);
  });

  test('stays in order with long messages, and may be reused', async () => {
    const { client, port, texts } = await pair();
    const lengths = [1, 2, 20_000, 3, 8192, 8193, 4, 5];
    const shared = Buffer.alloc(20_000);
    for (const [i, length] of lengths.entries()) {
      shared.fill(String(i));
      client.send(shared.subarray(0, length), HOST, port);
    }
    shared.fill('?');
    await until(() => texts.length === lengths.length);
    expect(texts).toEqual(lengths.map((length, i) => String(i).repeat(length)));
  });

  test('is more than leaves at once', async () => {
    const { send, texts, client } = await pair();
    const many = Array.from({ length: 1000 }, (_, i) => `message ${String(i)}`);
    for (const text of many) send(text);
    await until(() => texts.length === many.length);
    expect(texts).toEqual(many);
    expect(client.associations()).toMatchObject([{ state: 'up', bufferedAmount: 0 }]);
  });

  test('waits in copies, each sent as it was said, whatever its kind of memory', async () => {
    const count = 3000;
    const arrived: string[] = [];
    const server = closing(
      open({ host: HOST, unordered: false }, (result, info) => {
        if (typeof result === 'string') return void arrived.push(result);
        const [data] = result;
        const isWhole = data.every((byte) => byte === data[0]);
        arrived.push(
          `${String(data.length)} of ${String(data[0])}, ${String(info?.ppid)}, ${String(isWhole)}`,
        );
      }),
    );
    const { port } = server.address();
    const client = closing(open({ host: HOST, unordered: false }, () => undefined));
    const shared = new ArrayBuffer(10_000);
    const kinds = [
      (length: number) => Buffer.from(shared, 0, length),
      (length: number) => new Uint8Array(shared, 0, length),
      (length: number) => new DataView(shared, 0, length),
    ] as const;
    const expected: string[] = [];
    let waiting = 0;
    for (let i = 0; i < count; i++) {
      const length = i % 300 === 7 ? 9000 : 1 + (i % 500);
      const viewOf = kinds[i % kinds.length] as (typeof kinds)[number];
      new Uint8Array(shared).fill(i);
      const info = i % 4 === 0 ? undefined : { ppid: i };
      expect(client.send(viewOf(length), HOST, port, info)).toBe(length);
      expected.push(`${String(length)} of ${String(i % 256)}, ${String(info?.ppid ?? 0)}, true`);
      waiting += length;
    }
    new Uint8Array(shared).fill(0);
    // Of which nothing can have left: the association is being set up.
    expect(client.associations()).toMatchObject([{ bufferedAmount: waiting }]);
    await until(() => arrived.length === count);
    expect(arrived).toEqual(expected);
    expect(client.associations()).toMatchObject([{ bufferedAmount: 0 }]);
  });

  test('a stream that there is not is refused at once, also where messages wait', async () => {
    const { client, port, send, texts, problems } = await pair();
    send('a');
    for (const sid of [1000, 65_535]) {
      expect(() => client.send(Buffer.from('x'), HOST, port, { sid })).toThrow('EINVAL');
    }
    send('b');
    await until(() => texts.length === 2);
    expect([texts, problems]).toEqual([['a', 'b'], []]);
  });

  test.each(['close', 'shutdown', 'abort'] as const)('leaves before %s', async (method) => {
    const { client, port, send, texts } = await pair();
    for (const text of NUMBERED) send(text);
    if (method === 'close') client.close();
    else void client[method](HOST, port);
    await until(() => texts.length === NUMBERED.length);
    expect(texts).toEqual(NUMBERED);
  });
});

describeSctp('a receiver that is late', () => {
  test('has announced no more than it has memory for', async () => {
    let received = 0;
    const server = closing(
      open({ host: HOST }, (result) => {
        if (typeof result !== 'string') received++;
      }),
    );
    const before = readCounters();
    const sent = floodStandingStill(HOST, server.address().port, 100);
    await until(() => received === sent);
    expect(sent).toBeGreaterThan(10_000);
    // One probes the closed window.
    expect(since(before, readCounters()).InDataChunkDiscards).toBeLessThanOrEqual(2);
  });
});
