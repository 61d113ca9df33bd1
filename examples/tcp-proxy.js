// A proxy for TCP clients of an SCTP server: each TCP connection becomes an association.
//
//   node examples/tcp-proxy.js LISTEN-PORT SCTP-HOST:PORT [GRACE-MS]
//
// Half-close is what the two do not have in common. A TCP client may end its side (FIN) and wait for
// the answer; nc, HTTP/1.0 and `ssh host command < file` do. SCTP's SHUTDOWN ends both directions: the
// server could answer no more. So the client's end is not passed on at once. The association is ended
// when the server has ended it, or when nothing has come from it for GRACE-MS (5000): by then the
// answer is there, or there is none. A server that waits for the end of its input before it answers
// cannot be reached in this way; its protocol must say itself where a request ends.
//
// In the other direction the server's end becomes the client's; what the client sends afterwards has
// nowhere to go, and resets its connection, as it should know.
'use strict';
const net = require('node:net');
const { connect } = require('kernel-sctp');

const [listenPort = '0', target = '', grace = '5000'] = process.argv.slice(2);
const [, host, port] = /^(.+):(\d+)$/.exec(target) ?? [];
if (!host) {
  console.error('usage: node tcp-proxy.js LISTEN-PORT SCTP-HOST:PORT [GRACE-MS]');
  process.exit(2);
}

function pass(client) {
  const name = `${client.remoteAddress}:${client.remotePort}`;
  // Bytes have no boundaries, so neither have these messages.
  const server = connect({ host, port: Number(port), byteStream: true });
  const report = (side) => (error) => console.error(`${name}: ${side}: ${error.message}`);
  client.on('error', report('client'));
  server.on('error', report('server'));

  server.on('connect', () => console.log(`${name}: connected`));
  client.pipe(server, { end: false });
  server.pipe(client); // with its end

  client.on('end', () => {
    if (server.readableEnded) server.end();
    else server.setTimeout(Number(grace), () => server.end());
  });
  server.on('end', () => {
    if (!client.readableEnded) client.on('data', () => client.resetAndDestroy());
    server.end();
  });
  // An abort or a reset of one is one for the other; and whoever is gone takes the other along.
  client.on('close', (hadError) => {
    if (hadError || !client.readableEnded) server.resetAndDestroy();
  });
  server.on('close', (hadError) => {
    if (hadError) client.resetAndDestroy();
    console.log(`${name}: over`);
  });
}

const proxy = net.createServer({ allowHalfOpen: true }, pass);
proxy.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
proxy.listen(Number(listenPort), '127.0.0.1', () => {
  console.log(`listening on ${proxy.address().port}`);
});
process.once('SIGTERM', () => proxy.close());
process.once('SIGINT', () => proxy.close());
