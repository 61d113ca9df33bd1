/**
 * A server with a blockList and a client, on one host whose loopback can be cut: the client dies
 * unheard and comes back on its port, after one of its addresses was blocked if an argument says so.
 * Prints a line of JSON: what the server's socket has met.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { BlockList } from 'node:net';

import { connect, createServer, type Socket } from 'kernel-sctp';

const [, , blocked] = process.argv;
const localAddresses = ['127.0.0.2', '127.0.0.3'];

function tc(...args: string[]): void {
  execFileSync('tc', ['qdisc', ...args]);
}

async function main(): Promise<void> {
  const blockList = new BlockList();
  const server = createServer({ blockList });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const options = { port, host: '127.0.0.1', localAddresses };
  const first = connect(options).on('error', () => undefined);
  await once(first, 'connect');
  const [[socket], localPort] = [await accepted, first.localPort as number];
  const met = new Promise((resolve) => {
    socket.once('restart', () => {
      resolve({ event: 'restart' });
    });
    socket.once('error', (error: NodeJS.ErrnoException & { address?: string }) => {
      resolve({ event: 'error', code: error.code, address: error.address });
    });
  });
  tc('add', 'dev', 'lo', 'root', 'netem', 'loss', '100%');
  first.resetAndDestroy(); // nobody hears it
  await once(first, 'close');
  tc('del', 'dev', 'lo', 'root');
  if (blocked !== undefined) blockList.addAddress(blocked);
  connect({ ...options, localPort }).on('error', () => undefined);
  console.log(JSON.stringify(await met));
  process.exit();
}

void main();
