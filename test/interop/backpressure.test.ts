/** A peer that does not read: nothing that send() accepted is lost or doubled. */
import { randomBytes } from 'node:crypto';

import { describeSctp } from '../support/sctp';
import { PythonPeer, sha256 } from '../support/python-peers';
import { LOCAL, MIB, type Opened, openLocal } from './meetings';

const COUNT = 200;
const SIZE = 60_000;

/** With room for many packets: a short window makes the kernels wait for each other. */
function openPausedPeer(): Promise<PythonPeer> {
  return PythonPeer.open({ reading: false, rcvBuf: MIB });
}

/** Messages that are all different. */
function differentMessages(count: number): Buffer[] {
  const content = randomBytes(SIZE);
  return Array.from({ length: count }, (_, i) => {
    const message = Buffer.from(content);
    message.writeUInt32BE(i);
    return message;
  });
}

async function expectExactly(peer: PythonPeer, sent: Buffer[]): Promise<void> {
  const got = await peer.waitForMessages(sent.length);
  expect(got.map((message) => message.sha256).sort()).toEqual(sent.map(sha256).sort());
}

interface Refusal {
  code: string;
  message: string;
}

/** Sends until send() refuses. */
function sendUntilRefused({ handle }: Opened, peer: PythonPeer): [Buffer[], Refusal] {
  const messages = differentMessages(COUNT);
  for (const [i, message] of messages.entries()) {
    try {
      handle.send(message, LOCAL, peer.port);
    } catch (error) {
      return [messages.slice(0, i), error as Refusal];
    }
  }
  throw new Error('send() took everything');
}

describeSctp('messages for a peer that does not read yet', () => {
  test('are all accepted up to sendBufferLimit, and all arrive when it reads', async () => {
    const { handle, inbox } = openLocal({ sendBufferLimit: 16 * MIB });
    const peer = await openPausedPeer();
    const messages = differentMessages(COUNT);
    for (const message of messages) {
      expect(handle.send(message, LOCAL, peer.port)).toBe(SIZE);
    }
    await peer.read(true);
    await expectExactly(peer, messages);
    handle.send(Buffer.from('last'), LOCAL, peer.port);
    await peer.waitForMessages(COUNT + 1);
    expect(peer.messages).toHaveLength(COUNT + 1);
    expect(inbox.errors).toEqual([]);
  });

  test('keep their order if they are ordered', async () => {
    const { handle } = openLocal({ sendBufferLimit: 16 * MIB, unordered: false });
    const peer = await openPausedPeer();
    const messages = differentMessages(COUNT / 2);
    for (const message of messages) handle.send(message, LOCAL, peer.port);
    await peer.read(true);
    const got = await peer.waitForMessages(messages.length);
    expect(got.map((message) => message.sha256)).toEqual(messages.map(sha256));
  });

  test('beyond sendBufferLimit are refused, and what was accepted arrives', async () => {
    const limit = 300_000;
    const ours = openLocal({ sendBufferLimit: limit });
    const peer = await openPausedPeer();
    const [accepted, refusal] = sendUntilRefused(ours, peer);
    expect(refusal).toMatchObject({
      code: 'ERR_SCTP_SEND_BUFFER_FULL',
      size: SIZE,
      queued: 4 * (SIZE + 256),
      limit,
      address: LOCAL,
      port: peer.port,
    });
    expect(refusal.message).toContain(`${LOCAL}:${String(peer.port)}`);
    await peer.read(true);
    await expectExactly(peer, accepted);

    const more = differentMessages(1);
    for (const message of more) ours.handle.send(message, LOCAL, peer.port);
    await expectExactly(peer, [...accepted, ...more]);
    expect(ours.inbox.errors).toEqual([]);
  });

  test('without a sendBufferLimit are refused as soon as the kernel is full', async () => {
    const ours = openLocal({ sendBufferLimit: 0 });
    const peer = await openPausedPeer();
    const [accepted, refusal] = sendUntilRefused(ours, peer);
    expect(refusal).toMatchObject({ code: 'ERR_SCTP_SEND_BUFFER_FULL', queued: 0, limit: 0 });
    await peer.read(true);
    await expectExactly(peer, accepted);
  });

  test('arrive though the handle is closed meanwhile', async () => {
    const { handle, inbox } = openLocal({ sendBufferLimit: 16 * MIB });
    const peer = await openPausedPeer();
    const messages = differentMessages(COUNT);
    for (const message of messages) handle.send(message, LOCAL, peer.port);
    handle.close();
    expect(() => handle.send(Buffer.from('late'), LOCAL, peer.port)).toThrow('Not running');
    await peer.read(true);
    await expectExactly(peer, messages);
    // All of it came before the end of the association, which was no abort.
    const end = await peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
    expect(peer.events.at(-1)).toBe(end);
    expect(inbox.errors).toEqual([]);
  });
});
