/** What an operator can limit of a server; and a rush of peers, which must not block the rest. */
import { once } from 'node:events';

import { createServer, type Socket } from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectTo, destroying, listening, portOf } from '../../support/sockets';

describeSctp('a rush of peers', () => {
  test('is accepted in portions: the event loop goes round in between', async () => {
    const PEERS = 60;
    const WORK_MS = 5;
    const PORTION_MS = 10;
    const server = await listening();
    let turns = 0;
    const counting = setInterval(() => undefined, 1000);
    const count = (): void => {
      turns++;
      if (accepted.length < PEERS) setImmediate(count);
    };
    const accepted: number[] = [];
    const all = new Promise<void>((resolve) => {
      server.on('connection', () => {
        accepted.push(turns);
        const begun = performance.now();
        while (performance.now() - begun < WORK_MS);
        if (accepted.length === PEERS) resolve();
      });
    });
    const clients = Array.from({ length: PEERS }, () => connectTo(server));
    count();
    await all;
    clearInterval(counting);
    const perTurn = new Map<number, number>();
    for (const turn of accepted) perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
    expect(Math.max(...perTurn.values())).toBeLessThanOrEqual(PORTION_MS / WORK_MS + 1);
    expect(clients).toHaveLength(PEERS);
  });
});

describeSctp('a server with limits', () => {
  test('of idle time: silent peers are aborted by setTimeout', async () => {
    const server = await listening();
    server.on('connection', (socket: Socket) => {
      socket.setTimeout(300, () => socket.destroy());
    });
    const silent = await PythonPeer.open({ style: 'stream', listen: false });
    await silent.connect('127.0.0.1', portOf(server));
    await silent.waitFor({ event: 'assoc', state: 'commLost' });
  });

  test('of associations: more are aborted, and reported by drop', async () => {
    const server = await listening();
    server.maxConnections = 1;
    const first = connectTo(server);
    await once(first, 'connect');
    const dropped = once(server, 'drop');
    const second = destroying(connectTo(server));
    const error = new Promise<NodeJS.ErrnoException>((resolve) => second.once('error', resolve));
    expect((await dropped)[0]).toMatchObject({ remoteAddress: '127.0.0.1' });
    expect((await error).code).toBe('ECONNRESET');
    expect(first.destroyed).toBe(false);
  });

  test('of memory: all sockets together keep little more than that of what nobody reads', async () => {
    const LIMIT = 20_000;
    const options = { totalHighWaterMark: LIMIT, highWaterMark: 1_000_000 };
    const server = await listening(options);
    const sockets: Socket[] = [];
    server.on('connection', (socket: Socket) => sockets.push(socket.pause()));
    const PEERS = 5;
    for (let peer = 0; peer < PEERS; peer++) {
      const client = connectTo(server);
      await once(client, 'connect');
      for (let i = 0; i < 1000; i++) client.write(Buffer.alloc(10));
      while (sockets.length <= peer || sockets[peer]?.readAheadBytes === 0) {
        await new Promise(setImmediate);
      }
    }
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    const unread = sockets.reduce((sum, { readAheadBytes }) => sum + readAheadBytes, 0);
    const [most, oneWakeUp] = [(LIMIT / 266) * 10, 64 * 10];
    expect(unread).toBeLessThanOrEqual(most + PEERS * oneWakeUp);
    // What is read makes room, and all of it comes.
    const all = sockets.map(async (socket) => {
      let bytes = 0;
      socket.on('data', (data: Buffer) => (bytes += data.length));
      socket.resume();
      while (bytes < 10_000) await new Promise(setImmediate);
    });
    await Promise.all(all);
  });

  test.each([-1, 1.5, '2'])('totalHighWaterMark %p is refused', (totalHighWaterMark) => {
    const making = (): unknown =>
      closing(createServer({ totalHighWaterMark: totalHighWaterMark as number }));
    expect(making).toThrow(/options\.totalHighWaterMark/);
  });
});
