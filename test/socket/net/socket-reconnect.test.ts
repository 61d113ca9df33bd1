/** One Socket object for several associations, one after another. */
import { once } from 'node:events';

import { Socket, type Socket as SctpSocket } from 'kernel-sctp';

import { descriptors, until } from '../../lifecycle/kit';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { closed, expectTwins } from '../../support/twin';

const HOST = '127.0.0.1';

describeSctp('connecting again, as with net,', () => {
  test("in 'close', several times", async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.once('data', () => peer.end('answer')));
      const client = watch(net.connect(port, HOST), 'client');
      client.write('question');
      for (let round = 0; round < 3; round++) {
        await closed(client);
        log('client', [client.bytesRead, client.bytesWritten]);
        if (round === 2) break;
        log('client', client.connect(port, HOST) === client);
        log('client', [client.readyState, client.destroyed, client.bytesRead, client.bytesWritten]);
        log('client', [client.writableEnded, client.readableEnded, client.pending]);
        client.write('again');
      }
      await allClosed();
    });
  });

  test('after destroy()', async () => {
    await expectTwins(async ({ net, log, watch, serve }) => {
      const port = await serve((peer) => peer.resume(), { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client');
      await once(client, 'connect');
      client.destroy();
      await closed(client);
      client.connect(port, HOST);
      await once(client, 'ready');
      log('client', client.write('x'));
      client.end();
      await closed(client);
    });
  });

  test('after refusals', async () => {
    await expectTwins(async ({ net, watch, closedPort, serve, allClosed }) => {
      const port = await serve((peer) => peer.end('at last'));
      const client = watch(net.connect(closedPort, HOST), 'client');
      await closed(client);
      client.connect(closedPort, HOST);
      await closed(client);
      client.connect(port, HOST);
      await closed(client);
      await allClosed();
    });
  });

  test('with listeners of one time and the encoding of before', async () => {
    await expectTwins(async ({ net, log, watch, serve }) => {
      const port = await serve((peer) => peer.end('é'), { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client', ['connect', 'end', 'close']);
      client.setEncoding('hex').on('data', (data) => {
        log('client', data);
      });
      await closed(client);
      client.connect(port, HOST, () => {
        log('client', 'listener');
      });
      await closed(client);
    });
  });
});

describeSctp('a socket that is connected again', () => {
  async function again(client: SctpSocket, port: number): Promise<void> {
    const ready = once(client, 'ready');
    client.connect(port, HOST);
    await ready;
  }

  test('is like new: messages, counters, ends, streams, dry()', async () => {
    const server = await listening();
    const peers: SctpSocket[] = [];
    server.on('connection', (peer) => {
      peers.push(peer.on('error', () => undefined));
      peer.on('data', (message) => peer.write(message));
    });
    const client = connectTo(server, { OS: 7 });
    await once(client, 'connect');
    for (let round = 0; round < 5; round++) {
      const port = client.localPort;
      expect(client.OS).toBe(7);
      for (const sid of [0, 6]) {
        const answer = once(client, 'data') as Promise<[Buffer & { sid: number }]>;
        client.send(Buffer.from(`round ${String(round)}`), { sid });
        expect(String((await answer)[0])).toBe(`round ${String(round)}`);
      }
      await client.dry();
      expect([client.bytesRead, client.bytesWritten]).toEqual([14, 14]);
      client.destroy();
      await once(client, 'close');
      await again(client, portOf(server));
      expect(client.localPort).not.toBe(port);
      expect(client.remotePort).toBe(portOf(server));
      expect([client.bytesRead, client.bytesWritten, client.readAheadBytes]).toEqual([0, 0, 0]);
    }
    expect(peers).toHaveLength(6);
  });

  test('has nothing left of what was not read', async () => {
    const { client, peer, server } = await connectedPair();
    peer.on('error', () => undefined);
    client.pause();
    for (const text of ['one', 'two', 'three']) peer.write(text);
    await until(() => client.bytesRead === 11);
    client.read(0);
    client.destroy();
    await once(client, 'close');
    expect(client.read()).toBeNull();
    server.once('connection', (another: SctpSocket) => another.write('new'));
    await again(client, portOf(server));
    client.resume();
    expect(String((await once(client, 'data'))[0])).toBe('new');
  });

  test('before its close: begins once it is closed', async () => {
    const { client, server } = await connectedPair();
    const { entries } = journalOf(client);
    const second = once(server, 'connection') as Promise<[SctpSocket]>;
    client.end('last');
    client.destroy();
    client.connect(portOf(server), HOST);
    expect([client.connecting, client.readyState]).toEqual([true, 'opening']);
    await second;
    await once(client, 'ready');
    expect(entries).toEqual(['close false', 'connect']);
  });

  test("before its close: whatever becomes of the listeners for 'close'", async () => {
    const { server, client, peer } = await connectedPair();
    peer.on('error', () => undefined);
    client.destroy();
    client.connect(portOf(server), HOST);
    client.removeAllListeners();
    await once(client, 'connect');
    expect(client.readyState).toBe('open');
  });

  test('before its close, and disposed of: does not begin', async () => {
    const { server, client, peer } = await connectedPair();
    peer.on('error', () => undefined);
    const { entries } = journalOf(client);
    client.destroy();
    client.connect(portOf(server), HOST);
    await client[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect([client.connecting, client.destroyed]).toEqual([false, true]);
    expect(entries).toEqual(['close false']);
  });

  test('before its close, and destroyed again: does not begin', async () => {
    const { client, peer, server } = await connectedPair();
    peer.on('error', () => undefined);
    const { entries, closed: over } = journalOf(client);
    client.destroy();
    client.connect(portOf(server), HOST);
    client.destroy();
    expect(client.connecting).toBe(false);
    await over;
    await new Promise(setImmediate);
    expect(entries).toEqual(['close false']);
  });

  test('keeps what was set on it', async () => {
    const { client, peer, server } = await connectedPair();
    peer.on('error', () => undefined);
    client.setNoDelay(false).setKeepAlive(true, 7000).setTimeout(30);
    client.destroy();
    await once(client, 'close');
    client.setKeepAlive(true, 8000);
    await again(client, portOf(server));
    expect(client.getOption('noDelay')).toBe(false);
    expect(client.getOption('peerAddrParams').hbInterval).toBe(8000);
    await once(client, 'timeout');
  });

  test('may be one that was accepted: the server counts it no longer', async () => {
    const { client, peer, server } = await connectedPair();
    client.on('error', () => undefined);
    const other = await listening();
    other.on('connection', (socket) => socket.end('welcome'));
    peer.destroy();
    await once(peer, 'close');
    peer.connect(portOf(other), HOST);
    expect(String((await once(peer, 'data'))[0])).toBe('welcome');
    const count = await new Promise((resolve) =>
      server.getConnections((_, n) => {
        resolve(n);
      }),
    );
    expect(count).toBe(0);
  });

  test('is not, if its signal was aborted', async () => {
    const server = await listening();
    const controller = new AbortController();
    const client = connectTo(server, { signal: controller.signal });
    const { entries, closed: over } = journalOf(client);
    controller.abort();
    await over;
    client.connect(portOf(server), HOST);
    expect([client.connecting, client.destroyed]).toEqual([false, true]);
    await new Promise(setImmediate);
    expect(entries).toEqual(['error ABORT_ERR', 'close true']);
  });

  test('leaves no descriptor behind', async () => {
    const server = await listening();
    server.on('connection', (peer) => peer.resume().on('error', () => undefined));
    const client = destroying(new Socket());
    const before = descriptors();
    for (let round = 0; round < 50; round++) {
      await again(client, portOf(server));
      client.destroy();
      await once(client, 'close');
    }
    await until(() => descriptors() === before);
  });

  test('ends in order: what was written last arrives', async () => {
    const server = await listening();
    const texts: string[] = [];
    server.on('connection', (peer) => peer.on('data', (message) => texts.push(String(message))));
    const client = destroying(new Socket());
    for (const text of ['one', 'two', 'three']) {
      await again(client, portOf(server));
      client.end(text);
      client.destroy();
      await once(client, 'close');
    }
    expect(texts).toEqual(['one', 'two', 'three']);
  });
});
