/** read(n), setEncoding, and the Buffers themselves. */
import { once } from 'node:events';

import { type Message, Socket } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';
import { styles } from '../../support/styles';

/** What read(n) gives as soon as it gives anything. */
function readBytes(socket: Socket, count: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      const chunk = socket.read(count) as Buffer | string | null;
      if (chunk === null) return;
      socket.off('readable', attempt);
      socket.off('error', reject);
      resolve(chunk.toString());
    };
    socket.on('readable', attempt);
    socket.once('error', reject);
    attempt();
  });
}

describeSctp('read(n)', () => {
  test('crosses messages, and cuts them', async () => {
    const { client, peer } = await connectedPair();
    for (const text of ['ab', 'cdef', 'g', 'hijklmnop', 'qrstuvwxyz']) client.write(text);
    const got = [];
    for (const count of [1, 4, 7, 2]) got.push(await readBytes(peer, count));
    expect(got).toEqual(['a', 'bcde', 'fghijkl', 'mn']);
    expect(await readBytes(peer, 12)).toBe('opqrstuvwxyz');
  });

  test('waits for more than the high-water mark, and than has come yet', async () => {
    const { client, peer } = await connectedPair({ server: { highWaterMark: 1000 } });
    const all = readBytes(peer, 100_000);
    for (let i = 0; i < 10; i++) {
      client.write('x'.repeat(10_000));
      await client.dry();
    }
    expect(await all).toBe('x'.repeat(100_000));
  });

  test('gives what there is when the peer has ended', async () => {
    const { client, peer } = await connectedPair();
    const rest = readBytes(peer, 100);
    client.write('only ');
    client.write('this');
    client.end();
    const ended = once(peer, 'end');
    expect(await rest).toBe('only this');
    await ended;
  });

  test('of more than will ever come ends with the error of a lost association', async () => {
    const { client, peer } = await connectedPair();
    const rest = readBytes(peer, 100);
    client.write('only this');
    await client.dry();
    client.resetAndDestroy();
    await expect(rest).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('is forgotten by readers of messages that come after it', async () => {
    const { client, peer } = await connectedPair();
    expect(peer.read(100)).toBeNull();
    const got: string[] = [];
    for (const text of ['first', 'second', 'third']) client.write(text);
    client.end();
    for await (const chunk of peer) got.push(String(chunk));
    expect(got).toEqual(['first', 'second', 'third']);
  });

  test('counts characters after setEncoding', async () => {
    const { client, peer } = await connectedPair();
    peer.setEncoding('utf8');
    client.write('äö');
    client.write('ü€x');
    expect([await readBytes(peer, 3), await readBytes(peer, 2)]).toEqual(['äöü', '€x']);
  });
});

describe.each(styles.filter(({ decodes }) => decodes))('$name with setEncoding', (style) => {
  // '€' is e2 82 ac: cut at the borders of messages, it is no character in any of them.
  const messages = ['61e282', 'ac62', 'e282ac', '00', 'f09f9880', 'f09f', '9880'];

  describeSctp('decodes each message by itself', () => {
    test.each(['utf8', 'utf-8', 'utf16le', 'latin1', 'hex', 'base64'] as const)(
      '%s',
      async (encoding) => {
        const { client, peer } = await connectedPair();
        peer.setEncoding(encoding);
        const chunks: unknown[] = [];
        const end = style.read(peer, (chunk) => chunks.push(chunk));
        for (const hex of messages) client.write(hex, 'hex');
        client.end();
        await end;
        const texts = messages.map((hex) => {
          const bytes = Buffer.from(hex, 'hex');
          // Half a unit of UTF-16 would be no text at all: nothing of a message may vanish.
          const isHalf = encoding === 'utf16le' && bytes.length % 2 === 1;
          return bytes.toString(encoding) + (isHalf ? '\ufffd' : '');
        });
        expect(chunks).toEqual(texts);
      },
    );
  });
});

describeSctp('a message', () => {
  test('is a Buffer that says what came with it; message and info agree', async () => {
    const { client, peer } = await connectedPair();
    const both: unknown[] = [];
    peer.on('data', (data: Message) => both.push(data));
    peer.on('message', (data, info) => both.push(data, info));
    client.send(Buffer.from('told'), { sid: 7, ppid: 0xfffffffe, unordered: true });
    await once(peer, 'data');
    const [byMessage, info, byData] = both;
    expect(byData).toBe(byMessage);
    expect(Buffer.isBuffer(byData)).toBe(true);
    const known = { sid: 7, ppid: 0xfffffffe, unordered: true, context: 0 };
    expect(byData).toMatchObject(known);
    expect(info).toMatchObject(known);
    expect(Object.keys(info as object)).toEqual(
      expect.arrayContaining(['ssn', 'tsn', 'cumulativeTsn', 'assocId']),
    );
  });

  test('a subclass and its own high-water mark', () => {
    class Mine extends Socket {}
    const socket = new Mine({ highWaterMark: 5000 });
    expect(socket.readableHighWaterMark).toBe(5000);
    expect(socket.writableHighWaterMark).toBe(5000);
    expect(socket.readAheadBytes).toBe(0);
    expect(socket.readableObjectMode).toBe(false);
    socket.destroy();
  });
});
