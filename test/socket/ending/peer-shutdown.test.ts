/** The peer shuts down: SCTP has no half-open state, and what we make of that. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';

import type { Socket } from 'kernel-sctp';

import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import {
  connectedPair,
  connectTo,
  listening,
  type Pair,
  type PairOptions,
  portOf,
  stuckPair,
} from '../../support/sockets';

const writeError = (socket: Socket, data: string): Promise<NodeJS.ErrnoException> =>
  new Promise((resolve) => {
    socket.write(data, (error) => {
      resolve(error as NodeJS.ErrnoException);
    });
  });

describeSctp('after the peer has ended', () => {
  test('our side ends by itself, after every message', async () => {
    const { client, peer } = await connectedPair();
    const [ours, theirs] = [journalOf(client), journalOf(peer)];
    for (let i = 0; i < 3; i++) peer.write(String(i));
    peer.end('last');
    expect(await ours.closed).toEqual([
      ...['data 0', 'data 1', 'data 2', 'data last', 'end'],
      ...['finish', 'close false'],
    ]);
    expect(await theirs.closed).toEqual(['finish', 'end', 'close false']);
  });

  test('allowHalfOpen: our side ends when we say so', async () => {
    const { client, peer } = await connectedPair({ client: { allowHalfOpen: true } });
    const [ours, theirs] = [journalOf(client), journalOf(peer)];
    peer.end('last');
    await theirs.closed; // for the kernel it is over
    await ours.until('end');
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(ours.entries).toEqual(['data last', 'end']);
    client.end();
    expect(await ours.closed).toEqual(['data last', 'end', 'finish', 'close false']);
  });

  test("a paused socket keeps what it has, then gets 'end'", async () => {
    const { client, peer } = await connectedPair();
    client.pause();
    const [ours, theirs] = [journalOf(client), journalOf(peer)];
    peer.end('unread');
    await theirs.until('finish');
    while (client.readAheadBytes === 0) await new Promise(setImmediate);
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(ours.entries).toEqual([]);
    client.resume();
    expect(await ours.closed).toEqual(['data unread', 'end', 'finish', 'close false']);
  });

  test('both sides at once: both graceful', async () => {
    const { client, peer } = await connectedPair();
    const [ours, theirs] = [journalOf(client), journalOf(peer)];
    client.write('from the client');
    peer.write('from the peer');
    client.end();
    peer.end();
    expect(await ours.closed).toContain('data from the peer');
    expect(await theirs.closed).toContain('data from the client');
    for (const { entries } of [ours, theirs]) {
      expect(entries.filter((entry) => !entry.startsWith('data')).sort()).toEqual([
        ...['close false', 'end', 'finish'],
      ]);
    }
  });

  test("end() in 'connect' on both sides", async () => {
    const server = await listening();
    const peers: ReturnType<typeof journalOf>[] = [];
    server.on('connection', (socket) => {
      peers.push(journalOf(socket));
      socket.end('hello');
    });
    const client = connectTo(server);
    const ours = journalOf(client);
    client.on('connect', () => client.end());
    expect((await ours.closed).at(-1)).toBe('close false');
    expect(ours.entries).toContain('data hello');
    expect((await peers[0]?.closed)?.at(-1)).toBe('close false');
  });

  test('end() before connect: the messages arrive, then the end', async () => {
    const server = await listening();
    const client = connectTo(server);
    client.write('first');
    client.end('last');
    const [[peer]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
      [Socket],
      unknown,
    ];
    const theirs = journalOf(peer);
    const ours = journalOf(client);
    expect(await theirs.closed).toEqual([
      'data first',
      'data last',
      'end',
      'finish',
      'close false',
    ]);
    expect((await ours.closed).at(-1)).toBe('close false');
  });
});

describeSctp('a write after the peer has ended', () => {
  const halfOpen: PairOptions = { client: { allowHalfOpen: true } };

  /** Answers in 'end', as an HTTP/1.0 server would. */
  async function answeringPair(): Promise<Pair> {
    const pair = await connectedPair(halfOpen);
    pair.peer.end('question');
    return pair;
  }

  test("in 'end': the callback says why, then comes 'error'", async () => {
    const { client } = await answeringPair();
    const { closed, entries } = journalOf(client);
    await once(client, 'end');
    const failed = writeError(client, 'answer');
    client.end();
    const error = await failed;
    expect(error).toMatchObject({ code: 'EPIPE', syscall: 'write' });
    expect(error.message).toContain('SCTP has no half-open state: answer before the peer ends');
    expect(await closed).toBe(entries);
    expect(entries).toEqual(['data question', 'end', 'error EPIPE', 'close true']);
  });

  test('with a stream number: it is known by the callback, and nothing is thrown', async () => {
    const { client, peer } = await connectedPair(halfOpen);
    client.pause();
    const theirs = journalOf(peer);
    journalOf(client, { read: false });
    peer.end();
    await theirs.closed;
    const failed = new Promise((resolve) => {
      client.send(Buffer.from('x'), { sid: 3 }, resolve);
    });
    expect(await failed).toMatchObject({ code: 'EPIPE' });
  });

  test('that nobody asks about: the error is reported nevertheless', async () => {
    const { client, peer } = await stuckPair({ ...halfOpen, accepted: false });
    const { closed } = journalOf(client);
    client.end();
    expect(client.writableLength).toBeGreaterThan(0);
    peer.end();
    peer.resume();
    expect(await closed).toEqual(['end', 'error EPIPE', 'close true']);
  });

  test("while messages are unread: 'error' comes after them and 'end'", async () => {
    const { client, peer } = await connectedPair(halfOpen);
    client.pause();
    const { closed, entries } = journalOf(client);
    for (let i = 0; i < 3; i++) peer.write(String(i));
    peer.end();
    // Known to our side as soon as a write fails.
    let error: NodeJS.ErrnoException | null | undefined;
    while (!error) error = await writeError(client, 'x');
    expect(error).toMatchObject({ code: 'EPIPE' });
    expect(entries).toEqual([]);
    client.resume();
    expect(await closed).toEqual([
      ...['data 0', 'data 1', 'data 2', 'end', 'error EPIPE', 'close true'],
    ]);
  });

  test('that waited for room: it fails, and what was read stays', async () => {
    const { client, peer } = await stuckPair({ ...halfOpen, accepted: false });
    const { closed } = journalOf(client);
    const codes: (string | undefined)[] = [];
    client.write('waits', (error) => {
      codes.push((error as NodeJS.ErrnoException | undefined)?.code);
    });
    peer.end('bye');
    peer.resume();
    const entries = await closed;
    expect(entries).toContain('data bye');
    expect(codes).toEqual(['EPIPE']);
    expect(entries.slice(-2)).toEqual(['error EPIPE', 'close true']);
  });
});

describeSctp('a peer that has gone before it was accepted', () => {
  /** All of it happens before our event loop gets to accept anything. */
  function visit(port: number, ending: string): void {
    const program = `
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
s.connect(('127.0.0.1', ${String(port)}))
s.send(b'one')
s.send(b'two')
${ending}
s.close()`;
    execFileSync('/usr/bin/python3', ['-c', program]);
  }
  const ABORT = 's.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))';

  test.each([
    ['in order', '', ['data one', 'data two', 'end', 'finish', 'close false']],
    ['by ABORT', ABORT, ['data one', 'data two', 'error ECONNRESET', 'close true']],
  ])('%s: its messages are read', async (_, ending, expected) => {
    const server = await listening();
    const journals: ReturnType<typeof journalOf>[] = [];
    server.on('connection', (socket) => journals.push(journalOf(socket)));
    for (let i = 0; i < 2; i++) visit(portOf(server), ending);
    while (journals.length < 2) await once(server, 'connection');
    for (const { closed } of journals) expect(await closed).toEqual(expected);
    // And the server goes on.
    const { closed } = journalOf(connectTo(server).end());
    expect((await closed).at(-1)).toBe('close false');
  });
});
