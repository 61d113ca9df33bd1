/** What a server does with those who connect: its options, its limits, and its counts. */
import EventEmitter, { once } from 'node:events';

import { createServer, type DropInfo, type Server, type Socket } from 'kernel-sctp';

import { expectSameJournal, type NetSocket, portOfAny, turns } from '../../support/twin-servers';
import { defer } from '../../support/cleanup';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening } from '../../support/sockets';

const HOST = '127.0.0.1';

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((_, count) => {
      resolve(count);
    });
  });
}

/** Connects, and returns both ends. */
async function meet(server: Server): Promise<{ client: Socket; peer: Socket }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connectTo(server);
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return { client, peer };
}

describeSctp('the options of createServer() reach the sockets', () => {
  test('allowHalfOpen: whether our side ends with the peer', async () => {
    for (const allowHalfOpen of [false, true]) {
      const { client, peer, server } = await connectedPair({ server: { allowHalfOpen } });
      expect([peer.allowHalfOpen, server.allowHalfOpen]).toEqual([allowHalfOpen, allowHalfOpen]);
      const journal = journalOf(peer);
      client.end();
      await journal.until('end');
      await turns();
      expect(peer.writableEnded).toBe(!allowHalfOpen);
      peer.end();
      expect(await journal.closed).toEqual(['end', 'finish', 'close false']);
    }
  });

  test('noDelay: true unless it is switched off, also afterwards', async () => {
    expect((await connectedPair()).peer.getOption('noDelay')).toBe(true);
    const { peer, server } = await connectedPair({ server: { noDelay: false } });
    expect(peer.getOption('noDelay')).toBe(false);
    server.noDelay = true;
    expect((await meet(server)).peer.getOption('noDelay')).toBe(true);
  });

  test('keepAlive and keepAliveInitialDelay: heartbeats', async () => {
    const heartbeats = (socket: Socket): unknown => {
      const { hbEnable, hbInterval } = socket.getOption('peerAddrParams');
      return { hbEnable, hbInterval };
    };
    const usual = await connectedPair();
    expect(usual.server.keepAlive).toBe(true);
    expect(heartbeats(usual.peer)).toEqual({ hbEnable: true, hbInterval: 30_000 });
    const often = await connectedPair({
      server: { keepAlive: true, keepAliveInitialDelay: 1500 },
    });
    expect(heartbeats(often.peer)).toEqual({ hbEnable: true, hbInterval: 1500 });
    expect(often.server.keepAliveInitialDelay).toBe(1500);
    const never = await connectedPair({ server: { keepAlive: false } });
    expect(heartbeats(never.peer)).toMatchObject({ hbEnable: false });
    never.server.keepAlive = true;
    never.server.keepAliveInitialDelay = 2500;
    expect(heartbeats((await meet(never.server)).peer)).toEqual({
      hbEnable: true,
      hbInterval: 2500,
    });
  });

  test('highWaterMark, of both directions', async () => {
    const { peer, server } = await connectedPair({ server: { highWaterMark: 5000 } });
    expect([peer.readableHighWaterMark, peer.writableHighWaterMark]).toEqual([5000, 5000]);
    server.highWaterMark = 6000;
    const later = (await meet(server)).peer;
    expect([later.readableHighWaterMark, later.writableHighWaterMark]).toEqual([6000, 6000]);
  });

  test('sctp: also what the kernel forgets when it accepts', async () => {
    const sctp = {
      mark: 7,
      authSupported: true,
      asconfSupported: true,
      rtoInfo: { initial: 300, min: 200, max: 400 },
    };
    const { peer } = await connectedPair({ server: { sctp }, client: { sctp } });
    expect(peer.getOption('mark')).toBe(7);
    expect(peer.getOption('asconfSupported')).toBe(true);
    expect(peer.getOption('rtoInfo')).toEqual(sctp.rtoInfo);
  });

  test('pauseOnConnect: read later, by another hand', async () => {
    await expectSameJournal(async ({ net, server, note }) => {
      const ours = server({ pauseOnConnect: true });
      ours.listen(0, HOST);
      await once(ours, 'listening');
      const accepted = once(ours, 'connection') as Promise<[NetSocket]>;
      const client = net.connect(portOfAny(ours), HOST).resume();
      const closed = once(client, 'close');
      client.end('waits');
      const [peer] = await accepted;
      peer.on('data', (data) => {
        note(`data ${String(data)}`);
      });
      await turns();
      note(`paused ${String(peer.isPaused())}, read ${String(peer.bytesRead > 5)}`);
      peer.resume();
      await once(peer, 'end');
      note('end');
      await closed;
    });
  });

  test('signal closes the server, whenever it listens, and leaves the sockets alone', async () => {
    const controller = new AbortController();
    const { client, peer, server } = await connectedPair({
      server: { signal: controller.signal },
    });
    const closed = once(server, 'close');
    controller.abort();
    expect(server.listening).toBe(false);
    peer.write('still here');
    expect(String((await once(client, 'data'))[0])).toBe('still here');
    client.end();
    peer.resume();
    await closed;
    server.listen(0, HOST);
    await once(server, 'close');
  });

  test('onread is not for servers', async () => {
    const options = { onread: { buffer: Buffer.alloc(5), callback: () => true } };
    const { client, peer } = await connectedPair({ server: options as object });
    client.write('as usual');
    expect(String((await once(peer, 'data'))[0])).toBe('as usual');
  });
});

describeSctp('counts and limits', () => {
  test('getConnections() counts what is open, and socket.server is the server', async () => {
    const server = await listening();
    expect(await connectionsOf(server)).toBe(0);
    const pairs = [await meet(server), await meet(server), await meet(server)];
    for (const { peer } of pairs) {
      expect((peer as Socket & { server: Server }).server).toBe(server);
    }
    expect(await connectionsOf(server)).toBe(3);
    for (const [index, { client, peer }] of pairs.entries()) {
      peer.resume();
      client.resume().end();
      await once(peer, 'close');
      expect(await connectionsOf(server)).toBe(2 - index);
    }
  });

  test('maxConnections: places become free, limits can change', async () => {
    const server = await listening();
    server.maxConnections = 1;
    const drops: DropInfo[] = [];
    server.on('drop', (info) => drops.push(info));
    const dropped = async (): Promise<void> => {
      const journal = journalOf(connectTo(server));
      expect(await journal.closed).toEqual(['connect', 'error ECONNRESET', 'close true']);
    };
    const first = await meet(server);
    await dropped();
    first.peer.resume();
    first.client.resume().end();
    await once(first.peer, 'close');
    await meet(server);
    await dropped();
    server.maxConnections = 2;
    await meet(server);
    await dropped();
    expect(drops).toHaveLength(3);
    server.maxConnections = undefined;
    await meet(server);
    server.maxConnections = 0; // nobody, as with net since Node 21
    await dropped();
    expect(await connectionsOf(server)).toBe(3);
  });

  test('what is dropped does not count, and does not keep the server open', async () => {
    const server = await listening();
    server.maxConnections = 0;
    const drop = once(server, 'drop');
    const client = journalOf(connectTo(server));
    await drop;
    expect(await connectionsOf(server)).toBe(0);
    server.close();
    await once(server, 'close');
    await client.closed;
  });

  test("a 'drop' listener that closes the server", async () => {
    const server = await listening();
    server.maxConnections = 1;
    server.once('drop', () => server.close());
    const first = await meet(server);
    const others = Array.from({ length: 3 }, () => journalOf(connectTo(server)));
    for (const { closed } of others) expect((await closed).at(-1)).toMatch(/^close/);
    first.peer.resume();
    first.client.resume().end();
    await once(server, 'close');
  });

  test("'connection' listeners that end, destroy, or close the server at once", async () => {
    const server = await listening();
    server.once('connection', (socket) => socket.end('bye'));
    expect(await journalOf(connectTo(server)).closed).toEqual([
      'connect',
      'data bye',
      'end',
      'finish',
      'close false',
    ]);
    server.once('connection', (socket) => socket.destroy());
    expect((await journalOf(connectTo(server)).closed).at(-1)).toBe('close true');
    server.once('connection', (socket) => {
      server.close();
      socket.end('last');
    });
    const closed = once(server, 'close');
    expect(await journalOf(connectTo(server)).closed).toContain('data last');
    await closed;
  });

  test('sockets that are reset do not keep the server open', async () => {
    const server = await listening();
    const { client, peer } = await meet(server);
    const { closed } = journalOf(peer);
    server.close();
    client.resetAndDestroy();
    await once(server, 'close');
    expect(await closed).toEqual(['error ECONNRESET', 'close true']);
  });

  test('close() and resetAndDestroy() of all sockets: the peers are notified', async () => {
    await expectSameJournal(async ({ net, server, note }) => {
      const peers: NetSocket[] = [];
      const ours = server();
      ours.on('connection', (socket) => {
        socket.on('close', () => {
          note('socket closed');
        });
        if (peers.push(socket) < 2) return;
        ours.close();
        for (const peer of peers) peer.resetAndDestroy();
      });
      ours.listen(0, HOST);
      await once(ours, 'listening');
      const port = portOfAny(ours);
      const codes = [0, 1].map(
        () =>
          new Promise((resolve) => {
            net.connect(port, HOST).on('error', ({ code }: NodeJS.ErrnoException) => {
              resolve(code);
            });
          }),
      );
      await once(ours, 'close');
      note(String(await Promise.all(codes)));
    });
  });

  test('a rush from the same process: nobody is turned away, turn by turn', async () => {
    const server = await listening();
    const clients: Promise<unknown>[] = [];
    for (let turn = 0; turn < 2; turn++) {
      // Together they are more than can wait at a time.
      for (let i = 0; i < 300; i++) clients.push(once(connectTo(server), 'connect'));
      await turns(); // whole ones: from within the poll phase, the next setImmediate comes before any accepting
    }
    await Promise.all(clients);
    while ((await connectionsOf(server)) < clients.length) await turns();
  });
});

describeSctp('captured rejections', () => {
  const settings = EventEmitter as { captureRejections: boolean };
  // An async listener; the types know none.
  const rejecting = (() => Promise.reject(new Error('rejected'))) as () => void;

  test("of 'connection' destroy the socket, as with net", async () => {
    settings.captureRejections = true;
    defer(() => (settings.captureRejections = false));
    await expectSameJournal(async ({ net, server, note }) => {
      const ours = server();
      ours.on('connection', (socket) => {
        socket.on('error', (error) => {
          note(`socket ${error.message}`);
        });
      });
      ours.on('connection', rejecting);
      ours.listen(0, HOST);
      await once(ours, 'listening');
      const accepted = once(ours, 'connection') as Promise<[NetSocket]>;
      const client = net.connect(portOfAny(ours), HOST).on('error', () => undefined);
      await once((await accepted)[0], 'close').catch(() => undefined);
      client.destroy();
    });
  });

  test("of others are 'error', as with net", async () => {
    settings.captureRejections = true;
    defer(() => (settings.captureRejections = false));
    await expectSameJournal(async ({ server }) => {
      const ours = server();
      ours.on('listening', rejecting);
      ours.listen(0);
      await new Promise((resolve) => ours.once('error', resolve));
    });
  });

  test('also by an option, for one server and its sockets', async () => {
    const server = createServer({ captureRejections: true }, rejecting).listen(0, HOST);
    defer(() => server.close());
    await once(server, 'listening');
    const peer = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const client = journalOf(connectTo(server));
    const { closed } = journalOf(await peer);
    expect(await closed).toEqual(['error rejected', 'close true']);
    await client.closed;
    server.removeAllListeners('connection').once('connection', (socket) => {
      socket.on('data', rejecting);
    });
    const next = once(server, 'connection') as Promise<[Socket]>;
    const other = connectTo(server);
    const { closed: otherClosed } = journalOf(other);
    other.write('x');
    expect(await journalOf((await next)[0]).closed).toContain('error rejected');
    await otherClosed;
  });
});
