/** closeTimeout: a peer that makes no progress while we are ending is given up, a slow one is not. */
import { connect, type Socket } from 'kernel-sctp';

import { journalOf } from '../../support/journal';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { destroying, STUCK, stuckPair } from '../../support/sockets';

const FAILED = ['error ERR_SCTP_CLOSE_TIMEOUT', 'close true'];
const client = { closeTimeout: 300 };

describeSctp('a peer that reads nothing is aborted', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['end()', (socket) => void socket.end()],
    [
      'end() and destroy()',
      (socket) => {
        socket.end(() => socket.destroy());
      },
    ],
    [
      'destroySoon()',
      (socket) => {
        socket.destroySoon();
      },
    ],
  ])('after %s', async (_, end) => {
    const pair = await stuckPair({ client });
    const [ours, theirs] = [journalOf(pair.client), journalOf(pair.peer, { read: false })];
    let failure: Error | undefined;
    pair.client.on('error', (error) => (failure = error));
    end(pair.client);
    expect(await ours.closed).toEqual(['finish', ...FAILED]);
    expect(failure).toMatchObject({ timeout: 300 });
    expect(failure?.message).toContain('closeTimeout (300 ms without progress)');
    pair.peer.resume();
    expect(await theirs.closed).toEqual(['error ECONNRESET', 'close true']);
  });

  test('after end(), though the kernel has not had room for all messages', async () => {
    const pair = await stuckPair({ client, accepted: false });
    const { closed } = journalOf(pair.client);
    expect(pair.client.writableLength).toBeGreaterThan(0);
    pair.client.end();
    expect(await closed).toEqual(FAILED);
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
    expect(await closed).toEqual(['connect', 'finish', 'end', 'close false']);
  });

  test.each([
    ['while the kernel sends', true],
    ['while messages wait here for room', false],
  ])('who is slow, but reads: in all several times closeTimeout, %s', async (_, accepted) => {
    const pair = await stuckPair({ client: { closeTimeout: 1500 }, accepted });
    const { closed } = journalOf(pair.client);
    let received = 0;
    pair.peer.on('data', () => {
      received++;
      if (received % 40 !== 0) return;
      pair.peer.pause();
      setTimeout(() => pair.peer.resume(), 400);
    });
    const { closed: peerClosed } = journalOf(pair.peer, { read: false });
    pair.client.end();
    pair.peer.resume();
    expect(await closed).toEqual(['finish', 'end', 'close false']);
    expect(await peerClosed).toEqual(['end', 'finish', 'close false']);
    expect(received).toBe(STUCK);
  });

  test('while it is our side that does not read', async () => {
    const { client: theirs, peer: ours } = await stuckPair({ server: { closeTimeout: 1200 } });
    const { closed, entries } = journalOf(ours, { read: false });
    ours.end();
    await new Promise((resolve) => setTimeout(resolve, 1500)); // what must not happen, in this time
    expect(entries).toEqual(['finish']);
    let received = 0;
    ours.on('data', () => received++).resume();
    theirs.on('error', () => undefined);
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
    expect(await closed).toEqual(['finish', 'end', 'close false']);
  });
});
