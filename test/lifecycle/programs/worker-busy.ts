/**
 * A program: workers that never come to their event loop are terminated while much waits for them.
 * Node looks for input once more then, when JavaScript can no longer run. Prints their number.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import { type DatagramHandle, open } from 'kernel-sctp';

import { HOST } from '../kit';

/** What waits for the worker: what fits a slab or not, and notifications. */
const INPUT = [[100], [8192, 8192], [20_000], [200_000], []];

function stayBusy(): never {
  for (;;);
}

/** Sends to itself and to nobody. */
function fill(handle: DatagramHandle, lengths: number[]): void {
  for (const length of lengths) handle.send(Buffer.alloc(length), HOST, handle.address().port);
  handle.send(Buffer.alloc(1), HOST, 1);
}

function work(lengths: number[], afterFirst: boolean): void {
  const handle = open(HOST, 0, 1_000_000, () => {
    if (!afterFirst) return;
    // Now there is a slab, and what waits does not fit into it.
    for (let i = 0; i < 33; i++) fill(handle, [8192]);
    fill(handle, lengths);
    parentPort?.postMessage('busy');
    stayBusy();
  });
  fill(handle, lengths);
  if (afterFirst) return;
  parentPort?.postMessage('busy');
  stayBusy();
}

async function main(): Promise<void> {
  let ended = 0;
  for (const lengths of INPUT) {
    for (const afterFirst of [false, true]) {
      const worker = new Worker(__filename, { workerData: { lengths, afterFirst } });
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
      ended++;
    }
  }
  console.log(ended);
}

if (isMainThread) void main();
else {
  const { lengths, afterFirst } = workerData as { lengths: number[]; afterFirst: boolean };
  work(lengths, afterFirst);
}
