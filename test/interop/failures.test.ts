/** Peers that are missing, refuse, abort, die or leave: what onRecv gets. */
import { randomBytes } from 'node:crypto';

import { freePort } from '../support/lksctp';
import { twoHosts } from '../support/namespaces';
import { PythonPeer, sha256, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { LOCAL, meet, openLocal } from './meetings';
import { RemoteHandle } from './remote-handle';

const SEQPACKET = 'with a SOCK_SEQPACKET peer, we start the association';

/** Waits until the kernel has handed over all that it has had to report so far. */
async function settle({ port, inbox }: ReturnType<typeof openLocal>): Promise<void> {
  const count = inbox.messages.length;
  openLocal().handle.send(Buffer.from('settled'), LOCAL, port);
  await inbox.waitForMessages(count + 1);
  inbox.messages.splice(count, 1);
}

describeSctp('a peer that', () => {
  test.each([
    ['short', 3],
    ['long, which the kernel reports in fragments', 100_000],
  ])('does not exist: reported once, with the message that was %s', async (_, length) => {
    const ours = openLocal();
    const port = freePort();
    const info = { sid: 1, ppid: 46, context: 77 };
    ours.handle.send(Buffer.alloc(length), LOCAL, port, info);
    await ours.inbox.waitForErrors(2);
    await settle(ours);
    const place = `${LOCAL}:${String(port)}`;
    const [association, message] = ours.inbox.errors.sort();
    expect(ours.inbox.errors).toHaveLength(2);
    expect(association).toContain(`association with ${place} could not be started`);
    expect(message).toContain(`message of ${String(length)} bytes to ${place} not delivered`);
    expect(message).toContain('[sid 1, ppid 46, context 77]');
  });

  test('does not answer: several waiting messages are reported one by one', async () => {
    const { a } = await twoHosts();
    await a.shape('eth0', 'netem', 'loss', '100%');
    const initMsg = { maxAttempts: 1, maxInitTimeo: 1000 };
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp: { initMsg } });
    const messages = [10, 150_000, 20, 70_000];
    // At once: after the first attempt has failed, a message would start another.
    await Promise.all(messages.map((length) => ours.send(Buffer.alloc(length), '10.0.0.2', 5000)));
    const errors = await ours.inbox.waitForErrors(messages.length + 1);
    const lengths = errors.map(
      (text) => /^message of (\d+) bytes to 10.0.0.2:5000/.exec(text)?.[1],
    );
    expect(lengths.filter(Boolean).map(Number)).toEqual(messages);
    expect(errors.filter((text) => text.startsWith('association with 10.0.0.2:5000'))).toHaveLength(
      1,
    );
  });

  test('aborts is reported with its name, and a new association can follow', async () => {
    const ours = await meet(SEQPACKET);
    await ours.peer.close({ abort: true });
    const [error] = await ours.inbox.waitForErrors(1);
    const place = `${LOCAL}:${String(ours.peer.port)}`;
    expect(error).toContain(`association with ${place} lost: aborted by the peer`);

    const next = await PythonPeer.open({ port: ours.peer.port });
    ours.handle.send(Buffer.from('again'), LOCAL, next.port);
    expect((await next.waitForMessages(1)).map(textOf)).toEqual(['again']);
    expect(ours.inbox.errors).toHaveLength(1);
  });

  test('aborts with messages unread: each is reported', async () => {
    const ours = openLocal();
    const peer = await PythonPeer.open({ reading: false, rcvBuf: 20_000 });
    const contexts = Array.from({ length: 20 }, (_, i) => i);
    for (const context of contexts) {
      ours.handle.send(Buffer.alloc(10_000), LOCAL, peer.port, { context });
    }
    await peer.close({ abort: true });
    await ours.inbox.waitForErrors(2);
    await settle(ours);
    const [lost, ...reports] = ours.inbox.errors.sort();
    expect(lost).toMatch(/^association with .* lost/);
    const reported = reports.map((text) => Number(/, context (\d+)\]$/.exec(text)?.[1]));
    expect(new Set(reported).size).toBe(reported.length);
    // Two or three were acknowledged: they lay in the peer's buffer.
    expect(reported.length).toBeGreaterThanOrEqual(contexts.length - 5);
  });

  test('is killed, having read everything: that is a graceful end, and no error', async () => {
    const ours = await meet(SEQPACKET);
    ours.peer.program.process.kill('SIGKILL');
    await ours.peer.program.ended;
    await settle(ours);
    expect(ours.inbox.errors).toEqual([]);
    const next = await PythonPeer.open({ port: ours.peer.port });
    ours.handle.send(Buffer.from('again'), LOCAL, next.port);
    expect((await next.waitForMessages(1)).map(textOf)).toEqual(['again']);
  });

  test('is killed with a message unread: its kernel aborts, and that is reported', async () => {
    const ours = openLocal();
    const peer = await PythonPeer.open({ reading: false });
    ours.handle.send(Buffer.from('unread'), LOCAL, peer.port);
    // The peer answers while it does not read: so the message has arrived.
    await peer.send('hi', { to: [LOCAL, ours.port] });
    await ours.inbox.waitForMessages(1);
    peer.program.process.kill('SIGKILL');
    expect((await ours.inbox.waitForErrors(1))[0]).toContain(`${LOCAL}:${String(peer.port)} lost`);
  });

  test('shuts down is no error, and sending again starts a new association', async () => {
    const ours = await meet(SEQPACKET);
    const { peer, handle, inbox, port } = ours;
    const data = randomBytes(1000);
    for (let round = 1; round <= 3; round++) {
      await peer.shutdown([LOCAL, port]);
      await peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
      peer.events.length = 0;
      handle.send(data, LOCAL, peer.port);
      await peer.waitFor({ event: 'assoc', state: 'commUp' });
      expect((await peer.waitForMessages(1))[0]?.sha256).toBe(sha256(data));
    }
    await settle(ours);
    expect(inbox.errors).toEqual([]);
  });

  test('is a connection: its messages arrive before its end, which is no error', async () => {
    const ours = await meet('with a SOCK_STREAM client');
    for (let i = 0; i < 10; i++) await ours.peerSends(`message ${String(i)}`);
    await ours.peer.shutdown();
    await ours.peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
    await ours.inbox.waitForMessages(10);
    expect(ours.inbox.texts()).toEqual(
      Array.from({ length: 10 }, (_, i) => `message ${String(i)}`),
    );
    await settle(ours);
    expect(ours.inbox.errors).toEqual([]);
  });
});
