/** Tracing channels of `connect` and `listen`, and the channels of new sockets, as `net` has them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import * as net from 'node:net';

import * as sctp from 'kernel-sctp';

import { closing, defer } from '../../support/cleanup';
import { events, traced } from '../../support/published';
import { describeSctp } from '../../support/sctp';
import { connectTo, destroying, listening } from '../../support/sockets';

describeSctp('kernel-sctp.connect', () => {
  test("start and end of the call, then its outcome before 'connect'", async () => {
    const server = await listening();
    const seen = traced('kernel-sctp.connect');
    const socket = connectTo(server);
    expect(events(seen)).toEqual(['start', 'end']);
    const before = once(socket, 'connect').then(() => events(seen));
    socket.on('connect', () => {
      expect(events(seen)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    });
    expect(await before).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    const contexts = new Set(seen.map(([, context]) => context));
    expect([...contexts]).toEqual([{ socket, host: ['127.0.0.1'], port: server.address()?.port }]);
  });

  test('an error, as the user gets it', async () => {
    const seen = traced('kernel-sctp.connect');
    const socket = destroying(sctp.connect({ host: '127.0.0.1', port: 9 }));
    const [error] = (await once(socket, 'error')) as [Error];
    expect(events(seen)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(seen[2]?.[1]['error']).toBe(error);
  });

  test('one that is given up', async () => {
    const server = await listening();
    const seen = traced('kernel-sctp.connect');
    connectTo(server).destroy();
    expect(events(seen)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(seen[2]?.[1]['error']).toMatchObject({ code: 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION' });
  });

  test('a call that throws', () => {
    const seen = traced('kernel-sctp.connect');
    const lookup = (): never => {
      throw new Error('from lookup');
    };
    expect(() => sctp.connect({ host: 'somewhere.test', port: 9, lookup })).toThrow('from lookup');
    expect(events(seen)).toEqual(['start', 'error', 'end']);
    expect(seen[1]?.[1]['error']).toMatchObject({ message: 'from lookup' });
  });

  test('bad arguments are no call', () => {
    const seen = traced('kernel-sctp.connect');
    expect(() => sctp.connect({ port: 70_000 })).toThrow(RangeError);
    expect(seen).toEqual([]);
  });

  test('a store that is bound to start is there in the handlers', async () => {
    const server = await listening();
    const storage = new AsyncLocalStorage<string>();
    const { start } = diagnostics.tracingChannel('kernel-sctp.connect');
    start.bindStore(storage, () => 'span');
    defer(() => start.unbindStore(storage));
    const socket = connectTo(server);
    expect(storage.getStore()).toBeUndefined();
    const store = await new Promise((resolve) => {
      socket.on('connect', () => {
        resolve(storage.getStore());
      });
    });
    expect(store).toBe('span');
  });
});

describeSctp('kernel-sctp.server.listen', () => {
  test('start and end of the call, then its outcome', async () => {
    const seen = traced('kernel-sctp.server.listen');
    const server = closing(sctp.createServer());
    server.listen({ host: '127.0.0.1' });
    await once(server, 'listening');
    expect(events(seen)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(seen[0]?.[1]).toEqual({ server });
  });

  test('an error', async () => {
    const taken = await listening();
    const seen = traced('kernel-sctp.server.listen');
    const server = sctp.createServer();
    server.listen({ host: '127.0.0.1', port: taken.address()?.port });
    const [error] = (await once(server, 'error')) as [Error];
    expect(events(seen)).toEqual(['start', 'error', 'asyncStart', 'asyncEnd', 'end']);
    expect(seen[1]?.[1]['error']).toBe(error);
  });

  test('one that is closed before it listens', async () => {
    const seen = traced('kernel-sctp.server.listen');
    const server = sctp.createServer();
    server.listen({ host: '127.0.0.1' }).close();
    await new Promise(setImmediate);
    expect(events(seen)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(server.listening).toBe(false);
  });
});

describeSctp('new sockets are published', () => {
  test.each([
    ['net', net],
    ['kernel-sctp', sctp as unknown as typeof net],
  ])('by %s: with the socket, before it connects or after connection', async (name, api) => {
    const log: string[] = [];
    const sockets: unknown[] = [];
    for (const side of ['client', 'server']) {
      const channel = `${name}.${side}.socket`;
      const subscriber = (message: unknown): void => {
        const { socket } = message as { socket: net.Socket };
        log.push(`${side} connecting=${String(socket.connecting)}`);
        sockets.push(socket);
      };
      diagnostics.subscribe(channel, subscriber);
      defer(() => diagnostics.unsubscribe(channel, subscriber));
    }
    const server = closing(api.createServer());
    const accepted = new Promise<net.Socket>((resolve) => {
      server.on('connection', (socket) => {
        log.push('connection');
        defer(() => socket.destroy());
        setImmediate(resolve, socket);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const client = api.connect(port, '127.0.0.1').on('error', () => undefined);
    defer(() => client.destroy());
    const peer = await accepted;
    expect(sockets).toEqual([client, peer]);
    expect(log).toEqual(['client connecting=false', 'connection', 'server connecting=false']);
  });
});
