/** Streams that are reset and added while the association lives (RFC 6525). */
import { once } from 'node:events';

import type { Notification, SctpOptions, Socket } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { connectedPair, type Pair, stuckPair } from '../../support/sockets';

const ALL = { resetStreams: true, resetAssoc: true, changeAssoc: true };
const ON: SctpOptions = {
  reconfigSupported: true,
  enableStreamReset: ALL,
  initMsg: { numOstreams: 5, maxInstreams: 8 },
};

function pair({ peer = {}, client = {} } = {}): Promise<Pair> {
  return connectedPair({
    server: { sctp: { ...ON, ...peer } },
    client: { sctp: { ...ON, ...client } },
  });
}

/** 'text@sid#ssn' of each message, as they come. */
function heard(socket: Socket): string[] {
  const messages: string[] = [];
  socket.on('message', (message, { sid, ssn }) => {
    messages.push(`${String(message)}@${String(sid)}#${String(ssn)}`);
  });
  return messages;
}

async function send(socket: Socket, peer: Socket, text: string, sid: number): Promise<void> {
  const arrived = once(peer, 'message');
  socket.send(Buffer.from(text), { sid });
  await arrived;
}

describeSctp('resetStreams', () => {
  test('outgoing streams restart, and the peer is notified', async () => {
    const { client, peer } = await pair();
    const messages = heard(peer);
    const reported = once(peer, 'streams-reset');
    client.on('streams-reset', () => messages.push('reported its own doing'));
    for (const text of ['a', 'b']) for (const sid of [1, 2]) await send(client, peer, text, sid);
    await client.resetStreams({ outgoing: [2] });
    expect(await reported).toEqual([{ incoming: [2] }]);
    for (const sid of [1, 2]) await send(client, peer, 'c', sid);
    expect(messages).toEqual(['a@1#0', 'a@2#0', 'b@1#1', 'b@2#1', 'c@1#2', 'c@2#0']);
  });

  test('incoming streams restart, by asking the peer', async () => {
    const { client, peer } = await pair();
    const messages = heard(client);
    const reported = once(peer, 'streams-reset');
    await send(peer, client, 'a', 3);
    await client.resetStreams({ incoming: [3] });
    expect(await reported).toEqual([{ outgoing: [3] }]);
    await send(peer, client, 'b', 3);
    expect(messages).toEqual(['a@3#0', 'b@3#0']);
  });

  test('every stream, both ways; and requests wait for each other', async () => {
    const { client, peer } = await pair();
    const [there, back] = [heard(peer), heard(client)];
    await send(client, peer, 'a', 4);
    await send(peer, client, 'a', 0);
    const notifications: Notification[] = [];
    client.on('notification', (notification) => notifications.push(notification));
    await Promise.all([
      client.resetStreams({ outgoing: [1, 2] }),
      client.resetStreams({ incoming: [], outgoing: [] }),
      client.resetStreams({ outgoing: [1] }),
    ]);
    await send(client, peer, 'b', 4);
    await send(peer, client, 'b', 0);
    expect([there, back]).toEqual([
      ['a@4#0', 'b@4#0'],
      ['a@0#0', 'b@0#0'],
    ]);
    const resets = notifications.filter(({ type }) => type === 'streamReset');
    expect(resets).toMatchObject([
      { outgoing: true, incoming: false, denied: false, failed: false, streams: [1, 2] },
      { outgoing: true, streams: [] },
      { outgoing: true, streams: [1] },
      { incoming: true, streams: [] },
    ]);
  });

  test('waits for what was written before, and loses nothing of it', async () => {
    const { client, peer } = await stuckPair({ server: { sctp: ON }, client: { sctp: ON } });
    let settled = false;
    const reset = client.resetStreams({ outgoing: [0] }).finally(() => (settled = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(settled).toBe(false);
    let count = 0;
    peer.on('data', () => count++);
    peer.resume();
    await reset;
    expect(count).toBeGreaterThan(0);
    client.write('after');
    const ssn = await new Promise((resolve) => {
      peer.on('message', (message, info) => {
        if (String(message) === 'after') resolve(info.ssn);
      });
    });
    expect([count, ssn]).toEqual([401, 0]);
  });

  test('both ends at the same time', async () => {
    const { client, peer } = await pair();
    await Promise.all([
      client.resetStreams({ outgoing: [1] }),
      peer.resetStreams({ outgoing: [1] }),
      client.addStreams({ outgoing: 1 }),
    ]);
    const messages = heard(peer);
    await send(client, peer, 'fine', 1);
    expect(messages).toEqual(['fine@1#0']);
  });
});

describeSctp('addStreams', () => {
  test('there are more, both ways, and they carry messages', async () => {
    const { client, peer } = await pair();
    expect(() => client.send(Buffer.from('x'), { sid: 5 })).toThrow(/outbound streams/);
    const reported: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      peer.on('streams-added', (streams) => {
        reported.push(streams);
        if (reported.length === 2) resolve();
      });
    });
    await client.addStreams({ outgoing: 3, incoming: 2 });
    await both;
    expect(reported).toEqual([
      { incoming: 3, outgoing: 0 },
      { incoming: 0, outgoing: 2 },
    ]);
    expect(client.status()).toMatchObject({ outStreams: 8, inStreams: 7 });
    expect(peer.status()).toMatchObject({ outStreams: 7, inStreams: 8 });
    const [there, back] = [heard(peer), heard(client)];
    await send(client, peer, 'new', 7);
    await send(peer, client, 'new', 6);
    expect([there, back]).toEqual([['new@7#0'], ['new@6#0']]);
    expect(() => client.send(Buffer.from('x'), { sid: 8 })).toThrow(/outbound streams/);
  });

  test('a side that was not notified can use the streams it was given', async () => {
    const { client, peer } = await pair();
    const messages = heard(client);
    expect(() => peer.send(Buffer.from('x'), { sid: 5 })).toThrow(/outbound streams/);
    await client.addStreams({ incoming: 1 });
    await send(peer, client, 'x', 5);
    expect(messages).toEqual(['x@5#0']);
  });
});

describeSctp('resetAssociation', () => {
  test('every number restarts, both ways', async () => {
    const { client, peer } = await pair();
    const [there, back] = [heard(peer), heard(client)];
    const reported = once(peer, 'association-reset');
    await send(client, peer, 'a', 1);
    await send(peer, client, 'a', 1);
    const notifications: Notification[] = [];
    client.on('notification', (notification) => notifications.push(notification));
    client.write('still before');
    await client.resetAssociation();
    await reported;
    await send(client, peer, 'b', 1);
    await send(peer, client, 'b', 1);
    expect(there).toEqual(['a@1#0', 'still before@0#0', 'b@1#0']);
    expect(back).toEqual(['a@1#0', 'b@1#0']);
    const reset = notifications.find(({ type }) => type === 'assocReset');
    expect(reset).toMatchObject({ denied: false, failed: false });
  });
});

describeSctp('reconfiguration that cannot be', () => {
  const calls: [string, (socket: Socket) => Promise<void>, string][] = [
    ['resetStreams', (socket) => socket.resetStreams({ outgoing: [1] }), 'resetStreams'],
    ['resetStreams, incoming', (socket) => socket.resetStreams({ incoming: [1] }), 'resetStreams'],
    ['addStreams', (socket) => socket.addStreams({ outgoing: 1 }), 'changeAssoc'],
    ['addStreams, incoming', (socket) => socket.addStreams({ incoming: 1 }), 'changeAssoc'],
    ['resetAssociation', (socket) => socket.resetAssociation(), 'resetAssoc'],
  ];

  test('the peer does not allow it', async () => {
    const { client, peer } = await pair({
      peer: { enableStreamReset: { resetStreams: false, resetAssoc: false, changeAssoc: false } },
    });
    for (const [name, call, allowed] of calls) {
      const error = (await call(client).catch((failure: unknown) => failure)) as Error;
      expect([name, error]).toMatchObject([
        name,
        { code: 'ERR_SCTP_RECONFIGURATION', reason: 'denied' },
      ]);
      expect(error.message).toContain(`enableStreamReset: { ${allowed}: true }`);
    }
    const messages = heard(peer);
    await send(client, peer, 'alive', 1);
    expect(messages).toEqual(['alive@1#0']);
    expect(client.status()).toMatchObject({ outStreams: 5, inStreams: 5 });
  });

  test.each([
    [
      'our side does not allow it',
      { enableStreamReset: { resetStreams: false, resetAssoc: false, changeAssoc: false } },
    ],
    [
      'it is not on',
      {
        reconfigSupported: false,
        enableStreamReset: { resetStreams: false, resetAssoc: false, changeAssoc: false },
      },
    ],
  ])('%s', async (_why, sctp) => {
    const { client } = await pair({ client: sctp });
    for (const [, call, allowed] of calls) {
      const error = (await call(client).catch((failure: unknown) => failure)) as Error;
      expect(error).toMatchObject({ code: 'ERR_SCTP_RECONFIGURATION', reason: 'impossible' });
      expect(error.message).toMatch(/ENOPROTOOPT.*Both sides need the option reconfigSupported/);
      expect(error.message).toContain(`enableStreamReset: { ${allowed}: true }`);
    }
  });

  test('the association is lost, ends, or is destroyed meanwhile', async () => {
    const endings: [string, (given: Pair) => unknown, object][] = [
      [
        'ABORT',
        ({ peer }) => peer.resetAndDestroy(),
        { code: 'ERR_SCTP_RECONFIGURATION', reason: 'over' },
      ],
      ['destroy', ({ client }) => client.destroy(), { code: 'ERR_SOCKET_CLOSED' }],
      [
        'destroy with an error',
        ({ client }) => client.destroy(new Error('mine')),
        { message: 'mine' },
      ],
    ];
    for (const [how, end, error] of endings) {
      const given = await stuckPair({ server: { sctp: ON }, client: { sctp: ON } });
      given.client.on('error', () => undefined);
      given.peer.on('error', () => undefined);
      const calls = [given.client.resetAssociation(), given.client.resetStreams({ outgoing: [] })];
      const outcome = Promise.allSettled(calls);
      setImmediate(() => end(given));
      const reasons = (await outcome).map(
        (result) => result.status === 'rejected' && (result.reason as unknown),
      );
      expect([how, ...reasons]).toMatchObject([how, error, error]);
    }
  });

  test('the kernel knows before us that the association has ended', async () => {
    const { client, peer } = await pair();
    for (const socket of [client, peer]) socket.on('error', () => undefined).resume();
    const calls = [
      client.resetStreams({ outgoing: [1] }),
      client.addStreams({ incoming: 1 }),
      client.resetAssociation(),
    ];
    peer.resetAndDestroy();
    for (const result of await Promise.allSettled(calls)) {
      const over = { code: 'ERR_SCTP_RECONFIGURATION', reason: 'over' };
      expect(result).toMatchObject({ status: 'rejected', reason: over });
    }
  });

  test('before there is an association, after it, and once our side has ended', async () => {
    const { client, peer } = await pair();
    peer.resume();
    client.resume();
    client.end();
    await expect(client.resetAssociation()).rejects.toMatchObject({ reason: 'over' });
    if (!client.closed) await once(client, 'close');
    await expect(client.resetAssociation()).rejects.toMatchObject({ code: 'ERR_SOCKET_CLOSED' });
    const Fresh = client.constructor as new () => Socket;
    await expect(new Fresh().addStreams({ outgoing: 1 })).rejects.toMatchObject({
      code: 'ERR_SOCKET_CLOSED',
    });
  });

  test('bad input', async () => {
    const { client } = await pair();
    const bad: [Promise<void>, string][] = [
      [client.resetStreams(undefined as never), 'ERR_INVALID_ARG_TYPE'],
      [client.resetStreams({}), 'ERR_INVALID_ARG_VALUE'],
      [client.resetStreams({ outgoin: [1] } as never), 'ERR_INVALID_ARG_VALUE'],
      [client.resetStreams({ outgoing: 1 as never }), 'ERR_INVALID_ARG_TYPE'],
      [client.resetStreams({ outgoing: ['1' as never] }), 'ERR_INVALID_ARG_TYPE'],
      [client.resetStreams({ outgoing: [1, 1] }), 'ERR_INVALID_ARG_VALUE'],
      [client.resetStreams({ outgoing: new Array(1) as number[] }), 'ERR_INVALID_ARG_TYPE'],
      [
        client.resetStreams({ outgoing: new Array(2 ** 32 - 1) as number[] }),
        'ERR_INVALID_ARG_VALUE',
      ],
      [client.resetStreams({ outgoing: [-1] }), 'ERR_OUT_OF_RANGE'],
      [client.resetStreams({ outgoing: [5] }), 'ERR_OUT_OF_RANGE'],
      [client.resetStreams({ incoming: [5] }), 'ERR_OUT_OF_RANGE'],
      [client.addStreams({ outgoing: 0 }), 'ERR_OUT_OF_RANGE'],
      [client.addStreams({ outgoing: 1.5 }), 'ERR_OUT_OF_RANGE'],
      [client.addStreams({ incoming: 65535 }), 'ERR_OUT_OF_RANGE'],
      [client.addStreams({ incoming: [1] as never }), 'ERR_INVALID_ARG_TYPE'],
      [client.addStreams({}), 'ERR_INVALID_ARG_VALUE'],
    ];
    for (const [call, code] of bad) await expect(call).rejects.toMatchObject({ code });
    await client.resetStreams({ outgoing: [4] });
    await client.addStreams({ outgoing: 65530 });
    expect(client.status().outStreams).toBe(65535);

    const tooMany = Array.from({ length: 65535 }, (_, sid) => sid);
    await expect(client.resetStreams({ outgoing: tooMany })).rejects.toMatchObject({
      reason: 'impossible',
      message: expect.stringMatching(/EINVAL.*reset fewer at once/) as string,
    });
    await client.resetStreams({ outgoing: tooMany.slice(0, 30_000) });
    await client.resetStreams({ outgoing: [] });
  });
});
