// The outside of NGAP's messages (3GPP TS 38.413 §9), for the example gnb.js: which procedure, and
// whether it is a request or its outcome. What is inside, ASN.1 in aligned PER, is another package's
// business; here it is two identifiers of the UE and a text.
'use strict';

const Choice = { INITIATING: 0x00, SUCCESSFUL: 0x20, UNSUCCESSFUL: 0x40 };
const Procedure = {
  DOWNLINK_NAS_TRANSPORT: 4,
  ERROR_INDICATION: 9,
  INITIAL_UE_MESSAGE: 15,
  NG_SETUP: 21,
  UE_CONTEXT_RELEASE: 41,
  UPLINK_NAS_TRANSPORT: 46,
};
const known = new Set(Object.values(Procedure));
const nameOf = (procedure) => Object.keys(Procedure).find((name) => Procedure[name] === procedure);

const MOST = 0x3fff; // longer ones are fragmented, in PER
const MOST_TEXT = 4000; // also where every byte of it becomes three, as no UTF-8

function encode({ choice = Choice.INITIATING, procedure, ran = 0, amf = 0, text = '' }) {
  const body = Buffer.from(`12345678${text}`);
  body.writeUInt32BE(ran);
  body.writeUInt32BE(amf, 4);
  if (body.length > MOST) throw new RangeError(`${body.length} bytes are too many for one message`);
  const length = body.length < 128 ? [body.length] : [0x80 | (body.length >> 8), body.length & 255];
  return Buffer.concat([Buffer.from([choice, procedure, 0x00, ...length]), body]);
}

/** Undefined where it is no such message. */
function decode(bytes) {
  const [choice, procedure, criticality, first, second] = bytes;
  const isLong = first >= 128;
  const start = isLong ? 5 : 4;
  const length = isLong ? ((first & 0x3f) << 8) | second : first;
  const isRight =
    Object.values(Choice).includes(choice) && known.has(procedure) && (criticality & 0x3f) === 0;
  if (!isRight || first >= 192 || length < 8 || length > 8 + MOST_TEXT) return undefined;
  if (bytes.length !== start + length) return undefined;
  return {
    choice,
    procedure,
    ran: bytes.readUInt32BE(start),
    amf: bytes.readUInt32BE(start + 4),
    text: bytes.toString('utf8', start + 8),
  };
}

module.exports = { Choice, Procedure, decode, encode, nameOf };
