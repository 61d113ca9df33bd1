/** The examples of whole applications do what they say, also with other programs. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import { connect, type Message, PPID, type Socket } from 'kernel-sctp';

import { example, listeningExample } from '../../support/examples';
import { malformed, seeded } from '../../support/malformed';
import { describeSctp } from '../../support/sctp';
import { destroying, listening, portOf } from '../../support/sockets';

const run = promisify(execFile);
const HOST = '127.0.0.1';
const SEED = 38412;

const raw = async (port: number): Promise<Socket> => {
  const socket = destroying(connect({ port, host: HOST, ppid: 'NGAP' }));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
};

async function answerTo(socket: Socket, message: Buffer, sid = 0): Promise<Message> {
  const answer = once(socket, 'data') as Promise<[Message]>;
  socket.send(message, { sid });
  return (await answer)[0];
}

describeSctp('the example', () => {
  test('of a proxy: half-closed clients get their answer', async () => {
    const server = await listening({ byteStream: true });
    server.on('connection', (socket: Socket) => {
      // Late: the client has ended its side long before.
      socket.on('data', (data) => setTimeout(() => socket.end(`${String(data)}, late`), 300));
    });
    const target = `${HOST}:${String(portOf(server))}`;
    const { program, port } = await listeningExample('tcp-proxy.js', ['0', target]);
    const client = connectTcp(port, HOST);
    client.end('hello');
    expect(await text(client)).toBe('hello, late');
    await program.printed(/: over$/m);
  });

  test('of a proxy: a server that says nothing more is left after a while', async () => {
    const server = await listening({ byteStream: true });
    const target = `${HOST}:${String(portOf(server))}`;
    const { program, port } = await listeningExample('tcp-proxy.js', ['0', target, '100']);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTcp(port, HOST);
    client.end('hello');
    const [socket] = await accepted;
    expect(await text(socket)).toBe('hello');
    expect(await text(client)).toBe('');
    // The reset of one side is one for the other.
    const other = connectTcp(port, HOST);
    const [aborted] = (await once(server, 'connection')) as [Socket];
    aborted.resetAndDestroy();
    expect(await once(other, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
    await program.printed(/: over\n[^]*: over\n/);
  });

  test('of HTTPS, and curl over the proxy', async () => {
    const { stdout, ...end } = await example('https.js').ended;
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toBe(
      '200, TLSv1.3: GET /news with 0 bytes\n200, TLSv1.3: POST /upload with 1000000 bytes\n',
    );
    const website = await listeningExample('https.js', ['server', '0']);
    const proxy = await listeningExample('tcp-proxy.js', ['0', `${HOST}:${String(website.port)}`]);
    const url = `https://${HOST}:${String(proxy.port)}/over-the-proxy`;
    const answer = await run('curl', ['--silent', '--insecure', '--data', 'x=1', url]);
    expect(answer.stdout).toBe('POST /over-the-proxy with 3 bytes\n');
  });

  test('of a front process: streams keep their order, and a worker that fails is replaced', async () => {
    const { program, port } = await listeningExample('front.js', ['0', '2']);
    const client = await raw(port);
    const answers: string[][] = [[], []];
    const complete = new Promise<void>((resolve) => {
      client.on('message', (message, { sid }) => {
        answers[sid]?.push(String(message));
        if (answers.every(({ length }) => length === 100)) resolve();
      });
    });
    for (let count = 0; count < 100; count++) {
      for (const sid of [0, 1]) client.send(Buffer.from(`m${String(count)}`), { sid });
    }
    await complete;
    const threads = answers.map((list) => new Set(list.map((line) => line.split(' ').at(-1))));
    expect(threads.map(({ size }) => size)).toEqual([1, 1]);
    expect(threads[0]).not.toEqual(threads[1]);
    for (const list of answers) {
      const inOrder = Array.from({ length: 100 }, (_, index) => `m${String(index)}`);
      expect(list.map((line) => line.split(':')[0])).toEqual(inOrder);
    }
    const end = once(client, 'error') as Promise<[Error & { causes: { text: string }[] }]>;
    client.send(Buffer.from('fail'), { sid: 0 });
    expect((await end)[0].causes).toMatchObject([{ text: 'the work could not be done' }]);
    expect(String(await answerTo(await raw(port), Buffer.from('abc')))).toMatch(/^abc: 294, by/);
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('of a rolling restart, which counts what has to be asked again', async () => {
    const { stdout, ...end } = await example('rolling-restart.js', ['1', '3']).ended;
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toContain('generation 0 is gone\n');
    const [, asked, answered, lost] =
      /^(\d+) asked, (\d+) answered, (\d+) lost$/m.exec(stdout) ?? [];
    expect(Number(answered) + Number(lost)).toBe(Number(asked));
    const generations = [...stdout.matchAll(/^generation (\d) has answered [1-9]/gm)];
    expect(generations.map(([, generation]) => generation)).toEqual(['0', '1']);
  });
});

describeSctp('the example of a gNB', () => {
  test('sets up on stream 0, and keeps each UE on a stream of its own', async () => {
    const { program, port } = await listeningExample('gnb.js', ['amf', '0']);
    const { stdout, ...end } = await example('gnb.js', ['gnb', String(port)]).ended;
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout.trim().split('\n').sort()).toEqual(
      [1, 2, 3, 4].map(
        (ue) => `gNB: UE ${String(ue)} on stream ${String(ue)}: bye, welcome, UE ${String(ue)}`,
      ),
    );
    expect(program.output()).not.toContain('AMF');

    const amf = await listening({ ppid: 'NGAP' });
    example('gnb.js', ['gnb', String(portOf(amf))]);
    const [socket] = (await once(amf, 'connection')) as [Socket];
    const [setup] = (await once(socket, 'data')) as [Message];
    expect([setup[1], setup.sid, setup.ppid]).toEqual([21, 0, PPID.NGAP]);
    const seen: (number | undefined)[][] = [];
    const complete = new Promise<void>((resolve) => {
      socket.on('data', ({ 1: procedure, sid, ppid }: Message) => {
        seen.push([procedure, sid, ppid]);
        if (seen.length === 4) resolve();
      });
    });
    socket.send(Buffer.from('20150008'.padEnd(24, '0'), 'hex'), { sid: 0 });
    await complete;
    expect(seen).toEqual([1, 2, 3, 4].map((sid) => [15, sid, PPID.NGAP]));
  });

  test('reports what breaks the rules by an Error Indication, and survives it', async () => {
    const { program, port } = await listeningExample('gnb.js', ['amf', '0']);
    const message = (procedure: number, ran: number, amf = 0): Buffer =>
      Buffer.from([0, procedure, 0, 8, 0, 0, 0, ran, 0, 0, 0, amf]);
    const gnb = await raw(port);
    const reported = async (bytes: Buffer, sid: number): Promise<string> => {
      const answer = await answerTo(gnb, bytes, sid);
      expect([answer[1], answer.sid]).toEqual([9, 0]);
      return answer.toString('utf8', 12);
    };
    expect(await reported(message(15, 1), 1)).toBe('INITIAL_UE_MESSAGE before NG Setup');
    expect((await answerTo(gnb, message(21, 0)))[0]).toBe(0x20);
    expect(await reported(message(15, 1), 0)).toBe('INITIAL_UE_MESSAGE on stream 0');
    expect(await reported(message(21, 0), 1)).toBe('NG_SETUP on stream 1');
    const welcome = await answerTo(gnb, message(15, 7), 3);
    expect([welcome[1], welcome.sid, welcome[11]]).toEqual([4, 3, 1]);
    expect(await reported(message(46, 7, 1), 4)).toBe('UE 7 on stream 4, not 3');
    expect(await reported(message(46, 8, 1), 3)).toBe('no UE 8/1');
    expect(await reported(Buffer.from('GET /'), 3)).toBe('a message that cannot be read');
    await seeded(SEED, async () => {
      const next = malformed(SEED, [message(21, 0), message(15, 1), message(46, 1, 1)]);
      gnb.resume();
      for (let count = 0; count < 300; count++) {
        gnb.send(next(), { sid: count % 3 });
        if (count % 10 === 0) await new Promise(setImmediate);
      }
      expect((await answerTo(await raw(port), message(21, 0)))[0]).toBe(0x20);
      const { exitCode, signalCode } = program.process;
      expect({ exitCode, signalCode }).toEqual({ exitCode: null, signalCode: null });
    });
  });
});
