/** What goes with a message arrives as it was said, between our handle and Python's sockets. */
import { describeSctp } from '../support/sctp';
import { PythonPeer, textOf } from '../support/python-peers';
import { LOCAL, meet, meetings, openLocal } from './meetings';

const infos = [
  { sid: 0, ppid: 0, unordered: false },
  { sid: 9, ppid: 46, unordered: true },
  { sid: 3, ppid: 0xffffffff, unordered: false },
  { sid: 5, ppid: 0x01020304, unordered: true, context: 7 },
];

const SCTP_PR_SCTP_TTL = 0x10;

describeSctp('stream, ppid, order and context', () => {
  test.each(meetings)('arrive as they were said, %s', async (how) => {
    const { inbox, handle, peer, port, peerSends } = await meet(how);
    for (const info of infos) {
      handle.send(Buffer.from(String(info.ppid)), LOCAL, peer.port, info);
      await peerSends(String(info.ppid), { ...info, pr: [SCTP_PR_SCTP_TTL, 30_000] });
    }
    expect(handle.send(Buffer.from('plain'), LOCAL, peer.port)).toBe(5);

    const theirs = await peer.waitForMessages(infos.length + 1);
    const byText = Object.fromEntries(theirs.map((message) => [textOf(message), message]));
    // A context is local: ours comes back in reports, theirs is what SCTP_CONTEXT says.
    const from = { host: LOCAL, port, context: 0 };
    for (const info of infos) expect(byText[info.ppid]).toMatchObject({ ...info, ...from });
    expect(byText['plain']).toMatchObject({ ...from, sid: 0, ppid: 0, unordered: true, length: 5 });

    const ours = await inbox.waitForMessages(infos.length);
    for (const sent of infos) {
      const message = ours.find(({ data }) => data.toString() === String(sent.ppid));
      expect(message).toMatchObject({ host: LOCAL, port: peer.port });
      expect(message?.info).toMatchObject({ ...sent, context: 0 });
    }
    expect(new Set(ours.map(({ info }) => info.tsn)).size).toBe(infos.length);
    expect(new Set(ours.map(({ info }) => info.assocId)).size).toBe(1);
  });

  test.each([meetings[0], meetings[2]])('ordered messages keep their order, %s', async (how) => {
    const { inbox, handle, peer, peerSends } = await meet(how);
    const lengths = Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? 90_000 - i : 100 + i));
    const numbers = lengths.map((_, i) => i);
    for (const length of lengths) {
      handle.send(Buffer.alloc(length, 'x'), LOCAL, peer.port, { unordered: false, sid: 1 });
    }
    for (const length of lengths) await peerSends(Buffer.alloc(length, 'x'), { sid: 2 });
    const theirs = await peer.waitForMessages(lengths.length);
    expect(theirs.map(({ length }) => length)).toEqual(lengths);
    expect(theirs.map(({ ssn }) => ssn)).toEqual(numbers);
    const ours = await inbox.waitForMessages(lengths.length);
    expect(ours.map(({ data }) => data.length)).toEqual(lengths);
    expect(ours.map(({ info }) => info.ssn)).toEqual(numbers);
  });

  test('defaultSndInfo goes with every message, and a message can differ', async () => {
    const defaultSndInfo = { sid: 4, ppid: 46, unordered: false };
    const { handle } = openLocal({ sctp: { defaultSndInfo } });
    const peer = await PythonPeer.open();
    handle.send(Buffer.from('one'), LOCAL, peer.port);
    handle.send(Buffer.from('two'), LOCAL, peer.port, { ppid: 0, unordered: true });
    handle.setOption('defaultSndInfo', { sid: 6, ppid: 3, unordered: true });
    handle.send(Buffer.from('three'), LOCAL, peer.port);
    const received = (await peer.waitForMessages(3)).map((message) => {
      const { sid, ppid, unordered } = message;
      return [textOf(message), { sid, ppid, unordered }];
    });
    expect(Object.fromEntries(received)).toEqual({
      one: defaultSndInfo,
      two: { sid: 4, ppid: 0, unordered: true },
      three: { sid: 6, ppid: 3, unordered: true },
    });
  });

  test("the receiver's context is its own: SCTP_CONTEXT", async () => {
    const SCTP_CONTEXT = 17;
    const peer = await PythonPeer.open({ options: [[132, SCTP_CONTEXT, '0000000063000000']] });
    openLocal().handle.send(Buffer.from('x'), LOCAL, peer.port, { context: 7 });
    expect((await peer.waitForMessages(1))[0]?.context).toBe(0x63);
  });

  test('the last of as many streams as there can be', async () => {
    const streams = 65535;
    const initMsg = { numOstreams: streams, maxInstreams: streams };
    const { handle, inbox, port } = openLocal({ sctp: { initMsg } });
    const peer = await PythonPeer.open({ streams: [streams, streams] });
    handle.send(Buffer.from('up'), LOCAL, peer.port, { sid: streams - 1 });
    expect((await peer.waitForMessages(1))[0]?.sid).toBe(streams - 1);
    await peer.send('down', { to: [LOCAL, port], sid: streams - 1 });
    expect((await inbox.nextMessage()).info.sid).toBe(streams - 1);
  });
});
