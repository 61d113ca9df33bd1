/** Long messages that the kernel hands over in parts, and whose end does not come. */
import { randomBytes } from 'node:crypto';

import { twoHosts } from '../support/namespaces';
import { PythonPeer, sha256 } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { LOCAL, meet, meetings, MIB } from './meetings';
import { RemoteHandle } from './remote-handle';

const TIMES = 64;
const PIECE = randomBytes((4 * MIB) / TIMES);
/** Our receive buffer holds only a part of such a message. */
const ours = { sctp: { rcvBuf: 64 * 1024 } };
const python = { sndBuf: 4 * MIB };
/** Short packets: else the peer's kernel waits a second whenever the buffer is full (loopback). */
const SHORT_PACKETS = [132, 13, '00000000401f0000'] as const;
const LINGER_0 = [1, 13, '0100000000000000'] as const;

describeSctp('a message of 4 MiB, in parts', () => {
  test('arrives whole', async () => {
    const { inbox, peerSends } = await meet(meetings[1], {
      ours: { sctp: { rcvBuf: 212_992 } },
      python: { ...python, options: [SHORT_PACKETS] },
    });
    await peerSends(PIECE, { times: TIMES, ppid: 46 });
    const { data, info } = await inbox.nextMessage();
    expect(info.ppid).toBe(46);
    expect(sha256(data)).toBe(sha256(Buffer.concat(Array<Buffer>(TIMES).fill(PIECE))));
  });

  test.each(['aborts', 'is killed'])('is dropped and reported if the peer %s', async (how) => {
    const { inbox, port, peer, peerSends } = await meet(meetings[3], {
      ours,
      python: { ...python, options: [LINGER_0] },
    });
    await peerSends(PIECE, { times: TIMES });
    await peer.acknowledged(5);
    if (how === 'aborts') await peer.close({ abort: true });
    else peer.program.process.kill('SIGKILL');
    const errors = await inbox.waitForErrors(2);
    const place = `${LOCAL}:${String(peer.port)}`;
    expect(errors[0]).toContain(`message from ${place} dropped`);
    expect(errors[1]).toContain(`association with ${place} lost`);
    expect(inbox.messages).toEqual([]);

    const next = await PythonPeer.open({ port: peer.port, ...python });
    await next.send('short', { to: [LOCAL, port] });
    await next.send(PIECE, { to: [LOCAL, port], times: 3 });
    const [short, long] = await inbox.waitForMessages(2);
    expect(short?.data.toString()).toBe('short');
    expect(sha256(long?.data as Buffer)).toBe(sha256(Buffer.concat([PIECE, PIECE, PIECE])));
    expect(inbox.errors).toHaveLength(2);
  });

  test('does not silence other peers if it stops half-way', async () => {
    const { a, b } = await twoHosts();
    const handle = await RemoteHandle.open(a, { host: '0.0.0.0', ...ours });
    const stuck = await PythonPeer.open({ ...python, host: '10.0.0.2', prefix: b.prefix });
    const other = await PythonPeer.open({ prefix: a.prefix });
    await stuck.send('first', { to: ['10.0.0.1', handle.port] });
    await handle.inbox.waitForMessages(1);

    // Lets 256 kB through, and nearly nothing after that.
    const bucket = ['rate', '8bit', 'burst', '256kb', 'limit', '10mb'];
    await b.shape('eth0', 'tbf', ...bucket);
    await stuck.send(PIECE, { to: ['10.0.0.1', handle.port], times: TIMES });
    for (let i = 0; i < 5; i++) {
      await other.send(`heard ${String(i)}`, { to: [LOCAL, handle.port] });
      await handle.inbox.waitForMessages(2 + i);
    }
    expect(handle.inbox.texts().at(-1)).toBe('heard 4');

    // Shows that a part had been handed over.
    await b.shape('eth0');
    await stuck.close({ abort: true });
    const [incomplete] = await handle.inbox.waitForErrors(2);
    expect(incomplete).toContain(`message from 10.0.0.2:${String(stuck.port)} dropped`);
    expect(handle.inbox.messages).toHaveLength(6);
  });
});
