/** closeTimeout: a peer that makes no progress while we are ending is given up, a slow one is not. */
import { connect, type Socket } from 'kernel-sctp';

import { journalOf } from '../support/journal';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { connectedPair, destroying, STUCK, stuckPair } from '../support/sockets';

const FAILED = ['error ERR_SCTP_CLOSE_TIMEOUT', 'close true'];
const client = { closeTimeout: 300 };

describeSctp('a peer that reads nothing is aborted', () => {
  test.each<[string, (socket: Socket) => void, string[]]>([
    ['end()', (socket) => void socket.end(), ['finish', ...FAILED]],
    [
      'end() and destroy()',
      (socket) => {
        socket.end(() => socket.destroy());
      },
      ['finish', ...FAILED],
    ],
    ['destroySoon()', (socket) => void socket.destroySoon(), ['finish', ...FAILED]],
    [
      'end() with messages that the kernel has no room for',
      (socket) => {
        for (let i = 0; i < 3; i++) socket.write(Buffer.alloc(1_900_000));
        socket.end();
      },
      FAILED,
    ],
  ])('after %s', async (_, end, expected) => {
    const pair = await stuckPair({ client });
    const [ours, theirs] = [journalOf(pair.client), journalOf(pair.peer, { read: false })];
    let failure: Error | undefined;
    pair.client.on('error', (error) => (failure = error));
    end(pair.client);
    expect(await ours.closed).toEqual(expected);
    expect(failure).toMatchObject({ timeout: 300 });
    expect(failure?.message).toContain('closeTimeout (300 ms without progress)');
    pair.peer.resume();
    expect(await theirs.closed).toEqual(['error ECONNRESET', 'close true']);
  });

  test('a stopped process', async () => {
    const peer = await PythonPeer.open({ style: 'stream' });
    const socket = destroying(connect({ host: '127.0.0.1', port: peer.port, ...client }));
    const { closed } = journalOf(socket);
    socket.write('read');
    await peer.waitForMessages(1);
    peer.program.process.kill('SIGSTOP');
    for (let i = 0; i < 400; i++) socket.write(Buffer.alloc(2000));
    socket.end();
    expect(await closed).toEqual(['connect', 'finish', ...FAILED]);
  });
});

describeSctp('nobody is given up', () => {
  test('who stopped, but had everything: the kernel answers for it', async () => {
    const peer = await PythonPeer.open({ style: 'stream' });
    const socket = destroying(connect({ host: '127.0.0.1', port: peer.port, ...client }));
    const { closed } = journalOf(socket);
    socket.write('read');
    await peer.waitForMessages(1);
    peer.program.process.kill('SIGSTOP');
    socket.end('unread');
    expect(await closed).toEqual(['connect', 'finish', 'close false']);
  });

  test('who is slow, but reads: in all several times closeTimeout', async () => {
    const pair = await stuckPair({ client: { closeTimeout: 400 } });
    const { closed } = journalOf(pair.client);
    let received = 0;
    pair.peer.on('data', () => {
      received++;
      if (received % 20 !== 0) return;
      pair.peer.pause();
      setTimeout(() => pair.peer.resume(), 150);
    });
    const { closed: peerClosed } = journalOf(pair.peer, { read: false });
    pair.client.end();
    pair.peer.resume();
    expect(await closed).toEqual(['finish', 'close false']);
    expect(await peerClosed).toEqual(['end', 'finish', 'close false']);
    expect(received).toBe(STUCK);
  });

  test('who is slow, while messages wait here for room', async () => {
    const pair = await stuckPair({ client: { closeTimeout: 400, sctp: { sndBuf: 20_000 } } });
    const { closed } = journalOf(pair.client);
    let received = 0;
    pair.peer.on('data', () => {
      received++;
      if (received % 20 !== 0) return;
      pair.peer.pause();
      setTimeout(() => pair.peer.resume(), 150);
    });
    pair.client.end();
    pair.peer.resume();
    expect(await closed).toEqual(['finish', 'close false']);
    expect(received).toBe(STUCK);
  });

  test('while it is our side that does not read', async () => {
    const pair = await connectedPair({
      client: { closeTimeout: 100, highWaterMark: 1, sctp: { rcvBuf: 20_000 } },
    });
    pair.client.pause();
    for (let i = 0; i < STUCK; i++) pair.peer.write(Buffer.alloc(4000));
    while (pair.client.readAheadBytes === 0) await new Promise(setImmediate);
    const { closed, entries } = journalOf(pair.client, { read: false });
    pair.client.end();
    await new Promise((resolve) => setTimeout(resolve, 500)); // what must not happen, in this time
    expect(entries).toEqual(['finish']);
    let received = 0;
    pair.client.on('data', () => received++).resume();
    expect(await closed).toEqual(['finish', 'end', 'close false']);
    expect(received).toBe(STUCK);
  });

  test('with closeTimeout 0', async () => {
    const pair = await stuckPair({ client: { closeTimeout: 0 } });
    const { closed, entries } = journalOf(pair.client);
    pair.client.end();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(entries).toEqual(['finish']);
    pair.peer.resume();
    expect(await closed).toEqual(['finish', 'close false']);
  });
});
