/** How a program with sockets and servers ends, by itself or by its own hand. */
import { createServer } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { describeSctp } from '../support/sctp';
import { HOST } from './kit';
import { run, startProgram, success } from './run';

describeSctp('a program ends by itself, with nothing left over', () => {
  test('when its sockets and servers are closed, whatever they were doing', async () => {
    const ended = await run(`
      process.on('beforeExit', () => {
        const resources = process.getActiveResourcesInfo();
        console.log('left', resources.filter((name) => /Timeout|Poll|SCTP|Socket/i.test(name)));
      });
      createServer().listen().close();
      createServer().listen(0, HOST, function () { this.close(); });
      connect(9, HOST).on('error', () => {}).destroy();
      connect(9, HOST).on('error', ({ code }) => console.log(code));
      const talked = await connection();
      talked.peer.on('data', () => talked.server.close()).on('end', () => console.log('end'));
      talked.client.setTimeout(100_000);
      talked.client.end('bye');
      const aborted = await connection();
      aborted.peer.on('error', ({ code }) => console.log(code)).resume();
      aborted.client.resetAndDestroy();
      aborted.server.close();
    `);
    expect(ended.stdout.trimEnd().split('\n').sort()).toEqual([
      ...['ECONNREFUSED', 'ECONNRESET', 'end', 'left []'],
    ]);
    expect(ended).toEqual(success(ended.stdout));
  });

  test('when they are unreferenced, whatever they are doing', async () => {
    const ended = await run(`
      createServer().listen(0, HOST).unref();
      createServer().unref().listen(0, HOST);
      createServer().listen(0, HOST).unref().ref().unref();
      const { server, client, peer } = await connection();
      client.setTimeout(100_000);
      client.write('x');
      server.unref();
      client.unref();
      peer.unref();
      const ending = await connection();
      ending.peer.pause();
      for (let i = 0; i < 300; i++) ending.client.write(Buffer.alloc(10_000));
      for (const one of Object.values(ending)) one.unref();
      ending.client.end();
      // One that is accepted in time is a socket of its own.
      server.on('connection', (accepted) => accepted.unref());
      const begun = connect({ host: HOST, port: server.address().port }).unref();
      begun.on('error', () => {});
      console.log('unreferenced all');
    `);
    expect(ended).toEqual(success('unreferenced all\n'));
  });

  test('ref() after unref() keeps it alive, also a socket that nobody has a hold of', async () => {
    const program = startProgram(`
      const { server } = await (async () => {
        const { server, client, peer } = await connection();
        client.unref().ref();
        peer.on('data', (data) => console.log('got', String(data))).on('end', () => console.log('end'));
        peer.unref().ref();
        server.unref();
        process.stdin.once('data', () => client.end('last')).unref();
        return { server };
      })();
      for (let i = 0; i < 20; i++) {
        gc();
        await turn();
      }
      console.log('waits');
    `);
    await program.printed(/waits/);
    program.say('go');
    const ended = await program.ended;
    expect(ended).toEqual(success('waits\ngot last\nend\n'));
  });

  test('after end(): the kernel delivers what is left, and the peer gets all', async () => {
    const ended = await run(`
      const { spawn } = require('node:child_process');
      const server = createServer({ highWaterMark: 1 });
      let received = 0;
      server.on('connection', (socket) => {
        socket.pause().on('data', () => received++);
        socket.on('close', (hadError) => console.log(received, hadError));
        setTimeout(() => socket.resume(), 100);
        server.close();
      });
      server.listen({ host: HOST });
      const { port } = server.address();
      const source = \`
        const socket = require('kernel-sctp').connect(\${port}, '\${HOST}', () => {
          for (let i = 0; i < 189; i++) socket.write(Buffer.alloc(1000));
          socket.end(() => process.exit());
        });\`;
      spawn(process.execPath, ['-e', source], { stdio: 'inherit' });
    `);
    expect(ended).toEqual(success('189 false\n'));
  });
});

describeSctp('process.exit()', () => {
  describe.each(['byteStream: false', 'byteStream: true'])('with %s', (option) => {
    test.each([
      ['in the same tick', 1, 'write(); process.exit();'],
      ['in an exit handler', 1, "process.on('exit', write); process.exit();"],
      ['before, and in an exit handler', 2, "process.on('exit', write); write(); process.exit();"],
    ])('loses nothing that was written %s', async (_, times, scene) => {
      const server = createServer().listen({ host: HOST });
      defer(() => server.close());
      const received = new Promise<string>((resolve) => {
        server.on('connection', (socket) => {
          let text = '';
          socket.on('data', (data) => (text += String(data)));
          socket.on('close', () => {
            resolve(text);
          });
        });
      });
      const ended = await run(
        `
        const port = Number(process.env.SERVER_PORT);
        const socket = connect({ port, host: HOST, ${option} }, () => {
          const write = () => {
            for (const text of ['one,', 'two,', 'three,']) socket.write(text);
          };
          ${scene}
        });
        `,
        { env: { SERVER_PORT: String(server.address()?.port) } },
      );
      expect(ended).toEqual(success());
      expect(await received).toBe('one,two,three,'.repeat(times));
    });
  });

  const SCENES = [
    ['connect', "client.on('connect', exit)"],
    ['lookup', "client.on('lookup', exit)"],
    ['data', "client.on('data', exit)"],
    ['readable', "client.on('readable', exit)"],
    ['end', "client.on('end', exit).resume()"],
    ['notification', "client.on('notification', exit)"],
    ['finish', "client.on('finish', exit)"],
    ['drain', "client.on('drain', exit)"],
    ['close', "client.on('close', exit).resume()"],
    ['the callback of write()', "client.write('x', exit)"],
    ["'connection'", "server.prependListener('connection', exit)"],
    ["'listening'", "server.on('listening', exit)"],
    ['refused', "client.on('error', exit), refuse()"],
  ];
  test.each(SCENES)('in %s ends the process there and then', async (_, scene) => {
    const ended = await run(`
      process.on('exit', (code) => console.log('exit', code));
      const exit = () => process.exit(7);
      const server = createServer((socket) => {
        socket.write('hello');
        socket.resume();
        socket.on('error', () => {});
      });
      server.listen(0, HOST);
      let { port } = server.address();
      const { Socket } = require('kernel-sctp');
      const client = new Socket();
      const refuse = () => (port = 9);
      ${scene};
      client.connect({ port, host: 'localhost', family: 4 }, () => {
        while (client.write(Buffer.alloc(100_000)));
        if (client.listenerCount('drain') === 0) client.end();
      });
    `);
    expect(ended).toEqual({ ...success('exit 7\n'), code: 7 });
  });
});

describeSctp('a spawned child', () => {
  test('inherits no descriptor of sockets and servers', async () => {
    const ended = await run(`
      const { execFileSync } = require('node:child_process');
      const { readlinkSync, readdirSync } = require('node:fs');
      const sockets = (list) => list.filter((link) => link.startsWith('socket:'));
      const { server, client, peer } = await connection();
      const own = readdirSync('/proc/self/fd').flatMap((fd) => {
        try { return [readlinkSync('/proc/self/fd/' + fd)]; } catch { return []; }
      });
      const listing = String(execFileSync('sh', ['-c', 'exec 0<&-; ls -l /proc/self/fd']));
      const inherited = sockets(own).filter((link) => listing.includes(link));
      // Its own standard output may be a socket, which was inherited itself.
      const standard = [0, 1, 2].map((fd) => readlinkSync('/proc/self/fd/' + fd));
      console.log(sockets(own).length >= 3, inherited.filter((link) => !standard.includes(link)));
      client.destroy();
      peer.on('error', () => {}).resume();
      server.close();
    `);
    expect(ended).toEqual(success('true []\n'));
  });
});
