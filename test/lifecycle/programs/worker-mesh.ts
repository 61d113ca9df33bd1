/**
 * A program: the main thread and three workers, each with a handle, send to each other at once and
 * check what they get. Prints how the workers ended and how many descriptors are left open.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { descriptors, HOST, open, openPair, turn } from '../kit';

const MEMBERS = 4;
const EACH = 50;

/** Message `number` of a member: its length and every byte show where it comes from. */
function compose(from: number, number: number): Buffer {
  const message = Buffer.alloc(number * 200 + 2, from);
  message[1] = number;
  return message;
}

function join(self: number, done: () => void) {
  const next = new Map<number, number>();
  let received = 0;
  const handle = open({ host: HOST, unordered: false }, (result) => {
    if (typeof result === 'string') throw new Error(result);
    const [data] = result;
    const from = data[0] ?? -1;
    const number = next.get(from) ?? 0;
    next.set(from, number + 1);
    if (!data.equals(compose(from, number))) throw new Error(`wrong message of ${String(from)}`);
    if (++received === (MEMBERS - 1) * EACH) done();
  });
  const talk = (ports: number[]): void => {
    for (let number = 0; number < EACH; number++) {
      ports.forEach((port, to) => {
        if (to !== self) handle.send(compose(self, number), HOST, port);
      });
    }
  };
  return { port: handle.address().port, talk, close: handle.close };
}

function work(): void {
  const member = join(workerData as number, () => parentPort?.postMessage('done'));
  parentPort?.postMessage(member.port);
  parentPort?.on('message', (ports: number[] | 'end') => {
    if (ports !== 'end') {
      member.talk(ports);
      return;
    }
    member.close();
    parentPort?.close();
  });
}

function next(worker: Worker, event: 'message' | 'exit'): Promise<unknown> {
  return new Promise((resolve) => worker.once(event, resolve));
}

async function main(): Promise<void> {
  (await openPair(() => undefined)).close();
  await turn();
  const before = descriptors();

  const workers = [1, 2, 3].map((self) => new Worker(__filename, { workerData: self }));
  const workerPorts = await Promise.all(workers.map((worker) => next(worker, 'message')));
  const dones = workers.map((worker) => next(worker, 'message'));
  let member: ReturnType<typeof join> | undefined;
  const mainDone = new Promise<void>((resolve) => (member = join(0, resolve)));
  const ports = [member?.port, ...workerPorts] as number[];
  for (const worker of workers) worker.postMessage(ports);
  member?.talk(ports);
  console.log(await Promise.all(dones));
  await mainDone;

  const exits = workers.map((worker) => next(worker, 'exit'));
  for (const worker of workers) worker.postMessage('end');
  member?.close();
  console.log(await Promise.all(exits), descriptors() - before);
}

if (isMainThread) void main();
else work();
