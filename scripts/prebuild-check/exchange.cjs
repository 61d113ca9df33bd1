// A message there and back over the engine in user space, which needs no SCTP of the kernel.
'use strict';
const { createSocket } = require('node:dgram');
const { join } = require('node:path');

const { connect, createServer, support } = require(join(process.argv[2], 'dist', 'index.js'));

const { sctp, reason = '' } = support();
if (!sctp && !reason.startsWith('socket()')) throw new Error(reason);

// A UDP port that nobody has: others may run the same at this time.
const probe = createSocket('udp4').bind(0, '127.0.0.1', () => {
  const udpPort = probe.address().port;
  probe.close(() => serve(udpPort));
});

function serve(udpPort) {
  const server = createServer({ engine: 'user', udpPort }, (peer) => {
    peer.on('data', (message) => peer.write(message));
    peer.on('end', () => server.close());
  });
  server.listen(7, '127.0.0.1', () => {
    const sctp = { remoteUdpEncapsPort: { port: udpPort } };
    const socket = connect({ host: '127.0.0.1', port: 7, engine: 'user', sctp });
    socket.on('connect', () => socket.write('hello'));
    socket.on('data', (message) => {
      console.log(process.arch, String(message));
      socket.end();
    });
  });
}
