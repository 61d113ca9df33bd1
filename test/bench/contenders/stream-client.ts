/** How a user of streams connects and sends. */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';

import type { Client } from '../worker/transport';

/** @param write as a message, or as bytes */
export async function streamClient<Stream extends Duplex>(
  socket: Stream,
  write: (socket: Stream, message: Buffer, done?: () => void) => boolean,
): Promise<Client> {
  const closed = new Promise<void>((resolve) => {
    socket.once('close', resolve);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET') throw error; // one that the server refuses
  });
  await Promise.race([once(socket, 'connect'), closed]);
  return {
    send: (message, done) => write(socket, message, done),
    async sendMany(message, times) {
      for (let left = times; left > 0; left--) {
        if (!write(socket, message) && left > 1) await once(socket, 'drain');
      }
    },
    async close() {
      socket.end();
      await closed;
    },
  };
}
