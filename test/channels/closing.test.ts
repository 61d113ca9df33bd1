/** How channels and associations end. */
import { once } from 'node:events';

import { announced, connected, event, makePair, messages, pause, withChannel } from './link';

test('what was sent before close() arrives, then both ends are closed', async () => {
  const { ours, theirs } = await withChannel({}, { seed: 3, loss: 0.05, delay: 1 });
  const order: string[] = [];
  theirs.on('message', (data) => order.push(String(data.length)));
  theirs.on('closing', () => order.push('closing'));
  theirs.on('close', () => order.push('close'));
  ours.on('closing', () => order.push('never: we have closed it'));
  const closed = Promise.all([event(ours, 'close'), event(theirs, 'close')]);
  for (let i = 0; i < 50; i++) ours.send(Buffer.alloc(2000));
  ours.send(new Blob(['x'.repeat(999)]));
  ours.close();
  await closed;
  expect(order).toEqual([...Array<string>(50).fill('2000'), '999', 'closing', 'close']);
});

test('abort() from a listener: no message comes after it', async () => {
  const { server, ours, theirs } = await withChannel();
  const received: unknown[] = [];
  theirs.on('message', (data) => {
    received.push(data);
    server.abort();
  });
  const closed = event(theirs, 'close');
  for (const text of ['1', '2', '3', '4']) ours.send(text);
  await closed;
  expect(received).toEqual(['1']);
});

test('both may close at the same time', async () => {
  const { ours, theirs } = await withChannel({}, { delay: 2 });
  const closed = Promise.all([event(ours, 'close'), event(theirs, 'close')]);
  ours.close();
  theirs.close();
  ours.close();
  await closed;
  expect([ours.readyState, theirs.readyState]).toEqual(['closed', 'closed']);
});

test('an id is used again once its channel is closed at both ends', async () => {
  const { client, server } = await connected({ delay: 1 });
  const labels: string[] = [];
  server.on('datachannel', (channel) => {
    labels.push(channel.label);
    channel.on('message', (data) => {
      channel.send(data);
    });
  });
  const ids = new Set<number>();
  for (let i = 0; i < 30; i++) {
    const channel = client.createDataChannel(`round ${String(i)}`);
    ids.add(channel.id);
    await event(channel, 'open');
    channel.send('echo');
    expect(await messages(channel, 1)).toEqual(['echo']);
    channel.close();
    await event(channel, 'close');
  }
  expect(labels.length).toBe(30);
  expect(ids.size).toBe(1);
});

test('many channels come and go at once, under loss', async () => {
  const faults = { seed: 11, loss: 0.03, duplication: 0.02, reordering: 0.05, delay: 1 };
  const { client, server } = await connected(faults);
  server.on('datachannel', (channel) => {
    channel.on('message', (data) => {
      channel.send(data);
      if (data === 'last') channel.close();
    });
  });
  const life = async (name: string): Promise<string[]> => {
    const channel = client.createDataChannel(name, { ordered: true });
    await event(channel, 'open');
    const got = messages(channel, 3);
    const closed = event(channel, 'close');
    for (const text of [name, 'x'.repeat(5000), 'last']) channel.send(text);
    await closed;
    return (await got) as string[];
  };
  for (let round = 0; round < 5; round++) {
    const names = Array.from({ length: 40 }, (_, i) => `${String(round)}.${String(i)}`);
    const results = await Promise.all(names.map(life));
    expect(results.map(([name]) => name)).toEqual(names);
  }
  expect(client.createDataChannel('next').id).toBe(0);
});

test('close() delivers everything: 200 messages', async () => {
  const { ours, theirs, client, server } = await withChannel({}, { seed: 5, loss: 0.02 });
  const got = messages(theirs, 200);
  const over = once(server, 'close');
  for (let i = 0; i < 200; i++) ours.send(Buffer.alloc(10_000, i));
  await client.close();
  expect((await got).map((data) => (data as Buffer)[9999])).toEqual(
    Array.from({ length: 200 }, (_, i) => i),
  );
  expect(await over).toEqual([undefined]);
  expect([client.state, server.state, ours.readyState, theirs.readyState]).toEqual(
    Array<string>(2).fill('closed').concat(['closed', 'closed']),
  );
});

test('close() waits for Blobs', async () => {
  const { ours, theirs, client } = await withChannel();
  const got = messages(theirs, 2);
  ours.send(new Blob(['from a Blob']));
  ours.send('and after it');
  await client.close();
  expect((await got).map(String)).toEqual(['from a Blob', 'and after it']);
});

test('close() before anything, twice, and after the end', async () => {
  const { client } = makePair();
  const channel = client.createDataChannel('x');
  const closed = event(channel, 'close');
  await Promise.all([client.close(), client.close()]);
  await closed;
  await client.close();
  expect(client.state).toBe('closed');
  await expect(client.connect()).rejects.toMatchObject({ code: 'ERR_SCTP_CLOSED' });
});

test('a peer that is gone lets close() fail after closeTimeout', async () => {
  const { ours, client, link } = await withChannel({}, {}, { closeTimeout: 100 });
  link.faults = { loss: 1 };
  ours.send('lost');
  await expect(client.close()).rejects.toMatchObject({ code: 'ERR_SCTP_CLOSE_TIMEOUT' });
  expect(client.state).toBe('failed');
});

test('a channel that is closed before the association is up is never announced', async () => {
  const { client, server } = makePair();
  const announcedLabels: string[] = [];
  server.on('datachannel', ({ label }) => announcedLabels.push(label));
  const early = client.createDataChannel('early');
  early.close();
  await event(early, 'close');
  const later = client.createDataChannel('later');
  expect(later.id).toBe(0);
  await Promise.all([client.connect(), announced(server)]);
  expect(announcedLabels).toEqual(['later']);
});

test('a peer that restarts closes the channels but for negotiated ones', async () => {
  const first = makePair();
  const channel = first.client.createDataChannel('in band');
  const kept = first.client.createDataChannel('negotiated', { negotiated: true, id: 8 });
  await Promise.all([first.client.connect(), event(channel, 'open'), event(kept, 'open')]);
  const restarted = once(first.client, 'restart');
  const closed = new Promise<void>((resolve) => channel.on('close', resolve));
  const second = makePair();
  first.link.join(first.client, second.server);
  const other = second.server.createDataChannel('negotiated', { negotiated: true, id: 8 });
  await Promise.all([second.server.connect(), restarted, closed]);
  if (other.readyState !== 'open') await event(other, 'open');
  other.send('from the new life');
  expect(await messages(kept, 1)).toEqual(['from the new life']);
  await pause(1);
});
