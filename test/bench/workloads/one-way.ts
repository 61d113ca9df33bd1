/** As many messages as possible, in one direction. */
import type { Kind, Workload } from './workload';

const oneWay: Kind = {
  name: 'one-way',
  roles: { server: 'receive', client: 'send' },
  echo: false,
  exchange: (client, _arrivals, message, times) => client.sendMany(message, times),
  elapsed: (client, server) => server.ended - client.began,
};

export const oneWayWorkloads: readonly Workload[] = [
  { name: '200B', kind: oneWay, size: 200, count: 20_000, quickCount: 2000 },
  { name: '1kB', kind: oneWay, size: 1000, count: 20_000, quickCount: 2000 },
  { name: '60kB', kind: oneWay, size: 60_000, count: 4000, quickCount: 200 },
];
