/** `engine: 'user'`: sockets and servers that need nothing of the kernel's SCTP. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';

import { connect, createServer, type Server, Socket, support } from 'kernel-sctp';

import { projectRoot, start } from '../support/child';
import { defer } from '../support/cleanup';
import { connectedPair, destroying, listening, portOf } from '../support/sockets';

const user = { engine: 'user' } as const;
const like = (fields: object): Error => expect.objectContaining(fields) as Error;
const pairOf = () => connectedPair({ server: user, client: user });

describe('which engine', () => {
  test("is the kernel's, unless the option or the environment says otherwise", () => {
    expect([new Socket().engine, createServer().engine]).toEqual(['kernel', 'kernel']);
    expect([new Socket(user).engine, createServer(user).engine]).toEqual(['user', 'user']);
    process.env['KERNEL_SCTP_ENGINE'] = 'user';
    defer(() => {
      delete process.env['KERNEL_SCTP_ENGINE'];
    });
    expect([new Socket().engine, createServer().engine]).toEqual(['user', 'user']);
    expect(new Socket({ engine: 'kernel' }).engine).toBe('kernel');
    process.env['KERNEL_SCTP_ENGINE'] = 'usr';
    expect(() => createServer()).toThrow(/KERNEL_SCTP_ENGINE/);
  });

  test.each([['usr'], [1], [{}]])('bad input: %p', (engine) => {
    const given = { engine } as unknown as typeof user;
    expect(() => createServer(given)).toThrow(like({ code: 'ERR_INVALID_ARG_VALUE' }));
  });

  test.each([[-1], [65536], ['9899'], [NaN]])('a bad udpPort: %p', (udpPort) => {
    const given = { ...user, udpPort } as unknown as typeof user;
    expect(() => createServer(given)).toThrow(/options\.udpPort/);
  });

  test('given to connect() of a socket that was made without', async () => {
    const server = await listening(user);
    const socket = destroying(new Socket());
    socket.connect({ port: portOf(server), host: '127.0.0.1', ...user });
    await once(socket, 'connect');
    expect(socket.engine).toBe('user');
  });

  test('a udpPort given to connect() is one of the engine that the socket has', async () => {
    const [peer, other] = [createSocket('udp4'), createSocket('udp4')];
    defer(() => peer.close());
    for (const one of [peer, other]) {
      one.bind(0, '127.0.0.1');
      await once(one, 'listening');
    }
    const udpPort = other.address().port;
    other.close();
    await once(other, 'close');
    const sctp = { remoteUdpEncapsPort: { port: peer.address().port } };
    const place = { port: 1, host: '127.0.0.1', udpPort, sctp };
    const socket = new Socket(user);
    defer(() => socket.destroy()); // a reset would wait until it is up
    socket.connect(place);
    const [, from] = (await once(peer, 'message')) as [Buffer, { port: number }];
    expect(from.port).toBe(udpPort);
    expect(() => new Socket().connect(place)).toThrow(/options\.udpPort' is of engine: 'user'/);
  });

  test('support() names it as the way out', () => {
    const { sctp, remedy = [] } = support();
    expect(sctp || remedy.some((line) => line.includes("engine: 'user'"))).toBe(true);
  });
});

describe('options', () => {
  test.each([
    ['authSupported', true],
    ['maxSeg', 1000],
    ['dscp', 46],
    ['adaptationLayer', 7],
    ['bindToDevice', 'lo'],
    ['streamScheduler', 'fc'],
    ['ecnSupported', true],
  ])('%s: ERR_SCTP_OPTION', async (name, value) => {
    const { client } = await pairOf();
    expect(() => {
      client.setOption(name as 'noDelay', value as boolean);
    }).toThrow(like({ name: 'Error' }));
    const failed = destroying(
      connect({ ...user, port: 1, host: '127.0.0.1', sctp: { [name]: value } }),
    );
    const [error] = (await once(failed, 'error')) as [NodeJS.ErrnoException];
    expect(error).toMatchObject({ code: 'ERR_SCTP_OPTION' });
  });

  test('those it has are taken, read back, and followed', async () => {
    const sctp = {
      rtoInfo: { initial: 300, min: 100, max: 900 },
      initMsg: { numOstreams: 7 },
      sndBuf: 50_000,
    };
    const { client } = await connectedPair({ server: user, client: { ...user, sctp } });
    expect(client.getOption('rtoInfo')).toEqual({ initial: 300, min: 100, max: 900 });
    expect(client.getOption('sndBuf')).toBe(100_000);
    expect(client.OS).toBe(7);
    client.setOption('sndBuf', 1000);
    expect(() => client.write(Buffer.alloc(3000))).toThrow(
      like({ code: 'ERR_SCTP_MESSAGE_TOO_LARGE' }),
    );
    client.setKeepAlive(false);
    expect(client.getOption('peerAddrParams').hbEnable).toBe(false);
    expect(client.status()).toMatchObject({ state: 'established', outStreams: 7 });
  });
});

describe('streams', () => {
  test('more than the peer takes are denied, and what comes after is not held up', async () => {
    const { client } = await connectedPair({
      server: { ...user, MIS: 5 },
      client: { ...user, OS: 5 },
    });
    const denied = like({ code: 'ERR_SCTP_RECONFIGURATION', reason: 'denied' });
    await expect(client.addStreams({ outgoing: 1 })).rejects.toEqual(denied);
    await client.resetStreams({ outgoing: [0] });
  });

  test('are reset and added, and both ends know', async () => {
    const { client, peer } = await pairOf();
    const { OS = 0, MIS = 0 } = client;
    const seen: unknown[] = [];
    peer.on('streams-reset', (streams) => seen.push(streams));
    peer.on('streams-added', (streams) => seen.push(streams));
    await client.resetStreams({ outgoing: [1, 2] });
    await client.resetStreams({ incoming: [3] });
    await client.addStreams({ outgoing: 2 });
    await client.addStreams({ incoming: 3 });
    while (seen.length < 4) await once(peer, 'streams-added'); // the peer learns of its own last
    expect(seen).toEqual([
      { incoming: [1, 2] },
      { outgoing: [3] },
      { incoming: 2, outgoing: 0 },
      { incoming: 0, outgoing: 3 },
    ]);
    expect([client.OS, client.MIS]).toEqual([OS + 2, MIS + 3]);
    expect([peer.MIS, peer.OS]).toEqual([OS + 2, MIS + 3]);
    await expect(client.resetAssociation()).rejects.toThrow(/EOPNOTSUPP|not supported/i);
  });
});

describe('messages', () => {
  test('that expire come back whole', async () => {
    const { client, peer } = await pairOf();
    peer.pause();
    const failed = once(client, 'sendFailed') as Promise<[Error & { data: Buffer; ppid: number }]>;
    // More than the peer takes without reading.
    const body = Buffer.alloc(200_000, 'x');
    for (let i = 0; i < 12; i++) client.send(body, {});
    const late = Buffer.from('too late');
    client.send(late, { ppid: 46, pr: { policy: 'ttl', value: 1 } });
    const [error] = await failed;
    expect(String(error.data)).toBe('too late');
    expect(error).toMatchObject({ code: 'ERR_SCTP_SEND_FAILED', ppid: 46 });
    client.resetAndDestroy();
  });
});

describe('an association that ended in order', () => {
  const body = Buffer.alloc(10_000, 'x');
  /** The peer has sent everything and is gone; nothing has been read. */
  const unread = async (): Promise<{ accepted: Socket; server: Server; port: number }> => {
    const server = await listening({ ...user, pauseOnConnect: true });
    const connection = once(server, 'connection') as Promise<[Socket]>;
    const client = destroying(connect({ ...user, port: portOf(server), host: '127.0.0.1' }));
    for (let i = 0; i < 100; i++) client.write(body);
    client.end();
    const [accepted] = await connection;
    await once(client, 'close');
    return { accepted: destroying(accepted), server, port: Number(client.localPort) };
  };

  test('is read at the pace of its reader', async () => {
    const { accepted } = await unread();
    const buffered = accepted.readableLength;
    expect(buffered).toBeLessThan(100 * body.length);
    const messages: Buffer[] = [];
    accepted.on('data', (message) => messages.push(message)).resume();
    await once(accepted, 'end');
    expect(messages).toHaveLength(100);
    expect(messages.every((message) => message.equals(body))).toBe(true);
  });

  test('has left its ports to the next, read or not', async () => {
    const { accepted, server, port } = await unread();
    const connection = once(server, 'connection') as Promise<[Socket]>;
    const next = destroying(
      connect({ ...user, port: portOf(server), host: '127.0.0.1', localPort: port }),
    );
    await once(next, 'connect');
    const [second] = await connection;
    expect(second.remotePort).toBe(port);
    destroying(second);
    accepted.resume();
    await once(accepted, 'end');
    expect(second.destroyed).toBe(false);
  });
});

describe('ports', () => {
  test('servers of one thread share the UDP port, but no SCTP port', async () => {
    const [one, other] = [await listening(user), await listening(user)];
    expect(portOf(one)).not.toBe(portOf(other));
    for (const server of [one, other]) {
      server.on('connection', (socket) => socket.end(String(portOf(server))));
      const socket = destroying(connect({ ...user, port: portOf(server), host: '127.0.0.1' }));
      const [data] = (await once(socket, 'data')) as [Buffer];
      expect(String(data)).toBe(String(portOf(server)));
    }
    const again = createServer(user).listen(portOf(one), '127.0.0.1');
    const [error] = (await once(again, 'error')) as [Error];
    expect(error).toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
  });

  test('UDP port 9899 is where servers listen and clients go, unless it is said otherwise', async () => {
    const [here, other] = [createSocket('udp4'), createSocket('udp4')];
    defer(() => other.close());
    here.bind(9899, '127.0.0.1');
    other.bind(0, '127.0.0.1');
    await Promise.all([once(here, 'listening'), once(other, 'listening')]);
    const ports = { port: 1234, host: '127.0.0.1' };
    for (const [at, sctp] of [
      [here, {}],
      [other, { remoteUdpEncapsPort: { port: other.address().port } }],
    ] as const) {
      destroying(connect({ ...user, ...ports, sctp }).on('error', () => undefined));
      const [packet] = (await once(at, 'message')) as [Buffer];
      expect(packet.readUInt16BE(2)).toBe(1234); // SCTP's
      expect(packet[12]).toBe(1); // INIT
    }
    const [refusal] = (await once(createServer(user).listen(0, '127.0.0.1'), 'error')) as [Error];
    expect(refusal).toMatchObject({ code: 'EADDRINUSE' });
    expect(refusal.message).toContain('UDP port 9899 is taken');

    here.close();
    await once(here, 'close');
    await listening(user);
    const [taken] = (await once(createSocket('udp4').bind(9899, '0.0.0.0'), 'error')) as [Error];
    expect(taken).toMatchObject({ code: 'EADDRINUSE' });
  });

  test('a UDP port that is taken: the error says so, and what to do', async () => {
    const taken = createSocket('udp4');
    defer(() => taken.close());
    taken.bind(0, '0.0.0.0');
    await once(taken, 'listening');
    const udpPort = taken.address().port;
    const server = createServer({ ...user, udpPort }).listen(0, '127.0.0.1');
    const [error] = (await once(server, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EADDRINUSE');
    expect(error.message).toContain(`UDP port ${String(udpPort)} is taken`);
    expect(error.message).toContain(`udpPort: ${String(udpPort + 1)}`);
  });

  test('where nobody listens: ECONNREFUSED, by the engine there or by the network', async () => {
    await listening(user);
    for (const udpPort of [9899, 9]) {
      const sctp = { remoteUdpEncapsPort: { port: udpPort } };
      const socket = destroying(connect({ ...user, port: 1, host: '127.0.0.1', sctp }));
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    }
  });

  test('an address of another, and one that is none', async () => {
    const server = createServer(user).listen(0, '192.0.2.1');
    expect((await once(server, 'error'))[0]).toMatchObject({ code: 'EADDRNOTAVAIL' });
    const socket = destroying(connect({ ...user, port: 1, host: '224.0.0.1' }));
    expect((await once(socket, 'error'))[0]).toMatchObject({ syscall: 'connect' });
  });

  test('IPv4 and IPv6 at once, each by the address it came to', async () => {
    const server = createServer(user);
    defer(() => server.close());
    server.on('connection', (socket) => destroying(socket).end(String(socket.localAddress)));
    await once(server.listen(0), 'listening');
    for (const host of ['127.0.0.1', '127.0.0.2', '::1']) {
      const socket = destroying(connect({ ...user, port: portOf(server), host }));
      const [data] = (await once(socket, 'data')) as [Buffer];
      expect([String(data), socket.remoteAddress]).toEqual([host, host]);
    }
  });
});

describe('processes', () => {
  const example = join(projectRoot, 'examples', 'without-kernel.js');
  const run = (...args: string[]) => start(process.execPath, [example, ...args]);

  test('the example, as two programs', async () => {
    const server = run('server', '9911');
    await server.printed(/listening/);
    const { stdout, code } = await run('client', '9911').ended;
    expect({ stdout, code }).toEqual({ stdout: 'hello on stream 3, PPID ECHO\n', code: 0 });
    // Its name, for the test that looks for it: 'without-kernel.js'
    const second = await run('server', '9911').ended;
    expect(second.stderr).toMatch(/EADDRINUSE/);
  });

  test('end by themselves once nothing is open, and not before', () => {
    const program = `
      const { connect, createServer } = require('kernel-sctp');
      const engine = 'user';
      const server = createServer({ engine, udpPort: 9912 }, (s) => s.pipe(s)).listen(0, '127.0.0.1', () => {
        const sctp = { remoteUdpEncapsPort: { port: 9912 } };
        const socket = connect({ engine, port: server.address().port, host: '127.0.0.1', sctp });
        socket.end('x').on('data', String).on('close', () => server.close());
      });
      process.on('exit', () => console.log('over'));`;
    const { stdout, status } = spawnSync(process.execPath, ['-e', program], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: 'over\n', status: 0 });
  });

  test('are not kept alive by a socket that is over, though nobody has read it', () => {
    const program = `
      const { connect, createServer } = require('kernel-sctp');
      const engine = 'user';
      const accept = (socket) => setTimeout(() => socket.ref(), 200);
      const server = createServer({ engine, udpPort: 9913, pauseOnConnect: true }, accept);
      server.unref().listen(0, '127.0.0.1', () => {
        const sctp = { remoteUdpEncapsPort: { port: 9913 } };
        connect({ engine, port: server.address().port, host: '127.0.0.1', sctp }).end('x').resume();
      });
      process.on('exit', () => console.log('over'));`;
    const { stdout, status } = spawnSync(process.execPath, ['-e', program], {
      cwd: projectRoot,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ stdout, status }).toEqual({ stdout: 'over\n', status: 0 });
  });

  test('that end abort their associations', async () => {
    const server: Server = await listening(user);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const program = `
      const { connect } = require('kernel-sctp');
      connect({ engine: 'user', port: ${String(portOf(server))}, host: '127.0.0.1' }, () => process.exit());`;
    const child = start(process.execPath, ['-e', program], { cwd: projectRoot });
    const [socket] = await accepted;
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    await child.ended;
  });
});
