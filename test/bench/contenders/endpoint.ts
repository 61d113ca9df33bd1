/** This package's endpoints: many associations on one socket of the server, one on a client's. */
import { once } from 'node:events';

import { createEndpoint, type EndpointOptions } from 'kernel-sctp';

import { INFO, type Settings, type Transport } from '../worker/transport';
import { nodeContender } from './contender';

const HOST = '127.0.0.1';

function options({ buffers }: Settings): EndpointOptions {
  return buffers === 0 ? {} : { sctp: { sndBuf: buffers, rcvBuf: buffers } };
}

const transport: Transport = {
  listen(settings, { behaviour, message, opened, closed }) {
    const endpoint = createEndpoint(options(settings), (association) => {
      opened();
      association.on('close', closed);
      if (behaviour === 'destroy') association.abort();
    });
    endpoint.on('message', (data, _info, association) => {
      if (behaviour === 'echo') association.send(data);
      message(data.length);
    });
    endpoint.listen({ host: HOST, port: 0 });
    return Promise.resolve(endpoint.address()?.port ?? 0);
  },

  async connect(settings, port, onMessage) {
    const endpoint = createEndpoint(options(settings));
    endpoint.on('message', ({ length }) => {
      onMessage(length);
    });
    const association = await endpoint.connect({ host: HOST, port });
    const info = settings.info ? INFO : undefined;
    return {
      send: (message, done) =>
        done === undefined
          ? association.send(message, info)
          : association.send(message, info, done),
      async sendMany(message, times) {
        for (let left = times; left > 0; left--) {
          if (!association.send(message, info) && left > 1) await once(association, 'drain');
        }
      },
      close: () => endpoint.close(),
    };
  },
};

export const endpointContender = nodeContender(
  'endpoint',
  'createEndpoint() of this package',
  transport,
);
