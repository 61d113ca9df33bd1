/** The Data Channel Establishment Protocol (RFC 8832), and the PPIDs of data channels (RFC 8831 §8). */

export const DATA_CHANNEL_PPID = {
  DCEP: 50,
  STRING: 51,
  BINARY: 53,
  STRING_EMPTY: 56,
  BINARY_EMPTY: 57,
} as const;

/** What a message of these PPIDs holds instead of nothing, which SCTP cannot send. */
export const EMPTY_MESSAGE = new Uint8Array(1);

const ACK_TYPE = 0x02;
const OPEN_TYPE = 0x03;
const OPEN_HEADER_LENGTH = 12;

/** Bits of the channel type. */
const RETRANSMITS = 0x01;
const LIFETIME = 0x02;
const UNORDERED = 0x80;

export interface OpenMessage {
  ordered: boolean;
  maxRetransmits: number | null;
  maxPacketLifeTime: number | null;
  priority: number;
  label: string;
  protocol: string;
}

export const ACK = Buffer.of(ACK_TYPE);

export function encodeOpen(open: OpenMessage): Buffer {
  const label = Buffer.from(open.label);
  const protocol = Buffer.from(open.protocol);
  const message = Buffer.alloc(OPEN_HEADER_LENGTH + label.length + protocol.length);
  const reliability =
    open.maxRetransmits !== null ? RETRANSMITS : open.maxPacketLifeTime !== null ? LIFETIME : 0;
  message.writeUInt8(OPEN_TYPE, 0);
  message.writeUInt8(reliability | (open.ordered ? 0 : UNORDERED), 1);
  message.writeUInt16BE(open.priority, 2);
  message.writeUInt32BE(open.maxRetransmits ?? open.maxPacketLifeTime ?? 0, 4);
  message.writeUInt16BE(label.length, 8);
  message.writeUInt16BE(protocol.length, 10);
  label.copy(message, OPEN_HEADER_LENGTH);
  protocol.copy(message, OPEN_HEADER_LENGTH + label.length);
  return message;
}

export type DcepMessage =
  | { type: 'open'; open: OpenMessage }
  | { type: 'ack' }
  /** An OPEN that cannot be granted. */
  | { type: 'malformed'; reason: string }
  /** A message of a type that RFC 8832 does not know. */
  | { type: 'unknown'; reason: string };

/** Whatever the peer has sent; never throws. */
export function decode(message: Buffer): DcepMessage {
  const type = message.length === 0 ? undefined : message.readUInt8(0);
  if (type === ACK_TYPE) return { type: 'ack' };
  if (type === OPEN_TYPE) return decodeOpen(message);
  const shown = type === undefined ? 'none' : `0x${type.toString(16).padStart(2, '0')}`;
  return { type: 'unknown', reason: `a DCEP message of unknown type (${shown})` };
}

function decodeOpen(message: Buffer): DcepMessage {
  const malformed = (reason: string): DcepMessage => ({
    type: 'malformed',
    reason: `a malformed DATA_CHANNEL_OPEN: ${reason}`,
  });
  if (message.length < OPEN_HEADER_LENGTH) return malformed('too short');
  const channelType = message.readUInt8(1);
  const reliability = channelType & ~UNORDERED;
  const value = message.readUInt32BE(4);
  const labelEnd = OPEN_HEADER_LENGTH + message.readUInt16BE(8);
  const protocolEnd = labelEnd + message.readUInt16BE(10);
  if (reliability > LIFETIME) {
    return malformed(`unknown channel type 0x${channelType.toString(16).padStart(2, '0')}`);
  }
  if (protocolEnd !== message.length) return malformed('lengths that do not add up');
  return {
    type: 'open',
    open: {
      ordered: (channelType & UNORDERED) === 0,
      maxRetransmits: reliability === RETRANSMITS ? value : null,
      maxPacketLifeTime: reliability === LIFETIME ? value : null,
      priority: message.readUInt16BE(2),
      label: message.toString('utf8', OPEN_HEADER_LENGTH, labelEnd),
      protocol: message.toString('utf8', labelEnd, protocolEnd),
    },
  };
}
