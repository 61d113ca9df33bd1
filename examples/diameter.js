// Diameter over SCTP (RFC 6733): a server that also takes accounting records, and a client that says
// what there is to say once: capabilities exchange, watchdog, disconnection. PPID 46.
//
//   node examples/diameter.js                      both ends, in one process
//   node examples/diameter.js server [PORT]        until it is interrupted; PORT is 3868
//   node examples/diameter.js client [PORT [HOST]]
//
// diameter-client.js is a client that stays, with two servers.
'use strict';
const { connect, createServer, PPID, presets } = require('kernel-sctp');
const { Avp, Command, avp, need } = require('./protocols/diameter');
const { DiameterPeer, originOf } = require('./protocols/diameter-peer');

const [role = 'both', port = role === 'both' ? '0' : '3868', host = '127.0.0.1'] =
  process.argv.slice(2);
const options = { ppid: PPID.DIAMETER, sctp: presets.diameter };
const BASE_ACCOUNTING = 3;

/** RFC 6733 §9.7.2: the record's type and number go back, so that the client can drop it. */
function account(avps) {
  const returned = [Avp.AccountingRecordType, Avp.AccountingRecordNumber];
  need(avps, Avp.SessionId);
  return [
    ...returned.map((code) => avp(code, need(avps, code))),
    avp(Avp.AcctApplicationId, BASE_ACCOUNTING),
  ];
}

function serve(whenListening) {
  const answers = { [Command.Accounting]: account };
  const server = createServer(options, (socket) => {
    const peer = new DiameterPeer('server', socket, { isInitiator: false, answers });
    peer.on('message', ({ command, request }, avps) => {
      if (!request) console.log(`server: ${command} from ${avps.get(Avp.OriginHost)}`);
    });
    peer.on('problem', (text) => console.error(`server: ${text}`));
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  server.listen(Number(port), () => whenListening(server));
}

function ask(serverPort) {
  const socket = connect({ ...options, port: serverPort, host });
  const peer = new DiameterPeer('client', socket, { isInitiator: true });
  peer.on('message', ({ command, request, result }) => {
    if (!request) return;
    console.log(`client: ${command} gives ${result}`);
    if (command === Command.CapabilitiesExchange) {
      peer.request(Command.DeviceWatchdog, 0, originOf('client'));
    } else if (command === Command.DeviceWatchdog) {
      peer.disconnect();
    }
  });
  peer.on('problem', (text) => {
    console.error(`client: ${text}`);
    process.exitCode = 1;
  });
  return socket;
}

if (role === 'client') ask(Number(port));
else if (role === 'server') serve((server) => console.log('listening on', server.address().port));
else serve((server) => ask(server.address().port).on('close', () => server.close()));
