// A message echo. Each message comes back as it was: whole, on its stream, with its PPID.
//
//   node examples/echo.js                    both ends, in one process
//   node examples/echo.js server [PORT]      until it is interrupted
//   node examples/echo.js client [PORT [HOST]]
'use strict';
const { connect, createServer, PPID } = require('kernel-sctp');

const [role = 'both', port = role === 'both' ? '0' : '7', host = '127.0.0.1'] =
  process.argv.slice(2);

function serve(whenListening) {
  const server = createServer((socket) => {
    // A received Buffer carries its `sid` and `ppid` along.
    socket.on('data', (message) => {
      message.sid %= socket.OS; // a peer may have more streams than we have
      if (!socket.write(message)) socket.pause();
    });
    socket.on('drain', () => socket.resume());
    socket.on('error', (error) => console.error(`client lost: ${error.message}`));
  });
  server.listen(Number(port), () => whenListening(server));
}

function ask(serverPort, whenDone) {
  const messages = ['one', 'two', 'three'];
  const socket = connect({ port: serverPort, host }, () => {
    messages.forEach((text, sid) => {
      socket.send(Buffer.from(text), { sid, ppid: PPID.ECHO });
    });
  });
  let answers = 0;
  socket.on('data', (message) => {
    console.log(`${message} on stream ${message.sid}, PPID ${PPID[message.ppid]}`);
    if (++answers === messages.length) socket.end();
  });
  socket.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  socket.on('close', () => whenDone?.());
}

if (role === 'client') ask(Number(port));
else if (role === 'server') serve((server) => console.log('listening on', server.address().port));
else serve((server) => ask(server.address().port, () => server.close()));
