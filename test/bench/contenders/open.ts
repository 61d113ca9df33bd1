/** This package's datagrams. */
import { setTimeout } from 'node:timers/promises';

import { open, type OpenOptions } from 'kernel-sctp';

import type { Client, Settings, Transport } from '../worker/transport';
import { nodeContender } from './contender';

const HOST = '127.0.0.1';

function options({ buffers }: Settings): OpenOptions {
  if (buffers === undefined) return { host: HOST };
  return { host: HOST, sctp: { sndBuf: buffers, rcvBuf: buffers } };
}

function isBufferFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_SCTP_SEND_BUFFER_FULL';
}

const transport: Transport = {
  listen(settings, echo, onMessage) {
    const handle = open(options(settings), (result) => {
      if (typeof result === 'string') throw new Error(result);
      const [data, host, port] = result;
      if (echo) handle.send(data, host, port);
      onMessage(data.length);
    });
    return Promise.resolve({
      port: handle.address().port,
      sendBuffer: handle.getOption('sndBuf'),
      receiveBuffer: handle.getOption('rcvBuf'),
      close: handle.close,
    });
  },

  connect(settings, port, onMessage): Promise<Client> {
    const handle = open(options(settings), (result) => {
      if (typeof result === 'string') throw new Error(result);
      onMessage(result[0].length);
    });
    return Promise.resolve({
      send(message: Buffer) {
        handle.send(message, HOST, port);
      },
      async sendMany(message: Buffer, times: number) {
        for (let left = times; left > 0;) {
          try {
            for (; left > 0; left--) handle.send(message, HOST, port);
          } catch (error) {
            if (!isBufferFull(error)) throw error;
            await setTimeout(1); // nothing reports when there is room again
          }
        }
      },
      close: handle.close,
    });
  },
};

export const openContender = nodeContender('open', 'open() of this package', transport, {
  isOneToOne: false,
});
