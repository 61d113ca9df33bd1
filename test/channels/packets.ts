/** SCTP packets made and read by hand. */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Anew, after something in it was changed. */
export function withChecksum(packet: Buffer): Buffer {
  packet.writeUInt32LE(0, 8);
  packet.writeUInt32LE(crc32c(packet), 8);
  return packet;
}

export const CHUNK = {
  DATA: 0,
  INIT: 1,
  INIT_ACK: 2,
  SACK: 3,
  ABORT: 6,
  COOKIE_ECHO: 10,
  I_DATA: 64,
  RECONFIG: 130,
} as const;

export function chunk(type: number, flags: number, value: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.from([type, flags, 0, 0]);
  header.writeUInt16BE(4 + value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

export function packet(tag: number, ...chunks: Buffer[]): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(5000, 0);
  header.writeUInt16BE(5000, 2);
  header.writeUInt32BE(tag, 4);
  return withChecksum(Buffer.concat([header, ...chunks]));
}

/** An INIT with a tag and a TSN of its own. */
export function init(tag: number): Buffer {
  const value = Buffer.alloc(16);
  value.writeUInt32BE(tag, 0);
  value.writeUInt32BE(100_000, 4);
  value.writeUInt16BE(10, 8);
  value.writeUInt16BE(10, 10);
  value.writeUInt32BE(1, 12);
  return packet(0, chunk(CHUNK.INIT, 0, value));
}

export function tagOf(bytes: Buffer): number {
  return bytes.readUInt32BE(4);
}

/** The tag that the sender of an INIT or INIT ACK wants to be addressed by. */
export function initiateTagOf(bytes: Buffer): number {
  return bytes.readUInt32BE(16);
}

export function chunkTypes(bytes: Buffer): number[] {
  const types: number[] = [];
  for (let at = 12; at + 4 <= bytes.length; at += (bytes.readUInt16BE(at + 2) + 3) & ~3) {
    types.push(bytes.readUInt8(at));
  }
  return types;
}
