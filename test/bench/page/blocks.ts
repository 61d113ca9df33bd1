/** The printed parts of the page, by name. */
import { contenders } from '../contenders';
import { workloads } from '../workloads';
import type { Workload } from '../workloads/workload';
import { goalTable } from './goals';
import { grouped, rounded, table } from './markdown';
import type { Result } from '../runner/report';
import type { Measurements, PartName } from './measurements';

/** Contenders that are this package. */
const ours = ['socket', 'byte-stream', 'open', 'endpoint', 'socket-user'];

const ofKind = (name: string, info = false): Workload[] =>
  workloads.filter((workload) => workload.kind.name === name && workload.info === info);

/** Contenders as they are listed, of those that were measured. */
function playersOf(measurements: Measurements, chosen: readonly Workload[]): string[] {
  const played = measurements.contendersIn(chosen.map(({ name }) => name));
  return contenders.map(({ name }) => name).filter((name) => played.includes(name));
}

function marked(
  measurements: Measurements,
  workload: string,
  contender: string,
  part: PartName,
): string {
  const rate = rounded(measurements.rate(workload, contender, part));
  return measurements.waited(workload, contender, part) ? `${rate} †` : rate;
}

/** A row for each contender, a column for each workload. */
function rates(
  measurements: Measurements,
  chosen: readonly Workload[],
  part: PartName = 'warm',
  players = playersOf(measurements, chosen),
): string {
  const rows = players.map((contender) => [
    `\`${contender}\``,
    ...chosen.map(({ name }) => marked(measurements, name, contender, part)),
  ]);
  const counts = ['measured', ...chosen.map(({ name }) => countsOf(measurements, name, part))];
  const heads = ['', ...chosen.map(({ title }) => title)];
  return table(heads, [...rows, counts], `l${'r'.repeat(chosen.length)}`);
}

/** How many messages the rates are of: not each contender need have had the same. */
function countsOf({ report }: Measurements, workload: string, part: PartName): string {
  const played = report.results.filter((result) => result.workload === workload);
  const counts = played.map(({ warmup, count }) => (part === 'cold' ? warmup : count));
  return [...new Set(counts)]
    .sort((a, b) => a - b)
    .map((count) => grouped(count))
    .join(' or ');
}

/** Plain, and with stream and payload protocol, of those that can. */
function withInfo(measurements: Measurements): string {
  const chosen = ofKind('one-way', true);
  const plain = ofKind('one-way').filter(({ size }) => chosen.some((other) => other.size === size));
  const columns = [...plain, ...chosen];
  return rates(measurements, columns, 'warm', playersOf(measurements, chosen));
}

/** What made a figure one of waiting. */
function waits(measurements: Measurements): string {
  const found = measurements.report.results.flatMap(({ workload, contender, trials }) =>
    (['cold', 'warm'] as const).map((part) => {
      const counted = measurements.waits(workload, contender, part);
      return (
        counted && [`\`${workload}\``, `\`${contender}\``, part, String(trials.length), counted]
      );
    }),
  );
  const rows = found.filter((row) => Array.isArray(row));
  if (rows.length === 0) return 'No timer of the kernel ran out in any trial.';
  return table(['workload', 'contender', '', 'trials', 'ran out, in all'], rows, 'lllrl');
}

function costs(measurements: Measurements): string {
  const chosen = [...ofKind('one-way'), ...ofKind('round-trip')].filter(({ size }) => size === 200);
  const microseconds = (ns: number | undefined, unit: number): string =>
    ns === undefined ? '' : (ns / unit).toFixed(1);
  const rows = playersOf(measurements, chosen).map((contender) => [
    `\`${contender}\``,
    ...chosen.map(({ name }) => microseconds(measurements.cpu(name, contender), 1000)),
    microseconds(measurements.delay(chosen[0]?.name ?? '', contender), 1e6),
  ]);
  const heads = [
    '',
    'CPU, one way, µs',
    'CPU, round trip, µs',
    'event loop late, one way, ms (p99)',
  ];
  return table(heads, rows, 'lrrr');
}

function connections(measurements: Measurements): string {
  const chosen = [...ofKind('connections'), ...ofKind('connections-20')];
  const all = [...chosen, ...ofKind('refused'), ...ofKind('idle')];
  const scaled = (value: number | undefined): string =>
    value === undefined ? '' : (value / 1000).toFixed(1);
  const rows = playersOf(measurements, all).map((contender) => [
    `\`${contender}\``,
    ...chosen.map(({ name }) => marked(measurements, name, contender, 'warm')),
    scaled(measurements.javascript(contender)),
    scaled(measurements.memory(contender, 'heap')),
    scaled(measurements.memory(contender, 'resident')),
  ]);
  const heads = [
    '',
    'one after another, a second',
    '20 at once, a second',
    'accept and destroy, JavaScript, µs',
    'idle: JavaScript heap, kB',
    'idle: resident, kB',
  ];
  return table(heads, rows, 'lrrrrr');
}

/** Which commits were measured: speed work goes on, and a whole run takes hours. */
function versionsOf(results: readonly Result[]): string[] {
  const ofOurs = results.filter(({ contender }) => ours.includes(contender));
  return [...new Set(ofOurs.map(({ version }) => version))].map((version, _, { length }) => {
    const names = ofOurs
      .filter((result) => result.version === version)
      .map(({ workload, contender }) => `\`${workload}\` ${contender}`);
    return `- kernel-sctp at ${version}${length === 1 ? '' : `: ${names.join(', ')}`}`;
  });
}

/** What was measured, where. */
function run({ report }: Measurements): string {
  const { kernel, guest, clock, node, cpus, results } = report;
  const where =
    guest === 'qemu' ? ', in QEMU (pure emulation)' : guest === 'uml' ? ', User Mode Linux' : '';
  const trials = [...new Set(results.map((result) => result.trials.length))].sort();
  return [
    ...versionsOf(results),
    `- Node.js ${node}, Linux ${kernel}${where}, ${String(cpus)} CPU`,
    `- clock: ${clock === 'instructions' ? 'executed instructions; one is a nanosecond' : 'wall time'}`,
    `- trials of each figure, of which the median is shown: ${trials.join(' or ')}`,
  ].join('\n');
}

function legend(measurements: Measurements): string {
  const played = measurements.contendersIn(workloads.map(({ name }) => name));
  const rows = contenders
    .filter(({ name }) => played.includes(name))
    .map(({ name, description }) => [`\`${name}\``, description]);
  return table(['', 'what it is'], rows, 'll');
}

export function blocks(measurements: Measurements): Record<string, string> {
  return {
    run: run(measurements),
    legend: legend(measurements),
    goals: goalTable(measurements),
    'one-way': rates(measurements, ofKind('one-way')),
    'one-way-cold': rates(measurements, ofKind('one-way'), 'cold'),
    info: withInfo(measurements),
    'round-trip': rates(measurements, ofKind('round-trip')),
    associations: rates(measurements, ofKind('bursts')),
    costs: costs(measurements),
    connections: connections(measurements),
    waits: waits(measurements),
  };
}
