'use strict';
/**
 * The shape of a signalling gateway process (M3UA, RFC 4666): one port, one association for each
 * application server process (ASP). It answers ASP Up and ASP Active, and hands traffic (DATA) to
 * the ASPs that are active in turn. Not a complete M3UA.
 *
 *   node sgp.js [port [host]]
 */
const { createEndpoint, PPID, presets } = require('kernel-sctp');

const [port = '2905', host = '127.0.0.1'] = process.argv.slice(2);

const TRANSFER = 1;
const ASPSM = 3;
const ASPTM = 4;
const DATA = 1;
const UP = 1;
const DOWN = 2;
const UP_ACK = 4;
const DOWN_ACK = 5;
const ACTIVE = 1;
const INACTIVE = 2;
const ACTIVE_ACK = 3;
const INACTIVE_ACK = 4;

/** A message without parameters: version 1, class, type, length. */
function header(messageClass, type) {
  return Buffer.from([1, 0, messageClass, type, 0, 0, 0, 8]);
}

const gateway = createEndpoint({ maxAssociations: 256, ppid: PPID.M3UA, sctp: presets.sigtran });
/** What each ASP is: 'down', 'inactive' or 'active'. */
const states = new Map();
let turn = 0;

/** The next active ASP but the one that a message has come from. */
function nextActive(sender) {
  const active = [...states].filter(([asp, state]) => state === 'active' && asp !== sender);
  return active.length === 0 ? undefined : active[turn++ % active.length][0];
}

function become(asp, state, answer) {
  states.set(asp, state);
  console.log(`ASP ${asp.remoteAddress}:${asp.remotePort} is ${state}`);
  asp.send(answer); // stream 0 is for management
}

gateway.on('association', (asp) => {
  states.set(asp, 'down');
  asp.on('close', ({ reason }) => {
    states.delete(asp);
    console.log(`ASP ${asp.remoteAddress}:${asp.remotePort} is gone (${reason})`);
  });
  asp.on('sendFailed', ({ data }) => {
    const other = nextActive(asp);
    if (data[2] === TRANSFER && other) other.send(data, { sid: 1 });
  });
});

gateway.on('message', (data, { sid }, asp) => {
  if (data.length < 8 || data[0] !== 1) {
    asp.abort('not M3UA');
    return;
  }
  if (!asp.writable) return;
  const [, , messageClass, type] = data;
  if (messageClass === ASPSM && type === UP) become(asp, 'inactive', header(ASPSM, UP_ACK));
  else if (messageClass === ASPSM && type === DOWN) become(asp, 'down', header(ASPSM, DOWN_ACK));
  else if (messageClass === ASPTM && type === ACTIVE) {
    become(asp, 'active', header(ASPTM, ACTIVE_ACK));
  } else if (messageClass === ASPTM && type === INACTIVE) {
    become(asp, 'inactive', header(ASPTM, INACTIVE_ACK));
  } else if (messageClass === TRANSFER && type === DATA) {
    const other = nextActive(asp);
    if (other?.writable) other.send(data, { sid: Math.min(sid, other.OS - 1) });
  }
});

gateway.on('error', (error) => {
  console.error(error.message);
});

gateway.listen({ host, port: Number(port) }, () => {
  console.log(`listening on ${host}:${gateway.address().port}`);
});

process.once('SIGTERM', () => gateway.close());
process.once('SIGINT', () => gateway.close());
