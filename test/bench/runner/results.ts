/** What came out, in plain data: the table is made of it, and --json writes it. */
import { cpus, release } from 'node:os';

import type { Contender } from '../contenders/contender';
import type { Workload } from '../workloads/workload';
import type { KernelCounters } from './kernel-counters';
import type { Options } from './options';
import { summarize, type Summary } from './statistics';

/** What one contender did in one workload. */
export interface Result {
  contender: string;
  isReference: boolean;
  isOneToOne: boolean;
  /** Messages per second of each repetition: in a round trip, there and back is one. */
  rates: number[];
  rate: Summary;
  /** 1e6 bytes per second, in one direction. */
  megabytes: number;
  /** Bytes, as the kernel reports them. */
  buffers: { send: number; receive: number };
  /** In all repetitions. */
  counters: KernelCounters;
}

/** A contender's rate over a reference's, repetition by repetition. */
export interface Ratio {
  contender: string;
  reference: string;
  ratios: number[];
  ratio: Summary;
}

export interface WorkloadResults {
  workload: string;
  size: number;
  count: number;
  results: Result[];
  ratios: Ratio[];
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
  workloads: WorkloadResults[];
}

export function describeRun({ clock, repeat }: Options): Omit<Report, 'workloads'> {
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
  { name, isReference, isOneToOne }: Contender,
  { size }: Workload,
  rates: number[],
  { buffers, counters }: Pick<Result, 'buffers' | 'counters'>,
): Result {
  const rate = summarize(rates);
  return {
    contender: name,
    isReference,
    isOneToOne,
    rates,
    rate,
    megabytes: (rate.median * size) / 1e6,
    buffers,
    counters,
  };
}

export function toRatios(results: readonly Result[]): Ratio[] {
  const references = results.filter(({ isReference }) => isReference);
  return results
    .filter(({ isReference }) => !isReference)
    .flatMap((result) =>
      references
        .filter(({ isOneToOne }) => isOneToOne === result.isOneToOne)
        .map((reference) => toRatio(result, reference)),
    );
}

function toRatio(result: Result, reference: Result): Ratio {
  const ratios = result.rates.map((rate, index) => rate / (reference.rates[index] ?? NaN));
  return {
    contender: result.contender,
    reference: reference.contender,
    ratios,
    ratio: summarize(ratios),
  };
}
