// Two programs that exchange messages on a machine whose kernel has no SCTP: the engine in user
// space carries it in UDP (RFC 6951).
//
//   node examples/without-kernel.js server [UDP-PORT]        until it is interrupted
//   node examples/without-kernel.js client [UDP-PORT [HOST]]
'use strict';
const { connect, createServer, PPID } = require('kernel-sctp');

const [role = 'server', udpPort = '9899', host = '127.0.0.1'] = process.argv.slice(2);
const engine = 'user';
const PORT = 3868; // SCTP's own, inside of UDP

if (role === 'server') {
  const server = createServer({ engine, udpPort: Number(udpPort) }, (socket) => {
    console.log(`${socket.remoteAddress}: ${socket.MIS} streams in, ${socket.OS} out`);
    socket.on('data', (message) => socket.write(message)); // with its stream and PPID
    socket.on('error', (error) => console.error(error.message));
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  server.listen(PORT, () => console.log(`listening, SCTP port ${PORT} in UDP port ${udpPort}`));
} else {
  const sctp = { remoteUdpEncapsPort: { port: Number(udpPort) } };
  const socket = connect({ engine, host, port: PORT, sctp }, () => {
    socket.send(Buffer.from('hello'), { sid: 3, ppid: PPID.ECHO });
  });
  socket.on('data', (message) => {
    console.log(`${message} on stream ${message.sid}, PPID ${PPID[message.ppid]}`);
    socket.end();
  });
  socket.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
