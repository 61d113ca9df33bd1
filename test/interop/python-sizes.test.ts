/** Messages of every size arrive byte for byte, between our handle and Python's sockets. */
import { randomBytes } from 'node:crypto';

import { describeSctp } from '../support/sctp';
import { sha256 } from '../support/python-peers';
import { LOCAL, meet, meetings, MIB } from './meetings';

const sizes = [1, 1452, 65535, 65536, 65537, 200_000, MIB];

describeSctp('messages of 1 B to 1 MiB, both ways', () => {
  test.each(meetings)('%s', async (how) => {
    const buffers = { rcvBuf: 2 * MIB, sndBuf: 2 * MIB };
    const { inbox, handle, peer, peerSends } = await meet(how, { python: buffers });
    const data = sizes.map((size) => randomBytes(size));

    for (const message of data) {
      expect(handle.send(message, LOCAL, peer.port, { unordered: false })).toBe(message.length);
    }
    const theirs = await peer.waitForMessages(sizes.length);
    expect(theirs.map(({ length }) => length)).toEqual(sizes);
    expect(theirs.map((message) => message.sha256)).toEqual(data.map(sha256));

    for (const message of data) expect(await peerSends(message)).toBe(message.length);
    const ours = await inbox.waitForMessages(sizes.length);
    expect(ours.map((message) => message.data.length)).toEqual(sizes);
    expect(ours.map((message) => sha256(message.data))).toEqual(data.map(sha256));
    expect([inbox.messages.length, inbox.errors]).toEqual([sizes.length, []]);
  });

  test('with the default buffers of a program that sets none', async () => {
    const { inbox, handle, peer, peerSends } = await meet(meetings[0]);
    const data = randomBytes(200_000);
    handle.send(data, LOCAL, peer.port);
    expect((await peer.waitForMessages(1))[0]?.sha256).toBe(sha256(data));
    await peerSends(data);
    expect(sha256((await inbox.nextMessage()).data)).toBe(sha256(data));
  });
});
