/** Our side destroys a socket: what the peer and our side see. */
import { connect, type Socket } from 'kernel-sctp';

import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import {
  connectedPair,
  connectTo,
  destroying,
  listening,
  portOf,
  STUCK,
  stuckPair,
} from '../../support/sockets';

const aborted = ['error ECONNRESET', 'close true'];

describeSctp('the peer sees an ABORT', () => {
  test.each<[string, (socket: Socket) => void, string[]]>([
    ['destroy()', (socket) => void socket.destroy(), ['close false']],
    [
      'destroy(error)',
      (socket) => void socket.destroy(new Error('mine')),
      ['error mine', 'close true'],
    ],
    ['resetAndDestroy()', (socket) => void socket.resetAndDestroy(), ['close false']],
    [
      'resetAndDestroy(), twice, and the rest',
      (socket) => {
        socket.resetAndDestroy();
        socket.resetAndDestroy();
        socket.destroy(new Error('too late'));
        socket.end();
        socket.destroySoon();
      },
      ['close false'],
    ],
  ])('after %s', async (_, deed, expected) => {
    const { client, peer } = await connectedPair();
    const [ours, theirs] = [journalOf(client), journalOf(peer)];
    deed(client);
    expect(client.destroyed).toBe(true);
    expect(await ours.closed).toEqual(expected);
    expect(await theirs.closed).toEqual(aborted);
  });

  test('after resetAndDestroy() while messages of an ended socket are under way', async () => {
    const { client, peer } = await stuckPair();
    const [ours, theirs] = [journalOf(client), journalOf(peer, { read: false })];
    client.end();
    await ours.until('finish');
    client.resetAndDestroy();
    expect(await ours.closed).toEqual(['finish', 'close false']);
    let received = 0;
    peer.on('data', () => received++).resume();
    expect(await theirs.closed).toEqual(aborted);
    expect(received).toBeLessThan(STUCK);
  });

  test('after destroy(), though the socket is paused and its input unread', async () => {
    const { client, peer } = await connectedPair();
    client.pause();
    await new Promise((resolve) => peer.write('unread', resolve));
    const theirs = journalOf(peer);
    client.destroy();
    expect(await theirs.closed).toEqual(aborted);
  });
});

describeSctp('the peer sees a graceful end', () => {
  test('after end() and destroy(error), which is reported here', async () => {
    const { client, peer } = await connectedPair();
    const [ours, theirs] = [journalOf(client), journalOf(peer)];
    client.end('last');
    client.destroy(new Error('mine'));
    expect(await theirs.closed).toEqual(['data last', 'end', 'finish', 'close false']);
    expect(await ours.closed).toEqual(['error mine', 'close true']);
  });

  test("'close' comes when the association has ended, not before", async () => {
    const { client, peer } = await stuckPair();
    const [ours, theirs] = [journalOf(client), journalOf(peer, { read: false })];
    client.end();
    await ours.until('finish');
    client.destroy();
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(ours.entries).toEqual(['finish']);
    let received = 0;
    peer.on('data', () => received++).resume();
    expect(await theirs.closed).toEqual(['end', 'finish', 'close false']);
    expect(received).toBe(STUCK);
    expect(await ours.closed).toEqual(['finish', 'close false']);
  });
});

describeSctp('destroy() in a callback: nothing follows but one close', () => {
  type Scene = (client: Socket, peer: Socket, deed: () => void) => void;
  const scenes: Record<string, Scene> = {
    data: (client, _, deed) => client.on('data', deed),
    message: (client, _, deed) => client.on('message', deed),
    readable: (client, _, deed) =>
      client.on('readable', () => {
        if (client.read() !== null) deed();
      }),
    end: (client, peer, deed) => {
      client.on('end', deed).resume();
      peer.end();
    },
    finish: (client, _, deed) => {
      client.on('finish', deed);
      client.end();
    },
    'the callback of end()': (client, _, deed) => client.end('x', deed),
    'the callback of write()': (client, _, deed) => client.write('x', deed),
    'the callback of send()': (client, _, deed) => client.send(Buffer.from('x'), deed),
    drain: (client, _, deed) => {
      client.on('drain', deed);
      while (client.write(Buffer.alloc(100_000)));
    },
    timeout: (client, _, deed) => client.setTimeout(1, deed),
    notification: (client, peer, deed) => {
      client.on('notification', deed).resume();
      peer.end();
    },
    error: (client, peer, deed) => {
      client.on('error', deed).resume();
      peer.resetAndDestroy();
    },
    close: (client, _, deed) => {
      client.on('close', deed);
      client.destroy();
    },
  };

  test.each(Object.entries(scenes))("'%s'", async (_, scene) => {
    const { client, peer } = await connectedPair();
    peer.resume();
    let journal: ReturnType<typeof journalOf> | undefined;
    const done = new Promise<void>((resolve) => {
      scene(client, peer, () => {
        client.destroy();
        client.destroy();
        journal ??= journalOf(client);
        resolve();
      });
    });
    for (let i = 0; i < 5; i++) peer.write(`message ${String(i)}`);
    const { closed: peerClosed } = journalOf(peer);
    await done;
    await peerClosed;
    for (let i = 0; i < 5; i++) await new Promise(setImmediate);
    const entries = (journal as ReturnType<typeof journalOf>).entries;
    // Writable calls back before it emits.
    expect(entries.filter((entry) => !/^(close|finish)/.test(entry))).toEqual([]);
    expect(entries.length).toBeLessThanOrEqual(2);
    expect(client.closed).toBe(true);
  });

  test("'connect', 'ready' and 'lookup'", async () => {
    const server = await listening();
    server.on('connection', (socket) => journalOf(socket));
    for (const event of ['connect', 'ready', 'lookup'] as const) {
      const socket = destroying(connect({ port: portOf(server), host: 'localhost', family: 4 }));
      const { closed } = journalOf(socket);
      socket.on(event, () => socket.destroy());
      const entries = await closed;
      expect([event, ...entries]).toEqual(
        event === 'lookup' ? [event, 'close false'] : [event, 'connect', 'close false'],
      );
    }
  });

  test("'connection' of the server", async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.destroy());
    const { closed } = journalOf(connectTo(server));
    expect(await closed).toEqual(['connect', ...aborted]);
  });
});
