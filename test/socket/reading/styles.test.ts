/** The same traffic read in every style: each message whole, by itself, in order, to the end. */
import { on, once } from 'node:events';

import type { Socket } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';
import { type Style, styles } from '../../support/styles';
import { expectSame, sendAll, type Sending, sendings, reported } from '../../support/traffic';

const traffics = {
  'a few messages': [1, 2, 300, 1, 40_000, 5],
  // More than one wake-up reads, more than the high-water mark, in pieces, and small ones again.
  'many of all sizes': [...Array<number>(200).fill(50), 8192, 8193, 300_000, 1, 70_000, 1, 1000],
};

function expectMessages(chunks: unknown[], messages: Sending[]): void {
  expectSame(
    chunks,
    messages.map(({ data }) => data),
  );
}

async function expectAll(style: Style, socket: Socket, messages: Sending[]): Promise<void> {
  const chunks: unknown[] = [];
  await style.read(socket, (chunk) => chunks.push(chunk));
  expectMessages(chunks, messages);
  if (!style.keepsBuffers) return;
  expect(chunks.map(reported)).toEqual(
    messages.map(({ info }) => ({ ...info, unordered: false, context: 0 })),
  );
}

/** Until the socket has learned that its association is lost. */
async function lost(socket: Socket): Promise<void> {
  for await (const [notification] of on(socket, 'notification')) {
    const { type, state } = notification as { type: string; state?: string };
    if (type === 'assocChange' && state === 'commLost') return;
  }
}

describe.each(styles)('$name', (style) => {
  describeSctp('reads', () => {
    test.each(Object.entries(traffics))('%s, as they come', async (_, lengths) => {
      const { client, peer } = await connectedPair();
      const messages = sendings(lengths);
      const all = expectAll(style, peer, messages);
      sendAll(client, messages);
      client.end();
      await all;
      expect(peer.bytesRead).toBe(lengths.reduce((sum, length) => sum + length));
    });

    test.each(Object.entries(traffics))('%s, that wait already', async (_, lengths) => {
      const { client, peer } = await connectedPair();
      const messages = sendings(lengths);
      sendAll(client, messages);
      client.end();
      await once(client, 'finish');
      await expectAll(style, peer, messages);
    });

    test('what came before an ABORT, then the error', async () => {
      const { client, peer } = await connectedPair();
      const messages = sendings([1, 2, 3000, 50, 50, 50]);
      const chunks: unknown[] = [];
      const read = style.read(peer, (chunk) => chunks.push(chunk));
      const expected = expect(read).rejects.toMatchObject({ code: 'ECONNRESET' });
      sendAll(client, messages);
      await client.dry();
      client.resetAndDestroy();
      await expected;
      expectMessages(chunks, messages.slice(0, style.losesOnError ? chunks.length : undefined));
    });

    test('what waits when an ABORT comes, then the error', async () => {
      const { client, peer } = await connectedPair();
      const messages = sendings([1, 2, 3000, 50, 50, 50]);
      sendAll(client, messages);
      await client.dry();
      client.resetAndDestroy();
      await lost(peer);
      const chunks: unknown[] = [];
      const read = style.read(peer, (chunk) => chunks.push(chunk));
      await expect(read).rejects.toMatchObject({ code: 'ECONNRESET' });
      expectMessages(chunks, messages.slice(0, style.losesOnError ? chunks.length : undefined));
    });
  });
});
