/** The results as text. */
import { contenders } from '../contenders';
import type { Contender } from '../contenders/contender';
import type { Workload } from '../workloads/workload';
import { counters, type Report, type Result, summary } from './report';

type Cell = string | { right: string };

export function header({ kernel, guest, clock, node, cpus, repeat }: Omit<Report, 'results'>) {
  const where = { uml: ' in User Mode Linux', qemu: ' in QEMU' }[guest ?? ''] ?? '';
  const unit = clock === 'instructions' ? 'one instruction is one nanosecond' : 'wall time';
  return [
    `Linux ${kernel}${where}, ${plural(cpus, 'CPU')}, clock: ${unit}, Node ${node}`,
    `Loopback, the server and the client are a process each; median of ${plural(repeat, 'trial')}, ` +
      'each with new processes, which warm up first (cold).',
  ].join('\n');
}

export function table(workload: Workload, results: readonly Result[]): string {
  const { kind, size, name } = workload;
  const { warmup = 0, count = 0 } = results[0] ?? {};
  const what = size === 0 ? kind.unit : `${kind.unit} of ${String(size)} B`;
  const rows = results.map((result): Cell[] => {
    const { median, min, max } = summary(result, ({ warm }) => warm.rate);
    const cold = summary(result, (trial) => trial.cold.rate).median;
    return [
      result.contender,
      { right: median.toFixed(0) },
      `${min.toFixed(0)} to ${max.toFixed(0)}`,
      { right: cold.toFixed(0) },
      { right: sides(result, 'cpu', 1000) },
      { right: sides(result, 'delay', 1e6) },
      waits(result, 'cold') + waits(result, 'warm'),
      extras(result),
    ];
  });
  const heads: Cell[] = [
    name,
    { right: 'a second' },
    'from, to',
    { right: 'cold' },
    { right: 'µs CPU: client, server' },
    { right: 'ms late (p99)' },
  ];
  return `${name}: ${String(count)} ${what}, after ${String(warmup)}\n${align([heads, ...rows])}`;
}

/** What the kernel waited for, or threw away. */
function waits(result: Result, part: 'cold' | 'warm'): string {
  const { T3RtxExpireds, DelaySackExpireds, InDataChunkDiscards, InPktDiscards } = counters(
    result,
    part,
  );
  const counts = [
    [T3RtxExpireds, 'T3'],
    [DelaySackExpireds, 'delayed SACKs'],
    [InDataChunkDiscards, 'chunks discarded'],
    [InPktDiscards, 'packets discarded'],
  ] as const;
  const named = counts.filter(([n]) => n > 0).map(([n, what]) => `${String(n)} ${what}`);
  return named.length === 0 ? '' : `(${part}: ${named.join(', ')}) `;
}

function sides(result: Result, what: 'cpu' | 'delay', unit: number): string {
  const median = (side: 'client' | 'server'): number =>
    summary(result, ({ warm }) => warm[what]?.[side] ?? NaN).median / unit;
  return [median('client'), median('server')]
    .map((value) => (Number.isNaN(value) ? '-' : value.toFixed(1)))
    .join(', ');
}

function extras(result: Result): string {
  const [first] = result.trials;
  if (first?.memory !== undefined) {
    const kilobytes = (what: 'heap' | 'resident'): string =>
      (summary(result, ({ memory }) => memory?.[what] ?? NaN).median / 1000).toFixed(1);
    return `${kilobytes('heap')} KB of JavaScript heap, ${kilobytes('resident')} KB resident, each`;
  }
  if (first?.javascript !== undefined) {
    const time = summary(result, ({ javascript = NaN }) => javascript).median;
    return `${(time / 1000).toFixed(1)} µs in JavaScript, each`;
  }
  return '';
}

/** Who is who. */
export function legend(chosen: readonly Contender[]): string {
  return align(
    contenders
      .filter((contender) => chosen.includes(contender))
      .map(({ name, description }): Cell[] => [name, description]),
  );
}

function align(rows: readonly Cell[][]): string {
  const text = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.right);
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, text(cell).length);
    });
  }
  const line = (row: Cell[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof cell === 'string' ? cell.padEnd(width) : cell.right.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
