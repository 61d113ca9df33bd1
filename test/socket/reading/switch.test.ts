/** Readers that change their minds: pause, another style, no more. */
import { once } from 'node:events';

import type { Message, ReceivedInfo, Socket } from 'kernel-sctp';

import { MESSAGE_OVERHEAD } from '#lib/messages/tally';

import { describeSctp } from '../../support/sctp';
import { connectedPair, type Pair } from '../../support/sockets';

const COUNT = 100;
const names = Array.from({ length: COUNT }, (_, i) => `message ${String(i)}`);

/** A pair whose client has sent `names` and ended. */
async function pairWithTraffic(): Promise<Pair> {
  const pair = await connectedPair({ server: { highWaterMark: 100_000 } }); // room for all
  for (const name of names) pair.client.write(name);
  pair.client.end();
  return pair;
}

function textOf(chunk: unknown): string {
  return String(chunk);
}

/** Until the event loop has gone round so often: all that could happen has. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

describeSctp('pause', () => {
  test.each(['data', 'message'] as const)(
    "in '%s' stops at once, though more has come with the same batch",
    async (event) => {
      const { peer } = await pairWithTraffic();
      const got: string[] = [];
      peer.on(event, (chunk: Message) => {
        got.push(textOf(chunk));
        if (got.length % 30 === 1) peer.pause();
      });
      await once(peer, 'pause');
      while (peer.bytesRead < names.join('').length) await turns(1);
      await turns(5);
      expect(got).toEqual(names.slice(0, 1));
      expect(peer.isPaused()).toBe(true);
      peer.resume();
      await turns(5);
      expect(got).toEqual(names.slice(0, 31));
      const end = once(peer, 'end');
      while (got.length < COUNT) {
        peer.resume();
        await turns(2);
      }
      peer.resume();
      await end;
      expect(got).toEqual(names);
    },
  );

  test('holds what has arrived, and no more than the high-water mark and one wake-up', async () => {
    const { client, peer } = await connectedPair({ server: { highWaterMark: 10_000 } });
    peer.pause();
    const got: string[] = [];
    peer.on('data', (chunk) => got.push(textOf(chunk)));
    const texts = Array.from({ length: 500 }, (_, i) => `${String(i)} `.repeat(300).slice(0, 1000));
    for (const text of texts) client.write(text);
    client.end();
    await once(client, 'finish');
    await turns(20);
    // 64 messages is the most that one wake-up reads.
    expect(peer.readAheadBytes + 10 * MESSAGE_OVERHEAD).toBeGreaterThanOrEqual(10_000);
    expect(peer.readAheadBytes).toBeLessThan(10_000 + 64 * 1000);
    expect(got).toEqual([]);
    peer.resume();
    await once(peer, 'end');
    expect(got).toEqual(texts);
    expect(peer.readAheadBytes).toBe(0);
  });
});

type Step = (socket: Socket, got: string[]) => Promise<void>;

const steps: Record<string, Step> = {
  "'data'": async (socket, got) => {
    const [chunk] = (await onceAndPause(socket, 'data')) as [Message];
    got.push(textOf(chunk));
  },
  "'message'": async (socket, got) => {
    const [chunk, info] = (await onceAndPause(socket, 'message')) as [Message, ReceivedInfo];
    expect(chunk).toMatchObject({ sid: info.sid, ppid: info.ppid });
    got.push(textOf(chunk));
  },
  "'readable'": async (socket, got) => {
    let chunk: unknown;
    const listener = (): void => undefined;
    socket.on('readable', listener);
    while ((chunk = socket.read()) === null) await once(socket, 'readable');
    socket.off('readable', listener);
    await turns(1); // Readable thinks about its listeners a tick later
    got.push(textOf(chunk));
  },
  'iterator()': async (socket, got) => {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      got.push(textOf(chunk));
      break;
    }
    await turns(1);
  },
};

function onceAndPause(socket: Socket, event: 'data' | 'message'): Promise<unknown[]> {
  return new Promise((resolve) => {
    const listener = (...args: unknown[]): void => {
      socket.off(event, listener);
      socket.pause();
      resolve(args);
    };
    socket.on(event, listener);
    socket.resume();
  });
}

describeSctp('from one style to another', () => {
  const styleNames = Object.keys(steps);
  const pairs = styleNames.flatMap((a) =>
    styleNames.filter((b) => b !== a).map((b) => [a, b] as const),
  );

  test.each(pairs)('%s and %s take turns, and nothing is lost', async (a, b) => {
    const { peer } = await pairWithTraffic();
    const got: string[] = [];
    while (got.length < COUNT) {
      await (steps[a] as Step)(peer, got);
      await (steps[b] as Step)(peer, got);
    }
    expect(got).toEqual(names);
    peer.resume();
    if (!peer.readableEnded) await once(peer, 'end');
  });

  test("'message' alone hears of what waits in Readable's buffer", async () => {
    const { peer } = await pairWithTraffic();
    peer.pause();
    const got: string[] = [];
    peer.read(0); // reads ahead
    while (peer.readableLength === 0) await turns(1);
    peer.on('message', (chunk) => got.push(textOf(chunk)));
    peer.resume();
    await once(peer, 'end');
    expect(got).toEqual(names);
  });

  test("'data', 'message' and decoded text at once", async () => {
    const { peer } = await pairWithTraffic();
    const data: unknown[] = [];
    const messages: unknown[] = [];
    peer.setEncoding('latin1');
    peer.on('data', (chunk) => data.push(chunk));
    peer.on('message', (chunk) => messages.push(Buffer.isBuffer(chunk) && textOf(chunk)));
    await once(peer, 'end');
    expect(data).toEqual(names);
    expect(messages).toEqual(names);
  });

  test('unshift() gives a message back', async () => {
    const { peer } = await pairWithTraffic();
    peer.on('readable', () => undefined);
    let chunk: unknown;
    while ((chunk = peer.read()) === null) await once(peer, 'readable');
    peer.unshift(chunk);
    expect(textOf(peer.read())).toBe(names[0]);
    peer.unshift(chunk);
    peer.removeAllListeners('readable');
    const got: string[] = [];
    for await (const next of peer) got.push(textOf(next));
    expect(got).toEqual(names);
  });
});

describeSctp('early ends', () => {
  test('leaving `for await` destroys, so it aborts', async () => {
    const { client, peer } = await connectedPair();
    const lost = once(client, 'error');
    client.resume();
    for (const name of names) client.write(name);
    const got: string[] = [];
    for await (const chunk of peer) {
      got.push(textOf(chunk));
      if (got.length === 3) break;
    }
    expect(got).toEqual(names.slice(0, 3));
    expect(peer.destroyed).toBe(true);
    expect((await lost)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  test.each(['data', 'message'] as const)(
    "destroy() in '%s': nothing of the batch comes after it",
    async (event) => {
      const { client, peer } = await pairWithTraffic();
      client.on('error', () => undefined); // an ABORT
      const got: string[] = [];
      peer.on(event, (chunk: Message) => {
        got.push(textOf(chunk));
        if (got.length === 3) peer.destroy();
      });
      await once(peer, 'close');
      await turns(3);
      expect(got).toEqual(names.slice(0, 3));
    },
  );
});
