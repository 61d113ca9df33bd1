/** Messages of every size, and numbers at their limits, between a Socket and Python. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import type { Message, Socket } from 'kernel-sctp';

import { PythonPeer, sha256 } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { connectTo, listening, portOf } from '../support/sockets';

const MIB = 1024 * 1024;
const sizes = [1, 2, 1452, 8192, 8193, 65_535, 65_536, 65_537, 200_000, MIB, 2 * MIB];
const buffers = { sndBuf: 2 * MIB, rcvBuf: 2 * MIB };
/** Else the peer's kernel waits a second whenever our buffer is full (loopback). */
const SHORT_PACKETS = [132, 13, '00000000401f0000'] as const;

interface Met {
  python: PythonPeer;
  socket: Socket;
}

/** Python connects to a server of ours. */
async function meet(python: object = {}, server: object = {}): Promise<Met> {
  const ours = await listening({ sctp: { sndBuf: MIB, rcvBuf: MIB }, ...server });
  const accepted = once(ours, 'connection') as Promise<[Socket]>;
  const peer = await PythonPeer.open({ style: 'stream', listen: false, ...buffers, ...python });
  await peer.connect('127.0.0.1', portOf(ours));
  return { python: peer, socket: (await accepted)[0] };
}

/** Python shuts down; until everything before that is read. */
async function end(python: PythonPeer, socket: Socket): Promise<void> {
  const ended = once(socket, 'end');
  await python.shutdown();
  await ended;
}

describeSctp('a Socket and Python', () => {
  test('messages of 1 B to the largest, both ways', async () => {
    const { python, socket } = await meet();
    expect(socket.getOption('sndBuf')).toBe(2 * MIB);
    const sent = sizes.map((size) => randomBytes(size));
    for (const message of sent) socket.write(message);
    const theirs = await python.waitForMessages(sizes.length);
    expect(theirs.map((message) => message.length)).toEqual(sizes);
    expect(theirs.map((message) => message.sha256)).toEqual(sent.map(sha256));

    const got: Buffer[] = [];
    socket.on('data', (message) => got.push(message));
    for (const message of sent) await python.send(message);
    await end(python, socket);
    expect(got.map((message) => message.length)).toEqual(sizes);
    expect(got.map(sha256)).toEqual(sent.map(sha256));
  });

  test('the first and the last stream of 65535, and the largest ppid', async () => {
    const most = 65_535;
    const { python, socket } = await meet({ streams: [most, most] }, { OS: most, MIS: most });
    expect(socket.status()).toMatchObject({ outStreams: most, inStreams: most });
    const limits = [
      { sid: 0, ppid: 0 },
      { sid: most - 1, ppid: 0xffffffff },
    ];
    for (const info of limits) {
      socket.send(Buffer.from('x'), info);
      await python.send('y', info);
    }
    expect(await python.waitForMessages(2)).toMatchObject(limits);
    const got: Message[] = [];
    socket.on('message', (message) => got.push(message));
    await end(python, socket);
    expect(got).toMatchObject(limits);
  });

  test('parts of a long message, while shorter ones come and go', async () => {
    const { python, socket } = await meet(
      { options: [SHORT_PACKETS] },
      { sctp: { rcvBuf: 212_992 } },
    );
    const part = randomBytes(MIB / 16);
    const got: Buffer[] = [];
    socket.on('data', (message) => got.push(message));
    for (let i = 0; i < 3; i++) {
      await python.send('short');
      await python.send(part, { times: 16, ppid: 46 });
    }
    await end(python, socket);
    const long = sha256(Buffer.concat(Array<Buffer>(16).fill(part)));
    expect(got.map(({ length }) => length)).toEqual([5, MIB, 5, MIB, 5, MIB]);
    expect(got.filter((_, i) => i % 2 === 1).map(sha256)).toEqual([long, long, long]);
  });
});

describeSctp('maxMessageSize', () => {
  const LIMIT = 100_000;

  test('as long goes; one byte more aborts the association with the error', async () => {
    const { python, socket } = await meet({}, { maxMessageSize: LIMIT });
    const failed = new Promise((resolve) => socket.once('error', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const [message] = (await Promise.all([
      once(socket, 'data').then(([data]) => data as Message),
      python.send(Buffer.alloc(LIMIT)),
    ])) as [Message, number];
    expect(message).toHaveLength(LIMIT);
    await python.send(Buffer.alloc(LIMIT + 1));
    expect(await failed).toMatchObject({
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      limit: LIMIT,
      message: expect.stringContaining('maxMessageSize') as string,
    });
    expect(await closed).toBe(true);
    await python.waitFor({ event: 'assoc', state: 'commLost' });
  });

  test('is not waited for to the end of an endless message', async () => {
    const { python, socket } = await meet({ sndBuf: 8 * MIB }, { maxMessageSize: LIMIT });
    const failed = new Promise((resolve) => socket.once('error', resolve));
    socket.resume();
    await python.send(Buffer.alloc(MIB), { times: 8 });
    expect(await failed).toMatchObject({ code: 'ERR_SCTP_MESSAGE_TOO_LARGE' });
    expect(socket.bytesRead).toBe(0);
  });

  test('a message whose end never comes is no message', async () => {
    const { python, socket } = await meet({ sndBuf: 8 * MIB }, { sctp: { rcvBuf: 32_768 } });
    const got: unknown[] = [];
    socket.on('data', (message) => got.push(message));
    const first = once(socket, 'data');
    await python.send('whole');
    await first;
    await python.send(Buffer.alloc(MIB), { times: 8 });
    await python.acknowledged(5);
    const failed = new Promise((resolve) => socket.once('error', resolve));
    await python.close({ abort: true });
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
    expect(got.map(String)).toEqual(['whole']);
    expect(socket.bytesRead).toBe(5);
  });

  test('we connect to Python, too, and it is the same', async () => {
    const python = await PythonPeer.open({ style: 'stream', ...buffers });
    const server = { address: () => ({ port: python.port }) };
    const socket = connectTo(server as never, { maxMessageSize: LIMIT });
    socket.write('hello');
    await python.waitForMessages(1);
    const failed = new Promise((resolve) => socket.once('error', resolve));
    await python.send(Buffer.alloc(LIMIT + 1));
    socket.resume();
    expect(await failed).toMatchObject({ code: 'ERR_SCTP_MESSAGE_TOO_LARGE' });
  });
});
