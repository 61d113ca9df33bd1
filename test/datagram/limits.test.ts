/** What an operator can limit of a handle: associations, memory, idle time. */
import { open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';

const LOCAL = '127.0.0.1';

async function connected(port: number): Promise<PythonPeer> {
  const peer = await PythonPeer.open({ style: 'stream', listen: false });
  await peer.connect(LOCAL, port);
  return peer;
}

describeSctp('maxAssociations', () => {
  test('aborts one more, with a reason, and takes another when one has ended', async () => {
    const inbox = new Inbox();
    const handle = closing(open({ host: LOCAL, maxAssociations: 2 }, inbox.onRecv));
    const { port } = handle.address();
    const peers = [await connected(port), await connected(port)];
    for (const peer of peers) await peer.send('in');
    await inbox.waitForMessages(2);
    // The ABORT may be there before its connect() returns.
    await connected(port).catch(() => undefined);
    const [text] = await inbox.waitForErrors(1);
    expect(text).toMatch(/^association with 127\.0\.0\.1:\d+ aborted: .*maxAssociations \(2\)/);
    await peers[0]?.shutdown();
    await peers[0]?.waitFor({ event: 'assoc', state: 'shutdownComp' });
    const fourth = await connected(port);
    await fourth.send('in, too');
    await inbox.waitForMessages(3);
    expect(inbox.texts()).toEqual(['in', 'in', 'in, too']);
    expect(inbox.errors).toHaveLength(1);
  });

  test.each([-1, 1.5, '2', null])('%p is refused', (maxAssociations) => {
    const options = { host: LOCAL, maxAssociations: maxAssociations as number };
    expect(() => open(options, () => undefined)).toThrow(/options\.maxAssociations/);
  });
});

describeSctp('maxUnfinishedBytes', () => {
  test('drops a message for which there is no room, and reports it', async () => {
    const inbox = new Inbox();
    const sctp = { rcvBuf: 65_536 }; // long messages come in parts
    const handle = closing(open({ host: LOCAL, maxUnfinishedBytes: 200_000, sctp }, inbox.onRecv));
    const peer = await PythonPeer.open({ style: 'stream', listen: false, sndBuf: 1024 * 1024 });
    await peer.connect(LOCAL, handle.address().port);
    await peer.send(Buffer.alloc(500_000));
    await peer.send('short');
    await inbox.waitForMessages(1);
    expect(inbox.texts()).toEqual(['short']);
    expect(inbox.errors).toEqual([
      expect.stringMatching(/dropped: .*its 500000 bytes within maxUnfinishedBytes \(200000\)$/),
    ]);
  });

  test.each([-1, 1.5, '2', null])('%p is refused', (maxUnfinishedBytes) => {
    const options = { host: LOCAL, maxUnfinishedBytes: maxUnfinishedBytes as number };
    expect(() => open(options, () => undefined)).toThrow(/options\.maxUnfinishedBytes/);
  });
});

describeSctp('autoClose', () => {
  test('ends associations that are idle, in order', async () => {
    const inbox = new Inbox();
    const handle = closing(open({ host: LOCAL, sctp: { autoClose: 1 } }, inbox.onRecv));
    const peer = await connected(handle.address().port);
    await peer.send('and then nothing');
    await peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
    expect([inbox.texts(), inbox.errors]).toEqual([['and then nothing'], []]);
  });
});
