// The other end of a measurement: connects, or listens, as it is asked.
import { transportOf } from './transport.mjs';

const [, , transport, directory] = process.argv;
const { connect, createServer } = transportOf(transport, directory);

const ask = {
  /** Connects sockets that stay open until the other end closes them. */
  connect({ port, count }) {
    let up = 0;
    for (let i = 0; i < count; i++) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.resume().once('connect', () => {
        if (++up === count) process.send({ connected: count });
      });
    }
  },
  /** Connects one socket after another, each as soon as the one before was closed. */
  connectEach({ port, count }) {
    const next = (left) => {
      if (left === 0) {
        process.send({ connected: count });
        return;
      }
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.resume().once('close', () => next(left - 1));
    };
    next(count);
  },
  /** Accepts sockets, which end when the other end does. */
  listen() {
    const server = createServer((socket) => socket.resume());
    server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  },
};

process.on('message', ({ call, ...given }) => ask[call](given));
process.on('disconnect', () => process.exit());
