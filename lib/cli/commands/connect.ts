/** `connect`: one association, its messages on stdin and stdout. */
import { once } from 'node:events';

import { connect as openSocket } from '../../net';
import type { Socket } from '../../socket/socket';
import { command } from '../command';
import type { Io } from '../io';
import { inputOf, sendAll, show } from '../messages/exchange';
import {
  associationOptions,
  exchangeOptions,
  readExchangeOptions,
  readClientOptions,
} from '../messages/options';
import { duration, hostAndPort, integer } from '../values';

export const connect = command({
  name: 'connect',
  summary: 'connect to a peer; stdin and stdout are its messages',
  operands: ['HOST:PORT'],
  description: [
    'Sets up an association, sends what stdin has and prints what comes in. After the end of stdin ' +
      'it ends the association in order, once everything was acknowledged.',
    'Further addresses of the peer, for a peer with several, are given with --address; a name is ' +
      'resolved to all its addresses.',
  ],
  options: {
    ...exchangeOptions,
    ...associationOptions,
    address: {
      type: 'string',
      short: 'a',
      multiple: true,
      value: 'ADDRESS',
      help: 'A further numeric address of the peer; again for several. HOST must be numeric then.',
    },
    'local-port': { type: 'string', value: 'PORT', help: 'The port on this side (default: any).' },
    wait: {
      type: 'string',
      short: 'w',
      value: 'TIME',
      help: 'How long to go on reading after the end of stdin, like 2s (default: not at all).',
    },
    timeout: {
      type: 'string',
      short: 't',
      value: 'TIME',
      help: 'How long to wait for the peer’s answer (default 10s).',
    },
  },
  examples: [
    'echo hello | kernel-sctp connect 192.0.2.10:7 --wait 1s',
    'kernel-sctp connect 192.0.2.10:2905 -a 198.51.100.10 --ppid M3UA --format hex -nv',
  ],
  statuses: { 1: 'if the association could not be set up or was lost' },
  async run({ io, values, operands: [peer = ''] }) {
    const options = readExchangeOptions(values);
    const { host, port } = hostAndPort(peer);
    const { address = [], bind, wait } = values;
    const localPort = values['local-port'];
    const linger = wait === undefined ? 0 : duration(wait, '--wait');
    const socket = openSocket({
      port,
      ...(address.length > 0 ? { remoteAddresses: [host, ...address] } : { host }),
      ...(bind !== undefined && { localAddresses: bind }),
      ...(localPort !== undefined && { localPort: integer(localPort, '--local-port', 1, 65_535) }),
      ...readClientOptions(values),
      connectTimeout: duration(values.timeout ?? '10s', '--timeout'),
    });
    const closed = ended(socket);
    try {
      show(socket, peer, io, options);
      await Promise.race([once(socket, 'connect', { signal: io.interrupted }), closed]);
      io.remark(`connected to ${socket.remoteAddresses.join(', ')}`);
      await Promise.race([exchange(socket, io, options, linger), closed]);
      await closed;
      return 0;
    } finally {
      socket.destroy(); // input that cannot be sent must not leave it open
    }
  },
});

async function exchange(
  socket: Socket,
  io: Io,
  options: Parameters<typeof sendAll>[2],
  linger: number,
): Promise<void> {
  io.interrupted.addEventListener('abort', () => socket.end());
  await sendAll(inputOf(io), socket, options);
  if (linger > 0) await new Promise((resolve) => setTimeout(resolve, linger));
  socket.end();
}

/** @throws what the socket was lost by */
async function ended(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => {
      resolve();
    });
  });
}
