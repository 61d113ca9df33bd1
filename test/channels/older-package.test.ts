/** The older package's class: its names, properties and events. */
import { once } from 'node:events';

import { SctpAssociation, SctpDataChannel } from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';
import { Link, pause } from './link';

function makeOlderPair(): { client: SctpAssociation; server: SctpAssociation; link: Link } {
  const make = (role: 'client' | 'server') =>
    new SctpAssociation({ localPort: 5000, remotePort: 5000, role });
  const pair = { client: make('client'), server: make('server'), link: new Link() };
  pair.link.join(pair.client, pair.server);
  defer(() => Promise.all([pair.client.close(), pair.server.close()]).catch(() => undefined));
  return pair;
}

test('an association from its beginning to its end', async () => {
  const { client, server } = makeOlderPair();
  const states: string[] = [];
  client.on('state', (state) => states.push(state));
  expect(client).toMatchObject({
    state: 'new',
    flightSize: 0,
    sendQueueLength: 0,
    peerWindowClosed: false,
  });
  await Promise.all([server.connect(), client.connect(5000)]);
  expect(client.cwnd).toBeGreaterThan(1200);
  expect(client.peerRwnd).toBeGreaterThan(1_000_000);

  const options = { label: 'chat', protocol: 'p', ordered: false, maxRetransmits: 2 };
  const channel = client.createDataChannel(options);
  expect(channel).toMatchObject({ ...options, id: 0, negotiated: false, state: 'connecting' });
  const [[theirs]] = (await Promise.all([once(server, 'datachannel'), once(channel, 'open')])) as [
    [SctpDataChannel],
    unknown,
  ];
  expect(theirs).toBeInstanceOf(SctpDataChannel);
  expect(theirs).toMatchObject({ ...options, id: 0, readyState: 'open' });
  expect(theirs.maxPacketLifeTime).toBeUndefined();

  const received: unknown[] = [];
  theirs.on('message', (data) => received.push(data));
  channel.bufferedAmountLowThreshold = 100;
  const low = once(channel, 'bufferedamountlow');
  channel.send('text');
  channel.send(Buffer.from('bytes'));
  channel.send('');
  channel.send(Buffer.alloc(0));
  channel.send(Buffer.alloc(200));
  expect(channel.bufferedAmount).toBeGreaterThan(200);
  await low;
  await pause(20);
  expect(received).toEqual(['text', Buffer.from('bytes'), '', Buffer.alloc(0), Buffer.alloc(200)]);

  const events: string[] = [];
  for (const name of ['closing', 'close'] as const) theirs.on(name, () => events.push(name));
  channel.close();
  await once(channel, 'close');
  await pause(20);
  expect(events).toEqual(['closing', 'close']);
  await client.close();
  expect(states).toEqual(['connecting', 'connected', 'closed']);
});

test('ids: even for the client, odd for the server; negotiated ones skip DCEP', async () => {
  const { client, server } = makeOlderPair();
  const ids = (end: SctpAssociation) =>
    [0, 1, 2].map(() => end.createDataChannel({ label: 'x' }).id);
  expect([ids(client), ids(server)]).toEqual([
    [0, 2, 4],
    [1, 3, 5],
  ]);
  const options = { label: 'n', negotiated: true, id: 9 };
  const [ours, theirs] = [client, server].map((end) => end.createDataChannel(options)) as [
    SctpDataChannel,
    SctpDataChannel,
  ];
  expect(() => client.createDataChannel({ label: 'n', negotiated: true })).toThrow(TypeError);
  await Promise.all([client.connect(), once(ours, 'open'), once(theirs, 'open')]);
  const message = once(theirs, 'message');
  ours.send(Buffer.alloc(1_000_000, 1));
  expect(await message).toEqual([Buffer.alloc(1_000_000, 1)]);
});

test('connect rejects at its timeout, and the state is failed', async () => {
  const { client, link } = makeOlderPair();
  link.faults = { loss: 1 };
  await expect(client.connect(50)).rejects.toThrow(/no answer within/);
  expect(client.state).toBe('failed');
});

test('what waits is counted', async () => {
  const { client, server, link } = makeOlderPair();
  const channel = client.createDataChannel({ label: 'x' });
  await Promise.all([client.connect(), server.connect(), once(channel, 'open')]);
  await pause(20);
  link.faults = { loss: 1 };
  for (let i = 0; i < 50; i++) channel.send(Buffer.alloc(1000));
  await pause(20);
  expect(client.flightSize).toBeGreaterThan(0);
  expect(client.sendQueueLength).toBeGreaterThan(0);
  link.faults = {};
});
