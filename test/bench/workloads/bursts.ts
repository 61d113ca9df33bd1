/** Many associations, each of which writes 32 messages, and the next 32 when those are handed over. */
import type { Client } from '../worker/transport';
import type { Kind, Workload } from './workload';

const BURST = 32;

function writeBursts(client: Client, message: Buffer, times: number): Promise<void> {
  let left = times;
  return new Promise((resolve) => {
    const next = (): void => {
      const burst = Math.min(left, BURST);
      left -= burst;
      for (let i = 1; i < burst; i++) client.send(message);
      client.send(message, left > 0 ? next : resolve);
    };
    next();
  });
}

const bursts: Kind = {
  name: 'bursts',
  unit: 'messages',
  roles: { server: 'receive', client: 'send' },
  server: 'count',
  arrival: 'message',
  async exchange({ clients, message }, times) {
    const each = times / clients.length;
    await Promise.all(clients.map((client) => writeBursts(client, message, each)));
  },
  elapsed: (client, server) => server.ended - client.began,
};

/** Of all of them together: 1000 have to write a burst to warm up, and two that are measured. */
const AMOUNT = { warmup: 32_000, count: 64_000 };

function workload(associations: number): Workload {
  return {
    name: `bursts-${String(associations)}`,
    title: associations === 1 ? '1 association' : `${String(associations)} associations`,
    kind: bursts,
    size: 200,
    info: false,
    associations,
    ...AMOUNT,
    quick: { warmup: BURST * associations, count: 2 * BURST * associations },
    quickContenders: associations === 10 ? ['socket'] : [],
  };
}

export const burstWorkloads: readonly Workload[] = [1, 10, 100, 1000].map(workload);
