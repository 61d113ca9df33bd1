/** Peers that break the rules of data channels. */
import type { DataChannel } from 'kernel-sctp/channels';

import { decode, encodeOpen } from '#lib/channels/dcep';

import { announced, event, messages, pattern, pause } from './link';
import { withRawPeer } from './raw-peer';

const DCEP = 50;
const plain = {
  ordered: true,
  maxRetransmits: null,
  maxPacketLifeTime: null,
  priority: 256,
  label: 'raw',
  protocol: '',
};

test.each([
  [0x00, true, null, null],
  [0x80, false, null, null],
  [0x01, true, 3, null],
  [0x81, false, 3, null],
  [0x02, true, null, 500],
  [0x82, false, null, 500],
])('OPEN of type %i', async (type, ordered, maxRetransmits, maxPacketLifeTime) => {
  const open = { ...plain, ordered, maxRetransmits, maxPacketLifeTime, protocol: 'é' };
  const bytes = encodeOpen(open);
  expect(bytes.readUInt8(1)).toBe(type);
  expect(decode(bytes)).toEqual({ type: 'open', open });
  const { association, peer } = await withRawPeer();
  const channel = announced(association);
  peer.say(4, DCEP, bytes);
  expect(await channel).toMatchObject({ id: 4, ordered, maxRetransmits, maxPacketLifeTime });
  await pause(5);
  expect(peer.received).toEqual([{ sid: 4, ppid: DCEP, data: Buffer.of(2) }]);
});

test.each([
  ['empty', Buffer.of(3)],
  ['of an unknown type', Buffer.from(encodeOpen(plain)).fill(0x05, 1, 2)],
  ['with a label beyond its end', Buffer.from(encodeOpen(plain)).fill(0xff, 8, 10)],
  ['with bytes too many', Buffer.concat([encodeOpen(plain), Buffer.alloc(1)])],
])('an OPEN that is malformed is answered by a reset: %s', async (_name, bytes) => {
  const { association, peer, errors } = await withRawPeer();
  association.on('datachannel', () => {
    throw new Error('announced');
  });
  peer.say(4, DCEP, bytes);
  await pause(20);
  expect(peer.resets).toEqual([4]);
  expect(errors[0]).toMatch(/malformed DATA_CHANNEL_OPEN/);
  expect(association.state).toBe('connected');
  peer.engine.resetStreams([4]);
  await pause(20);
  peer.say(4, DCEP, encodeOpen(plain)); // the stream is free again
  association.removeAllListeners('datachannel');
  expect((await announced(association)).id).toBe(4);
});

test('an OPEN of our parity, and one beyond the streams, are refused', async () => {
  const { association, peer, errors } = await withRawPeer();
  association.on('datachannel', () => {
    throw new Error('announced');
  });
  peer.say(5, DCEP, encodeOpen(plain));
  await pause(20);
  expect(peer.resets).toEqual([5]);
  expect(errors).toEqual([expect.stringMatching(/parity/)]);
});

test('an OPEN on a stream that is in use closes the channel', async () => {
  const { association, peer } = await withRawPeer();
  peer.say(4, DCEP, encodeOpen(plain));
  const channel = await announced(association);
  const [errors, closed] = [
    [] as string[],
    new Promise((done) =>
      channel.on('close', () => {
        done(0);
      }),
    ),
  ];
  channel.on('error', ({ message }) => errors.push(message));
  await event(channel, 'open');
  peer.say(4, DCEP, encodeOpen(plain));
  await pause(20);
  expect([channel.readyState, peer.resets]).toEqual(['closing', [4]]);
  peer.engine.resetStreams([4]);
  await closed;
  expect(errors).toEqual([expect.stringMatching(/in use/)]);
});

test('data on a stream that is no channel, unknown DCEP and stray ACKs are ignored', async () => {
  const { association, peer, errors } = await withRawPeer();
  peer.say(8, 51, 'nobody listens');
  peer.say(8, DCEP, Buffer.of(2));
  peer.say(8, DCEP, Buffer.of(0x77, 1, 2));
  peer.say(4, DCEP, encodeOpen(plain));
  const channel = await announced(association);
  peer.say(4, 4711, 'an unknown PPID');
  peer.say(4, 51, Buffer.from([0xff, 0xfe, 0x41])); // no UTF-8
  expect(await messages(channel, 1)).toEqual(['\ufffd\ufffdA']);
  expect(errors).toEqual([
    expect.stringMatching(/stream 8/),
    expect.stringMatching(/unknown type \(0x77\)/),
    expect.stringMatching(/4711/),
  ]);
});

test('without listeners for errors nothing happens either', async () => {
  const { association, peer } = await withRawPeer();
  association.removeAllListeners('violation');
  peer.say(8, 51, 'nobody listens');
  peer.say(5, DCEP, encodeOpen(plain));
  await pause(20);
  expect(association.state).toBe('connected');
});

test('a message above maxMessageSize aborts the association', async () => {
  const { association, peer } = await withRawPeer({ maxMessageSize: 10_000 });
  const over = new Promise((resolve) => association.on('close', resolve));
  peer.say(4, DCEP, encodeOpen(plain));
  const channel = await announced(association);
  const closed = new Promise<DataChannel>((resolve) => {
    channel.on('close', () => {
      resolve(channel);
    });
  });
  peer.say(4, 53, pattern(1, 10_001));
  expect(await over).toMatchObject({ code: 'ERR_SCTP_MESSAGE_TOO_LARGE' });
  expect((await closed).readyState).toBe('closed');
  await pause(5);
  expect(peer.isOver).toBe(true);
});

test('a stream reset by a peer that never opened it', async () => {
  const { association, peer } = await withRawPeer();
  peer.engine.resetStreams([1, 2, 3]);
  await pause(20);
  expect(association.state).toBe('connected');
});
