/** Messages too long for bursts leave at once, past Writable's buffer if it is empty. */
import { once } from 'node:events';

import type { Message } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { connectedPair, stuckPair } from '../../support/sockets';
import { expectSame, numbered } from '../../support/traffic';

describeSctp('write() of long messages', () => {
  test('keeps the order with short ones of the same tick, and with callbacks', async () => {
    const { client, peer } = await connectedPair();
    const lengths = Array.from({ length: 200 }, (_, i) => [20_000, 10, 60_000, 8192, 8193][i % 5]);
    const sent = lengths.map((length, i) => numbered(i, length ?? 0));
    const got: Message[] = [];
    peer.on('data', (message: Message) => got.push(message));
    const called: number[] = [];
    sent.forEach((data, i) => {
      if (i % 7 === 0) client.write(data, () => called.push(i));
      else client.write(data);
    });
    client.end();
    await once(peer, 'end');
    expectSame(got, sent);
    expect(called).toEqual(sent.map((_, i) => i).filter((i) => i % 7 === 0));
  });

  test('counts them, and has sent them before the end of the tick', async () => {
    const { client } = await connectedPair();
    client.write(Buffer.alloc(60_000));
    expect(client.bytesWritten).toBe(60_000);
    expect(client.writableLength).toBe(0);
    client.write(Buffer.alloc(1));
    client.write(Buffer.alloc(60_000));
    expect(client.bytesWritten).toBe(120_001);
    expect(client.writableLength).toBe(0);
  });

  test('lets other things have their turn, and returns false when the kernel has no room', async () => {
    const { client } = await stuckPair();
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const deadline = 1000; // messages: much more than the kernel and Writable take
    let written = 0;
    while (written < deadline && client.write(Buffer.alloc(60_000))) written++;
    expect(client.writableNeedDrain).toBe(true);
    const before = turns;
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    clearImmediate(timer);
    expect(turns).toBeGreaterThan(before);
    expect(written).toBeLessThan(deadline);
  });

  test('is refused after the end, and after destroy, as of any other', async () => {
    const { client } = await connectedPair();
    const failed = once(client, 'error');
    client.end();
    client.write(Buffer.alloc(60_000));
    expect((await failed)[0]).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
    const { client: other } = await connectedPair();
    other.destroy();
    const result = new Promise((resolve) => other.write(Buffer.alloc(60_000), resolve));
    expect(await result).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });
});
