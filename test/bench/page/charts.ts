/** The page's charts, by file name. */
import { workloads } from '../workloads';
import { rounded } from './markdown';
import type { Measurements } from './measurements';
import { type Bar, bars, type Line, lines } from './svg';

/** In every chart they have the same order and colours. */
const chosen = [
  'socket',
  'byte-stream',
  'endpoint',
  'open',
  'socket-user',
  'net',
  'dgram',
  'c-1to1',
  'c-bursts-1to1',
  'c-epoll',
];

function groups(
  measurements: Measurements,
  workload: string,
  parts: readonly ('warm' | 'cold')[],
): Bar[] {
  return chosen.flatMap((name, color) => {
    const values = parts.flatMap((part) => {
      const value = measurements.rate(workload, name, part);
      const mark = measurements.waited(workload, name, part) ? ' †' : '';
      const suffix = part === 'cold' ? ' cold' : '';
      return value === undefined ? [] : [{ value, label: rounded(value) + suffix + mark }];
    });
    return values.length === 0 ? [] : [{ name, color, values }];
  });
}

/** A line for each contender over the workloads of a kind. */
function series(measurements: Measurements, kind: string, xOf: 'size' | 'associations'): Line[] {
  const ofKind = workloads.filter(({ kind: { name }, info }) => name === kind && !info);
  return chosen.flatMap((name, color) => {
    const points = ofKind.flatMap((workload) => {
      const y = measurements.rate(workload.name, name);
      return y === undefined ? [] : [{ x: workload[xOf], y }];
    });
    return points.length < 2 ? [] : [{ name, color, points }];
  });
}

export function charts(measurements: Measurements): Record<string, string> {
  const sizes = workloads.filter(({ kind, info }) => kind.name === 'one-way' && !info);
  const counts = workloads.filter(({ kind }) => kind.name === 'bursts');
  return {
    'performance-200B.svg': bars(
      'Messages of 200 B a second, one way, one association: warm, and cold',
      groups(measurements, '200B', ['warm', 'cold']),
    ),
    'performance-sizes.svg': lines(
      'Messages a second by size, one way, one association',
      series(measurements, 'one-way', 'size'),
      sizes.map(({ size, title }) => ({ x: size, label: title })),
    ),
    'performance-round-trip.svg': bars(
      'Round trips of 200 B a second',
      groups(measurements, 'round-trip', ['warm']),
    ),
    'performance-associations.svg': lines(
      'Messages of 200 B a second by number of associations that write bursts of 32',
      series(measurements, 'bursts', 'associations'),
      counts.map(({ associations }) => ({ x: associations, label: String(associations) })),
    ),
  };
}
