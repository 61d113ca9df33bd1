'use strict';
/**
 * A chat hub: what one says all others get. One socket serves everybody.
 *
 *   node chat-hub.js [port [host]]
 */
const { createEndpoint } = require('kernel-sctp');

const [port = '7000', host = '127.0.0.1'] = process.argv.slice(2);

// One that does not listen has 64 KiB of messages wait for it, and then misses some.
const hub = createEndpoint({ maxAssociations: 10_000, sendBufferLimit: 65_536, autoClose: 3600 });
const nameOf = ({ remoteAddress, remotePort }) => `${remoteAddress}:${remotePort}`;

function sayToOthers(speaker, text) {
  for (const association of hub.associations) {
    if (association === speaker || !association.writable) continue;
    try {
      association.send(Buffer.from(text));
    } catch (error) {
      if (error.code !== 'ERR_SCTP_SEND_BUFFER_FULL') throw error;
    }
  }
}

hub.on('association', (association) => {
  sayToOthers(association, `* ${nameOf(association)} is here`);
  association.on('close', ({ reason }) => {
    sayToOthers(association, `* ${nameOf(association)} has left (${reason})`);
  });
});

hub.on('message', (data, info, association) => {
  sayToOthers(association, `${nameOf(association)}: ${data}`);
});

hub.on('error', (error) => {
  console.error(error.message);
});

hub.listen({ host, port: Number(port) }, () => {
  console.log(`listening on ${host}:${hub.address().port}`);
});

process.once('SIGTERM', () => hub.close());
process.once('SIGINT', () => hub.close());
