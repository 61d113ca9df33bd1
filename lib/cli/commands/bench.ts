/** `bench`: how many messages a second a peer takes, or how long it takes to answer one. */
import { once } from 'node:events';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

import { connect } from '../../net';
import type { Socket } from '../../socket/socket';
import { flood, type Load, roundTrips, type Tally } from '../bench/load';
import { command } from '../command';
import type { Io } from '../io';
import { associationOptions, readClientOptions } from '../messages/options';
import { UsageError } from '../usage-error';
import { duration, hostAndPort, integer, ppid } from '../values';

/** How often the rate is printed meanwhile, in milliseconds. */
const PROGRESS = 1000;

export const bench = command({
  name: 'bench',
  summary: 'how many messages a second go to a peer, or how long answers take',
  operands: ['HOST:PORT'],
  description: [
    'Sends messages as fast as the peer takes them, and counts those that its SCTP has ' +
      'acknowledged. The peer may be kernel-sctp listen PORT --discard, or any program that reads.',
    'With --round-trips it sends one message at a time on each association and waits for its echo, ' +
      'of kernel-sctp listen PORT --echo.',
    'What it measures is both programs, this one and the peer’s: on a small machine more often ' +
      'their processors than the network.',
  ],
  options: {
    size: { type: 'string', short: 's', value: 'BYTES', help: 'Of a message (default 1000).' },
    count: {
      type: 'string',
      short: 'c',
      value: 'N',
      help: 'Messages for each association, however long they take.',
    },
    duration: {
      type: 'string',
      short: 'd',
      value: 'TIME',
      help: 'How long to send, instead of a count (default 10s).',
    },
    'round-trips': { type: 'boolean', short: 'r', help: 'Wait for the answer to each message.' },
    associations: { type: 'string', value: 'N', help: 'How many at once (default 1).' },
    streams: { type: 'string', value: 'N', help: 'Messages take turns on so many (default 1).' },
    ppid: { type: 'string', value: 'PPID', help: 'Their payload protocol identifier.' },
    timeout: {
      type: 'string',
      short: 't',
      value: 'TIME',
      help: 'For an association to come up, an answer, and the last acknowledgement (default 10s).',
    },
    ...associationOptions,
    json: { type: 'boolean', help: 'The result as one JSON object.' },
  },
  examples: [
    'kernel-sctp bench 192.0.2.10:7 --size 200 --duration 30s',
    'kernel-sctp bench 192.0.2.10:7 --round-trips --count 10000 --associations 4 --json',
  ],
  statuses: { 1: 'if an association was refused or lost, or the peer did not answer' },
  async run({ io, values, operands: [peer = ''] }) {
    const { host, port } = hostAndPort(peer);
    const { count, bind, json = false } = values;
    if (count !== undefined && values.duration !== undefined) {
      throw new UsageError('--count and --duration exclude each other');
    }
    const time = duration(values.duration ?? '10s', '--duration');
    const timeout = duration(values.timeout ?? '10s', '--timeout');
    const streams = integer(values.streams ?? '1', '--streams', 1, 65_535);
    const associations = integer(values.associations ?? '1', '--associations', 1, 10_000);
    const size = integer(values.size ?? '1000', '--size', 1, 67_108_864);
    const over = new AbortController();
    const load: Load = {
      message: Buffer.alloc(size, 'x'),
      count: count === undefined ? Infinity : integer(count, '--count', 1, 1e9),
      ppid: values.ppid === undefined ? 0 : ppid(values.ppid),
      over: AbortSignal.any([over.signal, io.interrupted]),
      ...{ streams, timeout },
    };
    const options = {
      ...{ host, port, OS: streams, connectTimeout: timeout },
      ...(bind !== undefined && { localAddresses: bind }),
      ...readClientOptions(values),
    };
    const sockets = Array.from({ length: associations }, () => connect(options));
    const lost = Promise.race(sockets.map(failure));
    lost.catch(() => undefined); // it may come before anybody waits
    try {
      await Promise.race([Promise.all(sockets.map((socket) => up(socket, io))), lost]);
      for (const socket of sockets) checkStreams(socket, streams);
      const times = values['round-trips'] === true ? createHistogram() : undefined;
      const limit =
        load.count === Infinity
          ? setTimeout(() => {
              over.abort();
            }, time)
          : undefined;
      const running = measured(sockets, load, times, json ? undefined : io);
      const measurement = await Promise.race([running, lost]);
      clearTimeout(limit);
      const result = resultOf(measurement, { size, associations, streams }, times);
      if (json) io.print(JSON.stringify(result));
      else io.print(describe(result));
      for (const socket of sockets) socket.end();
      await Promise.race([Promise.all(sockets.map(closed)), lost]);
      return 0;
    } finally {
      over.abort();
      for (const socket of sockets) socket.destroy();
    }
  },
});

async function up(socket: Socket, { interrupted }: Io): Promise<void> {
  await once(socket, 'connect', { signal: interrupted });
}

/** @throws what an association was lost by; settles in no other way */
async function failure(socket: Socket): Promise<never> {
  return new Promise((_, reject) => {
    socket.once('error', reject);
  });
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close');
}

function checkStreams({ OS = 0 }: Socket, streams: number): void {
  if (OS >= streams) return;
  throw new Error(`the peer takes ${String(OS)} streams only: give --streams ${String(OS)}`);
}

interface Measurement {
  readonly messages: number;
  readonly seconds: number;
}

/** @param io gets the rate once a second, if there is one */
async function measured(
  sockets: readonly Socket[],
  load: Load,
  times: RecordableHistogram | undefined,
  io: Io | undefined,
): Promise<Measurement> {
  const tally: Tally = { messages: 0 };
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 1000;
  let before = 0;
  const progress = setInterval(() => {
    const rate = ((tally.messages - before) * 1000) / PROGRESS;
    before = tally.messages;
    io?.remark(`${elapsed().toFixed(0)} s: ${rate.toFixed(0)} messages/s`);
  }, PROGRESS);
  try {
    await Promise.all(
      sockets.map((socket) =>
        times ? roundTrips(socket, load, tally, times) : flood(socket, load, tally),
      ),
    );
    return { messages: tally.messages, seconds: elapsed() };
  } finally {
    clearInterval(progress);
  }
}

interface Shape {
  readonly size: number;
  readonly associations: number;
  readonly streams: number;
}

interface Result extends Measurement, Shape {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** In milliseconds. */
  readonly roundTrip?: Readonly<Record<'min' | 'median' | 'p99' | 'max', number>>;
}

function resultOf(
  { messages, seconds }: Measurement,
  shape: Shape,
  times: RecordableHistogram | undefined,
): Result {
  const messagesPerSecond = Math.round(messages / seconds);
  const milliseconds = (nanoseconds: number): number => Math.round(nanoseconds / 1000) / 1000;
  return {
    ...{ messages, seconds: Math.round(seconds * 1000) / 1000, ...shape, messagesPerSecond },
    bytesPerSecond: messagesPerSecond * shape.size,
    ...(times &&
      times.count > 0 && {
        roundTrip: {
          min: milliseconds(times.min),
          median: milliseconds(times.percentile(50)),
          p99: milliseconds(times.percentile(99)),
          max: milliseconds(times.max),
        },
      }),
  };
}

function describe(result: Result): string {
  const { messages, seconds, associations, streams, size, roundTrip } = result;
  const { messagesPerSecond, bytesPerSecond } = result;
  const over =
    `${String(associations)} association${associations === 1 ? '' : 's'}` +
    (streams === 1 ? '' : `, on ${String(streams)} streams each`);
  const sentence = `${String(messages)} messages of ${String(size)} bytes in ${seconds.toFixed(2)} s over ${over}`;
  const rate = `${String(messagesPerSecond)} messages/s, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  if (!roundTrip) return `${sentence}: ${rate}`;
  const { min, median, p99, max } = roundTrip;
  const times = `least ${min.toFixed(3)}, median ${median.toFixed(3)}, 99 % below ${p99.toFixed(3)}, most ${max.toFixed(3)} ms`;
  return `${sentence}: ${rate}\nround trips: ${times}`;
}
