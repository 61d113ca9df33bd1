/** How a server begins, accepts under difficulties, and ends. */
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';

import { connect, createServer, type DropInfo, type Server, type Socket } from 'kernel-sctp';

import { descriptors } from '../../lifecycle/kit';
import { startNode } from '../../support/child';
import { defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening, portOf } from '../../support/sockets';

const HOST = '127.0.0.1';
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

/** A server that is closed after the test, if it still listens. */
function server(): Server {
  const made = createServer();
  made.on('connection', (socket: Socket) => journalOf(socket));
  defer(() => made.close());
  return made;
}

describeSctp('close() of a server', () => {
  test("waits for live connections; 'close' comes once, with its callback", async () => {
    const pair = await connectedPair();
    const { port } = pair.server.address() as { port: number };
    const log: string[] = [];
    pair.server.on('close', () => log.push('close'));
    pair.server.close((error) => log.push(`callback ${String(error)}`));
    expect(pair.server.listening).toBe(false);
    expect(pair.server.address()).toBeNull();
    // The connection lives on, and nobody else is let in.
    const refused = journalOf(connect(port, HOST));
    expect(await refused.closed).toEqual(['error ECONNREFUSED', 'close true']);
    pair.peer.write('still here');
    expect(String((await once(pair.client, 'data'))[0])).toBe('still here');
    expect(log).toEqual([]);
    pair.peer.resume();
    const closed = once(pair.server, 'close');
    pair.client.end();
    await closed;
    await turns();
    expect(log).toEqual(['close', 'callback undefined']);
  });

  test('without connections: later, not at once', async () => {
    const ours = await listening();
    const before = descriptors();
    let closed = false;
    ours.close(() => (closed = true));
    expect(closed).toBe(false);
    expect(descriptors()).toBe(before - 1);
    await turns();
    expect(closed).toBe(true);
  });

  test('twice, and before listen(): ERR_SERVER_NOT_RUNNING for the callback', async () => {
    const ours = await listening();
    const first = new Promise((resolve) => ours.close(resolve));
    const second = new Promise((resolve) => ours.close(resolve));
    expect(await first).toBeUndefined();
    expect(await second).toMatchObject({
      code: 'ERR_SERVER_NOT_RUNNING',
      message: 'Server is not running.',
    });
    const never = await new Promise((resolve) => createServer().close(resolve));
    expect(never).toMatchObject({ code: 'ERR_SERVER_NOT_RUNNING' });
  });

  test("in 'connection', and in 'listening'", async () => {
    const ours = server();
    ours.on('connection', () => ours.close());
    ours.listen(0, HOST);
    await once(ours, 'listening');
    const closed = once(ours, 'close');
    const { closed: clientClosed } = journalOf(connectTo(ours).end());
    await closed;
    expect((await clientClosed).at(-1)).toBe('close false');
    ours.removeAllListeners('connection').listen(0, HOST, () => ours.close());
    await once(ours, 'close');
  });

  test('right after listen(): no listening event, and the port is free', async () => {
    const ours = server();
    ours.listen({ host: HOST });
    const port = portOf(ours);
    let listened = false;
    ours.on('listening', () => (listened = true));
    ours.close();
    await turns();
    expect(listened).toBe(false);
    const next = server().listen({ host: HOST, port });
    await once(next, 'listening');
  });

  test('with associations that wait to be accepted: their peers are notified', async () => {
    const ours = await listening();
    const clients = Array.from({ length: 3 }, () => journalOf(connectTo(ours)));
    ours.close();
    for (const { closed } of clients) {
      expect((await closed).at(-1)).toMatch(/^close/);
    }
  });

  test('and listening again', async () => {
    const ours = await listening();
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => ours.close(resolve));
      ours.listen({ host: HOST });
      await once(ours, 'listening');
      const { closed } = journalOf(connectTo(ours).end());
      expect((await closed).at(-1)).toBe('close false');
    }
  });

  test('by an AbortSignal, before and after', async () => {
    const aborted = server();
    aborted.listen({ host: HOST, signal: AbortSignal.abort() });
    await once(aborted, 'close');
    const controller = new AbortController();
    const ours = server().listen({ host: HOST, signal: controller.signal });
    await once(ours, 'listening');
    controller.abort();
    await once(ours, 'close');
    expect(ours.listening).toBe(false);
  });
});

describeSctp('listen()', () => {
  test('twice throws; after an error it can be tried again', async () => {
    const ours = await listening();
    expectThrow(() => ours.listen(0, HOST), {
      code: 'ERR_SERVER_ALREADY_LISTEN',
      message: 'Listen method has been called more than once without closing.',
    });
    const other = server();
    const before = descriptors();
    other.listen({ host: '192.0.2.1' });
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    expect(error).toMatchObject({ code: 'EADDRNOTAVAIL', syscall: 'listen' });
    expect(descriptors()).toBe(before);
    other.listen({ host: HOST });
    await once(other, 'listening');
  });

  test('on a taken port: the error is that of net', async () => {
    const tcp = createTcpServer().listen(0, HOST);
    defer(() => tcp.close());
    await once(tcp, 'listening');
    const { port: tcpPort } = tcp.address() as { port: number };
    const second = createTcpServer().listen(tcpPort, HOST);
    const [tcpError] = (await once(second, 'error')) as [NodeJS.ErrnoException];

    const ours = await listening();
    const port = portOf(ours);
    const other = server().listen(port, HOST);
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    const words = ({ message, code, errno, syscall }: NodeJS.ErrnoException): unknown[] => [
      message.replaceAll(/:\d+/g, ':PORT'),
      code,
      errno,
      syscall,
    ];
    expect(words(error)).toEqual(words(tcpError));
    expect(error).toMatchObject({ address: HOST, port });
    expect(error.message).toBe(`listen EADDRINUSE: address already in use ${HOST}:${String(port)}`);
    expect(other.listening).toBe(false);
  });
});

describeSctp('accepting', () => {
  test('maxConnections: the others are aborted, and reported by drop', async () => {
    const ours = await listening();
    ours.on('connection', (socket) => journalOf(socket));
    ours.maxConnections = 1;
    const drops: DropInfo[] = [];
    ours.on('drop', (info) => drops.push(info));
    const accepted = once(ours, 'connection');
    const first = connectTo(ours);
    await Promise.all([accepted, once(first, 'connect')]);
    const dropped = connectTo(ours);
    let remotePort: number | undefined;
    dropped.once('connect', () => (remotePort = dropped.localPort));
    expect(await journalOf(dropped).closed).toEqual(['connect', 'error ECONNRESET', 'close true']);
    expect(drops).toEqual([
      {
        localAddress: HOST,
        localPort: portOf(ours),
        localFamily: 'IPv4',
        remoteAddress: HOST,
        remotePort,
        remoteFamily: 'IPv4',
      },
    ]);
    const count = await new Promise((resolve) => {
      ours.getConnections((_, connections) => {
        resolve(connections);
      });
    });
    expect(count).toBe(1);
    first.destroy();
    ours.on('connection', (socket) => socket.end('welcome'));
    for (;;) {
      const entries = await journalOf(connectTo(ours)).closed;
      if (entries.includes('data welcome')) break;
    }
  });

  test('pauseOnConnect: nothing is read until resume()', async () => {
    const { client, peer } = await connectedPair({ server: { pauseOnConnect: true } });
    const { closed, entries } = journalOf(peer);
    client.end('waits');
    await turns();
    expect(peer.isPaused()).toBe(true);
    expect(entries).toEqual([]);
    peer.resume();
    expect(await closed).toEqual(['data waits', 'end', 'finish', 'close false']);
  });

  test("a 'connection' handler that throws: uncaught, and the next is accepted", async () => {
    const { stdout, ...ended } = await startNode(`
      const { connect, createServer } = require('kernel-sctp');
      process.on('uncaughtException', ({ message }) => console.log('caught', message));
      let count = 0;
      const server = createServer((socket) => {
        socket.on('close', () => { if (count === 3) server.close(); }).resume().end();
        count++;
        if (count < 3) throw new Error('thrown ' + count);
      });
      server.listen({ host: '127.0.0.1' }, () => {
        for (let i = 0; i < 3; i++) connect(server.address().port, '127.0.0.1').resume();
      });`).ended;
    expect(ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toBe('caught thrown 1\ncaught thrown 2\n');
  });
});

describeSctp('no descriptor is left for an accepted association', () => {
  /** Uses up the descriptors, connects, and frees them when the failure is reported. */
  const program = (listen: string): string => `
    const { connect, createServer } = require('kernel-sctp');
    const fs = require('node:fs');
    process.on('warning', ({ name, code, message }) => reported(name, code, message));
    let reports = 0;
    function reported(...words) {
      console.log(...words);
      reports++;
      setTimeout(() => { for (const fd of fds.splice(0)) fs.closeSync(fd); }, 300);
    }
    let accepted = 0;
    const fds = [];
    const server = createServer((socket) => {
      socket.resume().end();
      if (++accepted === clients.length) server.close();
    });
    ${listen}
    server.on('close', () => console.log('accepted', accepted, 'reported', reports));
    const clients = [];
    server.listen({ host: '127.0.0.1' }, () => {
      for (let i = 0; i < 3; i++) clients.push(connect(server.address().port, '127.0.0.1').resume());
      try {
        for (;;) fds.push(fs.openSync('/dev/null'));
      } catch {}
    });`;
  const accept = 'accept EMFILE: peers wait; accepting is tried again';

  test.each([
    [
      "'error'",
      "server.on('error', ({ name, code, message }) => reported(name, code, message));",
      `Error EMFILE ${accept}`,
    ],
    ['a warning', '', `SctpWarning SCTP_ACCEPT_FAILED ${accept}`],
  ])('reported once by %s, then all are accepted', async (_, listen, line) => {
    const { process: child, ended } = startNode(program(listen), { args: ['--no-warnings'] });
    await once(child, 'spawn');
    expect(await ended).toEqual({
      code: 0,
      signal: null,
      stdout: `${line}\naccepted 3 reported 1\n`,
      stderr: '',
    });
  });
});
