/** This package's sockets, one-to-one. */
import { once } from 'node:events';

import { connect, createServer, type Socket, type SocketOptions } from 'kernel-sctp';

import { INFO, type Settings, type Transport } from '../worker/transport';
import { nodeContender } from './contender';
import { counting } from './counting';
import { streamClient } from './stream-client';

const HOST = '127.0.0.1';

type Options = Pick<SocketOptions, 'byteStream' | 'engine'>;

function write(socket: Socket, message: Buffer, done?: () => void): boolean {
  return socket.write(message, done);
}

function send(socket: Socket, message: Buffer, done?: () => void): boolean {
  return done === undefined ? socket.send(message, INFO) : socket.send(message, INFO, done);
}

function transport(chosen: Options): Transport {
  const options = ({ buffers }: Settings): SocketOptions =>
    buffers === 0 ? chosen : { ...chosen, sctp: { sndBuf: buffers, rcvBuf: buffers } };
  // A byte stream's 'data' has no boundaries.
  const counter = ({ size }: Settings, onMessage: (length: number) => void) =>
    chosen.byteStream === true
      ? counting(size, onMessage)
      : (data: Buffer) => {
          onMessage(data.length);
        };

  return {
    async listen(settings, { behaviour, message, opened, closed }) {
      const server = createServer(options(settings), (socket) => {
        opened();
        socket.on('close', closed);
        if (behaviour === 'destroy') {
          socket.destroy();
          return;
        }
        const count = counter(settings, message);
        socket.on('data', (data) => {
          if (behaviour === 'echo') socket.write(data);
          count(data);
        });
      });
      server.listen({ host: HOST, backlog: 4096 });
      await once(server, 'listening');
      return server.address()?.port ?? 0;
    },

    connect(settings, port, onMessage) {
      const socket = connect({ ...options(settings), host: HOST, port });
      socket.on('data', counter(settings, onMessage));
      return streamClient(socket, settings.info ? send : write);
    },
  };
}

export const socketContender = nodeContender('socket', 'Socket of this package', transport({}));

export const byteStreamContender = nodeContender(
  'byte-stream',
  'Socket of this package with byteStream: true',
  transport({ byteStream: true }),
  ({ kind: { name }, info }) => !info && ['one-way', 'round-trip', 'bursts'].includes(name),
);

export const userContender = nodeContender(
  'socket-user',
  "Socket of this package with engine: 'user', over UDP",
  transport({ engine: 'user' }),
  ({ kind: { name }, info }) => !info && ['one-way', 'round-trip'].includes(name),
);
