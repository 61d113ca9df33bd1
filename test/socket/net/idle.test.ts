/** `setTimeout` of sockets: 'timeout' after quiet, and after quiet alone. */
import { once } from 'node:events';

import { Socket } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening } from '../../support/sockets';

describeSctp('setTimeout', () => {
  test("emits 'timeout', and leaves the socket open", async () => {
    const { client, peer } = await connectedPair();
    expect(client.timeout).toBeUndefined();
    expect(client.setTimeout(20)).toBe(client);
    expect(client.timeout).toBe(20);
    await once(client, 'timeout');
    client.write('still here');
    expect(String(await once(peer, 'data'))).toBe('still here');
  });

  test('calls its listener once, and 0 takes it away', async () => {
    const { client } = await connectedPair();
    let calls = 0;
    const listener = (): void => {
      calls++;
    };
    client.setTimeout(10, listener);
    await once(client, 'timeout');
    client.setTimeout(10);
    await once(client, 'timeout');
    expect(calls).toBe(1);
    client.setTimeout(10, listener);
    client.setTimeout(0, listener);
    expect([client.listenerCount('timeout'), client.timeout]).toEqual([0, 0]);
  });

  test('is put off by what is sent and by what is received', async () => {
    const { client, peer } = await connectedPair();
    const TIMEOUT = 300;
    let quiet = true;
    const idle = new Promise<void>((resolve, reject) => {
      for (const socket of [client, peer]) {
        socket.setTimeout(TIMEOUT, () => {
          if (quiet) resolve();
          else reject(new Error('timeout in the middle of traffic'));
        });
      }
    });
    quiet = false;
    peer.resume();
    // Longer than the timeout in all; the steps are far below it.
    const began = performance.now();
    while (performance.now() - began < 2 * TIMEOUT) {
      client.write('x');
      await once(peer, 'data');
    }
    quiet = true;
    await idle;
  });

  test('also while it connects, by option of connect', async () => {
    const server = await listening();
    const client = connectTo(server, { timeout: 30 });
    expect(client.timeout).toBe(30);
    await once(client, 'timeout');
    expect(client.destroyed).toBe(false);
  });

  test('ends with the socket', async () => {
    const { client, peer } = await connectedPair();
    peer.on('error', () => undefined); // the ABORT
    let calls = 0;
    client.setTimeout(20, () => calls++);
    client.destroy();
    await once(client, 'close');
    client.setTimeout(20);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(calls).toBe(0);
  });

  test('refuses what net refuses', () => {
    const socket = destroying(new Socket());
    const call =
      (...args: unknown[]) =>
      () =>
        (socket.setTimeout as (...all: unknown[]) => unknown).apply(socket, args);
    expectThrow(call(-1), { code: 'ERR_OUT_OF_RANGE' });
    expectThrow(call('100'), { code: 'ERR_INVALID_ARG_TYPE' });
    expectThrow(call(100, 'listener'), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});
