/** What the tests here share with their programs in child processes: nothing of Jest. */
import { readdirSync } from 'node:fs';

import {
  connect,
  type ConnectOptions,
  createServer,
  type DatagramHandle,
  type OnReceive,
  open,
  type OpenOptions,
  type Server,
  type ServerOptions,
  type Socket,
} from 'kernel-sctp';

export { connect, createServer, open };
export const HOST = '127.0.0.1';

process.stdout.uncork(); // its first use may open a descriptor; not in the middle of counting

/** How many descriptors this process has, besides the one for looking. */
export function descriptors(): number {
  return readdirSync('/proc/self/fd').length - 1;
}

/** Until the event loop has looked for input once and delivered it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Collects garbage (node --expose-gc), again and again until `done`; says whether it came. */
export async function collectUntil(done: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 100 && !done(); tries++) {
    globalThis.gc?.();
    await turn();
  }
  return done();
}

/** Waits, turn by turn. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await turn();
}

export interface Pair {
  sender: DatagramHandle;
  receiver: DatagramHandle;
  /** From the sender to the receiver. Messages that are sent together arrive together. */
  send(...messages: (string | Buffer)[]): void;
  close(): void;
}

/** Not made where a handle is in scope, which it would keep alive. */
const ignore = (): void => undefined;

/** Two handles with an association between them. Messages keep their order. */
export async function openPair(onRecv: OnReceive, options: OpenOptions = {}): Promise<Pair> {
  let connected = false;
  const receiver = open({ host: HOST, ...options }, (result, info) => {
    if (connected) onRecv(result, info);
    connected = true;
  });
  const sender = open({ host: HOST, unordered: false }, ignore);
  const { port } = receiver.address();
  const send = (...messages: (string | Buffer)[]): void => {
    for (const message of messages) sender.send(Buffer.from(message), HOST, port);
  };
  send('hello');
  await until(() => connected);
  const close = (): void => {
    sender.close();
    receiver.close();
  };
  return { sender, receiver, send, close };
}

export interface Connection {
  server: Server;
  /** The end that connected. */
  client: Socket;
  /** The end that was accepted. */
  peer: Socket;
}

/** Two connected sockets, and the server between them. */
export async function connection(
  options: Partial<ConnectOptions> = {},
  serverOptions: ServerOptions = {},
): Promise<Connection> {
  const server = createServer(serverOptions);
  const peers: Socket[] = [];
  server.on('connection', (socket) => peers.push(socket)).listen({ host: HOST });
  const port = server.address()?.port ?? 0;
  const client = connect({ host: HOST, port, ...options });
  let connected = false;
  client.once('connect', () => (connected = true));
  await until(() => connected && peers.length === 1);
  return { server, client, peer: peers[0] as Socket };
}
