/** docs/migrating.md, from node-lksctp: each row. */
import { once } from 'node:events';

import {
  connect,
  type ConnectOptions,
  createServer,
  type Message,
  type Notification,
  type PeerAddrChangeNotification,
  Server,
  Socket,
} from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { shownIn, testRows } from './proofs';

const HOST = '127.0.0.1';

describeSctp('from node-lksctp', () => {
  testRows('From node-lksctp', {
    "Nagle's algorithm is on": async () => {
      const { client, peer } = await connectedPair();
      expect([client.getOption('noDelay'), peer.getOption('noDelay')]).toEqual([true, true]);
      const nagle = await connectedPair({ client: { noDelay: false } });
      expect(nagle.client.getOption('noDelay')).toBe(false);
    },
    '`sctp: { sack: { delay, freq } }`': shownIn(
      'socket/migrating/contract-lksctp',
      'is the delay and frequency of acknowledgements',
    ),
    '`OS`, `MIS` of `createServer` and `connect`': shownIn(
      'socket/streams/negotiation',
      'with a server of OS $OS and MIS $MIS',
    ),
    'no host: every IPv4 address': async () => {
      const all = closing(createServer((peer) => destroying(peer)));
      await once(all.listen({ port: 0 }), 'listening');
      expect(all.address()).toMatchObject({ address: '::', family: 'IPv6' });
      for (const host of [HOST, '::1']) {
        await once(destroying(connect({ port: portOf(all), host })), 'connect');
      }
      const old = closing(createServer());
      await once(old.listen({ port: 0, host: '0.0.0.0' }), 'listening');
      expect(old.address()).toMatchObject({ address: '0.0.0.0', family: 'IPv4' });
    },
    '`listen` and `connect` take options only': async () => {
      const server = closing(createServer((peer) => destroying(peer)));
      await once(server.listen(0, HOST), 'listening');
      await once(destroying(connect(portOf(server), HOST)), 'connect');
    },
    '`listen(options, callback)`: the callback gets an error': async () => {
      const server = await listening();
      const args: unknown[] = [];
      const taken = closing(createServer());
      taken.listen({ host: HOST, port: portOf(server) }, () => args.push('called'));
      expect((await once(taken, 'error'))[0]).toMatchObject({ code: 'EADDRINUSE' });
      await new Promise<void>((resolve) => {
        closing(createServer()).listen({ host: HOST }, (...given: unknown[]) => {
          args.push(...given);
          resolve();
        });
      });
      expect(args).toEqual([]);
    },
    'addresses are IPv4 literals': async () => {
      const server = closing(createServer((peer) => destroying(peer)));
      await once(server.listen({ port: 0 }), 'listening');
      for (const host of ['::1', 'localhost']) {
        await once(destroying(connect({ port: portOf(server), host })), 'connect');
      }
    },
    '`status().state` is a number': async () => {
      const { client } = await connectedPair();
      expect(client.status().state).toBe('established');
    },
    '`status().unackdata`, `penddata`': shownIn(
      'socket/migrating/contract-lksctp',
      'by its older names',
    ),
    '`status().numberOfIncomingStreams`, `numberOfOutgoingStreams`': shownIn(
      'socket/migrating/contract-lksctp',
      'by its older names',
    ),
    '`status().incomingQueue`, `peer` and others': async () => {
      const { client } = await connectedPair();
      const status = client.status();
      for (const name of ['tag', 'incomingQueue', 'outgoingQueue', 'overallError', 'peer']) {
        expect(status).not.toHaveProperty(name);
      }
      expect(status.primary.address.address).toBe(HOST);
    },
    '`notification.parsed.sn_paddr_change.spc_aaddr` is a Buffer': async () => {
      const { client } = await connectedPair();
      const reported = new Promise<Notification>((resolve) => {
        client.on('notification', (notification) => {
          if (notification.type === 'peerAddrChange') resolve(notification);
        });
      });
      client.setPrimary(HOST);
      const { parsed, raw } = await reported;
      const { spc_aaddr } = (parsed as PeerAddrChangeNotification['parsed']).sn_paddr_change;
      expect(spc_aaddr).toEqual({ address: HOST, family: 'IPv4', port: client.remotePort });
      expect(raw.includes(Buffer.from([127, 0, 0, 1]))).toBe(true);
    },
    '`notification.interpreted` is undefined for most types': shownIn(
      'socket/migrating/contract-lksctp',
      'has it raw, parsed and interpreted',
    ),
    "`'notification'` reports every type": async () => {
      const typesOf = async (options: Partial<ConnectOptions>): Promise<Set<string>> => {
        const { client, peer } = await connectedPair({ client: options });
        const types = new Set<string>();
        client.on('notification', ({ type }) => types.add(type));
        client.write('x');
        await client.dry();
        peer.resume().end();
        client.resume();
        await once(client, 'close');
        return types;
      };
      expect(await typesOf({})).not.toContain('senderDry');
      expect(await typesOf({ notifications: 'all' })).toContain('senderDry');
      expect(await typesOf({})).toContain('shutdown');
    },
    'errors differ only in their text': async () => {
      const { client, peer } = await connectedPair();
      const reset = journalOf(peer);
      client.resetAndDestroy();
      expect(await reset.closed).toContain('error ECONNRESET');
      const refused = journalOf(destroying(connect({ port: 1, host: HOST })));
      expect(await refused.closed).toContain('error ECONNREFUSED');
      const ended = await connectedPair({ client: { allowHalfOpen: true } });
      const broken = journalOf(ended.client);
      ended.peer.resume().end();
      await broken.until('end');
      ended.client.write('too late');
      expect(await broken.closed).toContain('error EPIPE');
    },
    'a message above 128 KiB, or received in parts, is an exception': shownIn(
      'socket/migrating/older-defects',
      'a message above 128 KiB, or in parts, ended the process',
    ),
    "`write('')` and long messages destroy the connection": shownIn(
      'socket/migrating/older-defects',
      'EMSGSIZE and empty writes destroyed the association',
    ),
    '`end()`: nothing more is received': shownIn(
      'socket/migrating/older-defects',
      'end() lost what the peer sent later',
    ),
    "the peer's end is ours": async () => {
      const { client, peer } = await connectedPair({ client: { allowHalfOpen: true } });
      client.resume();
      peer.resume().end();
      await once(client, 'end');
      expect(client.writableEnded).toBe(false);
      client.end();
      await once(client, 'close');
      const other = await connectedPair();
      other.client.resume();
      other.peer.resume().end();
      await once(other.client, 'close');
    },
    'a failed `connect` has no methods': shownIn(
      'socket/migrating/older-defects',
      'a failed connect returned an object without methods',
    ),
    '`read()` and `for await` merge messages': async () => {
      const { client, peer } = await connectedPair();
      for (let i = 0; i < 3; i++) client.send(Buffer.from(String(i)), { sid: i, ppid: i });
      client.end();
      const found: number[][] = [];
      for await (const { sid, ppid } of peer as AsyncIterable<Message>) found.push([sid, ppid]);
      expect(found).toEqual([
        [0, 0],
        [1, 1],
        [2, 2],
      ]);
    },
    'there is no constructor': async () => {
      const server = await listening();
      const socket = destroying(new Socket({ OS: 3 }));
      await once(socket.connect(portOf(server), HOST), 'connect');
      expect(socket.OS).toBe(3);
      expectThrow(() => connectTo(new Server()), { message: /listen/ });
    },
  });
});
