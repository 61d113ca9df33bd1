// M3UA's messages (RFC 4666 §3), for the examples asp.js and sgp.js: common header, parameters in
// tag, length and value, protocol data, and which Error (§3.8.1) a malformed message is answered by.
'use strict';

const VERSION = 1;

/** Class and type of each message, as one number: class times 256, plus type (§3.1.2). */
const Type = {
  ERROR: 0x0000,
  NOTIFY: 0x0001,
  DATA: 0x0101,
  DUNA: 0x0201,
  DAVA: 0x0202,
  DAUD: 0x0203,
  SCON: 0x0204,
  DUPU: 0x0205,
  DRST: 0x0206,
  ASP_UP: 0x0301,
  ASP_DOWN: 0x0302,
  BEAT: 0x0303,
  ASP_UP_ACK: 0x0304,
  ASP_DOWN_ACK: 0x0305,
  BEAT_ACK: 0x0306,
  ASP_ACTIVE: 0x0401,
  ASP_INACTIVE: 0x0402,
  ASP_ACTIVE_ACK: 0x0403,
  ASP_INACTIVE_ACK: 0x0404,
  REG_REQ: 0x0901,
  REG_RSP: 0x0902,
  DEREG_REQ: 0x0903,
  DEREG_RSP: 0x0904,
};
const known = new Set(Object.values(Type));
const knownClasses = new Set([...known].map((type) => type >> 8));
const nameOf = (type) => Object.keys(Type).find((name) => Type[name] === type) ?? String(type);

/** Parameters (§3.2), those that are used here. */
const Tag = {
  ROUTING_CONTEXT: 0x0006,
  DIAGNOSTIC: 0x0007,
  HEARTBEAT: 0x0009,
  TRAFFIC_MODE: 0x000b,
  ERROR_CODE: 0x000c,
  STATUS: 0x000d,
  ASP_IDENTIFIER: 0x0011,
  AFFECTED_POINT_CODE: 0x0012,
  ROUTING_KEY: 0x0207,
  REGISTRATION_RESULT: 0x0208,
  LOCAL_KEY: 0x020a,
  POINT_CODE: 0x020b,
  PROTOCOL_DATA: 0x0210,
  REGISTRATION_STATUS: 0x0212,
};

/** Traffic modes (§3.7.1). */
const Mode = { override: 1, loadshare: 2 };

/** Error codes (§3.8.1). */
const ErrorCode = {
  INVALID_VERSION: 0x01,
  UNSUPPORTED_CLASS: 0x03,
  UNSUPPORTED_TYPE: 0x04,
  UNSUPPORTED_MODE: 0x05,
  UNEXPECTED_MESSAGE: 0x06,
  PROTOCOL_ERROR: 0x07,
  INVALID_STREAM: 0x09,
  PARAMETER_FIELD: 0x12,
  MISSING_PARAMETER: 0x16,
  INVALID_ROUTING_CONTEXT: 0x19,
  NO_AS_FOR_ASP: 0x1a,
};

/** Status of a NOTIFY: type and information (§3.8.2). */
const Status = {
  AS_INACTIVE: 0x00010002,
  AS_ACTIVE: 0x00010003,
  AS_PENDING: 0x00010004,
  ALTERNATE_ASP_ACTIVE: 0x00020002,
};

/** What is wrong with a message, as the Error that answers it says it. */
class M3uaError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** §3.2: tag, length without the padding, value, padding to 32 bits. */
function parameter(tag, value) {
  const data = typeof value === 'number' ? uint32(value) : value;
  const bytes = Buffer.alloc(4 + Math.ceil(data.length / 4) * 4);
  bytes.writeUInt16BE(tag);
  bytes.writeUInt16BE(4 + data.length, 2);
  bytes.set(data, 4);
  return bytes;
}

/** A message; parameters are pairs of a tag and a number or Buffer. Undefined values are left out. */
function encode(type, parameters = []) {
  const given = parameters.filter(([, value]) => value !== undefined);
  const body = given.map(([tag, value]) => parameter(tag, value));
  const header = Buffer.from([VERSION, 0, type >> 8, type & 0xff, 0, 0, 0, 0]);
  header.writeUInt32BE(
    body.reduce((sum, { length }) => sum + length, header.length),
    4,
  );
  return Buffer.concat([header, ...body]);
}

/** The parameters by tag, of which the last of its kind counts. @throws M3uaError */
function parametersOf(bytes) {
  const parameters = new Map();
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0;
    if (length < 4 || at + length > bytes.length) {
      throw new M3uaError(ErrorCode.PARAMETER_FIELD, `a parameter of ${length} bytes at ${at}`);
    }
    parameters.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + length));
    at += Math.ceil(length / 4) * 4;
  }
  return parameters;
}

const HEADER = 8;

/** Whether it can be answered at all: it is long enough to say what it is. */
const hasHeader = (bytes) => bytes.length >= HEADER;

/** What a message says that has a header. @throws M3uaError */
function decode(bytes) {
  if (bytes[0] !== VERSION) throw new M3uaError(ErrorCode.INVALID_VERSION, `version ${bytes[0]}`);
  const type = bytes.readUInt16BE(2);
  if (!knownClasses.has(type >> 8)) {
    throw new M3uaError(ErrorCode.UNSUPPORTED_CLASS, `message class ${type >> 8}`);
  }
  if (!known.has(type)) throw new M3uaError(ErrorCode.UNSUPPORTED_TYPE, `message type ${type}`);
  const length = bytes.readUInt32BE(4);
  // The last parameter's padding may be counted or not (§3.1.4).
  if (length < HEADER || length > bytes.length || bytes.length - length > 3) {
    throw new M3uaError(ErrorCode.PROTOCOL_ERROR, `length ${length} in ${bytes.length} bytes`);
  }
  return { type, parameters: parametersOf(bytes.subarray(HEADER, length)) };
}

/** A parameter that must be there, of so many bytes at least. @throws M3uaError */
function need(parameters, tag, least) {
  const value = parameters.get(tag);
  const name = `parameter 0x${tag.toString(16).padStart(4, '0')}`;
  if (!value) throw new M3uaError(ErrorCode.MISSING_PARAMETER, `${name} is missing`);
  if (value.length < least) {
    throw new M3uaError(ErrorCode.PARAMETER_FIELD, `${name} has ${value.length} bytes`);
  }
  return value;
}

const needNumber = (parameters, tag) => need(parameters, tag, 4).readUInt32BE();

/** The same where it may be absent: undefined then. @throws M3uaError */
const findNumber = (parameters, tag) =>
  parameters.has(tag) ? needNumber(parameters, tag) : undefined;

/** §3.3.1, Protocol Data: where from and to, for whom (3 is SCCP), and what keeps order. */
function encodeData({ opc, dpc, si = 3, ni = 0, mp = 0, sls, payload }) {
  return Buffer.concat([uint32(opc), uint32(dpc), Buffer.from([si, ni, mp, sls]), payload]);
}

/** @throws M3uaError */
function decodeData(parameters) {
  const bytes = need(parameters, Tag.PROTOCOL_DATA, 12);
  const [si, ni, mp, sls] = bytes.subarray(8);
  const [opc, dpc] = [bytes.readUInt32BE(), bytes.readUInt32BE(4)];
  return { opc, dpc, si, ni, mp, sls, payload: bytes.subarray(12) };
}

/** The Error that answers a message, with the beginning of it (§3.8.1). */
function errorFor({ code }, bytes) {
  return encode(Type.ERROR, [
    [Tag.ERROR_CODE, code],
    [Tag.DIAGNOSTIC, bytes.subarray(0, 40)],
  ]);
}

/** §1.4.7: DATA leaves stream 0 to management, and keeps what has one SLS on one stream. */
const streamFor = (sls, streams) => (streams > 1 ? 1 + (sls % (streams - 1)) : 0);

/** A point code, written as one number or in ITU's three parts of 3, 8 and 3 bits: '1.23.4'. */
function pointCode(text) {
  const isOne = /^\d+$/.test(text);
  const parts = /^\d+(\.\d+\.\d+)?$/.test(text) ? text.split('.').map(Number) : [];
  const [limits, shifts] = isOne
    ? [[0x3fff], [0]]
    : [
        [7, 255, 7],
        [11, 3, 0],
      ];
  if (parts.length !== limits.length || parts.some((part, index) => part > limits[index])) {
    throw new RangeError(`'${text}' is no point code; expected 0 to 16383, or three parts: 1.23.4`);
  }
  return parts.reduce((sum, part, index) => sum + (part << shifts[index]), 0);
}

const writtenPointCode = (code) => `${code >> 11}.${(code >> 3) & 255}.${code & 7}`;

module.exports = {
  ErrorCode,
  M3uaError,
  Mode,
  Status,
  Tag,
  Type,
  decode,
  decodeData,
  encode,
  encodeData,
  errorFor,
  findNumber,
  hasHeader,
  nameOf,
  need,
  needNumber,
  parameter,
  parametersOf,
  pointCode,
  streamFor,
  writtenPointCode,
};
