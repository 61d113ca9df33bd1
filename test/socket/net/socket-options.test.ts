/** What sockets are made with, and set to: as with `net`, or with what SCTP has for it. */
import { ADDRCONFIG, V4MAPPED } from 'node:dns';
import { once } from 'node:events';
import { getDefaultHighWaterMark, setDefaultHighWaterMark } from 'node:stream';

import { connect, type ConnectOptions, Socket } from 'kernel-sctp';

import { Capture, DATA } from '../../support/capture';
import { startNode } from '../../support/child';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { closed, expectTwins } from '../../support/twin';

const HOST = '127.0.0.1';
type Lookup = NonNullable<ConnectOptions['lookup']>;

describeSctp('keepAlive is heartbeats', () => {
  test.each<[Partial<ConnectOptions>, object]>([
    [{}, { hbEnable: true }],
    [{ keepAlive: true }, { hbEnable: true }],
    [{ keepAlive: false }, { hbEnable: false }],
    [
      { keepAlive: true, keepAliveInitialDelay: 4000 },
      { hbEnable: true, hbInterval: 4000 },
    ],
    [
      { keepAlive: true, keepAliveInitialDelay: -1 },
      { hbEnable: true, hbInterval: 30_000 },
    ],
    [
      { keepAlive: true, sctp: { peerAddrParams: { hbInterval: 5000, pathMaxRxt: 3 } } },
      { hbEnable: true, hbInterval: 5000, pathMaxRxt: 3 },
    ],
    [
      { keepAlive: false, sctp: { peerAddrParams: { hbInterval: 5000, pathMaxRxt: 3 } } },
      { hbEnable: false, pathMaxRxt: 3 },
    ],
  ])('%j', async (options, expected) => {
    const { client } = await connectedPair({ client: options });
    expect(client.getOption('peerAddrParams')).toMatchObject(expected);
  });

  test('setKeepAlive() takes what net takes, at any time', async () => {
    const server = await listening();
    const client = destroying(new Socket());
    const loose = client.setKeepAlive.bind(client) as (...args: unknown[]) => Socket;
    expect(loose(true, 'x')).toBe(client);
    expect(loose(1, 2000.7)).toBe(client);
    client.connect(portOf(server), HOST);
    await once(client, 'connect');
    expect(client.getOption('peerAddrParams')).toMatchObject({ hbEnable: true, hbInterval: 2000 });
    loose();
    expect(client.getOption('peerAddrParams').hbEnable).toBe(false);
    client.destroy();
    expect(loose(true)).toBe(client);
  });
});

describeSctp('noDelay', () => {
  test.each<[unknown, boolean]>([
    [undefined, true],
    [null, true],
    [true, true],
    [false, false],
    [0, false],
    ['yes', true],
  ])('%j', async (noDelay, expected) => {
    const { client } = await connectedPair({ client: { noDelay: noDelay as boolean } });
    expect(client.getOption('noDelay')).toBe(expected);
  });
});

describeSctp('high-water marks', () => {
  test('of both sides, or of each', () => {
    const both = new Socket({ highWaterMark: 7 });
    expect([both.readableHighWaterMark, both.writableHighWaterMark]).toEqual([7, 7]);
    const each = new Socket({ readableHighWaterMark: 5, writableHighWaterMark: 9 });
    expect([each.readableHighWaterMark, each.writableHighWaterMark]).toEqual([5, 9]);
    expect(new Socket({ highWaterMark: 0 }).readableHighWaterMark).toBe(0);
  });

  test("of the writing side by default: Node's own, which was less before Node 22", () => {
    const own = getDefaultHighWaterMark(false);
    const { readableHighWaterMark, writableHighWaterMark } = new Socket();
    expect([readableHighWaterMark, writableHighWaterMark]).toEqual([own, 65_536]);
    try {
      setDefaultHighWaterMark(false, 1000);
      expect(new Socket().writableHighWaterMark).toBe(1000);
    } finally {
      setDefaultHighWaterMark(false, own);
    }
  });

  test('of 0 still read and write', async () => {
    const none = { highWaterMark: 0 };
    const { client, peer } = await connectedPair({ client: none, server: none });
    for (const text of ['a', 'b', 'c']) client.write(text);
    client.end();
    const texts: string[] = [];
    for await (const message of peer) texts.push(String(message));
    expect(texts).toEqual(['a', 'b', 'c']);
  });
});

describeSctp('an AbortSignal, as with net,', () => {
  test('that aborts while connecting', async () => {
    await expectTwins(async ({ net, watch, serve }) => {
      const port = await serve(undefined, { unwatched: true });
      const controller = new AbortController();
      const { signal } = controller;
      const client = watch(net.connect({ port, host: HOST, signal }), 'client');
      controller.abort();
      await closed(client);
    });
  });

  test('that aborts for a reason, once connected', async () => {
    await expectTwins(async ({ net, log, watch, serve }) => {
      const port = await serve(undefined, { unwatched: true });
      const controller = new AbortController();
      const client = watch(new net.Socket({ signal: controller.signal }), 'client');
      client.on('error', ({ name, cause }) => {
        log('client', `${name} because of ${String(cause)}`);
      });
      client.connect(port, HOST, () => {
        controller.abort(new Error('why'));
      });
      await closed(client);
    });
  });

  test('that has aborted: nothing is begun', async () => {
    const client = connect({ port: 1, host: HOST, signal: AbortSignal.abort() });
    const { closed: over } = journalOf(client);
    expect([client.destroyed, client.connecting]).toEqual([true, false]);
    expect(await over).toEqual(['error ABORT_ERR', 'close true']);
  });

  test('that aborts after the close: nothing happens', async () => {
    const controller = new AbortController();
    const { client } = await connectedPair({ client: { signal: controller.signal } });
    const { entries, closed: over } = journalOf(client);
    client.destroy();
    await over;
    controller.abort();
    await new Promise(setImmediate);
    expect(entries).toEqual(['close false']);
  });
});

describeSctp('lookup', () => {
  const asked = async (options: Partial<ConnectOptions>): Promise<unknown[]> => {
    const server = await listening();
    const calls: unknown[] = [];
    const lookup: Lookup = (name, given, callback) => {
      calls.push(name, given);
      process.nextTick(callback, null, HOST, 4);
    };
    const client = connectTo(server, { host: 'a.test', lookup, ...options });
    await once(client, 'connect');
    return calls;
  };

  test('is asked for every address, with the hints of net', async () => {
    // Strictly: with the properties that `net` gives it, those without a value, too.
    const plain = { all: true, family: undefined, hints: ADDRCONFIG };
    expect(await asked({})).toStrictEqual(['a.test', plain]);
    expect(await asked({ hints: 512 })).toStrictEqual(['a.test', { ...plain, hints: 512 }]);
    expect(await asked({ family: 4 })).toEqual(['a.test', { all: true, family: 4, hints: 0 }]);
    expect(await asked({ family: 'IPv4', hints: V4MAPPED })).toEqual([
      'a.test',
      { all: true, family: 4, hints: V4MAPPED },
    ]);
  });

  test('is not asked for a numeric address', async () => {
    const lookup: Lookup = () => {
      throw new Error('asked');
    };
    const { client } = await connectedPair({ client: { lookup } });
    expect(client.remoteAddress).toBe(HOST);
  });

  test('that answers after destroy() is not heard', async () => {
    await expectTwins(async ({ net, watch }) => {
      let answer = (): void => undefined;
      const lookup: Lookup = (_name, _options, callback) => {
        answer = () => {
          callback(null, [{ address: HOST, family: 4 }]);
        };
      };
      const client = watch(net.connect({ port: 1, host: 'a.test', lookup }), 'client');
      client.on('close', () => undefined);
      client.destroy();
      answer();
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
  });

  test('destroyed in the event: nothing is begun', async () => {
    const server = await listening();
    const lookup: Lookup = (_name, _options, callback) => {
      process.nextTick(callback, null, [
        { address: HOST, family: 4 },
        { address: '127.0.0.2', family: 4 },
      ]);
    };
    const client = connectTo(server, { host: 'a.test', lookup });
    const found: unknown[] = [];
    client.on('lookup', (_error, address) => {
      found.push(address);
      client.destroy();
    });
    const { closed: over } = journalOf(client);
    expect(await over).toEqual(['close false']);
    expect(found).toEqual([HOST]);
  });
});

describeSctp('attempts', () => {
  test('are reported one by one, with why each has failed', async () => {
    const server = await listening();
    const lookup: Lookup = (_name, _options, callback) => {
      process.nextTick(callback, null, [
        { address: '127.0.0.9', family: 4 },
        { address: HOST, family: 4 },
      ]);
    };
    const client = connectTo(server, { host: 'two.test', lookup });
    const reported: unknown[] = [];
    client.on('connectionAttempt', (...args) => reported.push(args));
    client.on('connectionAttemptFailed', (...args) => reported.push(args));
    await once(client, 'connect');
    const port = portOf(server);
    expect(reported).toEqual([
      ['127.0.0.9', port, 4],
      ['127.0.0.9', port, 4, expect.objectContaining({ code: 'ECONNREFUSED' })],
      [HOST, port, 4],
    ]);
    expect(client.autoSelectFamilyAttemptedAddresses).toEqual([
      `127.0.0.9:${String(port)}`,
      `${HOST}:${String(port)}`,
    ]);
  });
});

describeSctp("'timeout', as with net,", () => {
  test('while the name is looked up', async () => {
    await expectTwins(async ({ net, log, watch }) => {
      const lookup = (): void => undefined;
      const client = watch(net.connect({ port: 1, host: 'a.test', timeout: 20, lookup }), 'client');
      log('client', client.timeout);
      await once(client, 'timeout');
      log('client', client.readyState);
    });
  });

  test('comes once for each time that nothing happens, and not after 0', async () => {
    await expectTwins(async ({ net, log, watch, serve }) => {
      const port = await serve(undefined, { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client');
      await once(client, 'connect');
      const listener = (): void => {
        log('client', 'listener');
      };
      log('client', client.setTimeout(25, listener) === client);
      await once(client, 'timeout');
      client.setTimeout(25, listener);
      client.setTimeout(0, listener);
      await new Promise((resolve) => setTimeout(resolve, 60));
      log('client', client.timeout);
      client.destroy();
      log('client', client.timeout);
      await closed(client);
    });
  });

  test('does not keep the process alive, nor does a socket that was never connected', async () => {
    const { code, stdout } = await startNode(`
      const { Socket } = require('kernel-sctp');
      new Socket().setTimeout(60_000, () => console.log('too late'));
    `).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});

describeSctp('ref() and unref()', () => {
  test('before connect() hold for the association; a timer of its own does not keep it', async () => {
    const { code, stdout } = await startNode(`
      const { createServer, Socket } = require('kernel-sctp');
      const server = createServer((peer) => peer.unref());
      server.listen({ host: '127.0.0.1' }, () => {
        const client = new Socket();
        if (client.unref() !== client || client.ref() !== client) throw new Error('not chained');
        client.unref().connect(server.address().port, '127.0.0.1', () => {
          client.setTimeout(60_000);
          server.unref();
          console.log('met');
        });
      });
    `).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'met\n' });
  });
});

describeSctp('captureRejections', () => {
  test('makes an error of a rejected listener', async () => {
    await expectTwins(async ({ net, watch, serve }) => {
      const port = await serve((peer) => peer.write('x'), { unwatched: true });
      const client = watch(
        net.connect({ port, host: HOST, captureRejections: true } as never),
        'client',
      );
      const rejecting: (...args: unknown[]) => unknown = () => Promise.reject(new Error('kaboom'));
      client.on('data', rejecting);
      await closed(client);
    });
  });
});

describeSctp('onread', () => {
  test('gets the bytes in the memory given, as with net', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end('abcdef'));
      const buffer = Buffer.alloc(4);
      const client: unknown = watch(
        net.connect({
          ...{ port, host: HOST },
          onread: {
            buffer,
            callback(this: unknown, bytes: number, memory: Uint8Array): boolean {
              log('client', [bytes, Buffer.from(memory.subarray(0, bytes)).toString()]);
              log('client', [memory === buffer, this === client]);
              return true;
            },
          },
        }),
        'client',
      );
      await allClosed();
      log('client', (client as Socket).bytesRead);
    });
  });

  const refused = { name: 'TypeError', code: expect.stringMatching('ERR_INVALID_ARG_') as string };
  test.each<[string, () => Uint8Array, object]>([
    ['a function that throws', () => fail(new Error('mine')), { message: 'mine' }],
    ['a function that has none to offer', () => null as never, refused],
    ['a function whose memory has no room', () => new Uint8Array(0), refused],
  ])('%s instead of giving memory ends the socket', async (_name, buffer, error) => {
    const server = await listening();
    server.on('connection', (peer) => peer.on('error', () => undefined).write('abcdefgh'));
    const client = connectTo(server, { onread: { buffer, callback: () => true } });
    expect(await once(client, 'error')).toMatchObject([error]);
  });

  test('memory that was detached meanwhile ends the socket', async () => {
    const server = await listening();
    server.on('connection', (peer) => peer.on('error', () => undefined).write('abcdefgh'));
    const buffer = new Uint8Array(4);
    const callback = (): void => {
      structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
    };
    const client = connectTo(server, { onread: { buffer, callback } });
    const message = expect.stringContaining('not be detached') as string;
    expect(await once(client, 'error')).toMatchObject([{ ...refused, message }]);
  });

  test('asks a function for memory, each time anew, as net does', async () => {
    const journals = await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end('abcdefgh'));
      let asked = 0;
      const buffer = (): Buffer => Buffer.alloc(++asked === 1 ? 5 : 2);
      const callback = (bytes: number, memory: Uint8Array): boolean => {
        log('client', Buffer.from(memory.subarray(0, bytes)).toString());
        return true;
      };
      watch(net.connect({ port, host: HOST, onread: { buffer, callback } }), 'client');
      await allClosed();
      log('client', asked);
    });
    // Once more than was needed: for what might have followed.
    expect(journals['client']).toEqual(expect.arrayContaining(['abcde', 'fg', 'h', '4']));
  });

  test('false pauses, until resume()', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const texts: string[] = [];
    const client = connectTo(server, {
      onread: {
        buffer: Buffer.alloc(3),
        callback: (bytes, memory) => {
          texts.push(Buffer.from(memory.subarray(0, bytes)).toString());
          return texts.length % 2 === 0;
        },
      },
    });
    const [source] = await accepted;
    source.write('abcde');
    source.write('fg');
    source.end('h');
    const steps: string[][] = [];
    while (!client.readableEnded) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      steps.push([...texts]);
      client.resume();
    }
    expect(texts).toEqual(['abc', 'de', 'fg', 'h']);
    expect(steps[0]).toEqual(['abc']);
    expect(steps[1]).toEqual(['abc', 'de', 'fg']);
  });

  test('goes on after a callback that throws', async () => {
    const { code, stdout } = await startNode(`
      const { createServer, connect } = require('kernel-sctp');
      process.on('uncaughtException', (error) => console.log(error.message));
      const server = createServer((peer) => { peer.write('abcd'); peer.end('ef'); server.close(); });
      server.listen({ host: '127.0.0.1' }, () => {
        let calls = 0;
        const callback = (bytes, memory) => {
          console.log(memory.toString('latin1', 0, bytes));
          if (++calls === 1) throw new Error('first');
        };
        connect({ ...server.address(), onread: { buffer: Buffer.alloc(3), callback }, host: '127.0.0.1', family: 4 });
      });
    `).ended;
    expect(code).toBe(0);
    expect(stdout.split('\n').sort()).toEqual(['', 'abc', 'd', 'ef', 'first']);
  });

  test('of the wrong shape is refused', () => {
    const callback = (): void => undefined;
    for (const onread of [
      5,
      {},
      { callback },
      { buffer: Buffer.alloc(1) },
      { buffer: 'x', callback },
      { buffer: new Uint8Array(0), callback },
    ]) {
      expectThrow(() => connect({ port: 1, onread: onread as never }), {
        code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/) as unknown,
        message: expect.stringContaining('options.onread') as unknown,
      });
    }
  });
});

function fail(error: Error): never {
  throw error;
}

describeSctp('the type of service', () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ['the option', () => undefined],
    ['setTypeOfService() before connect()', (socket) => socket.setTypeOfService(0xb9)],
  ])('%s is that of the association, but for the bits of ECN', async (how, set) => {
    const server = await listening();
    server.on('connection', (peer) => peer.on('error', () => undefined));
    const options = how === 'the option' ? { typeOfService: 0xb9 } : {};
    const client = destroying(new Socket(options));
    set(client);
    expect(client.getTypeOfService()).toBe(0xb8);
    const capture = await Capture.start();
    client.connect(portOf(server), HOST);
    await once(client, 'connect');
    expect([client.getTypeOfService(), client.getOption('dscp')]).toEqual([0xb8, 46]);
    client.write('x');
    expect((await capture.packet(portOf(server), DATA)).tos >> 2).toBe(46);
    client.destroy(); // before the peer's end is destroyed
  });

  test('setTypeOfService() while connecting, connected, and after the end', async () => {
    const server = await listening();
    server.on('connection', (peer) => peer.on('error', () => undefined));
    const client = destroying(new Socket());
    expect(client.getTypeOfService()).toBe(0);
    client.connect(portOf(server), HOST);
    expect(client.setTypeOfService(8)).toBe(client);
    expect(client.getTypeOfService()).toBe(8);
    await once(client, 'connect');
    expect([client.getTypeOfService(), client.getOption('dscp')]).toEqual([8, 2]);
    client.setTypeOfService(0);
    expect([client.getTypeOfService(), client.getOption('dscp')]).toEqual([0, 0]);
    client.setOption('dscp', 10);
    expect(client.getTypeOfService()).toBe(40);
    client.setTypeOfService(16).destroy();
    expect(client.setTypeOfService(20).getTypeOfService()).toBe(20);
  });

  test.each([
    [NaN, 'ERR_INVALID_ARG_TYPE'],
    ['8', 'ERR_INVALID_ARG_TYPE'],
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [1.5, 'ERR_OUT_OF_RANGE'],
    [-1, 'ERR_OUT_OF_RANGE'],
    [256, 'ERR_OUT_OF_RANGE'],
  ])('%p throws %s', (tos, code) => {
    expectThrow(() => new Socket().setTypeOfService(tos as number), { code });
    if (tos !== undefined)
      expectThrow(() => new Socket({ typeOfService: tos as number }), { code });
  });
});
