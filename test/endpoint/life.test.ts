/** From listening and connecting to the end, seen from both sides. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

import type { EndpointAssociation } from 'kernel-sctp';

import { until } from '../lifecycle/kit';
import { keepBusy } from '../support/busy';
import { describeSctp } from '../support/sctp';
import {
  associate,
  associatedEndpoints,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
} from '../support/endpoints';

describeSctp('an endpoint', () => {
  test('associates, exchanges messages and ends in order', async () => {
    const { server, client, near, far } = await associatedEndpoints();
    expect(near.inbound).toBe(false);
    expect(far.inbound).toBe(true);
    expect(near.remotePort).toBe(portOf(server));
    expect(far.remoteAddress).toBe(HOST);
    expect(client.associations).toEqual([near]);
    const request = once(far, 'message') as Promise<[Buffer, { sid: number; ppid: number }]>;
    expect(near.send(Buffer.from('question'), { sid: 3, ppid: 46 })).toBe(true);
    const [data, info] = await request;
    expect([String(data), info.sid, info.ppid]).toEqual(['question', 3, 46]);
    far.send(Buffer.from('answer'));
    expect(await nextTexts(near, 1)).toEqual(['answer']);
    const ends = [endOf(near), endOf(far)];
    await near.shutdown();
    expect(await Promise.all(ends)).toEqual([
      { reason: 'shutdown', causes: [] },
      { reason: 'shutdown', causes: [] },
    ]);
    expect([near.closed, far.closed, client.associations]).toEqual([true, true, []]);
  });

  test('has many associations from one port, and with the same server from several', async () => {
    const servers = [listeningEndpoint(), listeningEndpoint()] as const;
    const client = endpointFor().bind({ host: HOST });
    const found = await Promise.all(
      servers.map((server) => client.connect({ host: HOST, port: portOf(server) })),
    );
    const ports = new Set(found.map(({ localPort }) => localPort));
    expect(ports).toEqual(new Set([portOf(client)]));
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
    expect(client.associationWith({ address: HOST, port: portOf(servers[1]) })).toBe(found[1]);
    expect(client.associationWith({ address: HOST, port: 9 })).toBeUndefined();
    const other = endpointFor();
    await associate(other, servers[0]);
    expect(servers[0].associations).toHaveLength(2);
  });

  test('messages that come before anybody listens wait', async () => {
    const { near, far } = await associatedEndpoints();
    for (const text of ['one', 'two', 'three']) near.send(Buffer.from(text));
    await near.dry();
    expect(await nextTexts(far, 3)).toEqual(['one', 'two', 'three']);
  });

  test('an ABORT carries its reason', async () => {
    const { near, far } = await associatedEndpoints();
    const ends = Promise.all([endOf(near), endOf(far)]);
    near.abort('out of order');
    const [ours, theirs] = await ends;
    expect(ours).toEqual({ reason: 'local', causes: [] });
    expect(theirs.reason).toBe('aborted');
    expect(theirs.error).toMatchObject({ code: 'ECONNRESET' });
    expect(theirs.causes).toMatchObject([{ code: 12, text: 'out of order' }]);
  });

  test('what was sent before the end arrives before it', async () => {
    const { near, far } = await associatedEndpoints();
    const seen: string[] = [];
    far.on('message', (data) => seen.push(String(data)));
    far.on('end', () => seen.push('end'));
    far.on('close', ({ reason }) => seen.push(reason));
    for (let i = 0; i < 50; i++) near.send(Buffer.from(String(i)));
    await Promise.all([near.shutdown(), once(far, 'close')]);
    expect(seen).toEqual([...Array.from({ length: 50 }, (_, i) => String(i)), 'end', 'shutdown']);
  });

  test('a refused association is an error, and so is one too many to the same peer', async () => {
    const server = listeningEndpoint();
    const client = endpointFor();
    const first = await client.connect({ host: HOST, port: portOf(server) });
    await expect(client.connect({ host: HOST, port: 9 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: HOST,
      port: 9,
    });
    await expect(client.connect({ host: HOST, port: portOf(server) })).rejects.toMatchObject({
      code: 'EISCONN',
    });
    expect(first.closed).toBe(false);
  });

  test('a signal and a time-out give an attempt up', async () => {
    const client = endpointFor({ sctp: { rtoInfo: { initial: 200, min: 200, max: 1000 } } });
    const silent = { host: '203.0.113.1', port: 9 };
    const reason = new Error('changed my mind');
    await expect(client.connect({ ...silent, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const attempt = client.connect({ ...silent, signal: controller.signal });
    controller.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    await expect(client.connect({ ...silent, connectTimeout: 1 })).rejects.toMatchObject({
      code: expect.stringMatching(/ERR_SCTP_CONNECT_TIMEOUT|ENETUNREACH/) as string,
    });
    expect(client.associations).toEqual([]);
  });

  test('an attempt given up that the peer has answered leaves nothing in either kernel', async () => {
    const server = listeningEndpoint();
    const controller = new AbortController();
    const reason = new Error('too late');
    const { signal } = controller;
    const attempt = endpointFor().connect({ host: HOST, port: portOf(server), signal });
    await new Promise((resolve) => {
      process.nextTick(resolve); // over loopback the answer is there at once
    });
    controller.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    const associations = (): number =>
      readFileSync('/proc/net/sctp/assocs', 'latin1')
        .split('\n')
        .filter((row) => row.includes(` ${String(portOf(server))} `)).length;
    await until(() => associations() === 0 && server.associations.length === 0);
  });

  test('an attempt that has succeeded does not time out, however busy the program is', async () => {
    const server = listeningEndpoint();
    const attempt = endpointFor().connect({ host: HOST, port: portOf(server), connectTimeout: 50 });
    await new Promise((resolve) => {
      process.nextTick(resolve); // the INIT leaves
    });
    keepBusy(200);
    expect((await attempt).closed).toBe(false);
  });

  test('nor however many messages come before that is read', async () => {
    const { server, client, near, far } = await associatedEndpoints();
    const other = listeningEndpoint();
    const COUNT = 300; // several times what a turn of the event loop reads
    const got: string[] = [];
    near.on('message', (data) => got.push(String(data)));
    for (let i = 0; i < COUNT; i++) far.send(Buffer.from(String(i)));
    await new Promise<void>((resolve) => {
      process.nextTick(resolve); // they leave, and nothing is read yet
    });
    const attempt = client.connect({ host: HOST, port: portOf(other), connectTimeout: 50 });
    keepBusy(200);
    expect(got).toEqual([]);
    expect((await attempt).closed).toBe(false);
    expect(got).toEqual(Array.from({ length: COUNT }, (_, i) => String(i)));
    expect(server.associations).toEqual([far]);
  });

  test('close ends every association in order, and comes last', async () => {
    const server = listeningEndpoint();
    const clients = [endpointFor(), endpointFor(), endpointFor()];
    const pairs = [];
    for (const client of clients) pairs.push(await associate(client, server));
    const reasons: string[] = [];
    for (const { near } of pairs) near.on('close', ({ reason }) => reasons.push(reason));
    server.on('close', () => reasons.push('closed'));
    for (const { far } of pairs) far.send(Buffer.from('bye'));
    const texts = pairs.map(({ near }) => nextTexts(near, 1));
    const ended = pairs.map(({ near }) => endOf(near));
    await server.close();
    await Promise.all(ended);
    expect(await Promise.all(texts)).toEqual([['bye'], ['bye'], ['bye']]);
    expect(reasons.filter((reason) => reason === 'shutdown')).toHaveLength(3);
    expect(server.address()).toBeNull();
    expect(() => server.listen()).toThrow('The endpoint is closed');
  });

  test('both ends connect at once', async () => {
    const one = listeningEndpoint();
    const other = listeningEndpoint();
    const [near, far] = await Promise.all([
      one.connect({ host: HOST, port: portOf(other) }),
      other.connect({ host: HOST, port: portOf(one) }),
    ]);
    expect([one.associations, other.associations]).toEqual([[near], [far]]);
    near.send(Buffer.from('to and'));
    expect(await nextTexts(far, 1)).toEqual(['to and']);
    far.send(Buffer.from('fro'));
    expect(await nextTexts(near, 1)).toEqual(['fro']);
  });

  test('more than maxAssociations are refused', async () => {
    const server = listeningEndpoint({ maxAssociations: 1 });
    const first = endpointFor();
    await associate(first, server);
    const second = endpointFor();
    const dropped = once(server, 'drop');
    const refused = await second.connect({ host: HOST, port: portOf(server) }).then(
      (association) => endOf(association).then(({ causes }) => causes[0]?.text),
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    expect(['too many associations', 'ECONNREFUSED']).toContain(refused);
    expect(await dropped).toMatchObject([{ remoteAddress: HOST, remotePort: portOf(second) }]);
    expect(server.associations).toHaveLength(1);
    await expect(server.connect({ host: HOST, port: 9 })).rejects.toMatchObject({
      code: 'ERR_SCTP_TOO_MANY_ASSOCIATIONS',
    });
  });

  test('for await takes the messages of all associations, until it is closed', async () => {
    const server = listeningEndpoint();
    const clients = [endpointFor(), endpointFor()];
    const nears: EndpointAssociation[] = [];
    for (const client of clients) nears.push((await associate(client, server)).near);
    for (const [i, near] of nears.entries()) near.send(Buffer.from(String(i)));
    const got: string[] = [];
    for await (const { data, info, association } of server) {
      expect(info.assocId).toBe(association.id);
      got.push(String(data));
      if (got.length === 2) void server.close();
    }
    expect(got.sort()).toEqual(['0', '1']);
  });

  test('close() ends the loop that it is awaited in, however much waits', async () => {
    const server = listeningEndpoint({ highWaterMark: 1000 });
    const { near } = await associate(endpointFor(), server);
    for (let i = 0; i < 100; i++) near.send(Buffer.alloc(100));
    let count = 0;
    for await (const { data } of server) {
      count += data.length > 0 ? 1 : 0;
      if (count === 1) await server.close();
    }
    expect(count).toBeGreaterThan(1);
    expect(server.associations).toEqual([]);
  });

  test('shows little to inspect', async () => {
    const { server, near } = await associatedEndpoints();
    expect(inspect(server)).toMatch(/^Endpoint \{ 127\.0\.0\.1:\d+, 1 associations \}$/);
    expect(inspect(near)).toMatch(/^EndpointAssociation \{ \d+, 127\.0\.0\.1:\d+ \}$/);
    expect(inspect(endpointFor())).toBe('Endpoint { not bound, 0 associations }');
  });
});
