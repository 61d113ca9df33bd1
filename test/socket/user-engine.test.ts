/** The engine in user space and the kernel's SCTP, over UDP (RFC 6951), either side beginning. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';

import { connect, createServer, type Message, type Server, type Socket } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { describeSctp } from '../support/sctp';
import { destroying, portOf } from '../support/sockets';

const KERNEL_UDP = 9899;
const USER_UDP = 9900;
const SYSCTL = '/proc/sys/net/sctp/udp_port';

function takeUdp(): void {
  const before = readFileSync(SYSCTL, 'ascii');
  writeFileSync(SYSCTL, String(KERNEL_UDP));
  defer(() => {
    writeFileSync(SYSCTL, before);
  });
}

const ends = {
  kernel: { engine: 'kernel', peer: KERNEL_UDP },
  user: { engine: 'user', peer: USER_UDP },
} as const;

async function pairOf(server: 'kernel' | 'user'): Promise<{ client: Socket; peer: Socket }> {
  const own: Server = createServer({
    engine: server,
    ...(server === 'user' && { udpPort: USER_UDP }),
  });
  defer(() => own.close());
  await once(own.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(own, 'connection') as Promise<[Socket]>;
  const client = destroying(
    connect({
      engine: server === 'user' ? 'kernel' : 'user',
      port: portOf(own),
      host: '127.0.0.1',
      sctp: {
        remoteUdpEncapsPort: { port: ends[server].peer },
        ...(server === 'user' && {
          reconfigSupported: true,
          enableStreamReset: { resetStreams: true },
        }),
      },
    }),
  );
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return { client, peer: destroying(peer) };
}

async function readAll(socket: Socket): Promise<Message[]> {
  const messages: Message[] = [];
  socket.on('data', (message) => messages.push(message));
  await once(socket, 'end');
  return messages;
}

describeSctp('the engine in user space and the kernel', () => {
  test.each(['kernel', 'user'] as const)(
    'messages of all sizes, both ways: server on %s',
    async (server) => {
      takeUdp();
      const { client, peer } = await pairOf(server);
      expect([client.engine, peer.engine].sort()).toEqual(['kernel', 'user']);
      const sizes = [1, 100, 1400, 5000, 70_000, 180_000];
      const received = [readAll(client), readAll(peer)];
      for (const [index, size] of sizes.entries()) {
        for (const socket of [client, peer]) {
          const unordered = index % 2 === 1;
          socket.send(Buffer.alloc(size, index), { sid: index, ppid: 46 + index, unordered });
        }
      }
      await Promise.all([client.dry(), peer.dry()]);
      client.end();
      peer.end();
      const closed = [once(client, 'close'), once(peer, 'close')];
      for (const messages of await Promise.all(received)) {
        const seen = messages.map((message) => [
          message.length,
          message[0],
          message.sid,
          message.ppid,
        ]);
        const sent = sizes.map((size, index) => [size, index, index, 46 + index]);
        expect(seen.sort()).toEqual(sent.sort());
      }
      expect(await Promise.all(closed)).toEqual([[false], [false]]);
    },
  );

  test.each(['kernel', 'user'] as const)(
    'an ABORT is known at the other end: server on %s',
    async (server) => {
      takeUdp();
      const { client, peer } = await pairOf(server);
      const lost = once(peer, 'error');
      client.resetAndDestroy();
      expect((await lost)[0]).toMatchObject({ code: 'ECONNRESET' });
    },
  );

  test.each(['kernel', 'user'] as const)('nobody listens: ECONNREFUSED by %s', async (server) => {
    takeUdp();
    const other = await pairOf(server); // so that the UDP port is there
    const { peer, client } = other;
    expect(peer.destroyed).toBe(false);
    const socket = destroying(
      connect({
        engine: client.engine,
        port: 9,
        host: '127.0.0.1',
        sctp: { remoteUdpEncapsPort: { port: ends[server].peer } },
      }),
    );
    expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('streams are reset by the one and by the other', async () => {
    takeUdp();
    const { client, peer } = await pairOf('user');
    const seen: unknown[] = [];
    for (const socket of [client, peer]) {
      socket.on('streams-reset', (streams) => seen.push(streams));
    }
    await client.resetStreams({ outgoing: [1] });
    await peer.resetStreams({ outgoing: [2] });
    while (seen.length < 2) await new Promise(setImmediate);
    expect(seen).toEqual([{ incoming: [1] }, { incoming: [2] }]);
  });
});
