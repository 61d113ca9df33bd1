// Diameter over SCTP (RFC 6733): capabilities exchange, watchdog, disconnection; PPID 46.
//
//   node examples/diameter.js                      both ends, in one process
//   node examples/diameter.js server [PORT]        until it is interrupted; PORT is 3868
//   node examples/diameter.js client [PORT [HOST]]
'use strict';
const { isIPv4 } = require('node:net');
const { connect, createServer, PPID, presets } = require('kernel-sctp');

const [role = 'both', port = role === 'both' ? '0' : '3868', host = '127.0.0.1'] =
  process.argv.slice(2);
const options = { ppid: PPID.DIAMETER, sctp: presets.diameter };

const Command = { CapabilitiesExchange: 257, DeviceWatchdog: 280, DisconnectPeer: 282 };
const Avp = {
  HostIpAddress: 257,
  AuthApplicationId: 258,
  OriginHost: 264,
  VendorId: 266,
  ResultCode: 268,
  ProductName: 269,
  DisconnectCause: 273,
  OriginRealm: 296,
};
const REQUEST = 0x80;
const MANDATORY = 0x40;
const RELAY = 0xffffffff;
const SUCCESS = 2001;

const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** RFC 6733 §4.1: code, flags, length, data, padding to 32 bits. */
function avp(code, data, flags = MANDATORY) {
  const bytes = Buffer.alloc(8 + Math.ceil(data.length / 4) * 4);
  bytes.writeUInt32BE(code);
  bytes.writeUInt32BE(((flags << 24) | (8 + data.length)) >>> 0, 4);
  bytes.set(data, 8);
  return bytes;
}

/** RFC 6733 §4.3.1, Address: IANA's number of the family, and the address. */
function address(text) {
  if (isIPv4(text)) return Buffer.from([0, 1, ...text.split('.').map(Number)]);
  const { hostname } = new URL(`http://[${text.split('%')[0]}]`); // written canonically
  const [head, tail = ''] = hostname.slice(1, -1).split('::');
  const words = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  words.splice(1, 0, Array(8 - words.flat().length).fill('0'));
  return Buffer.concat([
    Buffer.from([0, 2]),
    ...words.flat().map((word) => Buffer.from(word.padStart(4, '0'), 'hex')),
  ]);
}

/** RFC 6733 §3: version and length, flags and command, application, two identifiers, AVPs. */
function encode({ command, flags = 0, application = 0, hopByHop, endToEnd }, avps) {
  const length = avps.reduce((sum, { length: bytes }) => sum + bytes, 20);
  const words = [(1 << 24) | length, (flags << 24) | command, application, hopByHop, endToEnd];
  return Buffer.concat([...words.map((word) => uint32(word >>> 0)), ...avps]);
}

/** Throws if it is no Diameter message. */
function decode(bytes) {
  if (bytes.length < 20 || bytes[0] !== 1 || bytes.readUIntBE(1, 3) !== bytes.length) {
    throw new Error('not a Diameter message');
  }
  const avps = new Map();
  for (let at = 20; at < bytes.length;) {
    const length = bytes.readUIntBE(at + 5, 3);
    const start = bytes[at + 4] & 0x80 ? 12 : 8; // a vendor's AVP
    if (length < start || at + length > bytes.length) throw new Error('an AVP is truncated');
    avps.set(bytes.readUInt32BE(at), bytes.subarray(at + start, at + length));
    at += Math.ceil(length / 4) * 4;
  }
  return {
    flags: bytes[4],
    command: bytes.readUIntBE(5, 3),
    application: bytes.readUInt32BE(8),
    hopByHop: bytes.readUInt32BE(12),
    endToEnd: bytes.readUInt32BE(16),
    avps,
  };
}

const origin = (name) => [
  avp(Avp.OriginHost, Buffer.from(`${name}.example.org`)),
  avp(Avp.OriginRealm, Buffer.from('example.org')),
];

/** What both sides say of themselves (RFC 6733 §5.3.1): all addresses of the association, too. */
const capabilities = (name, socket) => [
  ...origin(name),
  ...socket.localAddresses.map((text) => avp(Avp.HostIpAddress, address(text))),
  avp(Avp.VendorId, uint32(0)),
  avp(Avp.ProductName, Buffer.from('kernel-sctp example'), 0),
  avp(Avp.AuthApplicationId, uint32(RELAY)),
];

/** Calls back with each message, after the answer where it is a request. */
function converse(name, socket, onMessage) {
  socket.on('data', (bytes) => {
    let message;
    try {
      message = decode(bytes);
    } catch (error) {
      console.error(`${name}: ${error.message}`);
      socket.resetAndDestroy(); // RFC 6733 §2.1: ABORT, for nothing after that can be trusted
      return;
    }
    if (message.flags & REQUEST) {
      const result = avp(Avp.ResultCode, uint32(SUCCESS));
      const more =
        message.command === Command.CapabilitiesExchange
          ? capabilities(name, socket)
          : origin(name);
      socket.write(encode({ ...message, flags: 0 }, [result, ...more]));
    }
    onMessage(message);
  });
  socket.on('error', (error) => console.error(`${name}: ${error.message}`));
}

function serve(whenListening) {
  const server = createServer(options, (socket) => {
    converse('server', socket, ({ command, avps }) => {
      console.log(`server: ${command} from ${avps.get(Avp.OriginHost)}`);
    });
  });
  server.listen(Number(port), () => whenListening(server));
}

function ask(serverPort) {
  let next = 1;
  const socket = connect({ ...options, port: serverPort, host });
  const request = (command, avps) => {
    const identifiers = { hopByHop: next, endToEnd: next++ };
    socket.write(encode({ command, flags: REQUEST, ...identifiers }, avps));
  };
  socket.on('connect', () => {
    request(Command.CapabilitiesExchange, capabilities('client', socket));
  });
  converse('client', socket, ({ flags, command, avps }) => {
    if (flags & REQUEST) return;
    console.log(`client: ${command} gives ${avps.get(Avp.ResultCode).readUInt32BE()}`);
    if (command === Command.CapabilitiesExchange) {
      request(Command.DeviceWatchdog, origin('client'));
    } else if (command === Command.DeviceWatchdog) {
      const doNotWantToTalkToYou = avp(Avp.DisconnectCause, uint32(2));
      request(Command.DisconnectPeer, [...origin('client'), doNotWantToTalkToYou]);
    } else {
      socket.end();
    }
  });
  return socket;
}

if (role === 'client') ask(Number(port));
else if (role === 'server') serve((server) => console.log('listening on', server.address().port));
else serve((server) => ask(server.address().port).on('close', () => server.close()));
