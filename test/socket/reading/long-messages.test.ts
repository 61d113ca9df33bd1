/** Long messages are received straight into memory of their own, which is ready before they come. */
import { once } from 'node:events';

import { type Message, type Socket } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';
import { expectSame, numbered } from '../../support/traffic';

/** The longest that shares memory with others. */
const SHORT = 8192;

/** All that was kept while the others came. */
function received(socket: Socket, count: number): Promise<Message[]> {
  return new Promise((resolve, reject) => {
    const messages: Message[] = [];
    socket.on('data', (message: Message) => {
      messages.push(message);
      if (messages.length === count) resolve(messages);
    });
    socket.once('error', reject);
  });
}

async function exchange(from: Socket, to: Socket, lengths: readonly number[]): Promise<Message[]> {
  const sent = lengths.map((length, i) => numbered(i, length));
  const all = received(to, sent.length);
  for (const data of sent) {
    from.write(data);
    await from.dry(); // each alone: the next one comes when this one's memory is given away
  }
  const messages = await all;
  expectSame(messages, sent);
  return messages;
}

const LENGTHS = [
  ...[9000, 60_000, 60_000, 10, 60_000, SHORT, SHORT + 1, 60_000, 59_999, 60_001, 31_000, 29_000],
  ...[100_000, 100_000, 1, 60_000, 400_000, 1_000_000, 1_000_000, 200_000, 60_000, 60_000, 9000],
];

describeSctp('a long message', () => {
  test('is whole, whatever came before it', async () => {
    const { client, peer } = await connectedPair();
    await Promise.all([
      exchange(client, peer, LENGTHS),
      exchange(peer, client, [...LENGTHS].reverse()),
    ]);
  });

  test('is whole among others that come at once', async () => {
    const { client, peer } = await connectedPair();
    const lengths = Array.from({ length: 300 }, (_, i) => [70_000, 100, 20_000, 9000][i % 4] ?? 0);
    const sent = lengths.map((length, i) => numbered(i, length));
    const all = received(peer, sent.length);
    for (const data of sent) client.write(data);
    expectSame(await all, sent);
  });

  test('has memory of its own, and not more than twice its length', async () => {
    const { client, peer } = await connectedPair();
    const messages = await exchange(client, peer, LENGTHS);
    const long = messages.filter(({ length }) => length > SHORT);
    expect(new Set(long.map(({ buffer }) => buffer)).size).toBe(long.length);
    const wasteful = long.filter(({ buffer, length }) => buffer.byteLength > 2 * length);
    expect(wasteful.map(({ length }) => length)).toEqual([]);
  });

  test('can be transferred away, and the next ones come as before', async () => {
    const { client, peer } = await connectedPair();
    const sent = Array.from({ length: 20 }, (_, i) => numbered(i, 60_000));
    const got: Buffer[] = [];
    const all = new Promise<void>((resolve) => {
      peer.on('data', (message: Message) => {
        const { buffer, byteOffset, length } = message;
        const moved = structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
        expect(message).toHaveLength(0);
        if (got.push(Buffer.from(moved, byteOffset, length)) === sent.length) resolve();
      });
    });
    for (const data of sent) client.write(data);
    await all;
    expectSame(got, sent);
  });

  test('is whole if the kernel hands it over in parts', async () => {
    const { client, peer } = await connectedPair({ server: { sctp: { rcvBuf: 131_072 } } });
    await exchange(client, peer, [200_000, 200_000, 60_000, 300_000, 200_000, 9000]);
  });

  test('comes in parts straight into its memory, which the last one was as long as', async () => {
    const { client, peer } = await connectedPair({ server: { sctp: { rcvBuf: 131_072 } } });
    const [, second] = await exchange(client, peer, [1_200_000, 1_100_000]);
    expect(second?.buffer.byteLength).toBe(1_200_000);
  });

  test('is whole if it comes in parts and is longer or far shorter than the last one', async () => {
    const { client, peer } = await connectedPair({ server: { sctp: { rcvBuf: 131_072 } } });
    const lengths = [200_000, 400_000, 150_000, 600_000, 300_000, 100, 250_000, 70_000, 250_000];
    const sent = lengths.map((length, i) => numbered(i, length));
    const all = received(peer, sent.length);
    for (const data of sent) client.write(data);
    expectSame(await all, sent);
  });

  test('that exceeds the limit while it comes in parts ends the association', async () => {
    const { client, peer } = await connectedPair({
      server: { maxMessageSize: 300_000, sctp: { rcvBuf: 131_072 } },
    });
    await exchange(client, peer, [300_000, 300_000]);
    const refused = once(peer, 'error');
    client.on('error', () => undefined);
    client.write(numbered(2, 300_001));
    const [error] = (await refused) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_SCTP_MESSAGE_TOO_LARGE');
  });

  test('keeps its stream and PPID', async () => {
    const { client, peer } = await connectedPair();
    const all = received(peer, 3);
    for (const sid of [1, 2, 3]) client.send(Buffer.alloc(60_000), { sid, ppid: 40 + sid });
    const said = (await all).map(({ sid, ppid }) => [sid, ppid]);
    expect(said).toEqual([
      [1, 41],
      [2, 42],
      [3, 43],
    ]);
  });
});
