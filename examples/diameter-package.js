// The npm package `diameter` over SCTP, unchanged: its codec, its dictionary and its connections, of
// which each gets a socket of ours where it would have had one of `net`.
//
//   npm install diameter
//   node examples/diameter-package.js                      both ends, in one process
//   node examples/diameter-package.js server [PORT]
//   node examples/diameter-package.js client [PORT [HOST]]
//
// The package expects one message in each 'data': over SCTP that is so. (Over TCP it handles one of
// several that arrive together, and the next only when more has come.)
'use strict';
const { DiameterConnection } = require('diameter/lib/diameter-connection');
const { connect, createServer, PPID, presets } = require('kernel-sctp');

const [role = 'both', port = role === 'both' ? '0' : '3868', host = '127.0.0.1'] =
  process.argv.slice(2);
const transport = { ppid: PPID.DIAMETER, sctp: presets.diameter };

/** As `createConnection` of the package. */
function createConnection(options, connectionListener) {
  const socket = connect(
    { ...transport, port: options.port, host: options.host },
    connectionListener,
  );
  socket.diameterConnection = new DiameterConnection(options, socket);
  return socket;
}

/** As `createServer` of the package. */
function createDiameterServer(options, connectionListener) {
  return createServer(transport, (socket) => {
    socket.diameterConnection = new DiameterConnection(options, socket);
    connectionListener(socket);
  });
}

const originOf = (name) => [
  ['Origin-Host', `${name}.example.org`],
  ['Origin-Realm', 'example.org'],
];
const capabilitiesOf = (name, socket) => [
  ...originOf(name),
  ...socket.localAddresses.map((address) => ['Host-IP-Address', address]),
  ['Vendor-Id', 0],
  ['Product-Name', 'node-diameter'],
  ['Auth-Application-Id', 'Diameter Credit Control'],
];

/** What comes is answered with success. The package emits 'error' for what it cannot decode. */
function answer(name, socket) {
  socket.on('diameterMessage', ({ message, response, callback }) => {
    const isFirst = message.command === 'Capabilities-Exchange';
    const body = isFirst ? capabilitiesOf(name, socket) : originOf(name);
    response.body = [...response.body, ['Result-Code', 'DIAMETER_SUCCESS'], ...body];
    console.log(`${name}: ${message.command}`);
    callback(response);
  });
  socket.on('error', (error) => {
    console.error(`${name}: ${error.message}`);
    socket.resetAndDestroy(); // RFC 6733 §2.1
  });
}

function serve(whenListening) {
  const server = createDiameterServer({}, (socket) => answer('server', socket));
  server.listen(Number(port), () => whenListening(server));
}

function ask(serverPort) {
  const socket = createConnection({ port: serverPort, host }, () => {
    converse().catch((error) => {
      console.error(`client: ${error.message}`);
      process.exitCode = 1;
      socket.resetAndDestroy();
    });
  });
  answer('client', socket);

  async function request(command, body) {
    const { diameterConnection } = socket;
    const message = diameterConnection.createRequest('Diameter Common Messages', command);
    // The package begins each request with a Session-Id, which these do not have (RFC 6733 §5).
    message.body = body;
    const response = await diameterConnection.sendRequest(message, 10_000);
    const [, result] = response.body.find(([name]) => name === 'Result-Code');
    console.log(`client: ${command} gives ${result}`);
  }

  async function converse() {
    await request('Capabilities-Exchange', capabilitiesOf('client', socket));
    await request('Device-Watchdog', originOf('client'));
    await request('Disconnect-Peer', [
      ...originOf('client'),
      ['Disconnect-Cause', 'DO_NOT_WANT_TO_TALK_TO_YOU'],
    ]);
    socket.end();
  }
  return socket;
}

if (role === 'client') ask(Number(port));
else if (role === 'server') serve((server) => console.log('listening on', server.address().port));
else serve((server) => ask(server.address().port).on('close', () => server.close()));
