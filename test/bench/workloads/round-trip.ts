/** One message there, the same back, then the next: how long an answer takes. */
import type { Kind, Workload } from './workload';

const roundTrip: Kind = {
  name: 'round-trip',
  unit: 'round trips',
  roles: { server: 'echo', client: 'ping' },
  server: 'echo',
  arrival: 'message',
  exchange({ clients: [client], message, arrivals }, times) {
    const next = (): void => {
      client?.send(message);
    };
    const answered = arrivals.expect(times, next);
    next();
    return answered;
  },
  elapsed: (client) => client.ended - client.began,
};

function workload(
  name: string,
  title: string,
  size: number,
  [warmup, count]: readonly [number, number],
): Workload {
  return {
    name,
    title,
    kind: roundTrip,
    size,
    info: false,
    associations: 1,
    warmup,
    count,
    quick: size > 100_000 ? { warmup: 15, count: 40 } : { warmup: 200, count: 500 },
    quickContenders: name === 'round-trip' ? ['socket', 'c-epoll'] : [],
  };
}

const small = [20_000, 20_000] as const;

export const roundTripWorkloads: readonly Workload[] = [
  workload('round-trip-16B', '16 B', 16, small),
  workload('round-trip', '200 B', 200, small),
  workload('round-trip-1kB', '1 kB', 1000, small),
  workload('round-trip-8kB', '8 kB', 8000, [20_000, 10_000]),
  workload('round-trip-60kB', '60 kB', 60_000, [5000, 5000]),
  workload('round-trip-1MB', '1 MB', 1_000_000, [200, 100]),
];
