/** Against another implementation: werift's. */
import { createDataChannelAssociation, type DataChannelAssociation } from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';
import { announced, event, Link, messages, pattern, pause } from './link';
import { makeWerift, makeWeriftChannel, type WeriftEnd } from './werift';

async function meet(
  weBegin: boolean,
  loss = 0,
): Promise<{ association: DataChannelAssociation; other: WeriftEnd }> {
  const association = createDataChannelAssociation({ role: weBegin ? 'server' : 'client' });
  const other = makeWerift(weBegin ? 'controlled' : 'controlling');
  new Link({ seed: 2, loss, delay: 1 }).join(association, other);
  defer(() => other.transport.stop().catch(() => undefined));
  defer(() => {
    association.abort();
  });
  const started = other.start();
  await association.connect();
  await started;
  await pause(20);
  return { association, other };
}

test.each([true, false])(
  'channels of both ends, messages of every kind; we begin: %s',
  async (we) => {
    const { association, other } = await meet(we);
    other.transport.onDataChannel.subscribe((channel) => {
      channel.onMessage.subscribe((data) => {
        channel.send(data);
      });
    });
    const ours = association.createDataChannel('ours');
    await event(ours, 'open');
    const echo = messages(ours, 3);
    ours.send('text');
    ours.send(pattern(1, 1));
    ours.send(pattern(2, 60_000));
    expect(await echo).toEqual(['text', pattern(1, 1), pattern(2, 60_000)]);

    const theirs = makeWeriftChannel(other, 'theirs');
    const atOurs = await announced(association);
    expect(atOurs).toMatchObject({ label: 'theirs', ordered: true });
    const got = messages(atOurs, 2);
    while (theirs.readyState !== 'open') await pause(1);
    theirs.send('from werift');
    theirs.send(pattern(3, 30_000));
    expect(await got).toEqual(['from werift', pattern(3, 30_000)]);

    const received: unknown[] = [];
    theirs.onMessage.subscribe((data) => received.push(data));
    atOurs.send('');
    atOurs.send(Buffer.alloc(0));
    while (received.length < 2) await pause(1);
    expect(received).toEqual(['', Buffer.alloc(0)]);
  },
);

test('closing by either end', async () => {
  const { association, other } = await meet(true);
  const ours = association.createDataChannel('ours');
  await event(ours, 'open');
  await pause(20);
  ours.close();
  const peer = Object.values(other.transport.dataChannels)[0];
  while (peer?.readyState !== 'closed') await pause(1);
  const theirs = makeWeriftChannel(other, 'theirs');
  const atOurs = await announced(association);
  const closing = new Promise<void>((resolve) => atOurs.on('closing', resolve));
  theirs.close();
  await closing;
  expect(['closing', 'closed']).toContain(atOurs.readyState);
});

test('under loss', async () => {
  const { association, other } = await meet(true, 0.01);
  const sizes: number[] = [];
  other.transport.onDataChannel.subscribe((channel) => {
    channel.onMessage.subscribe((data) => sizes.push(data.length));
  });
  const ours = association.createDataChannel('ours');
  await event(ours, 'open');
  for (let i = 1; i <= 50; i++) ours.send(pattern(i, i * 100));
  while (sizes.length < 50) await pause(5);
  expect(sizes).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1) * 100));
});
