/** `byteStream: true`: what a program for TCP does not notice, and what becomes of messages. */
import { once } from 'node:events';

import { connect, createServer, type Socket, type SocketOptions } from 'kernel-sctp';

import { byteStreams } from '../../support/byte-streams';
import { bytesArrived, collect, noise } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening, portOf, stuckPair } from '../../support/sockets';
import { closed, expectTwins } from '../../support/twin';

const BYTES = { byteStream: true } as const;
const bytesBothWays = { server: BYTES, client: BYTES };

/** Sizes of the messages in which a peer that keeps boundaries gets what is written. */
async function messagesOf(
  write: (socket: Socket) => void,
): Promise<{ sizes: number[]; all: Buffer }> {
  const { client, peer } = await connectedPair({ client: BYTES });
  const messages: Buffer[] = [];
  peer.on('data', (message) => messages.push(message));
  write(client);
  client.end();
  await once(peer, 'end');
  return { sizes: messages.map(({ length }) => length), all: Buffer.concat(messages) };
}

describeSctp('what is written to a byte stream', () => {
  test('leaves at once, and what follows in the same tick in one message', async () => {
    const { sizes, all } = await messagesOf((socket) => {
      for (const word of ['one', 'two', 'three', 'four']) socket.write(word);
    });
    expect(sizes).toEqual([3, 12]);
    expect(String(all)).toBe('onetwothreefour');
  });

  test('is split and merged into messages of at most 64 KiB', async () => {
    const data = noise(1_000_000);
    const { sizes, all } = await messagesOf((socket) => {
      for (let start = 0; start < 500_000; start += 200) {
        socket.write(data.subarray(start, start + 200));
      }
      socket.write(data.subarray(500_000));
    });
    expect(all.equals(data)).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
    expect(sizes.length).toBeLessThan(25);
  });

  test('may be changed after its callback', async () => {
    const { all } = await messagesOf((socket) => {
      const word = Buffer.from('.....');
      for (const text of ['first', 'secon', 'third']) {
        word.write(text);
        socket.write(word);
      }
      word.fill('x');
    });
    expect(String(all)).toBe('firstseconthird');
  });

  test('is merged while it waits for the association', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, BYTES);
    for (let i = 0; i < 100; i++) client.write('0123456789');
    client.end();
    const [peer] = await accepted;
    const sizes: number[] = [];
    for await (const message of peer) sizes.push((message as Buffer).length);
    expect(sizes).toEqual([10, 990]);
  });

  test('loses the stream and PPID of what is passed on', async () => {
    const { client, peer } = await connectedPair({ client: BYTES });
    const arrived = once(peer, 'data') as Promise<[{ sid: number; ppid: number }]>;
    client.write(Object.assign(Buffer.from('x'), { sid: 60_000, ppid: 3 }));
    const [{ sid, ppid }] = await arrived;
    expect([sid, ppid]).toEqual([0, 0]);
  });

  test('keeps its place beside what is sent as a message', async () => {
    const { sizes, all } = await messagesOf((socket) => {
      socket.cork();
      socket.write('a');
      socket.write('b');
      socket.send(Buffer.from('c'), { ppid: 5 });
      socket.write('d');
      socket.uncork();
    });
    expect(String(all)).toBe('abcd');
    expect(sizes).toEqual([2, 1, 1]);
  });

  test('is accepted, and acknowledged, before dry() resolves', async () => {
    const { client, peer } = await connectedPair(bytesBothWays);
    peer.resume();
    for (let i = 0; i < 50; i++) client.write('0123456789');
    await client.dry();
    expect(client.bytesWritten).toBe(500);
    while (peer.bytesRead < 500) await once(peer, 'data');
  });

  test('counts as with net', async () => {
    await expectTwins(async ({ net, serve, log }) => {
      const port = await serve((peer) => peer.resume());
      const socket = net.connect({ port, host: '127.0.0.1' });
      await once(socket, 'connect');
      for (let i = 0; i < 3; i++) {
        log('socket', socket.write(Buffer.alloc(20_000)));
        log('socket', [socket.bytesWritten, socket.writableLength]);
      }
      socket.destroy();
      await closed(socket);
      log('socket', socket.bytesWritten);
    }, byteStreams);
  });

  test("'split' is what byteStream means; 'error' contradicts it", () => {
    const options = (oversize: 'split' | 'error'): SocketOptions => ({
      byteStream: true,
      oversize,
    });
    expect(() => createServer(options('split'))).not.toThrow();
    expect(() => createServer(options('error'))).toThrow(/contradicts byteStream/);
    expect(() => createServer({ byteStream: 1 as never })).toThrow(/byteStream/);
  });
});

describeSctp('the reading half of a byte stream', () => {
  test('decodes characters across messages', async () => {
    const { client, peer } = await connectedPair(bytesBothWays);
    peer.setEncoding('utf8');
    const bytes = Buffer.from('grün');
    const text = (async () => {
      let all = '';
      for await (const part of peer) all += part as string;
      return all;
    })();
    client.write(bytes.subarray(0, 3));
    await client.dry();
    client.end(bytes.subarray(3));
    expect(await text).toBe('grün');
  });

  test('fills the buffer of Readable', async () => {
    const { client, peer } = await connectedPair(bytesBothWays);
    peer.pause();
    client.write('one ');
    await client.dry();
    client.write('two');
    await client.dry();
    while (peer.bytesRead < 7) await new Promise(setImmediate);
    expect(peer.readableLength).toBe(7);
    expect(peer.readAheadBytes).toBe(7);
    expect(String(peer.read(7))).toBe('one two');
  });

  test('stops at the high-water mark, and goes on', async () => {
    const { client, peer } = await connectedPair({
      client: BYTES,
      server: { ...BYTES, highWaterMark: 10_000 },
    });
    peer.pause();
    const data = noise(3_000_000);
    client.end(data);
    while (peer.bytesRead === 0) await new Promise(setImmediate);
    for (let i = 0; i < 100; i++) await new Promise(setImmediate);
    expect(peer.bytesRead).toBeLessThan(1_000_000);
    expect((await collect(peer)).equals(data)).toBe(true);
  });

  test('has messages, for those who listen for them', async () => {
    const { client, peer } = await connectedPair({ server: BYTES });
    const all = bytesArrived(peer, 2);
    const message = once(peer, 'message') as Promise<[Buffer, { sid: number; ppid: number }]>;
    client.send(Buffer.from('hi'), { sid: 4, ppid: 7 });
    const [data, info] = await message;
    expect([String(data), info.sid, info.ppid]).toEqual(['hi', 4, 7]);
    expect(String(await all)).toBe('hi');
  });
});

describeSctp('the end of a byte stream', () => {
  test('by destroy() is orderly, and nothing written is lost', async () => {
    await expectTwins(async ({ net, serve, watch, allClosed, log }) => {
      const port = await serve(
        (peer) => {
          let bytes = 0;
          peer.on('data', ({ length }) => (bytes += length));
          for (const event of ['end', 'close']) {
            peer.on(event, () => {
              log('peer', `${event} after ${String(bytes)}`);
            });
          }
          peer.on('error', (error) => {
            log('peer', error);
          });
        },
        { unwatched: true },
      );
      const socket = watch(net.connect({ port, host: '127.0.0.1' }), 'socket', ['close', 'error']);
      await once(socket, 'connect');
      const peerClosed = new Promise((resolve) => setTimeout(resolve, 500));
      for (let i = 0; i < 100; i++) socket.write(Buffer.alloc(200));
      socket.destroy();
      await allClosed();
      await peerClosed;
    }, byteStreams);
  });

  test('by destroy() with unread input loses nothing of ours either', async () => {
    const { client, peer } = await connectedPair(bytesBothWays);
    client.pause();
    peer.write(noise(50_000));
    await peer.dry();
    const data = noise(80_000);
    client.write(data);
    client.destroy();
    expect((await collect(peer)).equals(data)).toBe(true);
    await once(peer, 'close');
    expect(peer.errored).toBeNull();
  });

  test("'close' does not wait for a peer that does not read", async () => {
    const { client, peer } = await stuckPair(bytesBothWays);
    client.destroy();
    await once(client, 'close');
    let bytes = 0;
    for await (const chunk of peer) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(4_000_000);
  });

  test('resetAndDestroy() aborts', async () => {
    const { client, peer } = await connectedPair(bytesBothWays);
    const failed = once(peer, 'error') as Promise<[NodeJS.ErrnoException]>;
    client.resetAndDestroy();
    expect((await failed)[0].code).toBe('ECONNRESET');
  });

  test("a write in 'end' is taken as by TCP, and reported to those who listen for 'sendFailed'", async () => {
    await expectTwins(async ({ net, serve, log }) => {
      const written = new Promise<void>((resolve) => {
        void serve((peer) => {
          peer.resume();
          peer.on('end', () => {
            peer.write('too late', (error) => {
              log('write', error ?? 'taken');
              resolve();
            });
          });
        }).then((port) => {
          const socket = net.connect({ port, host: '127.0.0.1' });
          socket
            .on('error', () => undefined)
            .resume()
            .on('connect', () => socket.end('x'));
        });
      });
      await written;
    }, byteStreams);
    const { client, peer } = await connectedPair(bytesBothWays);
    const failed = once(peer, 'sendFailed') as Promise<[{ data: Buffer }]>;
    peer.resume().on('end', () => peer.write('too late'));
    client.end();
    expect(String((await failed)[0].data)).toBe('too late');
  });

  test('what waited for room when the peer ended is an error', async () => {
    const sctp = { rtoInfo: { initial: 100, min: 50, max: 1000 }, sndBuf: 1_000_000 };
    const { client, peer } = await connectedPair({
      server: { ...BYTES, highWaterMark: 1, sctp: { rcvBuf: 65_536 } },
      client: { ...BYTES, sctp, allowHalfOpen: true },
    });
    peer.pause();
    client.resume();
    const written = new Promise<Error | null | undefined>((resolve) => {
      client.write(noise(6_000_000), resolve);
    });
    const failed = once(client, 'error') as Promise<[NodeJS.ErrnoException]>;
    peer.end();
    peer.resume();
    expect(await written).toMatchObject({ code: 'EPIPE' });
    expect((await failed)[0].code).toBe('EPIPE');
  });

  test('more than TCP would take after the peer has ended is an error', async () => {
    const { client, peer } = await connectedPair({
      server: { ...BYTES, allowHalfOpen: true },
      client: BYTES,
    });
    const ended = once(peer.resume(), 'end');
    client.destroy();
    await ended;
    const failed = once(peer, 'error') as Promise<[NodeJS.ErrnoException]>;
    peer.write(Buffer.alloc(10_000_000));
    expect((await failed)[0].code).toBe('EPIPE');
  });

  test('an upload that the server answers and ends in its midst: the answer, then the error', async () => {
    const server = await listening(BYTES);
    server.on('connection', (socket) => {
      socket.once('data', () => socket.end('answer')).resume();
    });
    const client = connectTo(server, BYTES);
    const events: string[] = [];
    client.on('data', (data: Buffer) => events.push(`data ${String(data)}`));
    client.on('end', () => events.push('end'));
    client.on('error', ({ code }: NodeJS.ErrnoException) => events.push(`error ${String(code)}`));
    client.write(noise(20_000_000)); // over TCP its end would not stop what comes the other way
    await new Promise((resolve) => client.once('close', resolve));
    expect(events).toEqual(['data answer', 'end', 'error EPIPE']);
  });

  test('of a connection beyond maxConnections is orderly', async () => {
    await expectTwins(async ({ net, watch }) => {
      const server = net.createServer();
      server.maxConnections = 1;
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const first = net.connect({ port, host: '127.0.0.1' });
      await once(first, 'connect');
      const socket = watch(net.connect({ port, host: '127.0.0.1' }), 'socket', [
        'end',
        'error',
        'close',
      ]);
      socket.resume();
      await closed(socket);
      first.destroy();
      server.close();
    }, byteStreams);
  });
});

describeSctp('with either kind of socket', () => {
  test.each([
    ['messages', undefined],
    ['byte streams', byteStreams],
  ])('%s: pauseOnConnect reads nothing until somebody reads', async (_kind, ours) => {
    await expectTwins(async ({ net, log }) => {
      const server = net.createServer({ pauseOnConnect: true });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const accepted = once(server, 'connection');
      const socket = net.connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.write('test');
      const [peer] = (await accepted) as [Socket];
      peer.on('error', () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      log('peer', [peer.bytesRead, peer.isPaused()]);
      const data = once(peer, 'data');
      peer.resume();
      log('peer', (await data)[0]);
      peer.destroy();
      socket.destroy();
      server.close();
    }, ours);
  });

  test.each([
    ['messages', undefined],
    ['byte streams', byteStreams],
  ])('%s: a write after both have ended is EPIPE', async (_kind, ours) => {
    await expectTwins(async ({ net, serve, log }) => {
      let port = 0;
      const written = new Promise<void>((resolve) => {
        void serve(
          (peer) => {
            peer.resume().on('close', () => {
              const taken = peer.write('x', (error) => {
                log('write', error ?? 'taken');
                resolve();
              });
              log('write', taken);
            });
          },
          { unwatched: true },
        ).then((known) => {
          port = known;
          const socket = net.connect({ port, host: '127.0.0.1' });
          socket
            .on('error', () => undefined)
            .resume()
            .on('connect', () => socket.end('x'));
        });
      });
      await written;
    }, ours);
  });

  test.each([
    ['no host', {}],
    ['a name', { host: 'localhost' }],
    ['an address', { host: '127.0.0.1' }],
  ])('destroyed while connecting to %s: what was written says so', async (_what, host) => {
    await expectTwins(async ({ net, serve, log }) => {
      const port = await serve();
      const socket = new net.Socket();
      const done = closed(socket);
      socket.connect({ port, ...host });
      socket.write('foo', (error) => {
        log('write', error);
      });
      socket.destroy();
      await done;
    });
  });

  test("write('x', 'buffer') is refused, and `timeout` can be set", async () => {
    await expectTwins(async ({ net, serve, log }) => {
      const port = await serve();
      const socket = net.connect({ port, host: '127.0.0.1' });
      await once(socket, 'connect');
      try {
        socket.write('broken', 'buffer' as BufferEncoding);
      } catch (error) {
        log('write', error);
      }
      log('timeout', socket.timeout);
      (socket as { timeout?: number }).timeout = 5;
      log('timeout', socket.timeout);
      socket.on('timeout', () => {
        log('timeout', 'came');
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.setTimeout(20);
      log('timeout', socket.timeout);
      socket.destroy();
    });
  });

  test("a URL's protocol names no PPID; other names do, in capitals or not", async () => {
    const server = await listening();
    server.on('connection', (peer) => peer.on('error', () => undefined));
    const port = portOf(server);
    for (const protocol of ['http:', 'https:', 'ws:', 'coap+tcp:', null]) {
      const socket = connect({ port, host: '127.0.0.1', protocol: protocol as string });
      await once(socket, 'connect');
      expect(socket.getOption('defaultSndInfo').ppid).toBe(0);
      socket.destroy();
    }
    const socket = connect({ port, host: '127.0.0.1', protocol: 'm3ua' });
    await once(socket, 'connect');
    expect(socket.getOption('defaultSndInfo').ppid).toBe(3);
    socket.destroy();
    expect(() => connect({ port, protocol: 'm3ub' })).toThrow(/did you mean 'M3UA'/);
    expect(() => connect({ port, ppid: 'http:' })).toThrow(/did you mean 'HTTP'/);
  });
});
