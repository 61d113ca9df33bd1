/** The end of a socket by force, in every state; and what is written to one that is over. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

import { Socket as SctpSocket } from 'kernel-sctp';

import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { closed, expectTwins, type Stage } from '../../support/twin';

const HOST = '127.0.0.1';

/** A callback that writes down how it was called. */
function reporting({ log }: Stage, name: string): (error?: Error | null) => void {
  return (error) => {
    log(
      'client',
      `${name}: ${error ? `${String((error as NodeJS.ErrnoException).code)} ${error.message}` : 'done'}`,
    );
  };
}

describeSctp('destroy() and resetAndDestroy(), as with net', () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ['destroy()', (socket) => socket.destroy()],
    ['destroy() twice', (socket) => socket.destroy().destroy()],
    ['destroy(error)', (socket) => socket.destroy(new Error('mine'))],
    [
      'destroy(error) twice',
      (socket) => socket.destroy(new Error('one')).destroy(new Error('two')),
    ],
    ['resetAndDestroy()', (socket) => socket.resetAndDestroy()],
    ['resetAndDestroy() twice', (socket) => socket.resetAndDestroy().resetAndDestroy()],
    ['end() and destroy()', (socket) => socket.end('x').destroy()],
    [
      'write(), write() and destroy()',
      (socket) => {
        socket.write('a');
        socket.write('b');
        socket.destroy();
      },
    ],
  ])('%s, connected', async (_name, destroy) => {
    await expectTwins(async ({ net, watch, log, serve }) => {
      const port = await serve(undefined, { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client');
      await once(client, 'connect');
      destroy(client);
      log('client', [client.destroyed, client.readyState, client.pending]);
      await closed(client);
      destroy(client);
      await new Promise(setImmediate);
    });
  });

  test.each(['destroy', 'resetAndDestroy'] as const)('%s(), while connecting', async (name) => {
    await expectTwins(async ({ net, watch, log, serve }) => {
      const port = await serve(undefined, { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client', ['connect', 'error', 'close']);
      log('client', client[name]() === client);
      log('client', [client.destroyed, client.readyState]);
      await closed(client);
    });
  });

  test.each(['destroy', 'resetAndDestroy'] as const)('%s(), never connected', async (name) => {
    await expectTwins(async ({ net, watch, log }) => {
      const client = watch(new net.Socket(), 'client', ['error']);
      client.on('close', () => {
        log('client', 'close');
      });
      log('client', client[name]() === client);
      await new Promise((resolve) => client.on('close', resolve));
    });
  });

  test('destroy() in each of the first events', async () => {
    for (const event of ['connect', 'ready', 'data', 'end'] as const) {
      await expectTwins(async ({ net, watch, serve }) => {
        const port = await serve((peer) => peer.end('x'), { unwatched: true });
        const client = watch(net.connect(port, HOST), 'client');
        client.on(event, () => client.destroy());
        await closed(client);
      });
    }
  });

  test('resetAndDestroy() shows in the peer as ECONNRESET', async () => {
    await expectTwins(async ({ net, watch, serve, allClosed }) => {
      const port = await serve();
      const client = watch(net.connect(port, HOST), 'client').resume();
      client.on('connect', () => setTimeout(() => client.resetAndDestroy(), 20));
      await closed(client);
      await allClosed();
    });
  });

  test('destroySoon() on a socket that is read-only or closed', async () => {
    await expectTwins(async ({ net, watch, serve, allClosed }) => {
      const port = await serve();
      const client = watch(net.connect(port, HOST), 'client');
      await once(client, 'connect');
      client.end();
      client.destroySoon();
      await allClosed();
      client.destroySoon();
      await new Promise(setImmediate);
    });
  });

  test('resetAndDestroy() after end() still aborts', async () => {
    const { client, peer } = await connectedPair();
    const theirs = journalOf(peer);
    const { closed: ended } = journalOf(client);
    client.end();
    client.resetAndDestroy();
    expect(await ended).toEqual(['close false']);
    expect((await theirs.closed).at(-1)).toMatch(/^close/);
  });

  // As with the `net` of Node 20. That of Node 26 reports 'finish' at once, and ends nothing.
  test('end() before connect() waits for the association', async () => {
    const server = await listening();
    server.on('connection', (peer) => peer.resume());
    const client = destroying(new SctpSocket());
    const journal = journalOf(client);
    client.end();
    await new Promise(setImmediate);
    client.connect(portOf(server), HOST);
    expect(await journal.closed).toEqual(['connect', 'finish', 'end', 'close false']);
  });

  test('asynchronous disposal destroys, and waits for the close', async () => {
    const { client } = await connectedPair();
    const { entries } = journalOf(client);
    await client[Symbol.asyncDispose]();
    expect(entries).toEqual(['error ABORT_ERR', 'close true']);
    await client[Symbol.asyncDispose]();
    await destroying(new SctpSocket())[Symbol.asyncDispose]();
  });

  test('the counters and the ends stay known after the close', async () => {
    const { client, peer } = await connectedPair();
    client.write('12345');
    await once(peer, 'data');
    const { localPort, remotePort } = client;
    expect(localPort).toBeGreaterThan(0);
    client.destroy();
    await once(client, 'close');
    expect([client.bytesWritten, client.bytesRead]).toEqual([5, 0]);
    expect([client.localPort, client.remotePort]).toEqual([localPort, remotePort]);
    expect(client.remoteAddress).toBe(HOST);
    expect([client.readyState, client.pending, client.bufferSize]).toEqual([
      'closed',
      true,
      undefined,
    ]);
  });

  test("'error' is reported once, however much is written to a peer that is gone", async () => {
    const { client, peer } = await connectedPair();
    const journal = journalOf(client);
    const peerClosed = once(peer, 'close');
    peer.resetAndDestroy();
    await peerClosed;
    for (let i = 0; i < 100; i++) client.write(Buffer.alloc(10_000));
    const entries = await journal.closed;
    expect(entries.filter((entry) => entry.startsWith('error'))).toHaveLength(1);
    expect(entries.at(-1)).toBe('close true');
  });
});

describeSctp('write(), as with net', () => {
  test('before connect() is called', async () => {
    await expectTwins(async (stage) => {
      const client = stage.watch(new stage.net.Socket(), 'client', ['error']);
      for (const name of ['first', 'second']) client.write(name, reporting(stage, name));
      await new Promise((resolve) => client.on('close', resolve));
    });
  });

  test('before, in and after connect', async () => {
    await expectTwins(async (stage) => {
      const port = await stage.serve(
        (peer) =>
          peer.on('data', (data) => {
            stage.log('peer', String(data));
          }),
        { unwatched: true },
      );
      const client = stage.watch(stage.net.connect(port, HOST), 'client', ['error']);
      const written = (text: string): Promise<void> =>
        new Promise((resolve) => {
          client.write(text, (error) => {
            reporting(stage, text)(error);
            resolve();
          });
        });
      await written('a');
      await written('b');
      stage.log('client', client.bytesWritten);
    });
  });

  test('of a socket that is destroyed before it is connected: each callback is called', async () => {
    const server = await listening();
    const client = connectTo(server);
    const journal = journalOf(client);
    const failures = ['a', 'b'].map(
      (text) => new Promise((resolve) => client.write(text, resolve)),
    );
    client.destroy();
    for (const failure of failures) {
      expect(await failure).toMatchObject({
        code: 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
        message: 'Socket closed before the connection was established',
      });
    }
    expect(await journal.closed).toEqual(['close false']);
  });

  test.each<[string, (socket: Socket) => unknown, boolean]>([
    ['after end()', (socket) => socket.end('x'), false],
    ['after destroy()', (socket) => socket.destroy(), false],
    ['after the close', (socket) => socket.destroy(), true],
  ])('%s', async (name, end, afterwards) => {
    await expectTwins(async (stage) => {
      const port = await stage.serve(undefined, { unwatched: true });
      const client = stage.watch(stage.net.connect(port, HOST), 'client');
      await once(client, 'connect');
      end(client);
      if (afterwards) await closed(client);
      stage.log('client', client.write('late', reporting(stage, 'write')));
      if (name !== 'after end()') stage.log('client', client.end('later', reporting(stage, 'end')));
      if (!afterwards) await closed(client);
      await new Promise(setImmediate);
    });
  });

  test('in the tick after end()', async () => {
    await expectTwins(async (stage) => {
      const port = await stage.serve(undefined, { unwatched: true });
      const client = stage.watch(stage.net.connect(port, HOST), 'client');
      await once(client, 'connect');
      client.end();
      process.nextTick(() => client.write('late', reporting(stage, 'write')));
      await closed(client);
    });
  });

  test('of what is no chunk', async () => {
    await expectTwins(async ({ net, watch, log, serve }) => {
      const port = await serve(undefined, { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client', []);
      const values = [null, undefined, 5, true, {}, [], Symbol('x'), () => undefined];
      for (const value of values) {
        try {
          log('client', client.write(value as string));
        } catch (error) {
          log('client', error);
        }
      }
    });
  });

  test('after the peer has ended says why nothing can be sent', async () => {
    const { client, peer } = await connectedPair({ client: { allowHalfOpen: true } });
    client.resume();
    peer.end();
    await once(client, 'end');
    client.on('error', () => undefined);
    const failure = await new Promise((resolve) => client.write('late', resolve));
    expect(failure).toMatchObject({ code: 'EPIPE', syscall: 'write' });
    expect(String(failure)).toContain('answer before the peer ends');
  });
});
