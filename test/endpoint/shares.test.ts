/** Associations that take nothing, beside those that do. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

import type { EndpointAssociation } from 'kernel-sctp';

import { describeSctp } from '../support/sctp';
import { associate, endOf, endpointFor, listeningEndpoint, peeledOff } from '../support/endpoints';

const SMALL = { sndBuf: 60_000, rcvBuf: 60_000 };

/** Messages say who they are: "12" is the thirteenth of its association. */
function numbered(i: number): Buffer {
  return Buffer.from(String(i).padEnd(1000, '.'));
}

/** Sends as many as are wanted, as fast as they are taken. */
async function send(association: EndpointAssociation, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (!association.send(numbered(i))) await once(association, 'drain');
  }
}

/** Resolves with the numbers of so many messages. */
async function receive(association: EndpointAssociation, count: number): Promise<number[]> {
  const numbers: number[] = [];
  await new Promise<void>((resolve) => {
    association.on('message', (data) => {
      numbers.push(parseInt(String(data)));
      if (numbers.length === count) resolve();
    });
  });
  return numbers;
}

const counted = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describeSctp('associations that share a socket', () => {
  test('those whose peers take nothing do not stop the others, and get everything later', async () => {
    const server = listeningEndpoint({ sctp: SMALL, sendBufferLimit: 10_000_000 });
    const STUCK = 6;
    const COUNT = 400;
    const pairs = [];
    for (let i = 0; i < STUCK + 2; i++) {
      // A pause without a reader: what comes stays in the kernel.
      pairs.push(await associate(endpointFor({ highWaterMark: 1, sctp: SMALL }), server));
    }
    const stuck = pairs.slice(0, STUCK);
    const well = pairs.slice(STUCK);
    for (const { far } of stuck) for (let i = 0; i < COUNT; i++) far.send(numbered(i));
    const received = well.map(({ near }) => receive(near, COUNT));
    await Promise.all(well.map(({ far }) => send(far, COUNT)));
    expect(await Promise.all(received)).toEqual(well.map(() => counted(COUNT)));
    // Those of the clients that nobody reads from have a descriptor of their own; ours, if they hold
    // too much of the buffer.
    expect(peeledOff()).toBeGreaterThanOrEqual(STUCK);
    // They still wait, and still live.
    expect(stuck.every(({ far }) => far.bufferedAmount > 0 && !far.closed)).toBe(true);
    const late = stuck.map(({ near }) => receive(near, COUNT));
    expect(await Promise.all(late)).toEqual(stuck.map(() => counted(COUNT)));
    expect(server.associations).toHaveLength(STUCK + 2);
    await Promise.all(stuck.map(({ far }) => far.dry()));
    const ends = Promise.all(pairs.map(({ far }) => endOf(far)));
    for (const { far } of pairs) void far.shutdown();
    expect((await ends).map(({ reason }) => reason)).toEqual(pairs.map(() => 'shutdown'));
  });

  test('one that is paused is held back by the kernel, and loses nothing', async () => {
    const server = listeningEndpoint({ sctp: SMALL, highWaterMark: 10_000 });
    const slow = await associate(endpointFor({ sctp: SMALL }), server);
    const quick = await associate(endpointFor({ sctp: SMALL }), server);
    const COUNT = 300;
    const late = receive(slow.far, COUNT);
    slow.far.pause();
    const sent = send(slow.near, COUNT);
    const received = receive(quick.far, COUNT);
    await send(quick.near, COUNT);
    expect(await received).toEqual(counted(COUNT));
    expect(slow.far.readAheadBytes).toBeLessThan(10_000 + 64 * 1300);
    slow.far.resume();
    expect(await late).toEqual(counted(COUNT));
    await sent;
  });

  test('an endpoint that is paused reads nothing; resumed, it has everything in order', async () => {
    const server = listeningEndpoint();
    const pairs = [];
    for (let i = 0; i < 3; i++) pairs.push(await associate(endpointFor(), server));
    const got: number[][] = pairs.map(() => []);
    for (const [i, { far }] of pairs.entries()) {
      far.on('message', (data) => got[i]?.push(parseInt(String(data))));
    }
    server.pause();
    await Promise.all(pairs.map(({ near }) => send(near, 20)));
    await Promise.all(pairs.map(({ near }) => near.dry()));
    expect(got).toEqual([[], [], []]);
    server.resume();
    pairs[0]?.near.send(numbered(20));
    while (got.some((numbers) => numbers.length < 20) || got[0]?.length !== 21) {
      await once(server, 'message');
    }
    expect(got).toEqual([counted(21), counted(20), counted(20)]);
  });

  test('send says when to stop, and refuses beyond the limits', async () => {
    const server = listeningEndpoint({ sctp: SMALL, sendBufferLimit: 100_000 });
    const { far } = await associate(endpointFor({ highWaterMark: 1, sctp: SMALL }), server);
    let answer = true;
    const fill = (): void => {
      for (;;) answer = far.send(numbered(0)) && answer;
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'ERR_SCTP_SEND_BUFFER_FULL' }) as Error);
    expect(answer).toBe(false);
    expect(far.bufferedAmount).toBeLessThanOrEqual(100_000);
  });

  test('descriptors of those that were moved are closed with them', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const server = listeningEndpoint({ highWaterMark: 1 });
    const client = endpointFor();
    const { near, far } = await associate(client, server);
    far.pause();
    for (let i = 0; i < 20; i++) near.send(numbered(i));
    await near.dry();
    far.resume();
    await receive(far, 20);
    await Promise.all([client.close(), endOf(far)]);
    await server.close();
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('a message for all goes to each', async () => {
    const server = listeningEndpoint();
    const pairs = [];
    for (let i = 0; i < 5; i++) pairs.push(await associate(endpointFor(), server));
    const received = pairs.map(({ near }) => once(near, 'message') as Promise<[Buffer]>);
    expect(server.sendAll(Buffer.from('hear, hear'), { sid: 1 })).toEqual([]);
    expect((await Promise.all(received)).map(([data]) => String(data))).toEqual(
      pairs.map(() => 'hear, hear'),
    );
  });

  test('one over which nothing goes is shut down after autoClose', async () => {
    const server = listeningEndpoint({ autoClose: 1 });
    const { near, far } = await associate(endpointFor(), server);
    expect([await endOf(near), await endOf(far)].map(({ reason }) => reason)).toEqual([
      'shutdown',
      'shutdown',
    ]);
  });
});
