import { burstWorkloads } from './bursts';
import { connectionWorkloads } from './connections';
import { oneWayWorkloads } from './one-way';
import { roundTripWorkloads } from './round-trip';
import type { Workload } from './workload';

export const workloads: readonly Workload[] = [
  ...oneWayWorkloads,
  ...roundTripWorkloads,
  ...burstWorkloads,
  ...connectionWorkloads,
];
