/** This package's sockets, one-to-one. */
import { once } from 'node:events';

import { connect, createServer, type SocketOptions } from 'kernel-sctp';

import type { Settings, Transport } from '../worker/transport';
import { nodeContender } from './contender';
import { streamClient } from './stream-client';

const HOST = '127.0.0.1';

function options({ buffers }: Settings): SocketOptions {
  return buffers === undefined ? {} : { sctp: { sndBuf: buffers, rcvBuf: buffers } };
}

const transport: Transport = {
  async listen(settings, echo, onMessage) {
    const server = createServer(options(settings), (socket) => {
      socket.on('data', (data) => {
        if (echo) socket.write(data);
        onMessage(data.length);
      });
    });
    server.listen({ host: HOST });
    await once(server, 'listening');
    // The listener's, which those that it accepts inherit.
    const probe = connect({ ...options(settings), host: HOST, port: server.address()?.port ?? 0 });
    await once(probe, 'connect');
    const [sendBuffer, receiveBuffer] = [probe.getOption('sndBuf'), probe.getOption('rcvBuf')];
    probe.end().resume();
    await once(probe, 'close');
    return {
      port: server.address()?.port ?? 0,
      sendBuffer,
      receiveBuffer,
      close: () => server.close(),
    };
  },

  async connect(settings, port, onMessage) {
    const socket = connect({ ...options(settings), host: HOST, port });
    socket.on('data', (data) => {
      onMessage(data.length);
    });
    await once(socket, 'connect');
    return streamClient(socket);
  },
};

export const socketContender = nodeContender('socket', 'Socket of this package', transport);
