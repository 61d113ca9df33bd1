/** Whose turn it is when messages of several streams wait to be sent (RFC 8260 §3). */
import { once } from 'node:events';

import type { Socket, StreamScheduler } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';

const STREAMS = [1, 2, 3];
const EACH = 40;

/**
 * Lets messages wait in the kernel, those of each stream one after another, and reports in which
 * order they come: the numbers of their streams.
 */
async function orderWith(prepare: (client: Socket) => void): Promise<number[]> {
  const { client, peer } = await connectedPair({
    // The receiver's window holds a few messages, and what it does not read stays with the sender.
    server: { highWaterMark: 1, sctp: { rcvBuf: 100_000 } },
    client: {
      sctp: {
        ...{ sndBuf: 8_000_000, maxSeg: 8000, assocInfo: { asocMaxRxt: 1000 } },
        rtoInfo: { initial: 100, min: 50, max: 500 },
      },
    },
  });
  prepare(client);
  peer.pause();
  for (let i = 0; i < 30; i++) client.send(Buffer.alloc(7000), { sid: 0 }); // fills the window
  for (const sid of STREAMS) {
    for (let i = 0; i < EACH; i++) client.send(Buffer.alloc(7000), { sid });
  }
  await new Promise((resolve) => client.write('', resolve)); // the kernel has them all
  const order: number[] = [];
  peer.on('message', (_message, { sid }) => {
    if (sid !== 0) order.push(sid);
    if (order.length === STREAMS.length * EACH) peer.emit('all');
  });
  const all = once(peer, 'all');
  peer.resume();
  await all;
  return order;
}

/**
 * Where on average the messages of a stream come. What the receiver had no room for is sent again,
 * and comes a little later than it was sent, while other streams go on.
 */
function place(order: number[], sid: number): number {
  const places = [...order.keys()].filter((index) => order[index] === sid);
  return places.reduce((sum, index) => sum + index, 0) / places.length;
}

/** How often the stream changes from one message to the next. */
function turns(order: number[]): number {
  return order.filter((sid, i) => i > 0 && sid !== order[i - 1]).length;
}

function use(scheduler: StreamScheduler): (client: Socket) => void {
  return (client) => {
    client.setOption('streamScheduler', scheduler);
    expect(client.getOption('streamScheduler')).toBe(scheduler);
  };
}

describeSctp('schedulers of streams', () => {
  test("'fcfs' keeps the order of writing", async () => {
    const order = await orderWith(use('fcfs'));
    expect(turns(order)).toBeLessThan(EACH / 2);
    for (const sid of [2, 3]) {
      expect(place(order, sid) - place(order, sid - 1)).toBeGreaterThan(EACH / 2);
    }
  });

  test("'rr' lets the streams take turns", async () => {
    const order = await orderWith(use('rr'));
    expect(turns(order)).toBeGreaterThan(EACH);
  });

  test("'prio' lets the lowest value go first", async () => {
    const order = await orderWith((client) => {
      use('prio')(client);
      const values = { 0: 0, 1: 30, 2: 10, 3: 20 };
      for (const [sid, value] of Object.entries(values)) {
        client.setOption('streamSchedulerValue', { sid: Number(sid), value });
        expect(client.getOption('streamSchedulerValue', { sid: Number(sid) })).toMatchObject({
          value,
        });
      }
    });
    // A message that was under way when another came stays ahead of it.
    const rest = order.slice(1);
    expect(turns(rest)).toBeLessThan(EACH / 2);
    expect(place(rest, 3) - place(rest, 2)).toBeGreaterThan(EACH / 2);
    expect(place(rest, 1) - place(rest, 3)).toBeGreaterThan(EACH / 2);
  });

  test("'fc' and 'wfq' share fairly where the kernel has them, else it says which has", async () => {
    for (const scheduler of ['fc', 'wfq'] as const) {
      const { client } = await connectedPair();
      try {
        client.setOption('streamScheduler', scheduler);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_SCTP_OPTION', option: 'streamScheduler' });
        expect((error as Error).message).toContain('Linux 6.4');
        continue;
      }
      expect(turns(await orderWith(use(scheduler)))).toBeGreaterThan(EACH);
    }
  });

  test('bad input', async () => {
    const { client } = await connectedPair();
    expectThrow(
      () => {
        client.setOption('streamScheduler', 'fair' as never);
      },
      { code: 'ERR_INVALID_ARG_VALUE' },
    );
    expectThrow(
      () => {
        client.setOption('streamSchedulerValue', { sid: 65535, value: 1 });
      },
      { code: 'ERR_SCTP_OPTION' },
    );
  });
});
