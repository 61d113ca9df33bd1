/** What programs do that an implementation may not have thought of. */
import { getEventListeners, once } from 'node:events';

import { createServer, type Socket } from 'kernel-sctp';

import { defer } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening } from '../../support/sockets';

describeSctp('end()', () => {
  test('while the name is still looked up, ends the association once it is up', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, { host: 'localhost', family: 4 });
    const order: string[] = [];
    client.on('connect', () => order.push('connect'));
    client.on('finish', () => order.push('finish'));
    client.resume().end();
    const [peer] = await accepted;
    peer.resume();
    expect(await Promise.all([once(client, 'close'), once(peer, 'end')])).toEqual([[false], []]);
    expect(order).toEqual(['connect', 'finish']);
  });

  test('can be followed by dry()', async () => {
    const { client, peer } = await connectedPair();
    client.resume();
    const closed = once(client, 'close');
    client.end('last');
    const dry = client.dry();
    expect(String(await once(peer, 'data'))).toBe('last');
    await dry;
    expect(await closed).toEqual([false]);
  });
});

describeSctp('removeAllListeners()', () => {
  test('on its sockets does not keep a server from closing', async () => {
    const { client, peer, server } = await connectedPair();
    peer.removeAllListeners();
    peer.resume();
    const closed = once(server.close(), 'close');
    client.resume().end();
    await closed;
  });
});

describeSctp('the echo server socket.pipe(socket)', () => {
  const sctp = { sndBuf: 8_000_000 };

  test.each([
    ['on a stream that it does not have', { sid: 64, size: 1 }, 'ERR_OUT_OF_RANGE'],
    ['longer than it can send', { sid: 0, size: 3_000_000 }, 'ERR_SCTP_MESSAGE_TOO_LARGE'],
  ])('survives a message %s', async (_what, { sid, size }, code) => {
    const { client, peer } = await connectedPair({ client: { OS: 65, sctp } });
    client.on('error', () => undefined);
    peer.pipe(peer);
    const failed = once(peer, 'error');
    client.send(Buffer.alloc(size), { sid });
    const [error] = (await failed) as [NodeJS.ErrnoException];
    expect(error.code).toBe(code);
  });

  test('throws again what is written after unpipe()', async () => {
    const { client, peer } = await connectedPair();
    peer.pipe(client);
    peer.unpipe(client);
    const message = Object.assign(Buffer.from('x'), { sid: 64 });
    expect(() => client.write(message)).toThrow(/"sid" is out of range/);
  });
});

describeSctp('an AbortSignal given to listen', () => {
  test('is released when the server closes', async () => {
    const { signal } = new AbortController();
    const server = createServer();
    for (let i = 0; i < 3; i++) {
      await once(server.listen({ host: '127.0.0.1', signal }), 'listening');
      await once(server.close(), 'close');
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('closes nothing that listens later', async () => {
    const controller = new AbortController();
    const server = createServer();
    defer(() => server.close());
    await once(server.listen({ host: '127.0.0.1', signal: controller.signal }), 'listening');
    await once(server.close(), 'close');
    await once(server.listen({ host: '127.0.0.1' }), 'listening');
    controller.abort();
    expect(server.listening).toBe(true);
  });
});

describeSctp('a lookup of the user', () => {
  test('may give undefined as error', async () => {
    const server = await listening();
    const client = connectTo(server, {
      host: 'some.name',
      lookup: (_name, _options, callback) => {
        (callback as (...found: unknown[]) => void)(undefined, '127.0.0.1', 4);
      },
    });
    await once(client, 'connect');
  });
});

describeSctp('awaiting one event after another', () => {
  test('misses none, though one wake-up may bring them all', async () => {
    const server = await listening();
    server.on('connection', (peer: Socket) => {
      peer.on('data', (message) => peer.end(message));
    });
    const client = connectTo(server);
    client.write('x');
    await once(client, 'data');
    await once(client, 'end');
    expect(await once(client, 'close')).toEqual([false]);
  });
});
