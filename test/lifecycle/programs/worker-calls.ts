/**
 * A program: workers are terminated while they do nothing but call methods that make objects.
 * Termination may come between any two steps of a method. Prints how many have ended.
 */
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

import type { NativeBinding } from '../../../types/native';
import { HOST } from '../kit';

const TIMES = 6;

/** What is called, again and again. */
type Scene = (native: NativeBinding) => () => unknown;

const SCENES: Record<string, Scene> = {
  // The object is made before the kernel is asked, which knows no such association.
  'an association peeled off': (native) => {
    const socket = new native.SeqpacketSocket(1000);
    socket.open(4);
    return () => socket.peelOff(1);
  },
  'accepted associations': (native) => {
    const server = new native.StreamSocket(1000);
    server.onAccept = (accepted) => {
      accepted.close();
    };
    server.open(4);
    server.bind(HOST, 0);
    server.listen(50);
    server.watch(true, false);
    const port = server.localAddress()?.port ?? 0;
    return () => {
      const client = new native.StreamSocket(1000);
      client.open(4);
      client.connect([HOST, port]);
      client.close();
    };
  },
  'an option with a list': (native) => {
    const socket = new native.SeqpacketSocket(1000);
    socket.open(4);
    socket.setOption('authSupported', { value: 1 });
    const list = (): unknown => socket.getOption('hmacIdent', {});
    if (typeof list() === 'number') throw new Error(`no list: ${String(list())}`);
    return list;
  },
  'lists and addresses': (native) => {
    const socket = new native.SeqpacketSocket(1000);
    socket.open(4);
    socket.bind(HOST, 0);
    return () => [socket.associationIds(), socket.localAddress(), socket.getOption('rtoInfo', {})];
  },
};

function work(name: string): void {
  const path = join(process.cwd(), 'build', 'Release', 'kernel_sctp.node');
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only require loads addons
  const call = SCENES[name]?.(require(path) as NativeBinding);
  if (call === undefined) throw new Error(name);
  const go = (): void => {
    for (let i = 0; i < 20; i++) call();
    setImmediate(go);
  };
  go();
  parentPort?.postMessage('calling');
}

async function main(): Promise<void> {
  let ended = 0;
  for (const name of Object.keys(SCENES)) {
    for (let i = 0; i < TIMES; i++) {
      const worker = new Worker(__filename, { workerData: name });
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
      ended++;
    }
  }
  console.log(ended);
}

if (isMainThread) void main();
else work(workerData as string);
