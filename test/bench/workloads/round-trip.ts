/** One message there, the same back, then the next: how long an answer takes. */
import type { Kind, Workload } from './workload';

const roundTrip: Kind = {
  name: 'round-trip',
  roles: { server: 'echo', client: 'ping' },
  echo: true,
  exchange(client, arrivals, message, times) {
    const answered = arrivals.expect(times, () => {
      client.send(message);
    });
    client.send(message);
    return answered;
  },
  elapsed: (client) => client.ended - client.began,
};

export const roundTripWorkloads: readonly Workload[] = [
  { name: 'round-trip', kind: roundTrip, size: 200, count: 10_000, quickCount: 500 },
];
