/** How a user of streams sends. */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';

import type { Client } from '../worker/transport';

export function streamClient(socket: Duplex): Client {
  return {
    send(message) {
      socket.write(message);
    },
    async sendMany(message, times) {
      for (let left = times; left > 0; left--) {
        if (!socket.write(message) && left > 1) await once(socket, 'drain');
      }
    },
    close() {
      socket.end();
    },
  };
}
