/** The results as text. */
import { contenders } from '../contenders';
import type { Report, WorkloadResults } from './results';

type Cell = string | { right: string };

export function header({ kernel, guest, clock, node, cpus, repeat }: Omit<Report, 'workloads'>) {
  const where = { uml: ' in User Mode Linux', qemu: ' in QEMU' }[guest ?? ''] ?? '';
  const unit = clock === 'instructions' ? 'one instruction is one nanosecond' : 'wall time';
  return [
    `Linux ${kernel}${where}, ${plural(cpus, 'CPU')}, clock: ${unit}, Node ${node}`,
    `Loopback, one association, sender and receiver are two processes; median of ` +
      `${plural(repeat, 'repetition')}, the contenders taking turns.`,
  ].join('\n');
}

export function table({ workload, size, count, results, ratios }: WorkloadResults): string {
  const rates = results.map(({ contender, rate, megabytes, buffers, counters }): Cell[] => [
    contender,
    { right: rate.median.toFixed(0) },
    `${rate.min.toFixed(0)} to ${rate.max.toFixed(0)}`,
    { right: megabytes.toFixed(2) },
    buffers.send === 0 ? 'unknown' : `${mebibytes(buffers.send)}, ${mebibytes(buffers.receive)}`,
    `${String(counters.timeouts)}, ${String(counters.discards)}`,
  ]);
  const comparisons = ratios.map(({ contender, reference, ratio }): Cell[] => [
    `${contender} : ${reference}`,
    { right: ratio.median.toFixed(3) },
    `${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)}`,
  ]);
  return align([
    [
      `${workload}: ${String(count)} × ${String(size)} B`,
      { right: 'messages/s' },
      'from, to',
      { right: 'MB/s' },
      'SO_SNDBUF, SO_RCVBUF',
      'timeouts, drops',
    ],
    ...rates,
    ...comparisons,
  ]);
}

/** Who is who. */
export function legend(names: readonly string[]): string {
  const lines = contenders
    .filter(({ name }) => names.includes(name))
    .map(({ name, description }): Cell[] => [name, description]);
  return align(lines);
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

function mebibytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
