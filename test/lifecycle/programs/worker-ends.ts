/**
 * A program: workers with open handles in the middle of traffic end in different ways, again and
 * again, at random moments. Prints the seed, how many ended which way, and what is left open.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { type DatagramHandle, open } from 'kernel-sctp';

import { descriptors, HOST } from '../kit';

const WAYS = ['return', 'exit', 'throw', 'terminate'] as const;
type Way = (typeof WAYS)[number];

interface Plan {
  way: Way;
  /** After how many messages. */
  after: number;
  /** After how many milliseconds to terminate it, whatever it has come to. */
  patience?: number;
}

function isDead(handle: DatagramHandle): boolean {
  try {
    handle.address();
    return false;
  } catch {
    return true;
  }
}

/** Echoes, and ends as planned. */
function work({ way, after }: Plan): void {
  let received = 0;
  const echo = open(HOST, 0, 65536, (result) => {
    if (typeof result === 'string') return;
    const [data, host, port] = result;
    echo.send(data, host, port);
    if (++received !== after) return;
    if (way === 'exit') process.exit(5);
    if (way === 'throw') throw new Error('thrown in a worker');
    if (way === 'return') echo.unref();
    if (way === 'terminate') parentPort?.postMessage('terminate me');
  });
  open(HOST, 0, 1000, () => undefined).unref(); // one without traffic
  parentPort?.postMessage(echo.address().port);
}

/** Sends, unless the other side is just going: then the association is ending, as the README says. */
function sendUnlessEnding(handle: DatagramHandle, message: [Buffer, string, number]): void {
  try {
    handle.send(...message);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESHUTDOWN' && code !== 'EPIPE') throw error;
  }
}

/** Talks with a worker until it has ended; returns how. */
async function meet(plan: Plan): Promise<string> {
  const { way, patience } = plan;
  const worker = new Worker(__filename, { workerData: plan });
  const handle = open(HOST, 0, 65536, (result) => {
    if (typeof result === 'string' || isDead(handle)) return;
    sendUnlessEnding(handle, result);
  });
  worker.on('message', (message: number | string) => {
    if (message === 'terminate me') {
      void worker.terminate();
      return;
    }
    // Four in flight: short ones share memory, long ones do not.
    for (const length of [1, 8000, 8200, 20_000]) {
      handle.send(Buffer.alloc(length), HOST, Number(message));
    }
  });
  let error = '';
  worker.on('error', ({ message }) => (error = ` ${message}`));
  const exit = new Promise((resolve) => worker.on('exit', resolve));
  if (patience !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, patience));
    await worker.terminate();
  }
  const code = await exit;
  handle.close();
  // Terminated before it has run anything, a worker ends with 0.
  return way === 'terminate' ? way : `${way}: ${String(code)}${error}`;
}

async function main(): Promise<void> {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log('seed', seed);
  let state = seed;
  const random = (limit: number): number => {
    state = (state * 1103515245 + 12345) % 0x80000000;
    return (state >> 8) % limit;
  };
  const ends: Record<string, number> = {};
  const round = async (): Promise<void> => {
    const plans: Plan[] = WAYS.map((way) => ({ way, after: 1 + random(40) }));
    if (random(2) === 1) plans.push({ way: 'terminate', after: 0, patience: random(400) });
    for (const end of await Promise.all(plans.map(meet))) ends[end] = (ends[end] ?? 0) + 1;
  };
  await round();
  const before = descriptors();
  for (let i = 1; i < Number(process.env['ROUNDS'] ?? 10); i++) await round();
  for (const [end, times] of Object.entries(ends)) console.log(end, times);
  console.log('descriptors', descriptors() - before);
}

if (isMainThread) void main();
else work(workerData as Plan);
