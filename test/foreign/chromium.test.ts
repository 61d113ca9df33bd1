/** A real browser: Chromium. CHURN_SECONDS says for how long channels come and go. */
import { join } from 'node:path';

import type { DataChannel, DataChannelAssociation, DataChannelInit } from 'kernel-sctp/channels';

import { event, messages, pattern } from '../channels/link';
import { projectRoot, start } from '../support/child';
import { Chromium } from './chromium';
import {
  announcement,
  described,
  expectArrival,
  expectSame,
  KINDS,
  LONGEST,
  type Message,
  taking,
} from './kinds';
import { meet, type Remote } from './meeting';

let browser: Chromium;
beforeAll(() => {
  browser = new Chromium();
});
afterAll(() => browser.close());

async function exchange(
  remote: Remote,
  channel: DataChannel,
  init: DataChannelInit,
): Promise<void> {
  const { label } = channel;
  await expectArrival(init, (list) => remote.send(label, list), taking(channel));
  const send = (list: Message[]): void => {
    for (const message of list) channel.send(message);
  };
  await expectArrival(init, send, () => remote.receive(label, 0));
}

test('channels of every kind that the browser opens', async () => {
  const { association, remote } = await meet(browser);
  for (const [label, init] of KINDS) {
    const arrived = announcement(association, label);
    const { id } = await remote.open(label, init);
    const channel = await arrived;
    expect(channel).toMatchObject({ ...described(label, init), id });
    await exchange(remote, channel, init);
  }
});

test('channels of every kind that we open', async () => {
  const { association, remote } = await meet(browser);
  for (const [label, init] of KINDS) {
    const channel = association.createDataChannel(label, init);
    await event(channel, 'open');
    expect(await remote.announced(label)).toEqual({ ...described(label, init), id: channel.id });
    await exchange(remote, channel, init);
  }
});

test('a negotiated channel', async () => {
  const { association, remote } = await meet(browser);
  const init = { negotiated: true, id: 500, ordered: false, protocol: 'agreed' };
  const channel = association.createDataChannel('negotiated', init);
  expect(await remote.open('negotiated', init)).toEqual(described('negotiated', init));
  const got = messages(channel, 1);
  await remote.send('negotiated', ['from the browser']);
  expect(await got).toEqual(['from the browser']);
  channel.send('from us');
  expect(await remote.receive('negotiated', 1)).toEqual(['from us']);
});

test('either end closes a channel after what was sent on it, and its id is used again', async () => {
  const { association, remote } = await meet(browser);
  const ids = new Set<number | null>();
  for (const closer of ['we', 'the browser', 'both', 'we'] as const) {
    const ours = association.createDataChannel('ours');
    await event(ours, 'open');
    await remote.announced('ours');
    ids.add(ours.id);
    const closed = event(ours, 'close');
    if (closer !== 'the browser') {
      ours.send(pattern(4, LONGEST));
      ours.close();
    }
    if (closer === 'we') {
      expectSame(await remote.receive('ours', 1), [pattern(4, LONGEST)]);
      await remote.closed('ours');
    } else await remote.close('ours');
    await closed;
    expect(ours.readyState).toBe('closed');
  }
  expect(ids.size).toBe(1);

  const arrived = announcement(association, 'theirs');
  await remote.open('theirs', {});
  const theirs = await arrived;
  const got = messages(theirs, 1);
  const ended = event(theirs, 'close');
  await remote.send('theirs', [pattern(5, LONGEST)]);
  await remote.close('theirs');
  expectSame(await got, [pattern(5, LONGEST)]);
  await ended;
});

test('megabytes, both ways at once', async () => {
  const { association, remote } = await meet(browser);
  const channel = association.createDataChannel('bulk');
  await event(channel, 'open');
  await remote.announced('bulk');
  const many = Array.from({ length: 20 }, (_, i) => pattern(i, LONGEST));
  const got = messages(channel, many.length);
  await remote.send('bulk', many);
  for (const message of many) channel.send(message);
  expectSame(await got, many);
  expectSame(await remote.receive('bulk', many.length), many);
});

const churn = Number(process.env['CHURN_SECONDS'] ?? 0);
test(
  'channels of both ends come and go',
  async () => {
    const { association, remote } = await meet(browser);
    association.on('datachannel', (channel) => {
      channel.on('message', (data) => {
        channel.send(data);
      });
    });
    await remote.echo();
    const end = Date.now() + churn * 1000;
    let rounds = 0;
    let most = 0;
    do {
      await Promise.all([remote.comeAndGo(`${String(rounds)}/`, 20), comeAndGo(association, 20)]);
      most = Math.max(most, process.memoryUsage().rss);
      rounds++;
    } while (Date.now() < end);
    if (churn) console.log(`${String(rounds * 40)} channels, ${String(most / 1e6)} MB at most`);
    expect(association.state).toBe('connected');
    await association.close();
    expect(association.state).toBe('closed');
  },
  churn * 1000 + 60_000,
);

async function comeAndGo(association: DataChannelAssociation, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const channel = association.createDataChannel('ours', { ordered: i % 2 === 1 });
    await event(channel, 'open');
    const message = pattern(i, 1 + ((i * 4001) % 60_000));
    const echoed = messages(channel, 1);
    channel.send(message);
    expectSame(await echoed, [message]);
    const closed = event(channel, 'close');
    channel.close();
    await closed;
  }
}

test('close() delivers what was sent, and ends the association in order', async () => {
  const { association, remote } = await meet(browser);
  const [closed, open] = ['closed', 'open'].map((label) => association.createDataChannel(label));
  await Promise.all([closed, open].map((channel) => event(channel as DataChannel, 'open')));
  await remote.announced('open');
  for (let i = 0; i < 50; i++) closed?.send(pattern(i, 10_000));
  for (let i = 0; i < 50; i++) open?.send(pattern(i, 10_000));
  closed?.close();
  await event(closed as DataChannel, 'close');
  await association.close();
  expect(association.state).toBe('closed');
  await remote.closed('closed');
  for (const label of ['closed', 'open']) {
    expectSame(
      await remote.receive(label, 50),
      Array.from({ length: 50 }, (_, i) => pattern(i, 10_000)),
    );
  }
});

test('abort() closes the channels in the browser', async () => {
  const { association, remote } = await meet(browser);
  const channel = association.createDataChannel('aborted');
  await event(channel, 'open');
  await remote.announced('aborted');
  association.abort('for the test');
  await remote.closed('aborted');
});

test('a browser that closes its connection aborts the association', async () => {
  const { association, remote } = await meet(browser);
  const channel = association.createDataChannel('last');
  await event(channel, 'open');
  const errors: string[] = [];
  association.on('error', (error) => errors.push(error.message));
  channel.on('error', (error) => errors.push(error.message));
  const over = new Promise((resolve) => association.once('close', resolve));
  const closed = new Promise((resolve) =>
    channel.on('close', () => {
      resolve(true);
    }),
  );
  await remote.end();
  expect(await over).toMatchObject({ code: 'ECONNRESET' });
  await closed;
  expect([association.state, channel.readyState]).toEqual(['failed', 'closed']);
  expect(errors.every((message) => message.includes('the peer aborted'))).toBe(true);
  expect(errors).toHaveLength(2);
});

test('the example', async () => {
  const example = start(process.execPath, [join(projectRoot, 'examples', 'browser.js'), '0']);
  const [, url] = await example.printed(/open (\S+)/);
  const page = await browser.open(url);
  await example.printed(/> hello from the browser/);
  const shown = (): Promise<unknown> => page.evaluate(`document.querySelector('#log').textContent`);
  let log = '';
  while (!/chat: .*\n[^]*greeting: |greeting: .*\n[^]*chat: /.test(log))
    log = String(await shown());
  expect(log.split('\n')).toEqual(
    expect.arrayContaining(['chat: hello from the browser', 'greeting: hello from Node.js']),
  );
  await page.close();
  example.process.kill();
  expect((await example.ended).stderr).toBe('');
});
