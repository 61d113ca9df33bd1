/** Associations that both ends begin at once, or that one end begins twice, where there are limits. */
import { once } from 'node:events';

import { type Endpoint, type EndpointAssociation, open, type OpenOptions } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { describeSctp } from '../support/sctp';
import {
  associate,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
} from '../support/endpoints';
import { Inbox } from '../support/inbox';
import { delayLoopback } from '../support/own-network';

const ONE = { maxAssociations: 1 };

function connect(from: Endpoint, to: Endpoint): Promise<EndpointAssociation> {
  return from.connect({ host: HOST, port: portOf(to) });
}

function openInbox(options: OpenOptions = {}) {
  const inbox = new Inbox();
  const handle = open({ host: HOST, ...options }, inbox.onRecv);
  defer(handle.close);
  return { handle, inbox, port: handle.address().port };
}

/** What it drops, which nobody expects. */
function dropsOf(...endpoints: Endpoint[]): unknown[] {
  const drops: unknown[] = [];
  for (const endpoint of endpoints) endpoint.on('drop', (drop) => drops.push(drop));
  return drops;
}

describeSctp('both ends connect at once', () => {
  // At once one end has set it up before the other calls; on a slow way their INITs cross.
  test.each([
    ['at once', 0],
    ['on a slow way', 20],
  ])('one association has room where one may be: %s', async (_, delay) => {
    if (delay > 0) delayLoopback(delay);
    for (let round = 0; round < 10; round++) {
      const [one, other] = [listeningEndpoint(ONE), listeningEndpoint(ONE)];
      const drops = dropsOf(one, other);
      const [near, far] = await Promise.all([connect(one, other), connect(other, one)]);
      expect([one.associations, other.associations]).toEqual([[near], [far]]);
      near.send(Buffer.from('to'));
      far.send(Buffer.from('fro'));
      expect(await Promise.all([nextTexts(far, 1), nextTexts(near, 1)])).toEqual([['to'], ['fro']]);
      expect(drops).toEqual([]);
    }
  });

  test('it counts from the call of connect() on: a second one is too many', async () => {
    const [one, other, third] = [listeningEndpoint(), listeningEndpoint(ONE), listeningEndpoint()];
    const first = connect(one, other);
    const [met, refused] = await Promise.allSettled([connect(other, one), connect(other, third)]);
    expect([met.status, refused]).toMatchObject([
      'fulfilled',
      { reason: { code: 'ERR_SCTP_TOO_MANY_ASSOCIATIONS', limit: 1 } },
    ]);
    expect(other.associations).toHaveLength(1);
    expect((await first).closed).toBe(false);
    expect(third.associations).toEqual([]);
  });

  test('where there is no room, one end is refused, and the other learns why', async () => {
    const [one, full, third] = [listeningEndpoint(), listeningEndpoint(ONE), endpointFor()];
    await associate(third, full);
    const dropped = once(full, 'drop');
    const attempt = connect(one, full).then(
      async (association) => (await endOf(association)).causes[0]?.text,
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    await expect(connect(full, one)).rejects.toMatchObject({
      code: 'ERR_SCTP_TOO_MANY_ASSOCIATIONS',
    });
    expect(['too many associations', 'ECONNREFUSED']).toContain(await attempt);
    expect(await dropped).toMatchObject([{ remotePort: portOf(one) }]);
    expect(full.associations).toHaveLength(1);
  });

  test('one that is aborted by its signal leaves the association to the peer, as inbound', async () => {
    const [one, other] = [listeningEndpoint(), listeningEndpoint(ONE)];
    const drops = dropsOf(other);
    const first = connect(one, other);
    const begun = once(other, 'association');
    const controller = new AbortController();
    const attempt = other.connect({ host: HOST, port: portOf(one), signal: controller.signal });
    controller.abort(new Error('not wanted'));
    await expect(attempt).rejects.toThrow('not wanted');
    const near = await first;
    const end = endOf(near);
    const outcome = await Promise.race([begun, end]);
    // Aborted with the connect that had begun it, or not begun by that.
    if (Array.isArray(outcome)) expect(outcome[1]).toBe(true);
    else expect(outcome.reason).toBe('aborted');
    expect(other.associations.length).toBeLessThanOrEqual(1);
    expect(drops).toEqual([]);
    // It has room for as many as before.
    if (!Array.isArray(outcome)) await connect(other, one);
    await expect(connect(other, listeningEndpoint())).rejects.toMatchObject({
      code: 'ERR_SCTP_TOO_MANY_ASSOCIATIONS',
    });
  });
});

describeSctp('one end connects twice at once', () => {
  test('the second call is refused at once, and the first succeeds', async () => {
    const [client, server] = [endpointFor(), listeningEndpoint()];
    const [first, second] = await Promise.allSettled([
      connect(client, server),
      connect(client, server),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { syscall: 'connect' } });
    const { code } = (second as PromiseRejectedResult).reason as NodeJS.ErrnoException;
    expect(['EISCONN', 'EALREADY']).toContain(code);
    expect([client.associations.length, server.associations.length]).toEqual([1, 1]);
  });

  test('so is one of two that the peer has met', async () => {
    const [one, other] = [listeningEndpoint(), listeningEndpoint()];
    const [far, ...nears] = await Promise.allSettled([
      connect(one, other),
      connect(other, one),
      connect(other, one),
    ]);
    expect(far.status).toBe('fulfilled');
    expect(nears.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect([one.associations.length, other.associations.length]).toEqual([1, 1]);
  });
});

describeSctp('both handles of open() send at once', () => {
  test.each([
    ['at once', 0],
    ['on a slow way', 20],
  ])('one association has room where one may be, and no other: %s', async (_, delay) => {
    if (delay > 0) delayLoopback(delay);
    for (let round = 0; round < 10; round++) {
      const [one, other] = [openInbox(ONE), openInbox(ONE)];
      one.handle.send(Buffer.from('to'), HOST, other.port);
      other.handle.send(Buffer.from('fro'), HOST, one.port);
      expect(() => other.handle.send(Buffer.from('x'), HOST, 9)).toThrow('maxAssociations');
      await Promise.all([one.inbox.waitForMessages(1), other.inbox.waitForMessages(1)]);
      expect([one.inbox.texts(), other.inbox.texts()]).toEqual([['fro'], ['to']]);
      for (const { handle, inbox } of [one, other]) {
        expect([handle.associations().length, inbox.errors]).toEqual([1, []]);
      }
    }
  });

  test('where there is no room, one is refused, and reports it', async () => {
    const [one, full] = [openInbox(), openInbox(ONE)];
    const first = openInbox();
    first.handle.send(Buffer.from('x'), HOST, full.port);
    await full.inbox.waitForMessages(1);
    one.handle.send(Buffer.from('to'), HOST, full.port);
    expect(() => full.handle.send(Buffer.from('fro'), HOST, one.port)).toThrow('maxAssociations');
    expect((await one.inbox.waitForErrors(1))[0]).toMatch(/lost|refused|not delivered/);
    expect((await full.inbox.waitForErrors(1))[0]).toContain(`127.0.0.1:${String(one.port)}`);
    expect(full.handle.associations()).toMatchObject([{ port: first.port }]);
  });
});
