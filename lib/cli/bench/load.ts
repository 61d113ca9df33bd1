/** What `bench` does on one association. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordableHistogram } from 'node:perf_hooks';

import type { Socket } from '../../socket/socket';

export interface Load {
  /** The same for each. */
  readonly message: Buffer;
  /** Messages of this association. */
  readonly count: number;
  /** Messages take turns on so many. */
  readonly streams: number;
  readonly ppid: number;
  /** Milliseconds for an answer, or for the last acknowledgement. */
  readonly timeout: number;
  /** Aborted when it is time to stop. */
  readonly over: AbortSignal;
}

/** Grows as the load goes on, for all associations. */
export interface Tally {
  messages: number;
}

/** Messages as fast as they are taken, until all are acknowledged. */
export async function flood(socket: Socket, load: Load, tally: Tally): Promise<void> {
  const { message, count, streams, ppid, over, timeout } = load;
  const infos = Array.from({ length: streams }, (_, sid) => ({ sid, ppid }));
  socket.resume();
  for (let sent = 0; sent < count && !over.aborted && !socket.destroyed; sent++) {
    const hasRoom = socket.send(message, infos[sent % streams]);
    tally.messages++;
    if (!hasRoom) await drained(socket);
  }
  await within(timeout, socket.dry(), 'the peer has not acknowledged everything');
}

/** One message at a time, each as soon as the last was answered. */
export async function roundTrips(
  socket: Socket,
  load: Load,
  tally: Tally,
  times: RecordableHistogram,
): Promise<void> {
  const { message, count, streams, ppid, over, timeout } = load;
  for (let sent = 0; sent < count && !over.aborted && !socket.destroyed; sent++) {
    const begun = process.hrtime.bigint();
    const answer = answerOn(socket);
    socket.send(message, { sid: sent % streams, ppid });
    const length = await within(timeout, answer, 'the peer has not answered; does it echo?');
    if (length === undefined) throw new Error('the peer has ended the association');
    if (length !== message.length) throw new Error('the answer is another message: it is no echo');
    times.record(process.hrtime.bigint() - begun);
    tally.messages++;
  }
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

/** @returns its length, or nothing if the association ends before */
async function answerOn(socket: Socket): Promise<number | undefined> {
  return new Promise((resolve) => {
    const done = (data?: unknown): void => {
      socket.off('data', done).off('close', done);
      resolve(Buffer.isBuffer(data) ? data.length : undefined);
    };
    socket.on('data', done).on('close', done);
  });
}

async function within<Result>(
  milliseconds: number,
  promise: Promise<Result>,
  failure: string,
): Promise<Result> {
  const limit = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(milliseconds, undefined, { signal: limit.signal }).then(() => {
        throw new Error(`${failure} (after ${String(milliseconds)} ms)`);
      }),
    ]);
  } finally {
    limit.abort();
  }
}
