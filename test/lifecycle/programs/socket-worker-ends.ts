/** A program: workers with servers and sockets in the middle of traffic. */
import { parentPort } from 'node:worker_threads';

import { connect, createServer, HOST } from '../kit';
import { type Plan, workerEndsOf } from './worker-ends-of';

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

workerEndsOf(__filename, work);
