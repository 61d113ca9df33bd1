/** 'notification' and 'sendFailed' on associations that live, end and are lost. */
import { once } from 'node:events';

import { connect, type Notification, type SendFailedError, type Socket } from 'kernel-sctp';

import { startNode } from '../../support/child';
import { noise } from '../../support/collect';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening } from '../../support/sockets';

function reported(socket: Socket): Notification[] {
  const notifications: Notification[] = [];
  socket.on('notification', (notification) => notifications.push(notification));
  return notifications;
}

function changes(notifications: Notification[]): string[] {
  return notifications.map((notification) =>
    'state' in notification ? `${notification.type} ${notification.state}` : notification.type,
  );
}

describeSctp("'notification'", () => {
  test('reports that an association comes up, with its streams, and that it ends', async () => {
    const server = await listening({ MIS: 5, OS: 3 });
    const client = connectTo(server, { MIS: 100, OS: 7 });
    const atClient = reported(client);
    const [peer] = (await once(server, 'connection')) as [Socket];
    const atPeer = reported(peer);
    if (client.connecting) await once(client, 'connect');
    expect(atClient[0]).toMatchObject({
      ...{ type: 'assocChange', state: 'commUp', error: 0, causes: [] },
      ...{ outboundStreams: 5, inboundStreams: 3 },
    });
    expect(atClient[0]?.raw).toBeInstanceOf(Buffer);
    expect(client.status()).toMatchObject({ outStreams: 5, inStreams: 3, state: 'established' });
    expect(peer.status()).toMatchObject({ outStreams: 3, inStreams: 5, state: 'established' });

    const closed = Promise.all([once(client, 'close'), once(peer, 'close')]);
    peer.resume();
    client.resume();
    client.end();
    await closed;
    expect(changes(atClient).at(-1)).toBe('assocChange shutdownComp');
    expect(changes(atPeer).slice(-2)).toEqual(['shutdown', 'assocChange shutdownComp']);
  });

  test('does not wait for data that nobody reads', async () => {
    const { client, peer } = await connectedPair();
    const atPeer = reported(peer);
    peer.pause();
    client.write('unread');
    client.end();
    while (!changes(atPeer).includes('shutdown')) await once(peer, 'notification');
    expect(peer.readableEnded).toBe(false);
    peer.resume();
    client.resume();
    await once(peer, 'close');
  });

  test('reports an ABORT, with what caused it', async () => {
    const { client, peer } = await connectedPair();
    const atPeer = reported(peer);
    const lost = once(peer, 'error');
    client.resetAndDestroy();
    await lost;
    const last = atPeer.at(-1);
    expect(last).toMatchObject({ type: 'assocChange', state: 'commLost' });
    // User-initiated abort (RFC 9260 §3.3.10.12).
    expect(last).toMatchObject({ error: 12, causes: [{ code: 12 }] });
  });

  test('a listener that throws is an uncaught exception, and nothing is lost', async () => {
    const { code, stdout, stderr } = await startNode(`
      const { connect, createServer } = require('kernel-sctp');
      process.on('uncaughtException', (error) => console.log(error.message));
      const server = createServer((peer) => {
        peer.on('notification', ({ type, state = '' }) => {
          throw new Error(type + ' ' + state);
        });
        peer.on('data', (data) => console.log(String(data)));
        peer.on('close', () => server.close());
      });
      server.listen(0, '127.0.0.1', () => {
        connect(server.address().port, '127.0.0.1').end('last words');
      });`).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toEqual(
      expect.arrayContaining(['last words', 'shutdown ', 'assocChange shutdownComp']),
    );
  });
});

describeSctp('what the kernel is asked for', () => {
  // The trace has what was read, whether anybody listens or not. The acknowledgement of a message
  // comes along with its echo, so what the kernel reports of it has been read by then.
  test('is no more than what is needed while nobody listens', async () => {
    const { code, stderr } = await startNode(
      `
      const { once } = require('node:events');
      const { setImmediate: later } = require('node:timers/promises');
      const { connect, createServer } = require('kernel-sctp');
      const server = createServer((peer) => peer.pipe(peer));
      async function talk(socket, about) {
        socket.write('something');
        await once(socket, 'data');
        await later();
        console.error('--- ' + about);
      }
      server.listen(0, '127.0.0.1', async () => {
        const options = { port: server.address().port, host: '127.0.0.1', notifications: 'all' };
        const socket = connect(options);
        await once(socket, 'connect');
        await later();
        console.error('--- begins');
        await talk(socket, 'unheard');
        const listener = () => undefined;
        socket.on('notification', listener);
        await talk(socket, 'heard');
        socket.on('notification', () => undefined);
        socket.off('notification', listener);
        await talk(socket, 'one left');
        socket.removeAllListeners('notification');
        await later();
        console.error('--- left');
        await talk(socket, 'unheard again');
        socket.end();
        server.close();
      });`,
      { env: { NODE_DEBUG: 'kernel-sctp' } },
    ).ended;
    expect(code).toBe(0);
    const parts = stderr.split(/^--- (.*)$/m);
    const dry = (about: string): boolean =>
      (parts[parts.indexOf(about) - 1] ?? '').includes("'senderDry'");
    expect(['heard', 'one left', 'unheard', 'unheard again'].map(dry)).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
  });
});

describeSctp("'sendFailed'", () => {
  test('has every message that was not delivered, whole and in order', async () => {
    // A peer that reads nothing, and whose receive window is soon full.
    const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
    const client = destroying(connect({ host: '127.0.0.1', port: peer.port }));
    await once(client, 'connect');
    const failed: SendFailedError[] = [];
    client.on('sendFailed', (error) => failed.push(error));
    client.on('error', () => undefined);
    const closed = new Promise((resolve) => client.once('close', resolve));

    // More than one fragment each: 65536 is the MTU of the loopback device.
    const messages = Array.from({ length: 12 }, (_, i) => noise(40_000 + i * 25_000));
    messages.forEach((data, context) => {
      client.send(data, { sid: context % 3, ppid: 46 + context, context });
    });
    peer.program.process.kill('SIGKILL');
    await closed;

    const contexts = failed.map(({ context }) => context);
    expect(contexts.length).toBeGreaterThan(5);
    expect(contexts).toEqual([...contexts].sort((a, b) => a - b));
    expect(contexts.at(-1)).toBe(messages.length - 1);
    for (const { data, sid, ppid, context, code, unordered } of failed) {
      expect(data.equals(messages[context] as Buffer)).toBe(true);
      expect([sid, ppid, unordered]).toEqual([context % 3, 46 + context, false]);
      expect(code).toBe('ERR_SCTP_SEND_FAILED');
    }
    // Those at the end never left.
    expect(failed.at(-1)?.sent).toBe(false);
  });

  test('what still waited in the socket itself comes after what the kernel had', async () => {
    const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
    const sctp = { sndBuf: 100_000 };
    const client = destroying(connect({ host: '127.0.0.1', port: peer.port, sctp }));
    await once(client, 'connect');
    const failed: SendFailedError[] = [];
    client.on('sendFailed', (error) => failed.push(error));
    client.on('error', () => undefined);
    const closed = new Promise((resolve) => client.once('close', resolve));
    const COUNT = 100;
    for (let context = 0; context < COUNT; context++) {
      client.send(noise(5000), { context });
    }
    expect(client.writableLength).toBeGreaterThan(0);
    peer.program.process.kill('SIGKILL');
    await closed;
    const contexts = failed.map(({ context }) => context);
    const first = contexts[0] as number;
    expect(contexts).toEqual(Array.from({ length: COUNT - first }, (_, i) => first + i));
  });

  test('a lifetime that ends reports the message, and the association lives on', async () => {
    const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
    const client = destroying(connect({ host: '127.0.0.1', port: peer.port }));
    await once(client, 'connect');
    for (let i = 0; i < 10; i++) client.send(noise(20_000));
    const failed = once(client, 'sendFailed') as Promise<[SendFailedError]>;
    client.send(Buffer.from('fresh'), { context: 5, pr: { policy: 'ttl', value: 1 } });
    await peer.read(true);
    const [{ data, context }] = await failed;
    expect([data.toString(), context]).toEqual(['fresh', 5]);
    client.send(Buffer.from('after'));
    const messages = await peer.waitForMessages(11);
    expect(messages.at(-1)?.length).toBe(5);
  });
});
