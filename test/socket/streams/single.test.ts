/** `createStream` and 'stream': one stream of an association as a Duplex of its own. */
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';

import { type Message, PPID, type SctpStream, Socket } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { until } from '../../lifecycle/kit';

type Announced = [SctpStream, number];

/** `text on sid, ppid` of each message of a socket or stream, once there are so many. */
async function messagesOf(stream: Socket | SctpStream, count: number): Promise<string[]> {
  const found: string[] = [];
  for await (const data of stream) {
    const { sid, ppid } = data as Message;
    found.push(`${String(data)} on ${String(sid)}, ${String(ppid)}`);
    if (found.length === count) break;
  }
  return found;
}

function readAll(stream: Socket | SctpStream): string[] {
  const texts: string[] = [];
  stream.on('data', (data) => texts.push(String(data)));
  return texts;
}

describeSctp('what is written to a single stream', () => {
  test('goes out on it, with the ppid of the message, of the stream, or of the socket', async () => {
    const { client, peer } = await connectedPair({ client: { ppid: 1 } });
    const plain = client.createStream(3);
    const marked = client.createStream(4, 'M3UA');
    const message = Object.assign(Buffer.from('message'), { ppid: 46, sid: 9 });
    client.write('socket');
    plain.write('no ppid');
    marked.write('stream');
    marked.write(message);
    marked.send(Buffer.from('sent'), { ppid: 5 });
    marked.ppid = PPID.SUA;
    marked.end('changed');
    expect(await messagesOf(peer, 6)).toEqual([
      'socket on 0, 1',
      'no ppid on 3, 1',
      'stream on 4, 3',
      'message on 4, 46',
      'sent on 4, 5',
      'changed on 4, 4',
    ]);
  });

  test('keeps the order in which all streams were written to', async () => {
    const { client, peer } = await connectedPair();
    const texts = readAll(peer);
    const streams = [1, 2, 3].map((sid) => client.createStream(sid));
    const expected: string[] = [];
    for (let i = 0; i < 300; i++) {
      const text = String(i);
      expected.push(text);
      if (i % 4 === 3) client.write(text);
      else streams[i % 4]?.write(text);
    }
    client.end();
    await once(peer, 'end');
    expect(texts).toEqual(expected);
  });

  test('leaves before the socket ends', async () => {
    const { client, peer } = await connectedPair();
    let bytes = 0;
    peer.on('data', ({ length }) => (bytes += length));
    const stream = client.createStream(1);
    for (let i = 0; i < 100; i++) stream.write(Buffer.alloc(50_000));
    client.end();
    await once(peer, 'end');
    expect(bytes).toBe(5_000_000);
  });

  test('can be written before the association is up', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    connectTo(server).createStream(2, 7).write('early');
    const [peer] = await accepted;
    expect(await messagesOf(peer, 1)).toEqual(['early on 2, 7']);
  });

  test('has honest backpressure, callbacks and drain', async () => {
    const { client, peer } = await connectedPair({
      client: { highWaterMark: 1000, sctp: { sndBuf: 50_000 } },
      server: { highWaterMark: 1 },
    });
    peer.pause();
    const stream = client.createStream(1);
    let accepted = 0;
    const count = 400;
    for (let i = 0; i < count; i++) {
      const goesOn = stream.write(Buffer.alloc(10_000), () => accepted++);
      expect(goesOn).toBe(false);
    }
    expect(stream.writableLength).toBeGreaterThan(1_000_000);
    expect(accepted).toBeLessThan(count);
    peer.resume();
    await once(stream, 'drain');
    expect([accepted, stream.writableLength]).toEqual([count, 0]);
  });

  test("'finish' comes when the kernel has everything; the association goes on", async () => {
    const { client, peer } = await connectedPair();
    const texts = readAll(peer);
    const stream = client.createStream(1);
    const closed = once(stream, 'close');
    stream.end('last');
    await once(stream, 'finish');
    await closed;
    client.createStream(1).write('again');
    client.end('end');
    await once(peer, 'end');
    expect(texts).toEqual(['last', 'again', 'end']);
  });

  test('after its end is refused as with any stream', async () => {
    const { client } = await connectedPair();
    const stream = client.createStream(1);
    stream.end();
    const failed = once(stream, 'error');
    stream.write('late');
    expect((await failed)[0]).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
    expect(client.destroyed).toBe(false);
  });

  test('is nothing if empty, and refused if too long, while all goes on', async () => {
    const { client, peer } = await connectedPair({ client: { sctp: { sndBuf: 50_000 } } });
    const stream = client.createStream(1);
    await new Promise((resolve) => stream.write('', resolve));
    expectThrow(() => stream.write(Buffer.alloc(100_001)), { code: 'ERR_SCTP_MESSAGE_TOO_LARGE' });
    expectThrow(() => stream.send(Buffer.alloc(0)), { code: 'ERR_INVALID_ARG_VALUE' });
    expectThrow(() => stream.write(Object.assign(Buffer.from('x'), { ppid: -1 })), {
      code: 'ERR_OUT_OF_RANGE',
    });
    stream.write('fine');
    expect(await messagesOf(peer, 1)).toEqual(['fine on 1, 0']);
  });

  test("is not cut up, also with oversize: 'split'", async () => {
    const { client } = await connectedPair({ client: { oversize: 'split' } });
    const long = Buffer.alloc(client.getOption('sndBuf') + 1);
    expectThrow(() => client.createStream(1).write(long), { code: 'ERR_SCTP_MESSAGE_TOO_LARGE' });
  });

  test('on a stream that turns out not to exist fails the stream alone', async () => {
    const server = await listening({ MIS: 3 });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, { OS: 5 });
    const stream = client.createStream(4);
    const failed = once(stream, 'error');
    stream.write('x');
    expect((await failed)[0]).toMatchObject({ code: 'EINVAL' });
    expectThrow(() => client.createStream(3), { code: 'ERR_OUT_OF_RANGE' });
    const [peer] = await accepted;
    client.write('goes on');
    expect(await messagesOf(peer, 1)).toEqual(['goes on on 0, 0']);
  });
});

describeSctp('what comes on a single stream', () => {
  test('goes to the socket until somebody reads from the stream', async () => {
    const { client, peer } = await connectedPair();
    const atSocket = readAll(peer);
    const stream = peer.createStream(1);
    client.createStream(1).write('first');
    client.createStream(2).write('second');
    await until(() => atSocket.length === 2);
    expect(atSocket).toEqual(['first', 'second']);
    const third = once(stream, 'data');
    client.createStream(1).write('third');
    client.createStream(2).write('fourth');
    expect(String((await third)[0])).toBe('third');
    await until(() => atSocket.length === 3);
    expect(atSocket).toEqual(['first', 'second', 'fourth']);
  });

  test("is announced by 'stream', once, with all its messages", async () => {
    const { client, peer } = await connectedPair();
    const atSocket = readAll(peer);
    const found: Record<number, string[]> = {};
    let announced = 0;
    peer.on('stream', (stream, sid) => {
      announced++;
      expect(stream.sid).toBe(sid);
      expect(peer.createStream(sid)).toBe(stream);
      found[sid] = readAll(stream);
    });
    for (let i = 0; i < 30; i++) client.createStream(i % 3).write(String(i));
    client.end();
    await once(peer, 'end');
    const expected = (sid: number) => Array.from({ length: 10 }, (_, i) => String(i * 3 + sid));
    expect(found).toEqual({ 0: expected(0), 1: expected(1), 2: expected(2) });
    expect([announced, atSocket]).toEqual([3, []]);
  });

  test("a handler of 'stream' that throws loses nothing", async () => {
    const { client, peer } = await connectedPair();
    const uncaught = new Promise((resolve) => {
      process.setUncaughtExceptionCaptureCallback(resolve);
    });
    try {
      peer.once('stream', () => {
        throw new Error('on purpose');
      });
      const stream = client.createStream(5, 6);
      stream.write('one');
      expect(await uncaught).toMatchObject({ message: 'on purpose' });
      stream.write('two');
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
    }
    expect(await messagesOf(peer.createStream(5), 2)).toEqual(['one on 5, 6', 'two on 5, 6']);
  });

  test('can be answered on it, and passed on as it is', async () => {
    const { client, peer } = await connectedPair();
    peer.on('stream', (stream) => {
      stream.pipe(stream);
    });
    const stream = client.createStream(7, 'SUA');
    stream.write('hello');
    expect(await messagesOf(stream, 1)).toEqual(['hello on 7, 4']);
  });

  test('bounds what waits, and does not lose it', async () => {
    const { client, peer } = await connectedPair({ server: { highWaterMark: 10_000 } });
    const announced = once(peer, 'stream') as Promise<Announced>;
    const count = 3000;
    const writer = client.createStream(1);
    for (let i = 0; i < count; i++) writer.write(Buffer.alloc(1000, i));
    const [stream] = await announced;
    // Until no more comes, for nobody reads.
    for (let before = -1; before !== peer.bytesRead;) {
      before = peer.bytesRead;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(peer.readAheadBytes).toBeLessThan(100_000);
    expect(stream.readAheadBytes).toBe(peer.readAheadBytes);
    let next = 0;
    for await (const data of stream) {
      expect((data as Message)[0]).toBe(next++ % 256);
      if (next === count) break;
    }
  });

  test('holds back nothing once it is destroyed, though it had filled the socket', async () => {
    const { client, peer } = await connectedPair({ server: { highWaterMark: 10_000 } });
    const stream = peer.createStream(2);
    const texts: string[] = [];
    for (let i = 0; i < 100; i++) client.send(Buffer.alloc(1000), { sid: 2 });
    await once(stream, 'readable');
    await until(() => peer.bytesRead >= 10_000);
    stream.destroy();
    peer.on('data', (data) => texts.push(String(data)));
    client.end('last');
    await once(peer, 'end');
    expect(texts.at(-1)).toBe('last');
  });

  test('ends with the association, after its messages', async () => {
    const { client, peer } = await connectedPair();
    const announced = once(peer, 'stream') as Promise<Announced>;
    client.createStream(1).write('one');
    client.createStream(1).write('two');
    client.end();
    const [stream] = await announced;
    peer.resume();
    await once(peer, 'close');
    // Later than the socket.
    expect(String(await stream.toArray())).toBe('one,two');
    expect(stream.destroyed).toBe(true);
  });

  test('that is made after the end of the peer ends at once', async () => {
    const { client, peer } = await connectedPair({ server: { allowHalfOpen: true } });
    client.end();
    peer.resume();
    await once(peer, 'end');
    expect(await peer.createStream(1).toArray()).toEqual([]);
    peer.end();
  });

  test("comes before the error of the peer's ABORT, which who listens hears", async () => {
    const { client, peer } = await connectedPair();
    const errors: unknown[] = [];
    const closed = new Promise((resolve) => {
      peer.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
      peer.on('close', resolve);
    });
    const announced = once(peer, 'stream') as Promise<Announced>;
    const quiet = peer.createStream(2); // has no listener, and crashes nothing
    for (let i = 0; i < 3; i++) client.createStream(1).write(String(i));
    await client.dry();
    client.resetAndDestroy();
    peer.resume();
    const [stream] = await announced;
    const texts: string[] = [];
    const reading = (async () => {
      for await (const data of stream) texts.push(String(data));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    await closed;
    expect(texts).toEqual(['0', '1', '2']);
    expect(errors).toEqual(['ECONNRESET']);
    expect(quiet.destroyed).toBe(true);
  });

  test("is not waited for after the peer's ABORT, once the stream is destroyed", async () => {
    const { client, peer } = await connectedPair();
    const streams: SctpStream[] = [];
    peer.on('stream', (stream) => streams.push(stream));
    for (const sid of [1, 2]) client.send(Buffer.from('unread'), { sid });
    await client.dry();
    const errors: string[] = [];
    peer.on('error', ({ message }) => errors.push(message));
    const closed = new Promise((resolve) => peer.on('close', resolve));
    client.resetAndDestroy();
    await until(() => peer.OS === undefined);
    await new Promise(setImmediate); // when the loss is reported
    await new Promise(setImmediate);
    for (const stream of streams) stream.destroy();
    await closed;
    expect([streams.length, errors]).toEqual([2, ['read ECONNRESET']]);
  });

  test.each<[string, number[]]>([
    ['nobody reads', []],
    ['nobody reads one of two', [2]],
  ])("where %s, the peer's ABORT is reported after closeTimeout", async (_name, read) => {
    const { client, peer } = await connectedPair({ server: { closeTimeout: 50 } });
    let count = 0;
    peer.on('stream', (stream, sid) => {
      count++;
      if (read.includes(sid)) stream.resume();
    });
    for (const sid of [1, 2]) client.send(Buffer.from('unread'), { sid });
    await client.dry();
    client.resetAndDestroy();
    const error = once(peer, 'error');
    const closed = new Promise((resolve) => peer.once('close', resolve));
    expect(await error).toMatchObject([{ code: 'ECONNRESET' }]);
    await closed;
    expect(count).toBe(2);
  });

  test('goes back to the socket when the stream is destroyed', async () => {
    const { client, peer } = await connectedPair();
    const announced = once(peer, 'stream') as Promise<Announced>;
    const writer = client.createStream(1);
    writer.write('one');
    const [stream] = await announced;
    stream.destroy();
    await once(stream, 'close');
    writer.write('two');
    expect(await messagesOf(peer, 1)).toEqual(['two on 1, 0']);
  });
});

describeSctp('single streams', () => {
  test('of a socket that is destroyed are destroyed, and there are no new ones', async () => {
    const { client } = await connectedPair();
    const stream = client.createStream(1);
    stream.resume();
    client.destroy();
    await once(stream, 'close');
    expectThrow(() => client.createStream(2), { code: 'ERR_SOCKET_CLOSED' });
    const outcome = await new Promise((resolve) => stream.write('late', resolve));
    expect(outcome).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });

  test('belong to one association: a socket that is connected again has others', async () => {
    const server = await listening();
    server.on('connection', (peer) => {
      peer.createStream(1).write('hello');
      peer.resume().end();
    });
    const client = connectTo(server);
    const streams: SctpStream[] = [];
    client.on('stream', (stream) => streams.push(stream));
    for (let i = 1; i <= 2; i++) {
      client.resume();
      await once(client, 'close');
      expect(streams.length).toBe(i);
      if (i === 1) client.connect(portOf(server), '127.0.0.1');
    }
    const outcome = new Promise((resolve) => streams[0]?.write('late', resolve));
    const texts = await Promise.all(streams.map(async (stream) => String(await stream.toArray())));
    expect(texts).toEqual(['hello', 'hello']);
    expect(await outcome).toMatchObject({ code: 'ERR_SOCKET_CLOSED' });
  });

  test('take part in pipelines', async () => {
    const { client, peer } = await connectedPair();
    const announced = once(peer, 'stream') as Promise<Announced>;
    const texts = ['a', 'b', 'c'];
    await pipeline(texts, client.createStream(3));
    client.end();
    const [stream] = await announced;
    peer.resume();
    expect((await stream.toArray()).map(String)).toEqual(texts);
  });

  test.each([
    [-1, undefined, 'ERR_OUT_OF_RANGE'],
    [65_536, undefined, 'ERR_OUT_OF_RANGE'],
    [1.5, undefined, 'ERR_OUT_OF_RANGE'],
    ['1', undefined, 'ERR_INVALID_ARG_TYPE'],
    [1, -1, 'ERR_OUT_OF_RANGE'],
    [1, 'M4UA', 'ERR_INVALID_ARG_VALUE'],
    [1, {}, 'ERR_INVALID_ARG_TYPE'],
  ])('createStream(%p, %p) throws %s', (sid, ppid, code) => {
    const socket = destroying(new Socket());
    expectThrow(() => socket.createStream(sid as number, ppid as number), { code });
  });
});
