/**
 * Node's own net, over TCP, with its defaults: what the same program gets without SCTP. TCP knows no
 * messages: its kernel merges what is written (Nagle's algorithm), and it is bytes that are counted
 * here, so its receiver does less.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import type { Transport } from '../worker/transport';
import { nodeContender } from './contender';
import { counting } from './counting';
import { streamClient } from './stream-client';

const HOST = '127.0.0.1';

function write(socket: Socket, message: Buffer, done?: () => void): boolean {
  return socket.write(message, done);
}

const transport: Transport = {
  async listen({ size }, { behaviour, message, opened, closed }) {
    const server = createServer((socket) => {
      opened();
      socket.on('close', closed);
      if (behaviour === 'destroy') {
        socket.destroy();
        return;
      }
      const count = counting(size, message);
      socket.on('data', (data) => {
        if (behaviour === 'echo') socket.write(data);
        count(data);
      });
    });
    server.listen({ port: 0, host: HOST, backlog: 4096 });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },

  connect({ size }, port, onMessage) {
    const socket = connect({ host: HOST, port });
    socket.on('data', counting(size, onMessage));
    return streamClient(socket, write);
  },
};

export const netContender = nodeContender(
  'net',
  "Node's net, over TCP, which merges writes",
  transport,
  ({ info }) => !info,
);
