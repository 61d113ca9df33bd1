/** What send() and write() refuse, while the association lives on. */
import { once } from 'node:events';

import type { Socket } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening, type Pair } from '../../support/sockets';

/** The association carries on, and nothing but this has come. */
async function expectAlive({ client, peer }: Pair): Promise<void> {
  client.write('alive');
  const got: string[] = [];
  for await (const message of peer.iterator({ destroyOnReturn: false })) {
    got.push(String(message));
    break;
  }
  expect(got).toEqual(['alive']);
  expect(client.errored).toBeNull();
}

const x = Buffer.from('x');
const type = 'ERR_INVALID_ARG_TYPE';
const range = 'ERR_OUT_OF_RANGE';
const value = 'ERR_INVALID_ARG_VALUE';

const badSends: [name: string, args: unknown[], code: string][] = [
  ['nothing', [], type],
  ['a string', ['text'], type],
  ['null', [null], type],
  ['an ArrayBuffer', [new ArrayBuffer(1)], type],
  ['a number', [5], type],
  ['info of another type', [x, 5], type],
  ['null as info', [x, null], type],
  ['a misspelt name', [x, { ppdi: 5 }], value],
  ['sid -1', [x, { sid: -1 }], range],
  ['sid 65536', [x, { sid: 65536 }], range],
  ['sid 1.5', [x, { sid: 1.5 }], range],
  ['a sid in a string', [x, { sid: '1' }], type],
  ['ppid 2^32', [x, { ppid: 2 ** 32 }], range],
  ['context NaN', [x, { context: NaN }], range],
  ['unordered 1', [x, { unordered: 1 }], type],
  ['sackImmediately null', [x, { sackImmediately: null }], type],
  ['pr without policy', [x, { pr: { value: 1 } }], value],
  ['an unknown policy', [x, { pr: { policy: 'never', value: 1 } }], value],
  ['a hostname', [x, { address: 'localhost' }], 'ERR_INVALID_IP_ADDRESS'],
  ['an address of another type', [x, { address: 1 }], type],
];

describeSctp('bad arguments throw', () => {
  test.each(badSends)('send() of %s', async (_, args, code) => {
    const pair = await connectedPair();
    const { client } = pair;
    const send = client.send.bind(client) as (...all: unknown[]) => boolean;
    expectThrow(() => send(...args), { code });
    await expectAlive(pair);
  });

  test('send() of an empty message, for SCTP has none', async () => {
    const pair = await connectedPair();
    expectThrow(() => pair.client.send(Buffer.alloc(0)), { code: 'ERR_INVALID_ARG_VALUE' });
    await expectAlive(pair);
  });

  test.each<[unknown, string]>([
    [null, 'ERR_STREAM_NULL_VALUES'],
    [undefined, type],
    [5, type],
    [{}, type],
    [new ArrayBuffer(1), type],
    [[1], type],
  ])('write(%p)', async (chunk, code) => {
    const pair = await connectedPair();
    expectThrow(() => pair.client.write(chunk as string), { code });
    await expectAlive(pair);
  });

  test('write() in an unknown encoding, or with a bad ppid on the Buffer', async () => {
    const pair = await connectedPair();
    const { client } = pair;
    expectThrow(() => client.write('x', 'no' as BufferEncoding), { code: 'ERR_UNKNOWN_ENCODING' });
    expectThrow(() => client.setDefaultEncoding('no' as BufferEncoding), {
      code: 'ERR_UNKNOWN_ENCODING',
    });
    const message = Object.assign(Buffer.from('x'), { ppid: 'M4UA' });
    expectThrow(() => client.write(message), { code: 'ERR_INVALID_ARG_VALUE' });
    const odd = Object.assign(Buffer.from('x'), { ppid: true });
    expectThrow(() => client.write(odd), { code: type });
    await expectAlive(pair);
  });
});

describeSctp('a stream that was not negotiated', () => {
  const few = { server: { MIS: 3 }, client: { OS: 10 } };

  test('is refused at the call', async () => {
    const pair = await connectedPair(few);
    const { client } = pair;
    client.send(x, { sid: 2 });
    expectThrow(() => client.send(x, { sid: 3 }), {
      code: range,
      message: expect.stringContaining('< 3') as string,
    });
    const message = Object.assign(Buffer.from('x'), { sid: 3 });
    expectThrow(() => client.write(message), { code: range });
    await once(pair.peer, 'readable');
    expect(String(pair.peer.read())).toBe('x');
    await expectAlive(pair);
  });

  test("written before connect, fails its callback and 'sendFailed', and it alone", async () => {
    const server = await listening(few.server);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, few.client);
    const failed = once(client, 'sendFailed');
    const callbacks: (string | undefined)[] = [];
    const callback = (error?: Error | null): void => {
      callbacks.push((error as NodeJS.ErrnoException | undefined)?.code);
    };
    client.send(Buffer.from('good'), { sid: 2 }, callback);
    client.send(Buffer.from('bad'), { sid: 9, ppid: 5, context: 6 }, callback);
    client.send(Buffer.from('good'), { sid: 0 }, callback);
    expect((await failed)[0]).toMatchObject({
      code: 'ERR_SCTP_SEND_FAILED',
      data: Buffer.from('bad'),
      sid: 9,
      ppid: 5,
      context: 6,
      unordered: false,
      sent: false,
      message: expect.stringContaining('stream 9') as string,
    });
    const [peer] = await accepted;
    await client.dry();
    expect(callbacks).toEqual([undefined, 'EINVAL', undefined]);
    client.end();
    const got: string[] = [];
    for await (const message of peer) got.push(String(message));
    expect(got).toEqual(['good', 'good']);
  });
});

describeSctp('a message longer than the send buffer', () => {
  const SNDBUF = 200_000;
  const small = { client: { sctp: { sndBuf: SNDBUF / 2 } } };

  test.each(['send', 'write'] as const)('%s() refuses it; the longest goes', async (method) => {
    const pair = await connectedPair(small);
    const { client, peer } = pair;
    const emit = (data: Buffer): boolean =>
      method === 'send' ? client.send(data) : client.write(data);
    expect(client.getOption('sndBuf')).toBe(SNDBUF);
    expectThrow(() => emit(Buffer.alloc(SNDBUF + 1)), {
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      size: SNDBUF + 1,
      limit: SNDBUF,
      message: expect.stringContaining("oversize: 'split'") as string,
    });
    emit(Buffer.alloc(SNDBUF, 'l'));
    const [longest] = (await once(peer, 'data')) as [Buffer];
    expect(longest.equals(Buffer.alloc(SNDBUF, 'l'))).toBe(true);
    peer.pause();
    await expectAlive(pair);
  });

  test('written before connect: fails its callback, and it alone', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, small.client);
    const failed = once(client, 'sendFailed');
    const error = await new Promise((resolve) => {
      client.write(Buffer.alloc(SNDBUF + 1), resolve);
    });
    expect(error).toMatchObject({
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      limit: SNDBUF,
      message: expect.stringContaining("oversize: 'split'") as string,
    });
    expect((await failed)[0]).toMatchObject({ sent: false });
    await expectAlive({ server, client, peer: (await accepted)[0] });
  });

  test("after setOption('sndBuf') the limit is the new one", async () => {
    const { client, peer } = await connectedPair(small);
    client.setOption('sndBuf', SNDBUF);
    client.write(Buffer.alloc(SNDBUF * 2));
    const [longest] = (await once(peer, 'data')) as [Buffer];
    expect(longest).toHaveLength(SNDBUF * 2);
  });

  describe.each(['before connect', 'after it'])("oversize: 'split', %s", (when) => {
    test('cuts what is too long, keeps what is not, and calls back once', async () => {
      const server = await listening();
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const client = connectTo(server, { ...small.client, oversize: 'split' });
      if (when === 'after it') await once(client, 'connect');
      const chunk = Buffer.alloc(SNDBUF * 3 + 1);
      for (let i = 0; i < chunk.length; i++) chunk[i] = i % 251;
      let calls = 0;
      const written = new Promise<void>((resolve) => {
        client.write(Object.assign(chunk, { ppid: 9 }), () => {
          calls++;
          resolve();
        });
      });
      client.write('short');
      client.end();
      const got: Buffer[] = [];
      for await (const message of (await accepted)[0]) got.push(message as Buffer);
      await written;
      expect(calls).toBe(1);
      expect(String(got.pop())).toBe('short');
      expect(Buffer.compare(Buffer.concat(got), chunk)).toBe(0);
      expect(got.length).toBeGreaterThan(3);
      expect(got.map((message) => (message as Buffer & { ppid: number }).ppid)).toEqual(
        got.map(() => 9),
      );
    });
  });

  test("with oversize: 'split', send() still keeps messages whole", async () => {
    const pair = await connectedPair({ client: { ...small.client, oversize: 'split' } });
    expectThrow(() => pair.client.send(Buffer.alloc(SNDBUF + 1)), {
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
    });
    await expectAlive(pair);
  });
});
