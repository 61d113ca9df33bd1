/** `top`: what the kernel has of SCTP on this host, again and again, and how fast its counters count. */
import { setTimeout as sleep } from 'node:timers/promises';

import { hasTables } from '../../proc/table';
import { command } from '../command';
import {
  NOT_LOADED,
  PORT_OPTION,
  portOf,
  readStatus,
  section,
  socketTables,
  type Status,
} from '../host-status';
import { duration, integer } from '../values';

/** By the counters' names: how much each grew a second, of those that changed. */
type Rates = Readonly<Record<string, number>>;

interface Look extends Status {
  /** Absent at the first. */
  readonly rates?: Rates;
}

export const top = command({
  name: 'top',
  summary: 'associations, paths and rates of this host, as they change',
  operands: [],
  description: [
    'Prints what status prints, once an interval: the associations with most unacknowledged and ' +
      'unread bytes first and, of the counters, those that changed, with their rates. On a ' +
      'terminal each look replaces the one before. Interrupt it (Ctrl-C) to end.',
  ],
  options: {
    port: PORT_OPTION,
    interval: { type: 'string', short: 'i', value: 'TIME', help: 'Between two (default 2s).' },
    count: {
      type: 'string',
      short: 'c',
      value: 'N',
      help: 'How often (default: until interrupted).',
    },
    json: { type: 'boolean', help: 'One JSON object a line.' },
  },
  examples: ['kernel-sctp top', 'kernel-sctp top --port 2905 --interval 5s --json'],
  statuses: { 1: 'if this kernel has no SCTP, or has not loaded it' },
  async run({ io, values }) {
    const port = portOf(values.port);
    const count = values.count === undefined ? Infinity : integer(values.count, '--count', 1, 1e9);
    const interval = duration(values.interval ?? '2s', '--interval');
    let former: { counters: Status['counters']; at: number } | undefined;
    for (let looks = 0; looks < count; looks++) {
      if (looks > 0) {
        await sleep(interval, undefined, { signal: io.interrupted }).catch(() => undefined);
      }
      if (io.interrupted.aborted) break;
      if (!hasTables()) {
        io.note(NOT_LOADED);
        return 1;
      }
      const status = readStatus(port);
      const at = performance.now();
      const look: Look = {
        ...status,
        ...(former && { rates: ratesOf(former.counters, status.counters, at - former.at) }),
      };
      former = { counters: status.counters, at };
      if (values.json !== true) io.clear();
      await io.write(values.json === true ? `${JSON.stringify(look)}\n` : textOf(look));
    }
    return 0;
  },
});

function ratesOf(before: Status['counters'], now: Status['counters'], passed: number): Rates {
  return Object.fromEntries(
    Object.entries(now)
      .map(([name, value]) => [name, value - (before[name] ?? 0)] as const)
      .filter(([, change]) => change !== 0)
      .map(([name, change]) => [name, Math.round((change * 10_000) / passed) / 10]),
  );
}

function textOf({ rates, ...status }: Look): string {
  const busiest = status.associations.toSorted((a, b) => waiting(b) - waiting(a));
  const lines = [
    ...socketTables({ ...status, associations: busiest }),
    ...(rates
      ? section('Counters that changed', [
          ['NAME', 'VALUE', 'PER SECOND'],
          ...Object.entries(rates).map(([name, rate]) => [
            name,
            String(status.counters[name]),
            rate.toFixed(1),
          ]),
        ])
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function waiting({ sendQueue, receiveQueue }: Status['associations'][number]): number {
  return sendQueue + receiveQueue;
}
