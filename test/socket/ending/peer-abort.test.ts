/** The peer ABORTs: nothing that arrived before is lost, and it is noticed whatever we do. */
import { once } from 'node:events';

import type { Socket } from 'kernel-sctp';

import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening, type Pair, stuckPair } from '../../support/sockets';
import { descriptors, until } from '../../lifecycle/kit';

const TEXTS = Array.from({ length: 30 }, (_, i) => `message ${String(i)}`);
const LENGTH = 5000; // all together more than the high-water mark
const padded = (text: string): string => text.padEnd(LENGTH);
const reset = { code: 'ECONNRESET', syscall: 'read' };

/** The client is paused, and has part of the messages; the rest lie in the kernel. */
async function abortedPair(): Promise<Pair> {
  const pair = await connectedPair({ client: { highWaterMark: 16_384 } });
  pair.client.pause();
  for (const text of TEXTS) pair.peer.write(padded(text));
  await pair.peer.dry();
  pair.peer.resetAndDestroy();
  return pair;
}

type Reader = (socket: Socket, seen: string[]) => Promise<NodeJS.ErrnoException>;

const errorOf = async (socket: Socket): Promise<NodeJS.ErrnoException> => {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error;
};

const readers: Record<string, Reader> = {
  "'data'": (socket, seen) => {
    socket.on('data', (message) => seen.push(String(message))).resume();
    return errorOf(socket);
  },
  "'message' alone": (socket, seen) => {
    socket.on('message', (message) => seen.push(String(message))).resume();
    return errorOf(socket);
  },
  "'readable' and read()": (socket, seen) => {
    socket.on('readable', () => {
      for (;;) {
        const message = socket.read() as Buffer | null;
        if (message === null) return;
        seen.push(message.toString());
      }
    });
    return errorOf(socket);
  },
  "'readable' and one read() each": (socket, seen) => {
    socket.on('readable', () => {
      const message = socket.read() as Buffer | null;
      if (message !== null) seen.push(String(message));
    });
    return errorOf(socket);
  },
  'for await': async (socket, seen) => {
    try {
      for await (const message of socket as AsyncIterable<Buffer>) seen.push(message.toString());
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
    throw new Error('the loop ended without an error');
  },
  'resume() and pause() in turns': (socket, seen) => {
    socket.on('data', (message) => {
      seen.push(String(message));
      socket.pause();
      setImmediate(() => socket.resume());
    });
    socket.resume();
    return errorOf(socket);
  },
};

describeSctp('data that arrived before an ABORT is read before the error', () => {
  test.each(Object.entries(readers))('by %s', async (_, read) => {
    const { client } = await abortedPair();
    const { closed } = journalOf(client, { read: false });
    const seen: string[] = [];
    expect(await read(client, seen)).toMatchObject(reset);
    expect(seen).toEqual(TEXTS.map(padded));
    expect(await closed).toEqual(['error ECONNRESET', 'close true']);
  });

  test('by a reader that flowed all the time', async () => {
    const { client, peer } = await connectedPair();
    const { closed } = journalOf(client);
    for (const text of TEXTS) peer.write(text);
    await peer.dry();
    peer.resetAndDestroy();
    expect(await closed).toEqual([
      ...TEXTS.map((text) => `data ${text}`),
      'error ECONNRESET',
      'close true',
    ]);
  });
});

describeSctp('a paused socket', () => {
  test('with nothing to read learns of an ABORT at once', async () => {
    const { client, peer } = await connectedPair();
    client.pause();
    const { closed } = journalOf(client, { read: false });
    peer.resetAndDestroy();
    expect(await closed).toEqual(['error ECONNRESET', 'close true']);
  });

  test('with more to read than it wants closes its descriptor; writes fail', async () => {
    const { client, peer } = await connectedPair({ client: { highWaterMark: 16_384 } });
    client.pause();
    for (const text of TEXTS) peer.write(padded(text));
    await peer.dry();
    const before = descriptors();
    const journal = journalOf(client, { read: false });
    peer.resetAndDestroy();
    await until(() => descriptors() === before - 2); // both ends
    const error = await new Promise((resolve) => client.write('x', resolve));
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(journal.entries).toEqual([]);
    client.resume();
    expect(await journal.closed).toEqual(['error ECONNRESET', 'close true']);
  });
});

describeSctp('an ABORT', () => {
  test('right after accepting: connected, then reset', async () => {
    const server = await listening();
    server.on('connection', (socket) => {
      socket.write('hello');
      socket.resetAndDestroy();
    });
    const { closed } = journalOf(connectTo(server));
    const entries = await closed;
    expect(entries.filter((entry) => entry !== 'data hello')).toEqual([
      'connect',
      'error ECONNRESET',
      'close true',
    ]);
  });

  test('in the middle of a long message: none of it is delivered', async () => {
    // The window holds a small part of it.
    const { client, peer } = await connectedPair({ client: { sctp: { rcvBuf: 100_000 } } });
    const { closed } = journalOf(client);
    peer.write('before');
    peer.write(Buffer.alloc(2_000_000));
    await once(client, 'data');
    peer.resetAndDestroy();
    expect(await closed).toEqual(['data before', 'error ECONNRESET', 'close true']);
  });

  test('while we are ending', async () => {
    const { client, peer } = await stuckPair();
    const journal = journalOf(client);
    client.end();
    await journal.until('finish');
    peer.resetAndDestroy();
    expect(await journal.closed).toEqual(['finish', 'error ECONNRESET', 'close true']);
  });

  test('while a destroyed socket is still ending: no error, it wanted to be gone', async () => {
    const { client, peer } = await stuckPair();
    const journal = journalOf(client);
    client.end();
    await journal.until('finish');
    client.destroy();
    peer.resetAndDestroy();
    expect(await journal.closed).toEqual(['finish', 'close false']);
  });

  test('while messages wait for room: their callbacks and dry() fail, and so does end()', async () => {
    const { client, peer } = await stuckPair({ accepted: false });
    const { closed } = journalOf(client);
    const errors: (string | undefined)[] = [];
    const note = (error?: Error | null): void => {
      errors.push((error as NodeJS.ErrnoException | undefined)?.code);
    };
    client.write('waits', note);
    const dry = client.dry();
    client.end(note);
    peer.resetAndDestroy();
    await expect(dry).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await closed).toEqual(['error ECONNRESET', 'close true']);
    expect(errors).toEqual(['ECONNRESET', 'ECONNRESET']);
  });
});

describeSctp('a socket that nobody ever reads', () => {
  test.each([1, 100])('with %d messages unread, is closed after closeTimeout', async (count) => {
    const { server, client, peer } = await connectedPair({ server: { closeTimeout: 200 } });
    const journal = journalOf(peer, { read: false });
    for (let i = 0; i < count; i++) client.write(padded('unread'));
    await client.dry();
    client.resetAndDestroy();
    const serverClosed = once(server, 'close');
    server.close();
    expect(await journal.closed).toEqual(['error ECONNRESET', 'close true']);
    await serverClosed;
  });

  test('keeps what has arrived for a reader who comes in time, and is slow', async () => {
    const { client, peer } = await connectedPair({ server: { closeTimeout: 100 } });
    const journal = journalOf(peer, { read: false });
    for (const text of ['one', 'two', 'three']) client.write(text);
    await client.dry();
    client.resetAndDestroy();
    const seen: string[] = [];
    peer.on('data', (message) => {
      seen.push(String(message));
      peer.pause();
      setTimeout(() => peer.resume(), 150); // longer than closeTimeout
    });
    expect(await journal.closed).toEqual(['error ECONNRESET', 'close true']);
    expect(seen).toEqual(['one', 'two', 'three']);
  });
});
