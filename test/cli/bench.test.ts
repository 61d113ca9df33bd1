/** `bench` against `listen`, and against peers that do not play along. */
import { once } from 'node:events';

import { PPID, type Socket } from 'kernel-sctp';

import { describeSctp } from '../support/sctp';
import { listening, portOf } from '../support/sockets';
import { runCommand, startCommand, startListening } from './support';

const bench = (port: string | number, ...words: string[]) => [
  'bench',
  `127.0.0.1:${String(port)}`,
  ...words,
];

describeSctp('bench', () => {
  test('counts what was acknowledged: all messages arrive, on their streams', async () => {
    const server = await listening();
    const seen = new Map<number, number>();
    const ppids = new Set<number>();
    const ends: Promise<unknown>[] = [];
    server.on('connection', (socket) => {
      ends.push(once(socket, 'close'));
      socket.on('data', (message) => {
        const { sid, ppid } = message as Buffer & { sid: number; ppid: number };
        expect(message).toHaveLength(200);
        ppids.add(ppid);
        seen.set(sid, (seen.get(sid) ?? 0) + 1);
      });
    });
    const words = '--size 200 --count 300 --associations 2 --streams 3 --ppid M3UA --json'.split(
      ' ',
    );
    const { code, stdout, stderr } = await runCommand(bench(portOf(server), ...words));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout) as Record<string, number>;
    expect(result).toMatchObject({ messages: 600, size: 200, associations: 2, streams: 3 });
    expect(result['messagesPerSecond']).toBeGreaterThan(0);
    expect(result['bytesPerSecond']).toBe(200 * (result['messagesPerSecond'] ?? 0));
    expect(result).not.toHaveProperty('roundTrip');
    await Promise.all(ends); // what is acknowledged may still be unread here
    expect(ends).toHaveLength(2);
    expect([...ppids]).toEqual([PPID.M3UA]);
    expect([...seen].toSorted()).toEqual([0, 1, 2].map((sid) => [sid, 200]));
  });

  test('for a time, against listen --discard, with its rate meanwhile', async () => {
    const { program, port } = await startListening(['listen', '0', '--discard']);
    const { code, stdout, stderr } = await runCommand(bench(port, '--duration', '1500ms'));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\d+ messages of 1000 bytes in \d+\.\d\d s over 1 association: \d+ messages\/s, \d+\.\d MB\/s\n$/,
    );
    expect(stderr).toMatch(/^\d+ s: \d+ messages\/s\n/);
    program.process.kill('SIGINT');
    expect(await program.ended).toMatchObject({ code: 0, stdout: '' });
  });

  test('round trips, against listen --echo', async () => {
    const { port } = await startListening(['listen', '0', '--echo']);
    const { code, stdout } = await runCommand(bench(port, '-r', '-c', '50', '--json'));
    expect(code).toBe(0);
    const { messages, roundTrip } = JSON.parse(stdout) as {
      messages: number;
      roundTrip: Record<string, number>;
    };
    expect(messages).toBe(50);
    const { min = 0, median = 0, p99 = 0, max = 0 } = roundTrip;
    expect(min).toBeGreaterThan(0);
    expect([min, median, p99, max]).toEqual([min, median, p99, max].toSorted((a, b) => a - b));
    const text = await runCommand(bench(port, '-r', '-c', '2'));
    expect(text.stdout).toMatch(/^round trips: least [\d.]+, median [\d.]+, 99 % below/m);
  });

  test('ends with its result when it is interrupted', async () => {
    const { port } = await startListening(['listen', '0', '--discard']);
    const child = startCommand(bench(port, '--duration', '1m'));
    await once(child.process.stderr, 'data'); // the first rate
    child.process.kill('SIGINT');
    const { code, stdout } = await child.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[1-9]\d* messages of 1000 bytes/);
  });

  const failures: [string, string[], (socket: Socket) => void, RegExp][] = [
    [
      'that does not answer',
      ['-r', '--timeout', '500ms'],
      (socket) => socket.resume(),
      /^kernel-sctp bench: the peer has not answered; does it echo\? \(after 500 ms\)$/m,
    ],
    [
      'that answers something else',
      ['-r'],
      (socket) => socket.on('data', () => socket.write('no')),
      /^kernel-sctp bench: the answer is another message: it is no echo$/m,
    ],
    [
      'that aborts',
      [],
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      /^kernel-sctp bench: .*ECONNRESET/m,
    ],
    [
      'that ends',
      ['-r'],
      (socket) => socket.once('data', () => socket.end()).resume(),
      /^kernel-sctp bench: the peer has ended the association$/m,
    ],
  ];

  test.each(failures)('a peer %s: status 1, and a line', async (_, words, behave, line) => {
    const server = await listening();
    server.on('connection', (socket) => {
      behave(socket.on('error', () => undefined));
    });
    const { code, stdout, stderr } = await runCommand(bench(portOf(server), ...words));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(line);
  });

  test('fewer streams than asked for, and a message that is too long', async () => {
    const server = await listening({ MIS: 4 });
    server.on('connection', (socket) => socket.on('error', () => undefined).resume());
    const streams = await runCommand(bench(portOf(server), '--streams', '9'));
    expect(streams).toMatchObject({ code: 1, stdout: '' });
    expect(streams.stderr).toBe(
      'kernel-sctp bench: the peer takes 4 streams only: give --streams 4\n',
    );
    const size = await runCommand(bench(portOf(server), '--size', '50000000'));
    expect(size).toMatchObject({ code: 1, stdout: '' });
    expect(size.stderr).toMatch(/^kernel-sctp bench: .*50000000/);
  });

  test('a peer that is not there', async () => {
    const { code, stderr } = await runCommand(bench(9, '-c', '1'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'kernel-sctp bench: connect ECONNREFUSED 127.0.0.1:9\n',
    });
  });
});
