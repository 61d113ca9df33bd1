// Diameter's messages (RFC 6733 §3, §4), for the examples diameter.js and diameter-client.js: header,
// attribute-value pairs (AVPs), and by which result code (§7.1) a malformed message is answered.
'use strict';
const { isIPv4 } = require('node:net');

const Command = {
  CapabilitiesExchange: 257,
  Accounting: 271,
  DeviceWatchdog: 280,
  DisconnectPeer: 282,
};

const Avp = {
  UserName: 1,
  HostIpAddress: 257,
  AuthApplicationId: 258,
  AcctApplicationId: 259,
  VendorSpecificApplicationId: 260,
  SessionId: 263,
  OriginHost: 264,
  SupportedVendorId: 265,
  VendorId: 266,
  FirmwareRevision: 267,
  ResultCode: 268,
  ProductName: 269,
  DisconnectCause: 273,
  OriginStateId: 278,
  FailedAvp: 279,
  ErrorMessage: 281,
  RouteRecord: 282,
  DestinationRealm: 283,
  ProxyInfo: 284,
  DestinationHost: 293,
  OriginRealm: 296,
  InbandSecurityId: 299,
  AccountingRecordType: 480,
  AccountingRecordNumber: 485,
};
const known = new Set(Object.values(Avp));
/** Those whose data is one number of 32 bits. */
const numbers = new Set([
  Avp.AuthApplicationId,
  Avp.AcctApplicationId,
  Avp.SupportedVendorId,
  Avp.VendorId,
  Avp.FirmwareRevision,
  Avp.ResultCode,
  Avp.DisconnectCause,
  Avp.OriginStateId,
  Avp.InbandSecurityId,
  Avp.AccountingRecordType,
  Avp.AccountingRecordNumber,
]);

/** Bits of the header (§3). */
const Flag = { REQUEST: 0x80, PROXIABLE: 0x40, ERROR: 0x20, RETRANSMITTED: 0x10 };
const VENDOR = 0x80;
const MANDATORY = 0x40;

const Result = {
  SUCCESS: 2001,
  COMMAND_UNSUPPORTED: 3001,
  APPLICATION_UNSUPPORTED: 3007,
  INVALID_HEADER_BITS: 3008,
  INVALID_AVP_BITS: 3009,
  AVP_UNSUPPORTED: 5001,
  MISSING_AVP: 5005,
  UNSUPPORTED_VERSION: 5011,
  INVALID_AVP_LENGTH: 5014,
  INVALID_MESSAGE_LENGTH: 5015,
};

/** What is wrong with a request, as the answer says it. */
class DiameterError extends Error {
  /** `failed` is the offending AVP, or what is missing (§7.5). */
  constructor(result, message, failed = undefined) {
    super(message);
    this.result = result;
    this.failed = failed;
  }
}

const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** §4.1: code, flags, length, data, padding to 32 bits. */
function avp(code, value, flags = MANDATORY) {
  const data = typeof value === 'number' ? uint32(value) : Buffer.from(value);
  const bytes = Buffer.alloc(8 + Math.ceil(data.length / 4) * 4);
  bytes.writeUInt32BE(code);
  bytes.writeUInt32BE(((flags << 24) | (8 + data.length)) >>> 0, 4);
  bytes.set(data, 8);
  return bytes;
}

/** §4.3.1, Address: IANA's number of the family, and the address. */
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

/** §3: version and length, flags and command, application, two identifiers, AVPs. */
function encode({ command, flags = 0, application = 0, hopByHop, endToEnd }, avps) {
  const length = avps.reduce((sum, { length: bytes }) => sum + bytes, HEADER);
  const words = [(1 << 24) | length, (flags << 24) | command, application, hopByHop, endToEnd];
  return Buffer.concat([...words.map((word) => uint32(word >>> 0)), ...avps]);
}

const HEADER = 20;

/** The header; undefined where there is none, so that nobody can tell what the peer wants. */
function headerOf(bytes) {
  if (bytes.length < HEADER) return undefined;
  return {
    flags: bytes[4],
    command: bytes.readUIntBE(5, 3),
    application: bytes.readUInt32BE(8),
    hopByHop: bytes.readUInt32BE(12),
    endToEnd: bytes.readUInt32BE(16),
  };
}

/** The first AVP of each code, and the codes' raw AVPs as they came. @throws DiameterError */
function decodeAvps(bytes) {
  if (bytes[0] !== 1) throw new DiameterError(Result.UNSUPPORTED_VERSION, `version ${bytes[0]}`);
  const total = bytes.readUIntBE(1, 3);
  if (total !== bytes.length || total % 4 !== 0) {
    throw new DiameterError(Result.INVALID_MESSAGE_LENGTH, `${total}, but ${bytes.length} bytes`);
  }
  const [avps, raw] = [new Map(), []];
  for (let at = HEADER; at < total;) {
    const end = addAvp(avps, bytes, at);
    raw.push({ code: bytes.readUInt32BE(at), bytes: bytes.subarray(at, end) });
    at = end;
  }
  return { avps, raw };
}

/** Where the next one begins. @throws DiameterError */
function addAvp(avps, bytes, at) {
  // §7.5: of an AVP that is too short the answer has the header, and zeros for what is missing.
  const code = bytes.length - at >= 8 ? bytes.readUInt32BE(at) : 0;
  const flags = bytes.length - at >= 8 ? bytes[at + 4] : 0;
  const length = bytes.length - at >= 8 ? bytes.readUIntBE(at + 5, 3) : 0;
  const start = flags & VENDOR ? 12 : 8;
  const end = at + Math.ceil(length / 4) * 4;
  const isNumber = numbers.has(code) && !(flags & VENDOR);
  if (length < start || end > bytes.length || (isNumber && length !== 12)) {
    const failed = avp(code, Buffer.alloc(isNumber ? 4 : 0), flags & MANDATORY);
    throw new DiameterError(Result.INVALID_AVP_LENGTH, `AVP ${code}: length ${length}`, failed);
  }
  const whole = bytes.subarray(at, end);
  if (flags & 0x1f) {
    throw new DiameterError(Result.INVALID_AVP_BITS, `AVP ${code}: flags ${flags}`, whole);
  }
  if (flags & MANDATORY && (flags & VENDOR || !known.has(code))) {
    throw new DiameterError(Result.AVP_UNSUPPORTED, `AVP ${code} is unknown`, whole);
  }
  const isFirst = !(flags & VENDOR) && !avps.has(code);
  if (isFirst) avps.set(code, bytes.subarray(at + start, at + length));
  return end;
}

/** @throws DiameterError */
function need(avps, code) {
  const data = avps.get(code);
  if (data) return data;
  const example = avp(code, Buffer.alloc(numbers.has(code) ? 4 : 0));
  throw new DiameterError(Result.MISSING_AVP, `AVP ${code} is missing`, example);
}

module.exports = {
  Avp,
  Command,
  DiameterError,
  Flag,
  Result,
  address,
  avp,
  decodeAvps,
  encode,
  headerOf,
  need,
};
