/** `listen`, `connect` and `relay`: messages go from one program to another. */
import { createServer as createTcpServer, connect as connectTcp } from 'node:net';
import { once } from 'node:events';

import { connect, PPID } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { describeSctp } from '../support/sctp';
import { listening, portOf } from '../support/sockets';
import { jsonLines, noted, runCommand, startCommand, startListening } from './support';

describeSctp('connect', () => {
  test('sends lines as messages, and prints what comes back', async () => {
    const { port } = await startListening(['listen', '0', '--echo']);
    const { code, stdout } = await runCommand(['connect', `127.0.0.1:${port}`, '--wait', '2s'], {
      input: 'one\ntwo\n',
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\ntwo\n' });
  });

  test('sends on a stream, with a PPID, unordered, and shows each message', async () => {
    const { program, port } = await startListening(['listen', '0', '--once', '--verbose']);
    const words = ['--sid', '3', '--ppid', 'M3UA', '--unordered', '--format', 'hex'];
    const seen = noted(program, /(2 bytes, .*)/);
    const { code } = await runCommand(['connect', `127.0.0.1:${port}`, ...words], {
      input: '01ff\n',
    });
    expect(code).toBe(0);
    expect((await seen)[1]).toBe('2 bytes, stream 3, PPID 3 (M3UA), unordered');
    const end = await program.ended;
    expect(end.code).toBe(0);
    expect(end.stdout).toBe('\u0001\ufffd\n'); // 0xff is not UTF-8
  });

  test('as JSON, with what happens to the association', async () => {
    const { port } = await startListening(['listen', '0', '--echo']);
    const words = ['--json', '--notifications', '--wait', '2s'];
    const { stdout } = await runCommand(['connect', `127.0.0.1:${port}`, ...words], {
      input: 'hi\n',
    });
    const lines = jsonLines(stdout);
    const peer = `127.0.0.1:${port}`;
    expect(lines).toContainEqual({
      peer,
      sid: 0,
      ppid: 0,
      unordered: false,
      bytes: 2,
      hex: '6869',
    });
    expect(lines[0]).toMatchObject({ peer, notification: 'assocChange' });
    expect(lines.at(-1)?.['text']).toMatch(/has ended in order$/);
  });

  test('frames carry any bytes', async () => {
    const { port } = await startListening(['listen', '0', '--echo']);
    const input = '\0\0\0\x03a\nb\0\0\0\x01c';
    const { stdout } = await runCommand(
      ['connect', `127.0.0.1:${port}`, '--format', 'frames', '--wait', '2s'],
      { input },
    );
    expect(stdout).toBe(input);
  });

  test('is refused: status 1, and one line', async () => {
    const { code, stdout, stderr } = await runCommand(['connect', '127.0.0.1:9']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('kernel-sctp connect: connect ECONNREFUSED 127.0.0.1:9\n');
  });

  test('input that is no message ends it: status 2, and one line', async () => {
    const { port } = await startListening(['listen', '0']);
    const words = ['connect', `127.0.0.1:${port}`, '--format', 'hex'];
    const { code, stderr } = await runCommand(words, { input: 'zz\n' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^kernel-sctp connect: 'zz' is not hexadecimal.*\n$/m);
  });

  test('a stream that there is not ends it: status 1', async () => {
    const { port } = await startListening(['listen', '0']);
    const words = ['connect', `127.0.0.1:${port}`, '--sid', '999'];
    const { code, stderr } = await runCommand(words, { input: 'x\n' });
    expect(code).toBe(1);
    expect(stderr).toContain('"sid"');
  });

  test('loses its peer: status 1', async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.resetAndDestroy());
    const child = startCommand(['connect', `127.0.0.1:${String(portOf(server))}`]);
    const { code, stderr } = await child.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNRESET');
  });

  test('with several addresses of a peer', async () => {
    const { port } = await startListening([
      'listen',
      '0',
      '--bind',
      '127.0.0.1',
      '--bind',
      '127.0.0.2',
    ]);
    const { code, stderr } = await runCommand(['connect', `127.0.0.1:${port}`, '-a', '127.0.0.2']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/connected to 127\.0\.0\.[12], 127\.0\.0\.[12]/);
  });
});

describeSctp('listen', () => {
  test('runs a program for each peer', async () => {
    const { port } = await startListening([
      'listen',
      '0',
      '--exec',
      'while read -r x; do echo "<$x>"; done',
    ]);
    const { stdout } = await runCommand(['connect', `127.0.0.1:${port}`, '--wait', '3s'], {
      input: 'one\ntwo\n',
    });
    expect(stdout).toBe('<one>\n<two>\n');
  });

  test('sends what stdin has to the first peer', async () => {
    const { program, port } = await startListening(['listen', '0']);
    program.say('welcome');
    const socket = connect(Number(port), '127.0.0.1');
    defer(() => socket.destroy());
    const [message] = (await once(socket, 'data')) as [Buffer];
    expect(message.toString()).toBe('welcome');
  });

  test('ends in order when it is interrupted', async () => {
    const { program, port } = await startListening(['listen', '0']);
    const socket = connect(Number(port), '127.0.0.1');
    defer(() => socket.destroy());
    socket.resume();
    await once(socket, 'connect');
    program.process.kill('SIGINT');
    await once(socket, 'close'); // without an error
    expect(await program.ended).toMatchObject({ code: 0, signal: null });
  });

  test('on a port that is taken: status 1', async () => {
    const server = await listening();
    const { code, stderr } = await runCommand(['listen', String(portOf(server))]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kernel-sctp listen: listen EADDRINUSE/);
  });
});

describeSctp('relay', () => {
  test('from SCTP to SCTP keeps boundaries, streams and PPIDs', async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.pipe(socket));
    const { port } = await startListening([
      'relay',
      'sctp:0',
      `sctp:127.0.0.1:${String(portOf(server))}`,
    ]);
    const socket = connect(Number(port), '127.0.0.1');
    defer(() => socket.destroy());
    await once(socket, 'connect');
    for (const sid of [2, 5]) socket.send(Buffer.alloc(3, sid), { sid, ppid: PPID.M3UA });
    const seen: unknown[] = [];
    for await (const message of socket) {
      const { sid, ppid, length } = message as Buffer & { sid: number; ppid: number };
      seen.push({ sid, ppid, length });
      if (seen.length === 2) socket.end();
    }
    expect(seen).toEqual([
      { sid: 2, ppid: PPID.M3UA, length: 3 },
      { sid: 5, ppid: PPID.M3UA, length: 3 },
    ]);
  });

  test('between TCP and SCTP', async () => {
    const server = createTcpServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    defer(() => server.close());
    await once(server, 'listening');
    const target = String((server.address() as { port: number }).port);
    const sctp = await startListening(['relay', 'sctp:0', `tcp:127.0.0.1:${target}`]);
    const tcp = await startListening(['relay', 'tcp:0', `sctp:127.0.0.1:${sctp.port}`]);
    const socket = connectTcp(Number(tcp.port), '127.0.0.1');
    defer(() => socket.destroy());
    socket.write('through both');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('through both');
    socket.end();
    await once(socket, 'close');
  });

  test('a side that is closed before its end: said in words of connections', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => undefined).resume());
    server.listen(0, '127.0.0.1');
    defer(() => server.close());
    await once(server, 'listening');
    const target = String((server.address() as { port: number }).port);
    const { program, port } = await startListening(['relay', 'sctp:0', `tcp:127.0.0.1:${target}`]);
    const relayed = noted(program, /relayed/);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    await relayed;
    const end = noted(program, /127\.0\.0\.1:\d+: (?!relayed)(.+)/);
    socket.resetAndDestroy();
    expect((await end)[1]).toMatch(/ECONNRESET|one side was closed before it had ended/);
  });

  test('to a peer that is not there: the near side ends', async () => {
    const { port } = await startListening(['relay', 'tcp:0', 'sctp:127.0.0.1:9']);
    const socket = connectTcp(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
  });
});
