// An M3UA application server process (ASP, RFC 4666): it connects to one or more signalling gateway
// processes (SGPs), brings itself up, registers its point code where the gateway wants that, becomes
// active, and exchanges DATA. It works with sgp.js, and with others' gateways, such as osmo-stp.
//
//   node examples/asp.js --own 1.1.1 [--sgp HOST:PORT]… [--mode override|loadshare] [--context N]
//                        [--static] [--local-port N] [--beat MS]
//
//   --own         the point code that is served here
//   --sgp         default 127.0.0.1:2905; the first active one is used ('override'), or all of
//                 them, by the SLS of each message ('loadshare', the default)
//   --context     the routing context, where the gateway has told you one
//   --static      the gateway knows our point code already: do not register it
//   --local-port  where the gateway knows ASPs by their port
//   --beat        milliseconds between two BEATs of ours, 10000 by default
//
// A line of input 'POINT-CODE TEXT' is sent as a message; 'down' leaves in order.
'use strict';
const { createInterface } = require('node:readline');
const { parseArgs } = require('node:util');
const m3ua = require('./protocols/m3ua');
const { GatewayLink } = require('./protocols/m3ua-link');

function main() {
  const { values } = parseArgs({
    options: {
      own: { type: 'string' },
      sgp: { type: 'string', multiple: true, default: ['127.0.0.1:2905'] },
      mode: { type: 'string', default: 'loadshare' },
      context: { type: 'string' },
      static: { type: 'boolean', default: false },
      'local-port': { type: 'string' },
      beat: { type: 'string', default: '10000' },
    },
  });
  const number = (text) => (text === undefined ? undefined : Number(text));
  if (values.own === undefined) throw new Error('--own POINT-CODE is missing');
  if (!(values.mode in m3ua.Mode)) throw new Error(`--mode ${values.mode} is unknown`);
  const own = m3ua.pointCode(values.own);
  const options = {
    own,
    mode: values.mode,
    context: number(values.context),
    isStatic: values.static,
    localPort: number(values['local-port']),
    beat: Number(values.beat),
  };
  const links = values.sgp.map((name) => {
    const [, host, port] = /^(.+):(\d+)$/.exec(name) ?? [];
    if (!host) throw new Error(`--sgp ${name} is not HOST:PORT`);
    const link = new GatewayLink({ host, port: Number(port) }, options);
    link.on('state', (state) => console.log(`${name}: ${state}`));
    link.on('problem', (text) => console.log(`${name}: ${text}`));
    link.on('notify', (status) => {
      const [known] = Object.entries(m3ua.Status).find(([, value]) => value === status) ?? [];
      console.log(`${name}: notified of ${known ?? status}`);
    });
    link.on('destination', (code, isAvailable) => {
      const state = isAvailable ? 'available' : 'unavailable';
      console.log(`${name}: ${m3ua.writtenPointCode(code)} is ${state}`);
    });
    link.on('data', ({ opc, sls, payload }) => {
      console.log(`${m3ua.writtenPointCode(opc)} says (SLS ${sls}): ${payload}`);
    });
    // It may have arrived, if its acknowledgement was lost: who sends it again may say it twice.
    link.on('undelivered', (bytes) => {
      const { dpc, sls, payload } = m3ua.decodeData(m3ua.decode(bytes).parameters);
      transfer(dpc, sls, payload);
    });
    return link;
  });

  /**
   * All of one SLS over the same link as long as it is active, so that it stays in order. Gateways
   * share by the lower bits of it: by the same ones, each would use half of its ASPs only.
   */
  function transfer(dpc, sls, payload) {
    const active = links.filter(({ state }) => state === 'active');
    const link = active[options.mode === 'loadshare' ? (sls >> 2) % active.length : 0];
    const data = m3ua.encodeData({ opc: own, dpc, sls, payload });
    const isSent = link?.send(
      m3ua.encode(m3ua.Type.DATA, [
        [m3ua.Tag.ROUTING_CONTEXT, link.context],
        [m3ua.Tag.PROTOCOL_DATA, data],
      ]),
      sls,
    );
    if (!isSent) console.log(`no active gateway for: ${payload}`);
  }

  let turn = 0;
  function send(destination, payload) {
    try {
      transfer(m3ua.pointCode(destination), turn++ % 16, payload);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      console.log(error.message);
    }
  }
  createInterface(process.stdin).on('line', (line) => {
    const [, destination, text] = /^(\S+) (.+)$/.exec(line) ?? [];
    if (line === 'down') links.forEach((link) => link.leave());
    else if (destination === undefined) console.log("expected 'POINT-CODE TEXT', or 'down'");
    else send(destination, Buffer.from(text));
  });
  links.forEach((link) => link.open());
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
