/** What the package sets itself, and whether it is reached. */
import { table } from './markdown';
import type { Measurements, PartName } from './measurements';

interface Goal {
  what: string;
  /** A ratio of rates, a number of bytes, or of ns. */
  value(measurements: Measurements): number | undefined;
  atLeast?: number;
  atMost?: number;
  show: (value: number) => string;
  /** What the value is made of: if one of them waited for a timer, it says little. */
  of: readonly (readonly [workload: string, contender: string, part?: PartName])[];
}

type Source = Goal['of'][number];

const times = (value: number): string => `${value.toFixed(2)} ×`;

/** The rate of the first over the second's. */
function ratio(
  what: string,
  first: Source,
  second: Source,
  goal: Pick<Goal, 'atLeast' | 'atMost'>,
): Goal {
  return {
    what,
    value: (measurements) => {
      const [a, b] = [measurements.rate(...first), measurements.rate(...second)];
      return a === undefined || b === undefined ? undefined : a / b;
    },
    ...goal,
    show: times,
    of: [first, second],
  };
}

const goals: readonly Goal[] = [
  ratio('Socket, 200 B, against C at the limit', ['200B', 'socket'], ['200B', 'c-bursts-1to1'], {
    atLeast: 0.75,
  }),
  ratio('the same, cold', ['200B', 'socket', 'cold'], ['200B', 'c-bursts-1to1'], { atLeast: 0.5 }),
  ratio('Socket, 200 B, against plain C', ['200B', 'socket'], ['200B', 'c-1to1'], { atLeast: 2.3 }),
  ratio('Socket, 1 kB, against C at the limit', ['1kB', 'socket'], ['1kB', 'c-bursts-1to1'], {
    atLeast: 0.75,
  }),
  ratio('Socket, 60 kB, against plain C', ['60kB', 'socket'], ['60kB', 'c-1to1'], {
    atLeast: 0.95,
  }),
  ratio(
    'Socket, 200 B, sid and ppid with each message, against without',
    ['200B-info', 'socket'],
    ['200B', 'socket'],
    { atLeast: 0.9 },
  ),
  ratio('`open`, 200 B, against C at the limit', ['200B', 'open'], ['200B', 'c-bursts'], {
    atLeast: 0.6,
  }),
  ratio('endpoint, 200 B, against C at the limit', ['200B', 'endpoint'], ['200B', 'c-bursts'], {
    atLeast: 0.6,
  }),
  ratio('`byteStream`, 200 B, against `net`', ['200B', 'byte-stream'], ['200B', 'net'], {
    atLeast: 0.9,
  }),
  ratio(
    'Socket, 200 B, cold, against `net`, cold',
    ['200B', 'socket', 'cold'],
    ['200B', 'net', 'cold'],
    { atLeast: 0.75 },
  ),
  ratio(
    'Socket, round trip of 200 B, time against C with epoll',
    ['round-trip', 'c-epoll'],
    ['round-trip', 'socket'],
    { atMost: 2 },
  ),
  ratio('Sockets, 1000 associations against 1', ['bursts-1000', 'socket'], ['bursts-1', 'socket'], {
    atLeast: 0.8,
  }),
  ratio(
    'Socket, connect, end, close, against `net`',
    ['connections', 'socket'],
    ['connections', 'net'],
    { atLeast: 0.5 },
  ),
  {
    what: 'JavaScript heap of an idle accepted Socket',
    value: (measurements) => measurements.memory('socket', 'heap'),
    atMost: 4000,
    show: (bytes) => `${(bytes / 1000).toFixed(1)} kB`,
    of: [],
  },
  {
    what: 'JavaScript to accept and destroy a Socket',
    value: (measurements) => measurements.javascript('socket'),
    atMost: 40_000,
    show: (ns) => `${(ns / 1000).toFixed(0)} µs`,
    of: [],
  },
];

function isReached({ atLeast = -Infinity, atMost = Infinity }: Goal, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

export function goalTable(measurements: Measurements): string {
  const rows = goals.map((goal) => {
    const { what, atLeast, atMost, show, of } = goal;
    const value = goal.value(measurements);
    const bound =
      atLeast === undefined ? `at most ${show(atMost ?? NaN)}` : `at least ${show(atLeast)}`;
    if (value === undefined) return [what, bound, 'not measured', ''];
    const mark = of.some((source) => measurements.waited(...source)) ? ' †' : '';
    return [what, bound, show(value) + mark, isReached(goal, value) ? 'yes' : '**no**'];
  });
  return table(['', 'goal', 'measured', 'reached'], rows, 'llrl');
}
