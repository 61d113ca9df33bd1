/** What scripts/bench hands over; its head comment says what each means to a user. */
import { parseArgs } from 'node:util';

import { contenders } from '../contenders';
import type { Contender } from '../contenders/contender';
import { workloads } from '../workloads';
import type { Workload } from '../workloads/workload';

export interface Options {
  contenders: readonly Contender[];
  workloads: readonly Workload[];
  quick: boolean;
  repeat: number;
  /** Messages per repetition, if not the workload's own number. */
  count: number | undefined;
  buffers: number | undefined;
  nodeArguments: readonly string[];
  clock: string;
  json: string | undefined;
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
      json: { type: 'string' },
    },
  });
  const names = values.only.flatMap((list) => list.split(','));
  const isExact = values.clock === 'instructions';
  const profiles = values['cpu-prof'];
  return {
    ...choose(names),
    quick: values.quick,
    repeat: number('repeat', values.repeat) ?? (values.quick || isExact ? 3 : 5),
    count: number('count', values.count),
    buffers: number('buffers', values.buffers),
    nodeArguments: profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
    clock: values.clock,
    json: values.json,
  };
}

/** Named workloads, or all; named contenders, or all that need not be named. */
function choose(names: readonly string[]): Pick<Options, 'contenders' | 'workloads'> {
  const known = [...workloads, ...contenders].map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`no ${unknown.join(', ')}; there are ${known.join(', ')}`);
  }
  const named = ({ name }: { name: string }): boolean => names.includes(name);
  return {
    workloads: workloads.some(named) ? workloads.filter(named) : workloads,
    contenders: contenders.some(named)
      ? contenders.filter(named)
      : contenders.filter(({ onlyIfNamed }) => !onlyIfNamed),
  };
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^([1-9][0-9]{0,8})([KM]?)$/.exec(text);
  if (match === null) throw new UsageError(`--${name} is a number such as 5 or 4M, not '${text}'`);
  const factor = { K: 1024, M: 1024 * 1024 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * factor;
}
