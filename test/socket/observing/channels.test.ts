/** What is published on diagnostics channels about the associations of sockets. */
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';

import { connect, metrics, type Socket } from 'kernel-sctp';

import { start, startNode } from '../../support/child';
import { multihomedPair } from '../../support/multihoming';
import { Published } from '../../support/published';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening } from '../../support/sockets';

const UP = 'kernel-sctp:association:up';
const LOST = 'kernel-sctp:association:lost';
const SHUTDOWN = 'kernel-sctp:association:shutdown';

const closed = (socket: Socket) =>
  new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));

describeSctp('an association', () => {
  test("is up before 'connect', at both ends, with the peer known", async () => {
    const published = new Published(UP);
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server);
    let before = 0;
    client.on('connect', () => {
      before = published.all.filter(([, message]) => 'association' in message).length;
    });
    const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
    expect(before).toBeGreaterThanOrEqual(1);
    const messages = await published.on(UP, 2);
    expect(new Set(messages.map(({ association }) => association))).toEqual(
      new Set([client, peer]),
    );
    for (const { association } of messages) expect(association.remoteAddress).toBe('127.0.0.1');
  });

  test('that is shut down is so at both ends', async () => {
    const published = new Published(LOST, SHUTDOWN);
    const { client, peer } = await connectedPair();
    peer.resume();
    client.resume();
    const both = Promise.all([closed(client), closed(peer)]);
    client.end();
    await both;
    expect(published.order).toEqual(['association:shutdown', 'association:shutdown']);
    const ends = published.all.map(
      ([, message]) => (message as { association: object }).association,
    );
    expect(new Set(ends)).toEqual(new Set([client, peer]));
  });

  test("that is aborted is lost: 'local' here, 'aborted' with its causes there", async () => {
    const published = new Published(LOST, SHUTDOWN);
    const { client, peer } = await connectedPair();
    const failure = new Error('mine');
    const over = closed(peer);
    client.on('error', () => undefined).destroy(failure);
    await over;
    expect(await published.on(LOST, 2)).toEqual([
      { association: client, reason: 'local', error: failure, causes: [] },
      {
        association: peer,
        reason: 'aborted',
        error: expect.objectContaining({ code: 'ECONNRESET' }) as Error,
        causes: [expect.objectContaining({ code: 12 })],
      },
    ]);
    expect(published.all).toHaveLength(2);
    const [, { association }] = (await published.on(LOST, 2)) as [unknown, { association: Socket }];
    expect(association.remoteAddress).toBe('127.0.0.1'); // still known
  });

  test('a byte stream that is destroyed ends in order', async () => {
    const published = new Published(LOST, SHUTDOWN);
    const options = { byteStream: true };
    const { client, peer } = await connectedPair({ client: options, server: options });
    peer.resume();
    const over = closed(peer);
    client.destroy();
    await over;
    expect(published.order).toEqual(['association:shutdown', 'association:shutdown']);
  });

  test('that never came up is neither up nor lost', async () => {
    const published = new Published(UP, LOST, SHUTDOWN);
    const socket = destroying(connect({ host: '127.0.0.1', port: 9 }));
    await once(socket, 'error');
    expect(published.all).toEqual([]);
  });
});

describeSctp('what happens to one', () => {
  test('paths that change, with no listener anywhere', async () => {
    const published = new Published('kernel-sctp:path:change');
    const { client } = await multihomedPair();
    const [first] = await published.on('kernel-sctp:path:change');
    expect(first).toMatchObject({ change: 'confirmed', state: 'active' });
    const other = client.remoteAddresses.find((address) => address !== client.remoteAddress) ?? '';
    client.setPrimary(other);
    for (let count = 1; ; count++) {
      const changes = await published.on('kernel-sctp:path:change', count);
      const made = changes.find(({ change }) => change === 'madePrim');
      if (!made) continue;
      expect(made).toMatchObject({ association: client, address: other, primary: true });
      break;
    }
  });

  test('a message that is given up', async () => {
    const published = new Published('kernel-sctp:send:failed');
    const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
    const client = destroying(connect({ host: '127.0.0.1', port: peer.port }));
    await once(client, 'connect');
    for (let context = 1; context <= 20; context++) {
      client.send(Buffer.alloc(10_000), { context, pr: { policy: 'ttl', value: 100 } });
    }
    const [message] = await published.on('kernel-sctp:send:failed');
    expect(message?.association).toBe(client);
    expect(message?.error).toMatchObject({ code: 'ERR_SCTP_SEND_FAILED', sid: 0 });
    expect(message?.error.data).toHaveLength(10_000);
    expect(client.listenerCount('sendFailed')).toBe(0);
  });

  test('a stall, and its end', async () => {
    const published = new Published('kernel-sctp:stall');
    const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
    const rtoInfo = { initial: 100, min: 50, max: 200 };
    const sctp = { rtoInfo, assocInfo: { asocMaxRxt: 1000 } };
    const place = { host: '127.0.0.1', port: peer.port, stallTimeout: 400 };
    const client = destroying(connect({ ...place, sctp }));
    await once(client, 'connect');
    for (let i = 0; i < 20; i++) client.write(Buffer.alloc(10_000));
    const [stalled] = await published.on('kernel-sctp:stall');
    expect(stalled).toMatchObject({ association: client, stalled: true, duration: 400 });
    await peer.read(true);
    const [, recovered] = await published.on('kernel-sctp:stall', 2);
    expect(recovered).toEqual({ association: client, stalled: false });
  });
});

describeSctp('subscribers', () => {
  test('nothing is published without one', async () => {
    const names = ['up', 'lost', 'shutdown'].map((name) => `kernel-sctp:association:${name}`);
    const spies = [...names, 'kernel-sctp.client.socket', 'kernel-sctp.server.socket'].map((name) =>
      jest.spyOn(diagnostics.channel(name), 'publish'),
    );
    const { client, peer } = await connectedPair();
    const over = closed(peer);
    client.destroy();
    await over;
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    for (const spy of spies) spy.mockRestore();
  });

  test('what one throws is an uncaught exception, and does not come back to the association', async () => {
    const program = `
      const { createServer, connect } = require('kernel-sctp');
      const { subscribe } = require('node:diagnostics_channel');
      process.on('uncaughtException', (error) => console.log(error.message));
      subscribe('kernel-sctp:association:up', () => {
        throw new Error('from a subscriber');
      });
      const server = createServer((socket) => {
        socket.on('data', (data) => {
          console.log(String(data));
          server.close();
        });
      });
      server.listen({ host: '127.0.0.1' }, () => {
        connect(server.address().port, '127.0.0.1').end('it lives');
      });`;
    const { code, stdout, stderr } = await startNode(program).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      'from a subscriber',
      'from a subscriber',
      'it lives',
    ]);
  });
});

describeSctp('metrics', () => {
  test('are there on systems without /proc, too', async () => {
    const program = "console.log(JSON.stringify(require('kernel-sctp').metrics()))";
    const inside = 'mount -t tmpfs none /proc && exec "$@"';
    const node = [process.execPath, '-e', program];
    const ended = await start('unshare', ['-m', 'sh', '-c', inside, 'sh', ...node]).ended;
    const totals = { up: 0, lost: 0, shutdown: 0, restarts: 0, failedMessages: 0 };
    expect({ ...ended, stdout: JSON.parse(ended.stdout) as object }).toEqual({
      ...{ code: 0, signal: null, stderr: '' },
      stdout: { totals, associations: [], listeners: [], counters: {} },
    });
  });

  test("have this process's associations, listeners and totals, and the kernel's counters", async () => {
    const before = metrics();
    const other = await PythonPeer.open({ style: 'stream' });
    const { server, client, peer } = await connectedPair();
    const port = server.address()?.port;
    const now = metrics();
    expect(now.totals).toEqual({ ...before.totals, up: before.totals.up + 2 });
    const ours = now.associations.filter(
      ({ localPort, remotePort }) => localPort === port || remotePort === port,
    );
    expect(ours).toHaveLength(2);
    expect(ours[0]).toMatchObject({
      state: 'established',
      style: 'one-to-one',
      remoteAddresses: ['127.0.0.1'],
      paths: [{ address: '127.0.0.1', state: 'active' }],
    });
    expect(now.listeners).toContainEqual(
      expect.objectContaining({ port, style: 'one-to-one', addresses: ['127.0.0.1'] }),
    );
    expect(now.listeners.map((listener) => listener.port)).not.toContain(other.port);
    expect(now.counters['CurrEstab']).toBeGreaterThanOrEqual(1);
    expect(JSON.parse(JSON.stringify(now))).toEqual(JSON.parse(JSON.stringify(metrics())));
    const over = closed(peer);
    client.destroy();
    await over;
    expect(metrics().totals.lost).toBe(before.totals.lost + 2);
  });
});
