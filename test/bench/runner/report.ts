/** What came out, in plain data: the tables and the page are made of it, and --json writes it. */
import { cpus, release } from 'node:os';

import { type Counters, combined } from '../../stalls/counters';
import type { Contender, Side } from '../contenders/contender';
import type { Amount, Workload } from '../workloads/workload';
import type { Options } from './options';
import { type Summary, summarize } from './statistics';

/** One part of a trial. Times are in ns, of the clock that the report names. */
export interface Measured {
  /** A second. */
  rate: number;
  /** Processor time for each message, round trip or connection. */
  cpu: Record<Side, number>;
  /** How late event loops were: the 99th percentile. Absent in C. */
  delay?: Record<Side, number>;
  /** Of the kernel, while it went on. */
  counters: Counters;
}

export interface Trial {
  /** The warm-up: the first of a fresh process. */
  cold: Measured;
  warm: Measured;
  /** Of the server, for each idle association, in bytes. */
  memory?: { heap: number; resident: number };
  /** Of the server, for each connection, in ns. */
  javascript?: number;
}

/** What one contender did in one workload. */
export interface Result extends Amount {
  workload: string;
  contender: string;
  /** What was measured: the version in development, and its commit. */
  version: string;
  trials: Trial[];
}

export interface Report {
  kernel: string;
  /** `uml` or `qemu`; without it, this machine's own. */
  guest?: string;
  /** `instructions`: a nanosecond is an instruction. */
  clock: string;
  node: string;
  cpus: number;
  repeat: number;
  results: Result[];
}

export function describeRun({ clock, repeat }: Options): Omit<Report, 'results'> {
  const guest = process.env['KERNEL_SCTP_GUEST'];
  return {
    kernel: release(),
    ...(guest !== undefined && { guest }),
    clock,
    node: process.version,
    cpus: cpus().length,
    repeat,
  };
}

export function toResult(
  { name: contender }: Contender,
  { name: workload }: Workload,
  { warmup, count }: Amount,
  version: string,
  trials: Trial[],
): Result {
  return { workload, contender, version, warmup, count, trials };
}

/** Those of `before` that have not been measured again, and the new ones. */
export function merged(before: readonly Result[], now: readonly Result[]): Result[] {
  const key = ({ workload, contender }: Result): string => `${workload} ${contender}`;
  const again = new Set(now.map(key));
  return [...before.filter((result) => !again.has(key(result))), ...now];
}

/** Of all trials. */
export function summary({ trials }: Result, pick: (trial: Trial) => number): Summary {
  return summarize(trials.map(pick));
}

export function counters({ trials }: Result, part: 'cold' | 'warm'): Counters {
  return trials
    .map((trial) => trial[part].counters)
    .reduce((a, b) => combined(a, b, (x, y) => x + y));
}

/** Whether a timer of the kernel's ran out, so that the rate may be one of waiting. */
export function hasWaited(result: Result, part: 'cold' | 'warm'): boolean {
  const { T3RtxExpireds, DelaySackExpireds } = counters(result, part);
  return T3RtxExpireds + DelaySackExpireds > 0;
}
