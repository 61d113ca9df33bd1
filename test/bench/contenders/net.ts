/**
 * Node's own net, over TCP: what the same program gets without SCTP. TCP knows no messages: it is
 * bytes that are counted here, so its receiver does less.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

import type { OnMessage, Transport } from '../worker/transport';
import { nodeContender } from './contender';
import { streamClient } from './stream-client';

const HOST = '127.0.0.1';

/** Calls for each `size` bytes. */
function counting(size: number, onMessage: OnMessage): (data: Buffer) => void {
  let open = 0;
  return ({ length }) => {
    for (open += length; open >= size; open -= size) onMessage(size);
  };
}

const transport: Transport = {
  async listen({ size }, echo, onMessage) {
    const server = createServer({ noDelay: true }, (socket) => {
      const count = counting(size, onMessage);
      socket.on('data', (data) => {
        if (echo) socket.write(data);
        count(data);
      });
    });
    server.listen(0, HOST);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // The kernel's affair: net does not know.
    return { port, sendBuffer: 0, receiveBuffer: 0, close: () => server.close() };
  },

  async connect({ size }, port, onMessage) {
    const socket = connect({ host: HOST, port, noDelay: true });
    socket.on('data', counting(size, onMessage));
    await once(socket, 'connect');
    return streamClient(socket);
  },
};

export const netContender = nodeContender('net', "Node's net, over TCP", transport);
