/** In which asynchronous context each listener and callback runs: the same as with `net`. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import type * as net from 'node:net';

import { defer } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { closed, expectTwins, type Stage } from '../../support/twin';

const storage = new AsyncLocalStorage<string>();

/** Writes down, for each event, whose context its listener sees. */
function watchContext(
  { log }: Stage,
  emitter: { on(event: string, listener: () => void): unknown },
  party: string,
  events: readonly string[],
): void {
  for (const event of events) {
    emitter.on(event, () => {
      log(`${party} ${event}`, String(storage.getStore()));
    });
  }
}

async function serving(stage: Stage, onConnection: (socket: net.Socket) => void): Promise<number> {
  const server = storage.run('listen', () => stage.net.createServer().listen(0, '127.0.0.1'));
  watchContext(stage, server, 'server', ['listening', 'connection']);
  defer(() => server.close());
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    defer(() => socket.destroy());
    onConnection(socket);
  });
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

function connecting(stage: Stage, port: number): net.Socket {
  const socket = storage.run('connect', () => stage.net.connect(port, '127.0.0.1'));
  socket.on('error', () => undefined);
  defer(() => socket.destroy());
  return socket;
}

describeSctp('AsyncLocalStorage', () => {
  test('servers, the sockets that they accept, and those that connect', async () => {
    await expectTwins(async (stage) => {
      const { log } = stage;
      let isOver: Promise<unknown> | undefined;
      const port = await serving(stage, (socket) => {
        watchContext(stage, socket, 'accepted', ['data', 'end', 'close']);
        isOver = closed(socket);
        storage.run('answering', () => {
          socket.write('welcome', () => {
            log('accepted written', String(storage.getStore()));
          });
        });
      });
      const client = connecting(stage, port);
      watchContext(stage, client, 'client', ['connect', 'ready', 'data', 'end', 'close']);
      await once(client, 'data');
      await new Promise<void>((resolve) => {
        storage.run('writing', () => {
          client.write('hello', () => {
            log('client written', String(storage.getStore()));
            resolve();
          });
        });
      });
      storage.run('ending', () => {
        client.end(() => {
          log('client ended', String(storage.getStore()));
        });
      });
      await Promise.all([closed(client), isOver]);
    });
  });

  test('a refused connection, and one that is reset', async () => {
    await expectTwins(async (stage) => {
      const refused = connecting(stage, stage.closedPort);
      watchContext(stage, refused, 'refused', ['error', 'close']);
      await closed(refused);
      const port = await serving(stage, (socket) => {
        socket.on('data', () => {
          socket.resetAndDestroy();
        });
      });
      const client = connecting(stage, port);
      watchContext(stage, client, 'reset', ['connect', 'error', 'close']);
      client.write('x');
      await closed(client);
    });
  });

  test('time-outs', async () => {
    await expectTwins(async (stage) => {
      const port = await serving(stage, (socket) => {
        socket.resume();
      });
      const client = connecting(stage, port);
      watchContext(stage, client, 'client', ['timeout']);
      await once(client, 'connect');
      storage.run('setTimeout', () => client.setTimeout(20));
      await once(client, 'timeout');
    });
  });
});
