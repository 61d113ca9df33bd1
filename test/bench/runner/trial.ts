/** One trial: two new processes, which warm up, and then are measured. */
import { type Counters, readCounters, since } from '../../stalls/counters';
import type { Contender, Side } from '../contenders/contender';
import type { Outcome } from '../worker/outcome';
import type { Amount, Workload } from '../workloads/workload';
import { BenchError, BenchProcess } from './process';
import type { Measured, Trial } from './report';

export interface Conditions {
  amount: Amount;
  buffers: number;
  nodeArguments: readonly string[];
  /** Begins to observe the processes, once they are warm. @returns what ends that */
  observe?: (pids: Record<Side, number>) => Promise<() => Promise<void>>;
}

type Outcomes = Record<Side, Outcome>;

export async function runTrial(
  contender: Contender,
  workload: Workload,
  { amount, buffers, nodeArguments, observe }: Conditions,
): Promise<Trial> {
  const started: BenchProcess[] = [];
  const start = async (side: Side): Promise<BenchProcess> => {
    const command = contender.command(workload, side, buffers, nodeArguments);
    const process = await BenchProcess.start(
      `${contender.name}, ${workload.name}, ${side}`,
      command,
    );
    started.push(process);
    return process;
  };
  try {
    const [server, client] = await Promise.all([start('server'), start('client')]);
    const { warmup, count } = amount;
    const part = async (word: 'warm' | 'done', times: number): Promise<[Measured, Outcomes]> => {
      const before = readCounters();
      const outcomes = await Promise.all([server.next(word), client.next(word)]);
      const [ofServer, ofClient] = outcomes as [Outcome, Outcome];
      const both = { server: ofServer, client: ofClient };
      check(`${contender.name}, ${workload.name}`, workload, both, times);
      return [measured(workload, both, times, since(before, readCounters())), both];
    };

    server.say('start', 0, warmup, count);
    const { port } = (await server.next('listening')) as { port: number };
    client.say('start', port, warmup, count);
    const [cold, before] = await part('warm', warmup);
    const end = await observe?.({ client: client.pid, server: server.pid });
    client.say('go');
    const [warm, after] = await part('done', count);
    await end?.();
    for (const process of started) process.say('close');
    await Promise.all(started.map((process) => process.finish()));
    return { cold, warm, ...each(before.server, after.server, count) };
  } finally {
    for (const process of started) process.kill();
  }
}

function measured(
  { kind }: Workload,
  { client, server }: Outcomes,
  times: number,
  counters: Counters,
): Measured {
  const sides = (pick: (outcome: Outcome) => number): Record<Side, number> => ({
    client: pick(client),
    server: pick(server),
  });
  return {
    rate: (times * 1e9) / kind.elapsed(client, server),
    cpu: sides(({ cpu }) => cpu / times),
    ...(client.delay !== undefined && { delay: sides(({ delay = NaN }) => delay) }),
    counters,
  };
}

/** What the server's process was examined for, for each connection. */
function each(
  before: Outcome,
  after: Outcome,
  count: number,
): Pick<Trial, 'memory' | 'javascript'> {
  const { memory, javascript } = after;
  return {
    ...(javascript !== undefined && { javascript: javascript / count }),
    ...(memory &&
      before.memory && {
        memory: {
          heap: (memory.heap - before.memory.heap) / count,
          resident: (memory.resident - before.memory.resident) / count,
        },
      }),
  };
}

function check(name: string, { kind, size }: Workload, outcomes: Outcomes, times: number): void {
  const sides: Side[] = kind.server === 'echo' ? ['server', 'client'] : ['server'];
  for (const side of sides) {
    const { count, bytes } = outcomes[side];
    if (count === times && bytes === times * size) continue;
    throw new BenchError(
      `${name}: ${String(count)} of ${String(times)} ${kind.unit} and ${String(bytes)} of ` +
        `${String(times * size)} bytes came to the ${side}`,
    );
  }
}
