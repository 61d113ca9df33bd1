/** The whole sweep, for scripts/sweep-stalls. Ends with status 1 if anything has waited. */
import { parseArgs } from 'node:util';

import { closeAll } from '../support/cleanup';
import { everySize, type Row, type Situation, sweep } from './sweep';

const MIB = 1024 * 1024;

const own: Situation[] = [1, 2].flatMap((ways) =>
  [1, 16].flatMap((streams) =>
    (['loopback', 'network'] as const).flatMap((place) =>
      [true, false].map((privileged) => ({ place, privileged, ways: ways as 1 | 2, streams })),
    ),
  ),
);

const python: Situation[] = (['loopback', 'network'] as const).flatMap((place) =>
  [true, false].flatMap((privileged) =>
    [0, 4 * MIB].map((pythonBuffer) => ({
      ...{ place, privileged, pythonBuffer },
      ...({ ways: 1, streams: 1 } as const),
    })),
  ),
);

function titleOf({ place, privileged, ways, streams, pythonBuffer }: Situation): string {
  return [
    place,
    privileged ? 'privileged' : 'unprivileged',
    ways === 1 ? 'one way' : 'both ways',
    streams === 1 ? '1 stream' : `${String(streams)} streams`,
    ...(pythonBuffer === undefined
      ? []
      : [`python3, send buffer ${String(pythonBuffer || 'default')}`]),
  ].join(', ');
}

function lineOf({ size, count, milliseconds, isUnfinished, counters }: Row): string {
  const rate = isUnfinished ? 'unfinished' : ((count / milliseconds) * 1000).toFixed(0);
  const { T3RtxExpireds: t3, DelaySackExpireds: sacks } = counters;
  const counts = [t3, sacks, counters.InDataChunkDiscards, counters.InPktDiscards];
  const cells = [size, count, rate, ...counts].map((cell) => String(cell).padStart(11));
  return cells.join('') + (isStalled({ isUnfinished, counters }) ? '  STALLED' : '');
}

function isStalled({ isUnfinished, counters }: Pick<Row, 'isUnfinished' | 'counters'>): boolean {
  return isUnfinished || counters.T3RtxExpireds > 0 || counters.DelaySackExpireds > 0;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      sizes: { type: 'string' },
    },
  });
  const sizes = values.sizes?.split(',').map(Number) ?? everySize;
  const chosen = [...own, ...python].filter((situation) =>
    values.only.every((word) => titleOf(situation).includes(word)),
  );
  let stalled = 0;
  for (const situation of chosen) {
    console.log(`\n${titleOf(situation)}`);
    const heads = ['bytes', 'messages', 'messages/s', 'T3', 'SACK timer', 'no room', 'backlog'];
    console.log(heads.map((head) => head.padStart(11)).join(''));
    await sweep(situation, sizes, (row) => {
      if (isStalled(row)) stalled++;
      console.log(lineOf(row));
    });
    await closeAll();
  }
  console.log(`\n${String(stalled)} of these transfers waited for a timer.`);
  process.exitCode = stalled > 0 ? 1 : 0;
}

void main();
