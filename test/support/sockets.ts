/** Pairs of connected one-to-one sockets for tests. */
import { once } from 'node:events';

import {
  connect,
  type ConnectOptions,
  createServer,
  type Server,
  type ServerOptions,
  type Socket,
} from 'kernel-sctp';

import { defer } from './cleanup';

/** Aborted after the test, if it is still there by then. */
export function destroying<T extends Socket>(socket: T): T {
  defer(() => {
    socket.on('error', () => undefined);
    socket.resetAndDestroy();
  });
  return socket;
}

/** A server on a free port of 127.0.0.1 that closes, with its sockets, after the test. */
export async function listening(options: ServerOptions = {}): Promise<Server> {
  const server = createServer(options);
  server.on('connection', destroying);
  defer(() => server.close());
  server.listen({ host: '127.0.0.1' });
  await once(server, 'listening');
  return server;
}

export interface Pair {
  server: Server;
  /** The end that connected. */
  client: Socket;
  /** The end that was accepted. */
  peer: Socket;
}

export interface PairOptions {
  server?: ServerOptions;
  client?: Partial<ConnectOptions>;
}

export async function connectedPair(options: PairOptions = {}): Promise<Pair> {
  const server = await listening(options.server);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connectTo(server, options.client);
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return { server, client, peer };
}

/** How many messages stuckPair() writes. */
export const STUCK = 400;

/**
 * The client has written more than the peer, who is paused, has room for; the association can end
 * only after the peer has read, or with an ABORT. With the send buffer given, all is accepted.
 */
export async function stuckPair(options: PairOptions & { accepted?: boolean } = {}): Promise<Pair> {
  const { accepted = true } = options;
  // The loopback's packets are so large that a small window waits for RTOs: let those be short,
  // and let the kernel bear with them.
  const sctp = { rtoInfo: { initial: 100, min: 50, max: 1000 }, assocInfo: { asocMaxRxt: 1000 } };
  const pair = await connectedPair({
    server: { highWaterMark: 1, ...options.server, sctp: { ...sctp, ...options.server?.sctp } },
    client: {
      ...options.client,
      sctp: { ...sctp, sndBuf: accepted ? 8_000_000 : 1_000_000, ...options.client?.sctp },
    },
  });
  pair.peer.pause();
  for (let i = 0; i < STUCK; i++) pair.client.write(Buffer.alloc(10_000));
  if (accepted) await new Promise((resolve) => pair.client.write('', resolve));
  return pair;
}

/** A socket on its way to the server. */
export function connectTo(server: Server, options: Partial<ConnectOptions> = {}): Socket {
  return destroying(connect({ host: '127.0.0.1', port: portOf(server), ...options }));
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null) throw new Error('the server does not listen');
  return address.port;
}
