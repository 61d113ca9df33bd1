/** This package's datagrams. */
import { setTimeout } from 'node:timers/promises';

import { open, type OpenOptions, type SendInfo } from 'kernel-sctp';

import { type Client, INFO, type Settings, type Transport } from '../worker/transport';
import { nodeContender } from './contender';

const HOST = '127.0.0.1';
const LONGEST = 1024 * 1024;

function options({ buffers }: Settings): OpenOptions {
  const chosen = { host: HOST, maxMessageSize: LONGEST };
  return buffers === 0 ? chosen : { ...chosen, sctp: { sndBuf: buffers, rcvBuf: buffers } };
}

function isBufferFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_SCTP_SEND_BUFFER_FULL';
}

const transport: Transport = {
  listen(settings, { behaviour, message }) {
    const handle = open(options(settings), (result) => {
      if (typeof result === 'string') throw new Error(result);
      const [data, host, port] = result;
      if (behaviour === 'echo') handle.send(data, host, port);
      message(data.length);
    });
    return Promise.resolve(handle.address().port);
  },

  connect(settings, port, onMessage): Promise<Client> {
    const handle = open(options(settings), (result) => {
      if (typeof result === 'string') throw new Error(result);
      onMessage(result[0].length);
    });
    const info: SendInfo | undefined = settings.info ? INFO : undefined;
    return Promise.resolve({
      send(message: Buffer) {
        handle.send(message, HOST, port, info);
      },
      async sendMany(message: Buffer, times: number) {
        for (let left = times; left > 0;) {
          try {
            for (; left > 0; left--) handle.send(message, HOST, port, info);
          } catch (error) {
            if (!isBufferFull(error)) throw error;
            await setTimeout(1); // nothing reports when there is room again
          }
        }
      },
      close() {
        handle.close();
        return Promise.resolve();
      },
    });
  },
};

export const openContender = nodeContender(
  'open',
  'open() of this package',
  transport,
  // It does not report when a message has left, nor associations.
  ({ kind: { name } }) => ['one-way', 'round-trip'].includes(name),
);
