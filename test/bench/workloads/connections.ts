/** Associations that come and go, or only come and stay. */
import type { Kind, Play, Workload } from './workload';

/** Connects, ends and waits for the end, `times` times, `together` at once. */
async function comeAndGo({ connect }: Play, times: number, together: number): Promise<void> {
  let left = times;
  const oneByOne = async (): Promise<void> => {
    while (left-- > 0) await (await connect()).close();
  };
  await Promise.all(Array.from({ length: together }, oneByOne));
}

const connections: Kind = {
  name: 'connections',
  unit: 'connections',
  roles: { server: 'accept', client: 'connect' },
  server: 'count',
  arrival: 'closed',
  exchange: (play, times) => comeAndGo(play, times, 1),
  elapsed: (client) => client.ended - client.began,
};

const connectionsAtOnce: Kind = {
  ...connections,
  name: 'connections-20',
  exchange: (play, times) => comeAndGo(play, times, 20),
};

/** The server wants none of them. */
const refused: Kind = {
  ...connections,
  name: 'refused',
  server: 'destroy',
  examines: 'javascript',
};

const idle: Kind = {
  ...connections,
  name: 'idle',
  arrival: 'opened',
  examines: 'memory',
  async exchange({ clients, connect }, times) {
    for (let i = 0; i < times; i++) clients.push(await connect());
  },
};

function workload(
  kind: Kind,
  title: string,
  [warmup, count]: readonly [number, number],
  quickContenders: readonly string[],
): Workload {
  return {
    name: kind.name,
    title,
    kind,
    size: 0,
    info: false,
    associations: 0,
    warmup,
    count,
    quick: { warmup: 10, count: 40 },
    quickContenders,
  };
}

export const connectionWorkloads: readonly Workload[] = [
  workload(connections, 'connect, end, close, one after another', [5000, 2000], ['socket']),
  workload(connectionsAtOnce, 'the same, 20 at once', [200, 600], []),
  // Their JavaScript is measured once it is compiled: it is the lives before that are slow.
  workload(refused, 'accepted and destroyed', [20_000, 5000], []),
  workload(idle, 'accepted, and idle', [100, 1000], ['socket']),
];
