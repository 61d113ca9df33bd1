/** From an association of an endpoint to a Socket of its own, and what else may happen to one. */
import { once } from 'node:events';

import type { Socket } from 'kernel-sctp';

import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';
import { defer } from '../support/cleanup';
import {
  associate,
  associatedEndpoints,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
} from '../support/endpoints';

function destroyed(socket: Socket): Socket {
  defer(() => socket.on('error', () => undefined).resetAndDestroy());
  return socket;
}

describeSctp('peelOff', () => {
  test('gives a Socket, over which both directions go on', async () => {
    const { client, near, far } = await associatedEndpoints();
    const end = endOf(near);
    const socket = destroyed(near.peelOff());
    expect(await end).toEqual({ reason: 'peeledOff', causes: [] });
    expect(client.associations).toEqual([]);
    expect(socket.remotePort).toBe(far.localPort);
    const heard: unknown[] = [];
    near.on('message', (data) => heard.push(data)); // listeners are not moved
    near.on('sendFailed', (error) => heard.push(error));
    socket.send(Buffer.from('from the socket'), { sid: 2 });
    expect(await nextTexts(far, 1)).toEqual(['from the socket']);
    far.send(Buffer.from('to the socket'), { sid: 5 });
    const [data] = (await once(socket, 'data')) as [Buffer & { sid: number }];
    expect([String(data), data.sid]).toEqual(['to the socket', 5]);
    expect(heard).toEqual([]);
    const over = endOf(far);
    socket.end();
    await once(socket, 'close');
    expect((await over).reason).toBe('shutdown');
  });

  test('has the options of the endpoint, those that the kernel forgets, too', async () => {
    const sctp = {
      noDelay: false,
      maxSeg: 1000,
      mark: 7,
      reconfigSupported: true,
      enableStreamReset: { resetStreams: true, resetAssoc: false, changeAssoc: false },
      rtoInfo: { initial: 300, min: 200, max: 900 },
      defaultSndInfo: { ppid: 46 },
      partialDeliveryPoint: 3000,
    } as const;
    const { near } = await associatedEndpoints({ server: { sctp }, client: { sctp } });
    const socket = destroyed(near.peelOff());
    for (const [name, value] of Object.entries(sctp)) {
      const found: unknown = socket.getOption(name as 'noDelay');
      if (typeof value === 'object') expect(found).toMatchObject(value);
      else expect([name, found]).toEqual([name, value]);
    }
  });

  test('moves what was received and not handed over, and what waits to be sent', async () => {
    const { near, far } = await associatedEndpoints({ client: { sctp: { sndBuf: 20_000 } } });
    near.pause();
    const texts = Array.from({ length: 30 }, (_, i) => String(i));
    for (const text of texts) far.send(Buffer.from(text));
    await far.dry();
    far.pause();
    const out = Array.from({ length: 200 }, (_, i) => String(i).padEnd(1000, '.'));
    for (const text of out) near.send(Buffer.from(text));
    expect(near.bufferedAmount).toBeGreaterThan(0);
    const socket = destroyed(near.peelOff());
    const got: string[] = [];
    socket.on('data', (data) => got.push(String(data)));
    far.resume();
    expect(await nextTexts(far, out.length)).toEqual(out);
    await socket.dry();
    expect(got).toEqual(texts);
  });

  test('what cannot be sent any more fails by itself; all else goes along', async () => {
    const { near, far } = await associatedEndpoints();
    const detached = new Uint8Array(8);
    const outcome = new Promise((resolve) => {
      near.send(detached, resolve);
    });
    near.send(Buffer.from('with flags'), { eof: false, abort: false });
    structuredClone(detached, { transfer: [detached.buffer] });
    const texts = nextTexts(far, 1);
    destroyed(near.peelOff());
    expect(await outcome).toBeInstanceOf(Error);
    expect(await texts).toEqual(['with flags']);
  });

  test('in the middle of traffic, from within a listener: each message comes once', async () => {
    const { near, far } = await associatedEndpoints();
    const COUNT = 300;
    const got: string[] = [];
    const all = new Promise<void>((resolve) => {
      const take = (data: Buffer): void => {
        got.push(String(data));
        if (got.length === COUNT) resolve();
      };
      near.on('message', (data) => {
        take(data);
        if (got.length === 10) destroyed(near.peelOff()).on('data', take);
      });
    });
    for (let i = 0; i < COUNT; i++) far.send(Buffer.from(String(i)));
    await all;
    expect(got).toEqual(Array.from({ length: COUNT }, (_, i) => String(i)));
  });

  test('a message that has come in part is completed on the other side', async () => {
    const { near, far } = await associatedEndpoints({ client: { sctp: { rcvBuf: 60_000 } } });
    const [first, long] = [Buffer.from('x'), Buffer.alloc(300_000, 'long')];
    far.send(first);
    far.send(long);
    await once(near, 'message'); // the kernel has more than its buffer takes at once
    const socket = destroyed(near.peelOff());
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.equals(long)).toBe(true);
  });

  test('over IPv6, too', async () => {
    const server = endpointFor().listen({ host: '::1' });
    const client = endpointFor();
    const near = await client.connect({ host: '::1', port: portOf(server) });
    const socket = destroyed(near.peelOff());
    expect(socket.remoteAddress).toBe('::1');
    const message = once(server, 'message') as Promise<[Buffer]>;
    socket.write('six');
    expect(String((await message)[0])).toBe('six');
  });
});

describeSctp('what cannot be', () => {
  test('has an error of its own each', async () => {
    const { near, far, client } = await associatedEndpoints();
    const data = Buffer.from('x');
    const code = (call: () => unknown): unknown => {
      try {
        call();
        return 'no error';
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    };
    expect(code(() => near.send(Buffer.alloc(0)))).toBe('ERR_INVALID_ARG_VALUE');
    expect(code(() => near.send('text' as unknown as Buffer))).toBe('ERR_INVALID_ARG_TYPE');
    expect(code(() => near.send(data, { sid: 50_000 }))).toBe('ERR_OUT_OF_RANGE');
    expect(code(() => near.send(Buffer.alloc(8_000_000)))).toBe('ERR_SCTP_MESSAGE_TOO_LARGE');
    expect(
      code(() => {
        near.setOption('noDelay', false);
      }),
    ).toBe('ERR_SCTP_OPTION');
    expect(
      code(() => {
        near.addLocalAddress('127.0.0.9');
      }),
    ).toBe('EPERM');
    expect(code(() => client.bind())).toBe('ERR_SCTP_ENDPOINT_BOUND');
    expect(code(() => client.listen({ port: 7 }))).toBe('ERR_SCTP_ENDPOINT_BOUND');
    expect(code(() => client.getOption('noDelay'))).toBe('no error');
    const done = near.shutdown();
    expect(code(() => near.send(data))).toBe('ERR_SCTP_ASSOCIATION_ENDING');
    expect(code(() => near.peelOff())).toBe('ERR_SCTP_ASSOCIATION_ENDING');
    await Promise.all([done, once(far, 'close')]);
    expect(code(() => near.send(data))).toBe('ERR_SCTP_ASSOCIATION_OVER');
    expect(code(() => near.peelOff())).toBe('ERR_SCTP_ASSOCIATION_OVER');
    expect(code(() => near.status())).toBe('ERR_SCTP_ASSOCIATION_OVER');
    await client.close();
    await expect(client.connect({ host: HOST, port: 9 })).rejects.toMatchObject({
      code: 'ERR_SCTP_ENDPOINT_CLOSED',
    });
    expect(code(() => client.sendAll(data))).toBe('ERR_SCTP_ENDPOINT_CLOSED');
  });

  test("an address that is not the peer's is refused, and begins nothing", async () => {
    const { near, client } = await associatedEndpoints();
    const other = listeningEndpoint();
    const begun = jest.fn();
    other.on('association', begun);
    expectThrow(() => near.send(Buffer.from('x'), { address: '127.0.0.77' }), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining('is not an address of the peer') as string,
    });
    expect(client.associations).toEqual([near]);
    expect(near.closed).toBe(false);
  });

  test('peeling off twice is an error', async () => {
    const { near } = await associatedEndpoints();
    destroyed(near.peelOff());
    expect(() => near.peelOff()).toThrow(/was peeled off/);
    expect(() => near.send(Buffer.from('x'))).toThrow(/was peeled off/);
  });

  test.each([
    ['whole', 1000, {}],
    ['in parts', 200_000, { rcvBuf: 60_000 }],
  ])(
    'a message that is too long, and comes %s, ends its association alone',
    async (_, limit, sctp) => {
      const server = listeningEndpoint({ maxMessageSize: limit, sctp });
      const [good, bad] = [endpointFor(), endpointFor()];
      const well = await associate(good, server);
      const ill = await associate(bad, server);
      const ends = Promise.all([endOf(ill.near), endOf(ill.far)]);
      ill.near.send(Buffer.alloc(2.5 * limit + 1));
      const [theirs, ours] = await ends;
      expect(theirs.causes[0]?.text).toBe('message too long');
      expect(ours).toMatchObject({
        reason: 'local',
        error: { code: 'ERR_SCTP_MESSAGE_TOO_LARGE', limit },
      });
      expect(ours.error?.message).toContain('longer than maxMessageSize');
      well.near.send(Buffer.alloc(1000, 'a'));
      expect(await nextTexts(well.far, 1)).toEqual(['a'.repeat(1000)]);
    },
  );

  test('so does one without room among those that have come in part, and its error says so', async () => {
    const sctp = { rcvBuf: 60_000 };
    const server = listeningEndpoint({ maxUnfinishedBytes: 200_000, sctp });
    const { near, far } = await associate(endpointFor(), server);
    const other = await associate(endpointFor(), server);
    const ends = Promise.all([endOf(far), endOf(near)]);
    near.send(Buffer.alloc(500_000));
    const [ours, theirs] = await ends;
    expect(ours.error).toMatchObject({
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      limit: 200_000,
      message: expect.stringContaining('maxUnfinishedBytes') as string,
    });
    expect(theirs).toMatchObject({ causes: [{ text: 'no room for the message' }] });
    expect(server.associations).toEqual([other.far]);
  });
});
