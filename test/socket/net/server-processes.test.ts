/** Servers and processes: ports that several share, what cannot be shared, who may have a port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { connect, createServer } from 'kernel-sctp';

import { expectSameJournal } from '../../support/twin-servers';
import { projectRoot, start, startNode } from '../../support/child';
import { defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, destroying } from '../../support/sockets';

const HOST = '127.0.0.1';

/** What the server says before it ends. */
async function greeting(port: number): Promise<string> {
  const entries = await journalOf(destroying(connect(port, HOST))).closed;
  return entries.find((entry) => entry.startsWith('data'))?.slice('data '.length) ?? '';
}

describeSctp('several processes', () => {
  test('share a port with reusePort, until one of them is gone', async () => {
    const ours = createServer((socket) => destroying(socket).end('ours'));
    defer(() => ours.close());
    ours.listen({ host: HOST, port: 0, reusePort: true });
    await once(ours, 'listening');
    const { port } = ours.address() as { port: number };
    const other = startNode(`
      const { createServer } = require('kernel-sctp');
      const server = createServer((socket) => socket.end('theirs'));
      server.listen({ host: '${HOST}', port: ${String(port)}, reusePort: true }, () => {
        console.log('listening');
      });
      process.stdin.on('data', () => server.close()).unref();`);
    await other.printed(/listening/);
    const greeted = new Set<string>();
    while (greeted.size < 2) greeted.add(await greeting(port));
    expect([...greeted].sort()).toEqual(['ours', 'theirs']);
    other.say('close');
    expect(await other.ended).toMatchObject({ code: 0, stderr: '' });
    for (let i = 0; i < 20; i++) expect(await greeting(port)).toBe('ours');
  });

  test('of a cluster: workers say whether they want a port alone, or share it', async () => {
    const file = join(projectRoot, 'build', 'cluster-program.cjs');
    writeFileSync(
      file,
      `
      const cluster = require('node:cluster');
      const { connect, createServer } = require(${JSON.stringify(projectRoot)});
      if (cluster.isPrimary) {
        const port = Number(process.argv[2]);
        const workers = [cluster.fork(), cluster.fork()];
        let ready = 0;
        const served = new Set();
        const alone = new Set();
        const ask = () => {
          const socket = connect(port, '${HOST}');
          socket.on('data', (id) => served.add(String(id)));
          socket.on('close', () => {
            if (served.size < workers.length) return ask();
            for (const worker of workers) worker.kill();
          });
          socket.on('error', (error) => console.log(String(error)));
        };
        for (const worker of workers) {
          worker.send(port);
          worker.on('message', (message) => {
            if (typeof message === 'number') alone.add(message);
            else if (message !== 'ready') console.log(message);
            else if (++ready === workers.length) ask();
          });
        }
        process.on('exit', () => console.log('served by', served.size, 'on', alone.size));
      } else {
        process.on('message', (port) => {
          const server = createServer((socket) => socket.end(String(cluster.worker.id)));
          process.stdin.destroy(); // its descriptor is free, and of no harm
          const alone = createServer().listen({ port: 0, exclusive: true });
          if (cluster.worker.id === 1) {
            for (const args of [[port], [{ port, exclusive: false }]]) {
              try {
                server.listen(...args);
              } catch ({ code, message }) {
                process.send(code + ': ' + message);
              }
            }
          }
          alone.on('listening', () => {
            process.send(alone.address().port);
            server.listen({ host: '${HOST}', port, reusePort: true }, () => process.send('ready'));
          });
        });
      }`,
    );
    const port = await freePort();
    const { ended } = start(process.execPath, [file, String(port)]);
    const { stdout, ...rest } = await ended;
    const refused = (received: string): string =>
      "ERR_INVALID_ARG_VALUE: The property 'options.exclusive' must be true in a cluster worker, " +
      'which shares no SCTP socket with the primary process (to share the port with the other ' +
      `workers, give reusePort: true instead). Received ${received}\n`;
    expect(stdout).toBe(`${refused('undefined')}${refused('false')}served by 2 on 2\n`);
    expect(rest).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('cannot be sent a server or a socket: Node throws', async () => {
    const { client, peer, server } = await connectedPair();
    const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const ended = once(child, 'close');
    defer(async () => {
      child.kill();
      await ended;
    });
    for (const handle of [client, server]) {
      expectThrow(() => child.send('yours', handle as never), {
        code: 'ERR_INVALID_HANDLE_TYPE',
        message: 'This handle type cannot be sent',
      });
    }
    // They are as they were.
    expect(server.listening).toBe(true);
    client.write('x');
    await once(peer, 'data');
  });
});

describeSctp('a port that only root may have', () => {
  test.each([
    ['at every address', []],
    ['at one address', [HOST]],
  ])('%s: the error is that of net', async (_, host) => {
    process.seteuid?.(65534);
    defer(() => process.seteuid?.(0));
    const [error] = await expectSameJournal(async ({ server }) => {
      const ours = server();
      ours.listen(80, ...host);
      await new Promise((resolve) => ours.once('error', resolve));
    });
    expect(error).toContain('listen EACCES: permission denied');
  });
});

describeSctp('the backlog', () => {
  test('bounds how many wait; the others are refused, and those get in', async () => {
    const program = startNode(`
      const { readSync } = require('node:fs');
      const { createServer } = require('kernel-sctp');
      let accepted = 0;
      const server = createServer((socket) => {
        socket.end('welcome').resume();
        if (++accepted === 3) server.close();
      });
      server.listen({ host: '${HOST}', port: 0, backlog: 2 });
      process.stdout.write('port ' + server.address().port + '\\n', () => {
        readSync(0, Buffer.alloc(1)); // accepts nobody meanwhile
      });`);
    const [, port] = await program.printed(/port (\d+)/);
    const outcomes: string[] = [];
    const journals = [];
    for (let i = 0; i < 6; i++) {
      const journal = journalOf(destroying(connect(Number(port), HOST)));
      await Promise.race([journal.until('connect'), journal.closed]);
      outcomes.push(journal.entries[0] as string);
      journals.push(journal);
    }
    // The kernel takes one more than the backlog.
    const refused = 'error ECONNREFUSED';
    expect(outcomes).toEqual(['connect', 'connect', 'connect', refused, refused, refused]);
    program.say('go');
    for (const { closed } of journals.slice(0, 3)) expect(await closed).toContain('data welcome');
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen({ host: HOST });
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
