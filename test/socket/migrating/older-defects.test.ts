/**
 * What users of earlier packages suffered from, one by one. What takes more than a connection or
 * two to show has its test elsewhere, and `elsewhere` says where.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';

import { connect, type Message, type Notification, Socket } from 'kernel-sctp';

import { projectRoot, startNode } from '../../support/child';
import { noise } from '../../support/collect';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';

const HOST = '127.0.0.1';

const elsewhere: readonly (readonly [fault: string, file: string, test: string])[] = [
  ['a failed accept raises a TypeError', 'socket/net/server-life', 'no descriptor is left for'],
  ['descriptors leak when bind fails', 'lifecycle/socket-leaks', 'listening and failing to'],
  ['… and when connect fails', 'lifecycle/socket-leaks', 'connect, talk and end in every way'],
  ['a worker that ends with an open socket', 'lifecycle/socket-workers', 'may end at any moment'],
  ['no CLOEXEC', 'lifecycle/socket-exit', 'inherits no descriptor'],
  ['no process that exits', 'lifecycle/socket-exit', 'a program ends by itself'],
  ['no timeouts', 'socket/net/idle', "emits 'timeout', and leaves the socket open"],
  ['no ref and unref', 'socket/net/socket-state', 'lets the process end'],
  ['no byte counters', 'socket/net/socket-state', 'counts bytes, those that wait included'],
  ['no DNS', 'socket/addresses/ends', 'that cannot be found fails as in net'],
  [
    'no runtime address changes',
    'socket/addresses/multihoming',
    "notify the peer, and 'address-change'",
  ],
  [
    'no RTO or heartbeat parameters, no buffer sizes',
    'socket/options/set-and-read',
    'given to connect',
  ],
  ['no types', 'types/sockets', 'Compiled, not run'],
  ['no prebuilt binaries', 'package/tarball', 'has no compiler in PATH'],
  ['merged messages, sid and ppid lost', 'socket/reading/styles', 'that wait already'],
  ['no honest backpressure and drain', 'lifecycle/socket-backpressure', '200 MB in 16 kB writes'],
  ['… of single streams', 'socket/streams/single', 'has honest backpressure'],
  [
    'no ppid per message, stream and socket',
    'socket/streams/single',
    'with the ppid of the message',
  ],
  ['data lost behind an ABORT', 'socket/ending/peer-abort', 'with more to read than it wants'],
  ["no 'restart'", 'interop/peer-restart', "'restart': the losses are reported"],
  ['errnos that look like different problems', 'unit/errors', 'EPROTONOSUPPORT'],
];

/** The descriptors of this process that are sockets, and their flags. */
function socketFlags(): Map<string, number> {
  const flags = new Map<string, number>();
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (!readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')) continue;
      const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');
      flags.set(fd, parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '', 8));
    } catch {
      // closed meanwhile, as the one that lists the folder
    }
  }
  return flags;
}

test.each(elsewhere)('%s: %s, %s', (_fault, file, name) => {
  const folder = join(projectRoot, 'test', file, '..');
  const found = readdirSync(folder).find((entry) =>
    entry.startsWith(`${file.split('/').at(-1) ?? ''}.`),
  );
  expect(readFileSync(join(folder, found ?? ''), 'utf8')).toContain(name);
});

describeSctp('of the net-like binding', () => {
  test('status() read another struct, and its last fields were garbage', async () => {
    const { client, peer } = await connectedPair({ client: { OS: 3 }, server: { OS: 4 } });
    const { primary, ...status } = client.status();
    expect(primary).toEqual(client.getOption('peerAddrInfo', { address: HOST }));
    expect(status).toMatchObject({ state: 'established', outStreams: 3, inStreams: 4 });
    expect(status.rwnd).toBe(peer.getOption('assocInfo').localRwnd);
    expect(status.fragmentationPoint).toBeLessThan(primary.mtu);
  });

  test('a message above 128 KiB, or in parts, ended the process', async () => {
    const { client, peer } = await connectedPair();
    const sizes = [131_072, 131_073, 1_000_000];
    const messages = sizes.map(noise);
    for (const message of messages) client.write(message);
    client.end();
    const received: Buffer[] = [];
    for await (const message of peer) received.push(message as Buffer);
    expect(received.map(({ length }) => length)).toEqual(sizes);
    expect(received.every((message, i) => message.equals(messages[i] as Buffer))).toBe(true);
  });

  test('end() lost what the peer sent later, and the notifications', async () => {
    const { client, peer } = await connectedPair({ server: { allowHalfOpen: true } });
    const reported: string[] = [];
    client.on('notification', (notification: Notification) => {
      reported.push(notification.type);
    });
    const journal = journalOf(client);
    for (let i = 0; i < 20; i++) peer.write(String(i));
    client.end('bye');
    for await (const message of peer) expect(String(message)).toBe('bye');
    const texts = Array.from({ length: 20 }, (_, i) => `data ${String(i)}`);
    const entries = await journal.closed;
    expect(entries.filter((entry) => entry.startsWith('data'))).toEqual(texts);
    expect(entries.slice(-2)).toEqual(['end', 'close false']);
    expect(reported).toContain('assocChange');
  });

  test('data before an ABORT was lost, also in a paused socket, which was blind to it', async () => {
    const { client, peer } = await connectedPair();
    peer.pause();
    for (const text of ['a', 'b', 'c']) client.write(text);
    await client.dry();
    client.resetAndDestroy();
    await once(client, 'close');
    const failed = once(peer, 'error');
    const texts: string[] = [];
    peer.on('data', (message) => texts.push(String(message)));
    peer.resume();
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' }); // and not libuv's EBADF
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  test('the first change of an association meant connected, whatever it was', async () => {
    const server = await listening();
    const port = portOf(server);
    await once(server.close(), 'close');
    const journal = journalOf(destroying(connect({ port, host: HOST })));
    expect(await journal.closed).toEqual(['error ECONNREFUSED', 'close true']);
  });

  test('for await and read() merged messages, and lost sid and ppid', async () => {
    const { client, peer } = await connectedPair();
    for (let i = 0; i < 5; i++) client.send(Buffer.from(String(i)), { sid: i, ppid: i * 10 });
    client.end();
    await once(peer, 'readable');
    const first = peer.read() as Message;
    const found = [first];
    for await (const message of peer) found.push(message as Message);
    expect(found.map((message) => [String(message), message.sid, message.ppid])).toEqual(
      Array.from({ length: 5 }, (_, i) => [String(i), i, i * 10]),
    );
  });

  test('EMSGSIZE and empty writes destroyed the association', async () => {
    const { client, peer } = await connectedPair();
    const limit = client.getOption('sndBuf');
    expectThrow(() => client.write(Buffer.alloc(limit + 1)), {
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      limit,
    });
    expectThrow(() => client.send(Buffer.alloc(0)), { code: 'ERR_INVALID_ARG_VALUE' });
    await new Promise((resolve) => client.write('', resolve));
    client.end('alive');
    expect(String(await peer.toArray())).toBe('alive');
  });

  test('a failed connect returned an object without methods', async () => {
    const lookup: LookupFunction = (_host, _options, callback) => {
      process.nextTick(callback, Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    };
    for (const options of [
      { host: HOST, localAddress: '192.0.2.1' }, // not ours
      { host: 'nowhere.example', lookup },
      { host: HOST },
    ]) {
      const socket = destroying(connect({ port: 1, ...options }));
      expect(socket).toBeInstanceOf(Socket);
      expect(socket).toBeInstanceOf(Duplex);
      const failed = once(socket, 'error');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      expect(socket.setNoDelay().setTimeout(0).ref()).toBe(socket);
      expect(socket.address()).toEqual({});
      expect((await failed)[0]).toHaveProperty('code');
      expect(await closed).toBe(true);
    }
  });

  test('there was a timer of 5 seconds for each socket', async () => {
    const { code, stdout, stderr } = await startNode(`
      const { connect, createServer } = require('kernel-sctp');
      const server = createServer((peer) => {
        setImmediate(() => {
          console.log(process.getActiveResourcesInfo().filter((name) => name === 'Timeout'));
          process.exit();
        });
      });
      server.listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1').pause());
    `).ended;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
  });

  test('descriptors had no CLOEXEC', async () => {
    const before = new Set(socketFlags().keys());
    await connectedPair();
    const opened = [...socketFlags()].filter(([fd]) => !before.has(fd));
    expect(opened.length).toBeGreaterThanOrEqual(3); // listening, connected, accepted
    const CLOEXEC = 0o2000000;
    const NONBLOCK = 0o4000;
    for (const [, flags] of opened) {
      expect(flags & (CLOEXEC | NONBLOCK)).toBe(CLOEXEC | NONBLOCK);
    }
  });

  test("only IPv4 literals were understood, not host: 'localhost'; there was no 'ready'", async () => {
    const server = await listening();
    const client = connectTo(server, { host: 'localhost' });
    await once(client, 'ready');
    expect(client.remotePort).toBe(portOf(server));
  });
});

describeSctp('of the userspace package', () => {
  test("a message above the reader's high-water mark never arrived", async () => {
    const { client, peer } = await connectedPair({ server: { highWaterMark: 100 } });
    const message = noise(100_000);
    client.end(message);
    const received = await peer.toArray();
    expect(received.length).toBe(1);
    expect(message.equals(received[0] as Buffer)).toBe(true);
  });

  test('an empty write wedged the socket', async () => {
    const { client, peer } = await connectedPair();
    client.write('');
    client.write(Buffer.alloc(0));
    client.end('after');
    expect(String(await peer.toArray())).toBe('after');
  });

  test("'end' came without an end, and 'close' did not come", async () => {
    const aborted = await connectedPair();
    const journal = journalOf(aborted.peer);
    aborted.client.resetAndDestroy();
    expect(await journal.closed).toEqual(['error ECONNRESET', 'close true']);

    const ended = await connectedPair();
    const other = journalOf(ended.peer);
    ended.client.resume().end();
    expect(await other.closed).toEqual(['end', 'finish', 'close false']);
  });

  test('end() before connect never finished', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server);
    client.resume().end('early');
    const closed = once(client, 'close');
    await once(client, 'finish');
    const [peer] = await accepted;
    expect(String(await peer.toArray())).toBe('early');
    await closed;
  });

  test('ends the process only by process.exit()', async () => {
    const source = readFileSync(join(projectRoot, 'examples', 'quick-m3ua.js'), 'utf8');
    const { code, stdout, stderr } = await startNode(source.replace('process.exit()', '')).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('data <Buffer 01 00 03 04');
  });
});
