/** Diagnostics of endpoints and their associations. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';

import { createEndpoint, metrics } from 'kernel-sctp';

import { closing, defer } from '../support/cleanup';
import {
  associatedEndpoints,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  portOf,
} from '../support/endpoints';
import { events, Published, traced } from '../support/published';
import { describeSctp } from '../support/sctp';

const UP = 'kernel-sctp:association:up';
const LOST = 'kernel-sctp:association:lost';
const SHUTDOWN = 'kernel-sctp:association:shutdown';

describeSctp('associations of endpoints', () => {
  test('are up, and shut down', async () => {
    const published = new Published(UP, LOST, SHUTDOWN);
    const { near, far } = await associatedEndpoints();
    const ups = await published.on(UP, 2);
    expect(new Set(ups.map(({ association }) => association))).toEqual(new Set([near, far]));
    await Promise.all([endOf(far), near.shutdown()]);
    expect(published.order.slice(2)).toEqual(['association:shutdown', 'association:shutdown']);
  });

  test('are aborted', async () => {
    const published = new Published(LOST, SHUTDOWN);
    const { near, far } = await associatedEndpoints();
    const over = endOf(far);
    near.abort('enough');
    const { causes, error } = await over;
    expect(published.all.map(([, message]) => message)).toEqual([
      { association: near, reason: 'local', causes: [] },
      { association: far, reason: 'aborted', error: expect.any(Error) as Error, causes },
    ]);
    expect(error?.message).toContain('ECONNRESET');
  });

  test('are up once, also if they are peeled off', async () => {
    const published = new Published(UP, LOST, SHUTDOWN);
    const { near, far } = await associatedEndpoints();
    const { up } = metrics().totals;
    const socket = near.peelOff();
    defer(() => socket.on('error', () => undefined).resetAndDestroy());
    const over = endOf(far);
    socket.resume().end();
    await over;
    await once(socket, 'close');
    expect(metrics().totals.up).toBe(up);
    expect(published.order).toEqual([
      'association:up',
      'association:up',
      'association:shutdown',
      'association:shutdown',
    ]);
  });

  test('metrics have those of one-to-many sockets', async () => {
    const { server, near } = await associatedEndpoints();
    const { associations, listeners } = metrics();
    expect(associations).toContainEqual(
      expect.objectContaining({
        style: 'one-to-many',
        localPort: near.localPort,
        remotePort: portOf(server),
        state: 'established',
      }),
    );
    expect(listeners).toContainEqual(
      expect.objectContaining({ port: portOf(server), style: 'one-to-many' }),
    );
  });
});

describeSctp('calls of endpoints are traced', () => {
  test('connect, with the association as its result', async () => {
    const server = listeningEndpoint();
    const seen = traced('kernel-sctp.connect');
    const client = endpointFor();
    const association = await client.connect({ host: HOST, port: portOf(server) });
    expect(events(seen)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    const [, context] = seen[3] ?? [];
    expect(context).toEqual({
      endpoint: client,
      host: [HOST],
      port: portOf(server),
      result: association,
    });
  });

  test('connect, refused', async () => {
    const seen = traced('kernel-sctp.connect');
    const error: unknown = await endpointFor()
      .connect({ host: HOST, port: 9 })
      .catch((reason: unknown) => reason);
    expect(events(seen)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(seen[2]?.[1]['error']).toBe(error);
  });

  test('listen, and listen that throws', async () => {
    const seen = traced('kernel-sctp.server.listen');
    const endpoint = listeningEndpoint();
    await once(endpoint, 'listening');
    expect(events(seen)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    seen.length = 0;
    const other = endpointFor();
    expect(() => other.listen({ host: HOST, port: portOf(endpoint) })).toThrow('EADDRINUSE');
    expect(events(seen)).toEqual(['start', 'error', 'end']);
  });
});

describeSctp('AsyncLocalStorage', () => {
  test('events run in the context in which the endpoint was opened, send callbacks in theirs', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: Record<string, unknown> = {};
    const server = closing(createEndpoint());
    storage.run('server', () => server.listen({ host: HOST }));
    server.on('listening', () => (seen['listening'] = storage.getStore()));
    server.on('association', (association) => {
      seen['association'] = storage.getStore();
      association.on('close', () => (seen['far close'] = storage.getStore()));
    });
    server.on('message', () => (seen['message'] = storage.getStore()));
    const client = closing(createEndpoint());
    const near = await storage.run('client', () =>
      client.connect({ host: HOST, port: portOf(server) }),
    );
    near.on('close', () => (seen['near close'] = storage.getStore()));
    await new Promise<void>((resolve) => {
      storage.run('sender', () => {
        near.send(Buffer.from('x'), {}, () => {
          seen['sent'] = storage.getStore();
          resolve();
        });
      });
    });
    await once(server, 'message');
    const [far] = server.associations;
    if (far === undefined) throw new Error('no association');
    const over = endOf(far);
    await near.shutdown();
    await over;
    expect(seen).toEqual({
      listening: 'server',
      association: 'server',
      message: 'server',
      sent: 'sender',
      'near close': 'client',
      'far close': 'server',
    });
  });
});
