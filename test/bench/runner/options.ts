/** What scripts/bench hands over; its head comment says what each means to a user. */
import { parseArgs } from 'node:util';

import { contenders } from '../contenders';
import type { Contender } from '../contenders/contender';
import { workloads } from '../workloads';
import type { Amount, Workload } from '../workloads/workload';

export interface Options {
  contenders: readonly Contender[];
  workloads: readonly Workload[];
  /** As `200B:socket`: only these. */
  pairs: readonly string[];
  quick: boolean;
  repeat: number;
  /** Messages to measure, if not the workload's own number. */
  count: number | undefined;
  /** 0: each contender's own. */
  buffers: number;
  nodeArguments: readonly string[];
  clock: string;
  /** What is measured, for the report. */
  version: string;
  json: string | undefined;
  /** Whether what is in the JSON file remains, where it is not measured again. */
  merge: boolean;
}

export class UsageError extends Error {}

export function parseOptions(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      repeat: { type: 'string' },
      count: { type: 'string' },
      buffers: { type: 'string' },
      'cpu-prof': { type: 'string' },
      clock: { type: 'string', default: 'time' },
      version: { type: 'string', default: '' },
      json: { type: 'string' },
      merge: { type: 'boolean', default: false },
    },
  });
  const names = values.only.flatMap((list) => list.split(','));
  const isExact = values.clock === 'instructions';
  const profiles = values['cpu-prof'];
  return {
    ...choose(names),
    quick: values.quick,
    repeat: number('repeat', values.repeat) ?? (values.quick ? 1 : isExact ? 3 : 5),
    count: number('count', values.count),
    buffers: number('buffers', values.buffers) ?? 0,
    nodeArguments: profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
    clock: values.clock,
    version: values.version,
    json: values.json,
    merge: values.merge,
  };
}

/** Named workloads, or all; named contenders, or all that need not be named; and named pairs. */
function choose(names: readonly string[]): Pick<Options, 'contenders' | 'workloads' | 'pairs'> {
  const pairs = names.filter((name) => name.includes(':'));
  const single = names.flatMap((name) => name.split(':'));
  const known = [...workloads, ...contenders].map(({ name }) => name);
  const unknown = single.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`no ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  const named = ({ name }: { name: string }): boolean => single.includes(name);
  return {
    workloads: workloads.some(named) ? workloads.filter(named) : workloads,
    contenders: contenders.some(named)
      ? contenders.filter(named)
      : contenders.filter(({ onlyIfNamed }) => !onlyIfNamed),
    pairs,
  };
}

export function amountOf(workload: Workload, { quick, count }: Options): Amount {
  const { warmup, count: own } = quick ? workload.quick : workload;
  return { warmup, count: count ?? own };
}

export function takesPart(
  contender: Contender,
  workload: Workload,
  { quick, pairs }: Options,
): boolean {
  if (!contender.plays(workload)) return false;
  if (pairs.length > 0) return pairs.includes(`${workload.name}:${contender.name}`);
  const { quickContenders } = workload;
  return !quick || quickContenders === 'all' || quickContenders.includes(contender.name);
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^([1-9][0-9]{0,8})([KM]?)$/.exec(text);
  if (match === null) throw new UsageError(`--${name} is a number such as 5 or 4M, not '${text}'`);
  const factor = { K: 1024, M: 1024 * 1024 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * factor;
}
