/** What is written arrives, in every form and at every moment: as with `net`, message by message. */
import { once } from 'node:events';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { Socket } from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { collect, noise } from '../../support/collect';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { expectTwins, type Stage } from '../../support/twin';

const HOST = '127.0.0.1';

/** All that a peer gets, and what the client says meanwhile. */
async function sending(stage: Stage, send: (socket: InstanceType<Stage['net']['Socket']>) => void) {
  const texts: string[] = [];
  const port = await stage.serve(
    (peer) =>
      peer.setEncoding('latin1').on('data', (data) => texts.push(data as unknown as string)),
    { unwatched: true },
  );
  const client = stage.watch(new stage.net.Socket(), 'client', ['finish', 'error', 'close']);
  client.connect(port, HOST);
  send(client);
  await stage.allClosed();
  stage.log('peer', texts.join(''));
  return client;
}

describeSctp('what is written, as with net,', () => {
  test('in every encoding', async () => {
    await expectTwins(async (stage) => {
      await sending(stage, (client) => {
        client.write('é€', 'utf8');
        client.write('é', 'latin1');
        client.write('00ff7f', 'hex');
        client.write('AAECAw==', 'base64');
        client.write('ab', 'utf16le');
        client.setDefaultEncoding('hex').write('414243');
        client.write(new Uint8Array([1, 2, 3]));
        client.end('44', 'hex');
      });
    });
  });

  test('that is every byte there is, there and back', async () => {
    await expectTwins(async ({ net, log, serve, watch }) => {
      const port = await serve((peer) => peer.pipe(peer), { unwatched: true });
      const client = watch(net.connect(port, HOST), 'client', ['error']);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      for (const byte of bytes) client.write(Buffer.of(byte));
      const chunks: Buffer[] = [];
      for await (const chunk of client) {
        chunks.push(chunk as Buffer);
        if (Buffer.concat(chunks).length === bytes.length) break;
      }
      log('client', Buffer.concat(chunks).equals(bytes));
    });
  });

  test('that is a long text', async () => {
    await expectTwins(async (stage) => {
      const client = await sending(stage, (socket) => {
        for (let i = 0; i < 10; i++) socket.write('あ'.repeat(5000));
        socket.end();
      });
      stage.log('client', client.bytesWritten);
    });
  });

  test('counts while it waits', async () => {
    await expectTwins(async (stage) => {
      await sending(stage, (client) => {
        stage.log('client', [client.bytesWritten, client.writableLength]);
        client.write('e');
        client.write(Buffer.alloc(7));
        stage.log('client', [client.bytesWritten, client.writableLength]);
        client.cork();
        client.write('abc');
        client.write('de');
        stage.log('client', [client.bytesWritten, client.writableLength, client.writableCorked]);
        client.uncork();
        client.end('f');
        stage.log('client', client.bytesWritten);
      });
    });
  });

  test('corked leaves with uncork(), or in one tick', async () => {
    await expectTwins(async (stage) => {
      await sending(stage, (client) => {
        client.once('connect', () => {
          client.cork();
          client.write('a');
          client.write('b');
          stage.log('client', client.writableLength);
          process.nextTick(() => {
            client.uncork();
            client.end();
          });
        });
      });
    });
  });

  test('in ping-pong', async () => {
    await expectTwins(async ({ net, log, serve, watch, allClosed }) => {
      const port = await serve(
        (peer) => {
          peer.on('data', (data) => {
            log('ping', String(data));
            peer.write('pong');
          });
          peer.on('end', () => peer.end());
        },
        { unwatched: true, allowHalfOpen: true },
      );
      let rounds = 0;
      const client = watch(net.connect(port, HOST), 'client');
      client.on('connect', () => client.write('ping'));
      client.on('data', () => {
        if (++rounds < 50) client.write('ping');
        else client.destroy();
      });
      await allClosed();
    });
  });
});

describeSctp('pausing and resuming', () => {
  test('while connecting, and at every message', async () => {
    const server = await listening();
    server.on('connection', (peer) => {
      for (const text of ['a', 'b', 'c', 'd']) peer.write(text);
      peer.end();
    });
    const client = connectTo(server);
    client.pause();
    client.resume();
    client.pause();
    const texts: string[] = [];
    client.on('data', (message) => {
      texts.push(String(message));
      client.pause();
      setImmediate(() => client.resume());
    });
    await once(client, 'connect');
    expect(client.isPaused()).toBe(true);
    expect(texts).toEqual([]);
    client.resume();
    await once(client, 'end');
    expect(texts).toEqual(['a', 'b', 'c', 'd']);
  });

  test('lets a peer wait that sends more than there is room for; nothing is lost', async () => {
    const { client, peer } = await connectedPair({
      client: { highWaterMark: 1000, sctp: { rcvBuf: 500_000 } },
    });
    const content = noise(3_000_000);
    const size = 10_000;
    client.pause();
    let isFull = false;
    for (let start = 0; start < content.length; start += size) {
      isFull = !peer.write(content.subarray(start, start + size)) || isFull;
    }
    peer.end();
    expect(isFull).toBe(true);
    expect((await collect(client)).equals(content)).toBe(true);
  });
});

describeSctp('streams of every kind', () => {
  test('go through a socket: pipeline, pipe, for await', async () => {
    const { client, peer } = await connectedPair();
    const content = noise(200_000);
    const pieces = Array.from({ length: 20 }, (_, i) =>
      content.subarray(i * 10_000, (i + 1) * 10_000),
    );
    const sent = new Promise((resolve) => pipeline(Readable.from(pieces), client, resolve));
    const through = peer.pipe(new PassThrough());
    expect((await collect(through)).equals(content)).toBe(true);
    expect(await sent).toBeUndefined();
  });

  test('for await that is left destroys', async () => {
    const { client, peer } = await connectedPair();
    const journal = journalOf(client);
    client.write('a');
    for await (const message of peer) {
      expect(String(message)).toBe('a');
      break;
    }
    expect(peer.destroyed).toBe(true);
    expect((await journal.closed).slice(-2)).toEqual(['error ECONNRESET', 'close true']);
  });

  test('setEncoding() late decodes what already waits', async () => {
    const { client, peer } = await connectedPair();
    client.write('é');
    peer.pause();
    await once(peer, 'readable');
    peer.setEncoding('hex');
    expect(peer.read()).toBe('c3a9');
  });
});

describeSctp('a socket that is connected', () => {
  test('holds on to nothing that was needed for connecting', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const server = await listening();
    const client = destroying(new Socket());
    const reference = ((): WeakRef<() => void> => {
      const listener = (): void => undefined;
      client.connect(portOf(server), HOST, listener);
      return new WeakRef(listener);
    })();
    await once(client, 'connect');
    for (let i = 0; i < 10 && reference.deref(); i++) {
      await new Promise(setImmediate);
      collectGarbage();
    }
    expect(reference.deref()).toBeUndefined();
  });

  test('knows both ends, as the other sees them', async () => {
    for (const host of [HOST, '::1']) {
      const server = closing((await listening()).close());
      server.listen({ host });
      await once(server, 'listening');
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const client = connectTo(server, { host });
      await once(client, 'connect');
      const [peer] = await accepted;
      expect([client.localAddress, client.remoteAddress]).toEqual([host, host]);
      expect([peer.localPort, peer.remotePort]).toEqual([client.remotePort, client.localPort]);
      expect(client.address()).toEqual({
        address: host,
        family: host === HOST ? 'IPv4' : 'IPv6',
        port: peer.remotePort,
      });
      expect([client.remoteFamily, client.localFamily]).toEqual([
        peer.localFamily,
        peer.remoteFamily,
      ]);
    }
  });

  test('before: knows none of them', () => {
    const socket = new Socket();
    expect(socket.address()).toEqual({});
    expect([socket.remoteAddress, socket.remotePort, socket.localAddress]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
