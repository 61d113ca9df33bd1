/** `ping`: how long a peer takes to acknowledge, and the state of each path to it. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Path } from '../../../types/paths';
import { connect } from '../../net';
import type { Socket } from '../../socket/socket';
import { command } from '../command';
import type { Io } from '../io';
import { associationOptions, readClientOptions } from '../messages/options';
import { UsageError } from '../usage-error';
import { duration, hostAndPort, integer, ppid } from '../values';

export const ping = command({
  name: 'ping',
  summary: 'round trips to a peer, on each path; shows failover',
  operands: ['HOST:PORT'],
  description: [
    'Sets up an association and asks each path for a heartbeat, once an interval; the peer’s ' +
      'program sees nothing of it. Prints state, round-trip time and time-out of each path, and ' +
      'every change of a path.',
    'With --message it sends that each time instead, and prints how long it took until the peer’s ' +
      'SCTP had acknowledged it.',
  ],
  options: {
    count: {
      type: 'string',
      short: 'c',
      value: 'N',
      help: 'How often (default: until interrupted).',
    },
    interval: { type: 'string', short: 'i', value: 'TIME', help: 'Between two (default 1s).' },
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'Send this message each time.' },
    ppid: { type: 'string', value: 'PPID', help: 'Its payload protocol identifier.' },
    timeout: { type: 'string', short: 't', value: 'TIME', help: 'For each answer (default 5s).' },
    ...associationOptions,
    json: { type: 'boolean', help: 'One JSON object a line.' },
  },
  examples: [
    'kernel-sctp ping 192.0.2.10:2905 --preset sigtran',
    'kernel-sctp ping 192.0.2.10:7 --message hello --count 10 --interval 100ms',
  ],
  statuses: { 1: 'if the peer did not answer, or was lost' },
  async run({ io, values, operands: [peer = ''] }) {
    const { host, port } = hostAndPort(peer);
    const count = values.count === undefined ? Infinity : integer(values.count, '--count', 1, 1e9);
    const interval = duration(values.interval ?? '1s', '--interval');
    const timeout = duration(values.timeout ?? '5s', '--timeout');
    const protocol = values.ppid === undefined ? 0 : ppid(values.ppid);
    const { bind, message } = values;
    const options = readClientOptions(values);
    if (options.engine === 'user' && message === undefined) {
      throw new UsageError(
        'the engine in user space sends no heartbeats on request: use --message',
      );
    }
    const settings = { io, isJson: values.json === true, count, interval, timeout, protocol };
    const socket = connect({
      port,
      host,
      ...(bind !== undefined && { localAddresses: bind }),
      ...options,
      connectTimeout: timeout,
    });
    try {
      return await roundTrips(socket, { ...settings, ...(message !== undefined && { message }) });
    } finally {
      socket.destroy();
    }
  },
});

interface Settings {
  readonly io: Io;
  readonly isJson: boolean;
  readonly count: number;
  /** Milliseconds, as `timeout`. */
  readonly interval: number;
  readonly timeout: number;
  /** What is sent; without one, heartbeats are. */
  readonly message?: string;
  readonly protocol: number;
}

/** @returns the exit status */
async function roundTrips(socket: Socket, settings: Settings): Promise<number> {
  const { io, isJson, count, interval, message } = settings;
  const failures: Error[] = [];
  socket.on('error', (error) => failures.push(error));
  socket.resume();
  await once(socket, 'connect', { signal: io.interrupted });
  socket.on('path', (change) => {
    if (isJson) io.print(JSON.stringify({ event: 'path', ...change }));
    else io.print(io.paint.strong(`path ${change.address}: ${change.change}`));
  });
  const times: number[] = [];
  let sent = 0;
  for (; sent < count && mayGoOn(socket, io); sent++) {
    if (message === undefined) beat(socket);
    else await round(socket, Buffer.from(message), times, settings);
    report(socket.paths, io, isJson, message === undefined);
    if (sent + 1 < count) await pause(interval, io);
  }
  socket.end();
  if (!socket.destroyed) await once(socket, 'close');
  if (message !== undefined) summarize(sent, times, io, isJson);
  for (const error of failures) io.note(error.message);
  return failures.length > 0 || (message !== undefined && times.length < sent) ? 1 : 0;
}

function mayGoOn(socket: Socket, { interrupted }: Io): boolean {
  return !socket.destroyed && !interrupted.aborted;
}

async function pause(interval: number, { interrupted }: Io): Promise<void> {
  await sleep(interval, undefined, { signal: interrupted }).catch(() => undefined);
}

function beat(socket: Socket): void {
  for (const { address } of socket.paths) socket.requestHeartbeat(address);
}

/** One message, until the peer has acknowledged it. */
async function round(
  socket: Socket,
  message: Buffer,
  times: number[],
  { io, isJson, timeout, protocol }: Settings,
): Promise<void> {
  const begin = performance.now();
  socket.send(message, { ppid: protocol, sackImmediately: true });
  const limit = new AbortController();
  try {
    const acknowledged = await Promise.race([
      socket.dry().then(
        () => true,
        () => false,
      ),
      sleep(timeout, false, { signal: limit.signal }),
    ]);
    const took = performance.now() - begin;
    if (acknowledged) times.push(took);
    if (isJson) io.print(JSON.stringify({ event: 'message', acknowledged, ms: took }));
    else
      io.print(acknowledged ? `acknowledged in ${took.toFixed(2)} ms` : io.paint.bad('no answer'));
  } finally {
    limit.abort();
  }
}

function report(paths: readonly Path[], io: Io, isJson: boolean, inFull: boolean): void {
  if (isJson) io.print(JSON.stringify({ event: 'paths', paths }));
  else if (inFull) for (const path of paths) io.print(describe(path));
}

function describe({ address, state, primary, srtt, rto }: Path): string {
  const star = primary ? '*' : ' ';
  return `${star}${address}  ${state}  round trip ${String(srtt)} ms, time-out ${String(rto)} ms`;
}

function summarize(sent: number, times: readonly number[], io: Io, isJson: boolean): void {
  const sorted = [...times].sort((a, b) => a - b);
  const [least = 0] = sorted;
  const most = sorted.at(-1) ?? 0;
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lost = sent - times.length;
  if (isJson) io.print(JSON.stringify({ event: 'summary', sent, lost, least, median, most }));
  else {
    const figures = [least, median, most].map((time) => time.toFixed(2)).join(' / ');
    io.print(
      `${String(sent)} sent, ${String(lost)} unanswered; least / median / most ${figures} ms`,
    );
  }
}
