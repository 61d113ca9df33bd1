/**
 * Workers that end in different ways in the middle of traffic, again and again, at random moments.
 * Prints the seed, how many ended which way, and what is left open.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';

import { connect, descriptors, HOST, turn } from '../kit';
import { Random } from './random';

const WAYS = ['return', 'exit', 'throw', 'terminate'] as const;

export interface Plan {
  way: (typeof WAYS)[number];
  /** After how many messages. */
  after: number;
  /** After how many milliseconds to terminate it, whatever it has come to. */
  patience?: number;
}

/** Talks with a worker until it has ended; returns how. */
async function meet(program: string, plan: Plan): Promise<string> {
  const { way, patience } = plan;
  const worker = new Worker(program, { workerData: plan });
  let close = (): void => undefined;
  worker.on('message', (message: number | string) => {
    if (message === 'terminate me') {
      void worker.terminate();
      return;
    }
    const socket = connect({ host: HOST, port: Number(message) });
    socket.on('error', () => undefined).on('data', (data) => socket.write(data));
    close = () => void socket.destroy();
    for (const length of [1, 8000, 8200, 20_000]) socket.write(Buffer.alloc(length));
  });
  let error = '';
  worker.on('error', ({ message }) => (error = ` ${message}`));
  const exit = new Promise((resolve) => worker.on('exit', resolve));
  if (patience !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, patience));
    await worker.terminate();
  }
  const code = await exit;
  close();
  return way === 'terminate' ? way : `${way}: ${String(code)}${error}`;
}

async function main(program: string): Promise<void> {
  const random = new Random();
  console.log('seed', random.seed);
  const ends: Record<string, number> = {};
  const round = async (): Promise<void> => {
    const plans: Plan[] = WAYS.map((way) => ({ way, after: 1 + random.below(40) }));
    plans.push({ way: 'terminate', after: 0, patience: random.below(400) });
    for (const end of await Promise.all(plans.map((plan) => meet(program, plan))))
      ends[end] = (ends[end] ?? 0) + 1;
  };
  await round();
  await turn();
  const before = descriptors();
  const rounds = Number(process.env['ROUNDS'] ?? 5);
  for (let i = 1; i < rounds; i++) await round();
  for (const [end, times] of Object.entries(ends)) console.log(end, times);
  console.log('descriptors', descriptors() - before);
}

/**
 * @param program its file, which every worker runs, too
 * @param work of a worker: it posts the port that it can be reached at, and ends as planned
 */
export function workerEndsOf(program: string, work: (plan: Plan) => void): void {
  if (isMainThread) void main(program);
  else work(workerData as Plan);
}
