/** As many messages as possible, in one direction, on one association. */
import type { Kind, Workload } from './workload';

const oneWay: Kind = {
  name: 'one-way',
  unit: 'messages',
  roles: { server: 'receive', client: 'send' },
  server: 'count',
  arrival: 'message',
  exchange: async ({ clients, message }, times) => {
    await clients[0]?.sendMany(message, times);
  },
  elapsed: (client, server) => server.ended - client.began,
};

/** With --quick, no more bytes than this to warm up, and no more to measure. */
const QUICK_BYTES = 100_000_000;

function workload(
  name: string,
  title: string,
  size: number,
  [warmup, count]: readonly [number, number],
  quickContenders: Workload['quickContenders'] = [],
): Workload {
  return {
    name,
    title,
    kind: oneWay,
    size,
    info: false,
    associations: 1,
    warmup,
    count,
    quick: {
      warmup: Math.min(warmup, 1000, Math.floor(QUICK_BYTES / size)),
      count: Math.min(count, 2000, Math.floor(QUICK_BYTES / size)),
    },
    quickContenders,
  };
}

const small = [20_000, 100_000] as const;

export const oneWayWorkloads: readonly Workload[] = [
  workload('16B', '16 B', 16, [20_000, 50_000]),
  workload('200B', '200 B', 200, small, 'all'),
  {
    ...workload('200B-info', '200 B, sid and ppid with each', 200, small, ['socket']),
    info: true,
  },
  workload('1kB', '1 kB', 1000, small),
  workload('8kB', '8 kB', 8000, [20_000, 50_000]),
  workload('60kB', '60 kB', 60_000, [20_000, 20_000]),
  workload('1MB', '1 MB', 1_000_000, [500, 300], ['socket']),
];
