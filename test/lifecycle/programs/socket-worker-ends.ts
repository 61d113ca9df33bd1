/**
 * A program: workers with servers and sockets in the middle of traffic end in different ways, again
 * and again, at random moments. Prints the seed, how many ended which way, and what is left open.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { connect, createServer, descriptors, HOST, turn } from '../kit';
import { Random } from './random';

const WAYS = ['return', 'exit', 'throw', 'terminate'] as const;

interface Plan {
  way: (typeof WAYS)[number];
  /** After how many messages. */
  after: number;
  /** After how many milliseconds to terminate it, whatever it has come to. */
  patience?: number;
}

/** Echoes to the main thread and to itself, and ends as planned. */
function work({ way, after }: Plan): void {
  let received = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (message) => {
      socket.write(message);
      if (++received !== after) return;
      if (way === 'exit') process.exit(5);
      if (way === 'throw') throw new Error('thrown in a worker');
      if (way === 'terminate') parentPort?.postMessage('terminate me');
      if (way === 'return') end();
    });
    socket.unref();
  });
  const end = (): void => {
    server.unref();
    own.unref();
    half.unref();
  };
  server.listen({ host: HOST });
  const port = server.address()?.port ?? 0;
  const own = connect({ host: HOST, port });
  own.on('error', () => undefined).on('data', (message) => own.write(message));
  own.write('to myself');
  const half = connect({ host: HOST, port }); // one that has ended and is still being drained
  half.on('error', () => undefined).pause();
  half.end('bye');
  connect({ host: HOST, port: 9 }).on('error', () => undefined);
  connect({ host: HOST, port })
    .on('error', () => undefined)
    .unref()
    .destroy();
  parentPort?.postMessage(port);
}

/** Talks with a worker until it has ended; returns how. */
async function meet(plan: Plan): Promise<string> {
  const { way, patience } = plan;
  const worker = new Worker(__filename, { workerData: plan });
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

async function main(): Promise<void> {
  const random = new Random();
  console.log('seed', random.seed);
  const ends: Record<string, number> = {};
  const round = async (): Promise<void> => {
    const plans: Plan[] = WAYS.map((way) => ({ way, after: 1 + random.below(40) }));
    plans.push({ way: 'terminate', after: 0, patience: random.below(400) });
    for (const end of await Promise.all(plans.map(meet))) ends[end] = (ends[end] ?? 0) + 1;
  };
  await round();
  await turn();
  const before = descriptors();
  const rounds = Number(process.env['ROUNDS'] ?? 5);
  for (let i = 1; i < rounds; i++) await round();
  for (const [end, times] of Object.entries(ends)) console.log(end, times);
  console.log('descriptors', descriptors() - before);
}

if (isMainThread) void main();
else work(workerData as Plan);
