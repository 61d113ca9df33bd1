/** Associations with several addresses at each end, on the loopback device. */
import { once } from 'node:events';

import {
  connect,
  type ConnectOptions,
  createServer,
  type ListenOptions,
  type Socket,
  type SocketEvents,
  type SctpOptions,
} from 'kernel-sctp';

import { closing } from './cleanup';
import { destroying, type Pair, portOf } from './sockets';

/** What both ends need for addresses to come and go. */
export const DYNAMIC: SctpOptions = { asconfSupported: true };

export interface Ends {
  server?: ListenOptions;
  client?: Partial<ConnectOptions>;
  /** Of both ends. */
  sctp?: SctpOptions;
}

/** 127.0.0.1 and .2 at the client's end, .3 and .4 at the server's, by default. */
export async function multihomedPair(ends: Ends = {}): Promise<Pair> {
  const { sctp = DYNAMIC } = ends;
  const server = closing(createServer({ sctp }));
  server.on('connection', destroying);
  await once(
    server.listen(ends.server ?? { localAddresses: ['127.0.0.3', '127.0.0.4'] }),
    'listening',
  );
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = destroying(
    connect({
      port: portOf(server),
      ...(ends.client ?? {
        localAddresses: ['127.0.0.1', '127.0.0.2'],
        remoteAddresses: ['127.0.0.3', '127.0.0.4'],
      }),
      sctp: { ...sctp, ...ends.client?.sctp },
    }),
  );
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return { server, client, peer };
}

/** Resolves as soon as it holds: now, or after one of these events. */
export async function until(
  socket: Socket,
  event: keyof SocketEvents,
  holds: () => boolean,
): Promise<void> {
  while (!holds()) await once(socket, event);
}

/** Every event of this kind from now on. */
export function collected<Event extends keyof SocketEvents>(
  socket: Socket,
  event: Event,
): SocketEvents[Event][] {
  const all: SocketEvents[Event][] = [];
  socket.on(event, (...args: SocketEvents[Event]) => void all.push(args));
  return all;
}
