/** Measures a process while it does something. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { hrtime } from 'node:process';

import type { Kind } from '../workloads/workload';
import type { Arrivals } from './arrivals';
import { JavaScriptTime } from './javascript-time';
import type { Outcome } from './outcome';

/** In ms: more often would itself be work, and a timer of Node's is no more exact. */
const RESOLUTION = 10;

const now = (): number => Number(hrtime.bigint());

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function memory(): NonNullable<Outcome['memory']> {
  // Once for what is garbage, and once for what its finalizers leave.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss };
}

export async function examine(
  examines: Kind['examines'],
  arrivals: Arrivals,
  act: () => Promise<void>,
): Promise<Outcome> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  const profile = examines === 'javascript' ? JavaScriptTime.start() : undefined;
  const cpuBefore = processorTime();
  const began = now();
  delays.enable();
  await act();
  const ended = now();
  delays.disable();
  return {
    began,
    ended,
    count: arrivals.count,
    bytes: arrivals.bytes,
    cpu: processorTime() - cpuBefore,
    delay: delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) - RESOLUTION * 1e6),
    ...(profile && { javascript: await profile.stop() }),
    ...(examines === 'memory' && { memory: memory() }),
  };
}
