/** A program: workers with endpoints in the middle of traffic. */
import { parentPort } from 'node:worker_threads';

import { createEndpoint } from 'kernel-sctp';

import { HOST } from '../kit';
import { type Plan, workerEndsOf } from './worker-ends-of';

/** Echoes to the main thread and to itself, and ends as planned. */
function work({ way, after }: Plan): void {
  let received = 0;
  const server = createEndpoint((association) => {
    association.on('message', (message) => {
      if (association.writable) association.send(message);
      if (++received !== after) return;
      if (way === 'exit') process.exit(5);
      if (way === 'throw') throw new Error('thrown in a worker');
      if (way === 'terminate') parentPort?.postMessage('terminate me');
      if (way === 'return') for (const endpoint of [server, client]) endpoint.unref();
    });
  }).listen({ host: HOST });
  const port = server.address()?.port ?? 0;
  const client = createEndpoint();
  const ignored = (): void => undefined;
  client.on('message', (message, _info, association) => {
    if (association.writable) association.send(message);
  });
  void client.connect({ host: HOST, port }).then((own) => {
    own.send(Buffer.from('to myself'));
    own.send(Buffer.alloc(20_000));
  }, ignored);
  client.connect({ host: HOST, port: 9 }).catch(ignored);
  // One that has a descriptor of its own, is paused, and ends.
  const other = createEndpoint().unref();
  void other.connect({ host: HOST, port }).then((moved) => {
    moved.pause().send(Buffer.from('bye'));
    if (after % 2) moved.peelOff().on('error', ignored).unref().end();
    else void moved.shutdown().catch(ignored);
  }, ignored);
  createEndpoint().listen({ host: HOST }).destroy();
  parentPort?.postMessage(port);
}

workerEndsOf(__filename, work);
