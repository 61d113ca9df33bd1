// A Diameter client (RFC 6733) that stays: it sends an accounting record (§9) for each line of input
// to the first of its servers that works, and to the next when that one falls silent or is gone
// (§5.5.4, RFC 3539). What is unanswered by then is sent again, with the same identifier, so that
// the server can tell. Lost servers are connected to again, with back-off.
//
//   node examples/diameter-client.js [--server HOST:PORT]… [--watchdog MS]
//
//   --server    default 127.0.0.1:3868; give two
//   --watchdog  default 30000; both sides send one when nothing else comes
//
// The line 'quit' takes leave.
'use strict';
const { createInterface } = require('node:readline');
const { parseArgs } = require('node:util');
const { connect, PPID, presets } = require('kernel-sctp');
const { BackOff } = require('./protocols/back-off');
const { Avp, Command, avp } = require('./protocols/diameter');
const { DiameterPeer, originOf } = require('./protocols/diameter-peer');

const BASE_ACCOUNTING = 3;
const EVENT_RECORD = 1;
const MOST_WAITING = 1000;

const { values } = parseArgs({
  options: {
    server: { type: 'string', multiple: true, default: ['127.0.0.1:3868'] },
    watchdog: { type: 'string', default: '30000' },
  },
});

/** The servers, first choice first. */
const links = values.server.map((name) => {
  const [, host, port] = /^(.+):(\d+)$/.exec(name) ?? [];
  if (!host) throw new Error(`--server ${name} is not HOST:PORT`);
  return {
    name,
    host,
    port: Number(port),
    backOff: new BackOff(),
    peer: undefined,
    wasLost: false,
  };
});
/** Requests for which no server is there. */
const waiting = [];
let isLeaving = false;

const usable = () => links.find(({ peer }) => peer?.state === 'okay')?.peer;

function send(request) {
  const peer = usable();
  if (peer) peer.request(Command.Accounting, BASE_ACCOUNTING, request.avps, request.endToEnd);
  else if (waiting.length < MOST_WAITING) waiting.push(request);
  else console.log('too much waits: a record is dropped');
}

const sendAll = (requests) => requests.forEach(send);

function open(link) {
  const { name, host, port } = link;
  const socket = connect({ host, port, ppid: PPID.DIAMETER, sctp: presets.diameter });
  const watchdog = Number(values.watchdog);
  const peer = new DiameterPeer('client', socket, {
    isInitiator: true,
    watchdog,
    wasLost: link.wasLost,
  });
  link.peer = peer;
  peer.on('open', (identity) => {
    console.log(`${name}: open, ${identity}`);
    link.backOff.reset();
    link.wasLost = true; // from now on
  });
  peer.on('okay', () => {
    console.log(`${name}: okay`);
    sendAll(waiting.splice(0));
  });
  peer.on('suspect', () => {
    console.log(`${name}: suspect`);
    sendAll(peer.takePending());
  });
  peer.on('message', ({ command, request, result }, avps) => {
    if (command === Command.Accounting && request) {
      const record = avps.get(Avp.AccountingRecordNumber)?.readUInt32BE();
      console.log(`${name}: record ${record} gives ${result}`);
    } else if (command === Command.DeviceWatchdog) {
      console.log(`${name}: watchdog ${request ? `gives ${result}` : 'answered'}`);
    }
  });
  peer.on('problem', (text) => console.log(`${name}: ${text}`));
  peer.on('close', (unanswered) => {
    sendAll(unanswered);
    if (isLeaving) return;
    const delay = link.backOff.next();
    console.log(`${name}: connecting again in ${delay} ms`);
    setTimeout(() => {
      if (!isLeaving) open(link);
    }, delay);
  });
}

let number = 0;
createInterface(process.stdin).on('line', (line) => {
  if (line === 'quit') {
    isLeaving = true;
    for (const { peer } of links) peer.disconnect();
    process.stdin.destroy();
    return;
  }
  const session = `client.example.org;${Date.now()};${++number}`;
  const avps = [
    avp(Avp.SessionId, session),
    ...originOf('client'),
    avp(Avp.DestinationRealm, 'example.org'),
    avp(Avp.AccountingRecordType, EVENT_RECORD),
    avp(Avp.AccountingRecordNumber, number),
    avp(Avp.AcctApplicationId, BASE_ACCOUNTING),
    avp(Avp.UserName, line),
  ];
  send({ avps });
});
links.forEach(open);
