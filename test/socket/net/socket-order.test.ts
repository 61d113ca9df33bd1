/** What a socket reports, in which order, and what it says of itself: as that of `net`. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

import { describeSctp } from '../../support/sctp';
import { closed, expectTwins } from '../../support/twin';

const HOST = '127.0.0.1';

const STATE = [
  ...['readyState', 'pending', 'connecting', 'destroyed', 'closed', 'readable', 'writable'],
  ...['bufferSize', 'writableLength', 'bytesRead', 'bytesWritten'],
];

function stateOf(socket: Socket): string {
  const values = socket as unknown as Record<string, unknown>;
  return STATE.map((name) => `${name} ${String(values[name])}`).join(', ');
}

describeSctp('the order of events, and the state at each', () => {
  test('from the constructor to the close', async () => {
    const { client } = await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end('bye'));
      const client = watch(new net.Socket(), 'client');
      const logState = (): void => {
        log('state', stateOf(client));
      };
      logState();
      client.connect(port, HOST, () => {
        log('client', 'listener');
      });
      for (const event of ['connect', 'ready', 'end', 'finish', 'close'])
        client.on(event, logState);
      logState();
      await once(client, 'connect');
      await allClosed();
    });
    expect(client?.slice(0, 4)).toEqual([
      `connectionAttempt ${HOST} PORT 4`,
      'connect',
      'listener',
      'ready',
    ]);
  });

  test('of a name: lookup comes first', async () => {
    const { client } = await expectTwins(async ({ net, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end());
      const lookup = (
        _host: string,
        _options: object,
        callback: (error: null, found: { address: string; family: number }[]) => void,
      ): void => {
        process.nextTick(callback, null, [{ address: HOST, family: 4 }]);
      };
      watch(net.connect({ port, host: 'a.test', lookup: lookup }), 'client').resume();
      await allClosed();
    });
    expect(client?.[0]).toBe(`lookup null ${HOST} 4 a.test`);
  });

  test('without listeners: connect and ready still come', async () => {
    await expectTwins(async ({ net, watch, serve }) => {
      const port = await serve();
      const first = watch(new net.Socket(), 'first');
      first.connect({ port, host: HOST });
      await once(first, 'connect');
      const second = watch(new net.Socket(), 'second');
      second.connect(port, HOST);
      await once(second, 'ready');
    });
  });

  test('of a refusal, with writes under way', async () => {
    await expectTwins(async ({ net, watch, closedPort, allClosed }) => {
      const client = watch(net.connect(closedPort, HOST), 'client');
      client.setTimeout(10_000);
      client.write('a');
      client.end('b');
      await allClosed();
    });
  });

  test.each<[string, (socket: Socket) => unknown]>([
    ['end()', (socket) => socket.end()],
    ['end(data)', (socket) => socket.end('last')],
    [
      'destroySoon()',
      (socket) => {
        socket.write('last');
        socket.destroySoon();
      },
    ],
    ['end(data), while connecting', (socket) => socket.end('early')],
  ])('of %s', async (name, end) => {
    await expectTwins(async ({ net, watch, serve, allClosed }) => {
      const port = await serve();
      const client = watch(net.connect(port, HOST), 'client');
      if (!name.includes('connecting')) await once(client, 'connect');
      end(client);
      await closed(client);
      await allClosed();
    });
  });

  test('of the callbacks of end()', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve();
      const client = watch(net.connect(port, HOST), 'client');
      const reported = (name: string) => (error?: Error | null) => {
        log('client', `${name}: ${String(error?.message)}`);
      };
      client.end('x', reported('first'));
      client.end(reported('second'));
      await allClosed();
      client.end(reported('third'));
      await new Promise(setImmediate);
    });
  });

  test('of a peer that ends while the client is paused', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      let ended = Promise.resolve<unknown>(undefined);
      const port = await serve((peer) => {
        ended = once(peer, 'finish');
        peer.end('x');
      });
      const client = watch(net.connect(port, HOST), 'client').pause();
      await once(client, 'connect');
      await ended;
      await new Promise((resolve) => setTimeout(resolve, 30));
      log('client', 'resumes');
      client.resume();
      await allClosed();
    });
  });

  test('of a peer that ends, with allowHalfOpen', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end('x'));
      const client = watch(net.connect({ port, host: HOST, allowHalfOpen: true }), 'client');
      await once(client, 'end');
      log('client', stateOf(client));
      client.end();
      await allClosed();
    });
  });

  test('of a peer that ends, without: our side ends too, with no listener for it', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end());
      const client = watch(net.connect(port, HOST), 'client').resume();
      log('client', client.allowHalfOpen);
      await allClosed();
      log('client', stateOf(client));
    });
  });

  test('of a peer that is read only after its end', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.once('data', () => peer.end('foo')));
      const events = ['connect', 'readable', 'end', 'finish', 'close'];
      const client = watch(net.connect(port, HOST), 'client', events);
      client.once('readable', () => {
        setTimeout(() => {
          log('client', `read ${String(client.read())}`);
        }, 30);
      });
      client.write('foo');
      await allClosed();
    });
  });
});

describeSctp('the encoding', () => {
  test('is set once, for every message', async () => {
    await expectTwins(async ({ net, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end('é'));
      const client = net.connect(port, HOST);
      log('client', client.setEncoding('latin1') === client);
      watch(client, 'client').on('data', (data) => {
        log('client', typeof data);
      });
      await allClosed();
    });
  });
});
