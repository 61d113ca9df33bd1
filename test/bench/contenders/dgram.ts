/**
 * Node's own dgram, over UDP, on which nothing holds a sender back: so the server confirms what
 * has come in, and the client sends a few ahead.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import type { Client, Transport } from '../worker/transport';
import { nodeContender } from './contender';

const HOST = '127.0.0.1';
const CONFIRMATION = Buffer.alloc(0);
/** What the default receive buffer bears, with the kernel's own memory for each. */
const WINDOW_BYTES = 60_000;
const LONGEST = 65_507;

const windowOf = (size: number): number =>
  Math.min(32, Math.max(1, Math.floor(WINDOW_BYTES / size)));

const transport: Transport = {
  async listen({ size }, { behaviour, message }) {
    const socket = createSocket('udp4');
    const window = windowOf(size);
    let received = 0;
    socket.on('message', (data, { port, address }) => {
      if (behaviour === 'echo') socket.send(data, port, address);
      else if (++received % window === 0) socket.send(CONFIRMATION, port, address);
      message(data.length);
    });
    socket.bind(0, HOST);
    await once(socket, 'listening');
    return socket.address().port;
  },

  async connect({ size }, port, onMessage): Promise<Client> {
    const socket = createSocket('udp4');
    const window = windowOf(size);
    let sent = 0;
    socket.on('message', ({ length }) => {
      if (length > 0) onMessage(length);
    });
    socket.connect(port, HOST);
    await once(socket, 'connect');
    return {
      send(message, done) {
        socket.send(message, done);
      },
      async sendMany(message, times) {
        for (let left = times; left > 0; left--) {
          socket.send(message);
          if (++sent % window === 0) await once(socket, 'message');
        }
      },
      async close() {
        socket.close();
        await once(socket, 'close');
      },
    };
  },
};

export const dgramContender = nodeContender(
  'dgram',
  "Node's dgram, over UDP, in bursts that the receiver confirms",
  transport,
  ({ kind: { name }, size, info }) =>
    !info && size <= LONGEST && ['one-way', 'round-trip'].includes(name),
);
