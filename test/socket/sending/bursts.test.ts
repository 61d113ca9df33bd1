/** What is written within one tick leaves together; a flood leaves others their turn. */
import { once } from 'node:events';

import { packetsSent } from '../../support/packets';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';
import { until } from '../../lifecycle/kit';

describeSctp('writes of one tick', () => {
  test.each(['write', 'send'] as const)('leave in a few packets: %s', async (method) => {
    const { client, peer } = await connectedPair();
    const texts: string[] = [];
    peer.on('data', (data) => texts.push(String(data)));
    const written = Array.from({ length: 80 }, (_, i) => `message ${String(i)}`);
    const before = packetsSent();
    for (const text of written) {
      if (method === 'write') client.write(text);
      else client.send(Buffer.from(text));
    }
    await until(() => texts.length === written.length);
    // Acknowledgements are among them.
    expect(packetsSent() - before).toBeLessThan(20);
    expect(texts).toEqual(written);
  });

  test('stay in order with long ones, which wait for nothing', async () => {
    const { client, peer } = await connectedPair();
    const lengths: number[] = [];
    peer.on('data', ({ length }: Buffer) => lengths.push(length));
    const written = [1, 2, 20_000, 3, 8192, 8193, 4, 5];
    for (const length of written) client.write(Buffer.alloc(length));
    await until(() => lengths.length === written.length);
    expect(lengths).toEqual(written);
  });

  test('the cork that holds them is not seen, nor does it hold those of the user', async () => {
    const { client, peer } = await connectedPair();
    const texts: string[] = [];
    peer.on('data', (data) => texts.push(String(data)));
    client.write('a');
    expect(client.writableCorked).toBe(0);
    client.cork();
    expect(client.writableCorked).toBe(1);
    client.write('b');
    client.uncork();
    expect(client.writableCorked).toBe(0);
    client.write('c');
    await until(() => texts.length === 3);
    expect(client.writableCorked).toBe(0);
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  test.each(['destroy', 'resetAndDestroy', 'destroySoon', 'end'] as const)(
    'are sent before the socket ends: %s',
    async (method) => {
      const { client, peer } = await connectedPair();
      peer.on('error', () => undefined);
      const received = once(peer, 'data');
      client.write('last words');
      client[method]();
      expect(String((await received)[0])).toBe('last words');
    },
  );

  test('are sent, too, if the other end is in this process and ends first', async () => {
    const { client, peer } = await connectedPair();
    const received = once(peer, 'data');
    client.write('written before');
    peer.end();
    expect(String((await received)[0])).toBe('written before');
  });
});

describeSctp('a program that writes whenever it may', () => {
  test('leaves the event loop its turns', async () => {
    const { client, peer } = await connectedPair({
      client: { sctp: { sndBuf: 4_000_000 } },
      server: { sctp: { rcvBuf: 8_000_000 } },
    });
    const chunk = Buffer.alloc(100);
    let [written, turns, received] = [0, 0, 0];
    peer.on('data', () => received++);
    const turn = (): void => {
      turns++;
      if (received < written || written < 10_000) setImmediate(turn);
    };
    setImmediate(turn);
    const write = (): void => {
      while (written < 10_000 && client.write(chunk)) written++;
      if (written < 10_000) written++; // which `write` has taken, too
    };
    client.on('drain', write);
    write();
    await until(() => received === 10_000);
    // The kernel would have taken it all in a few bites.
    expect(turns).toBeGreaterThan(10);
  });
});
