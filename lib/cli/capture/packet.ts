/** What a packet says: its addresses, ports and chunks. Anything may come: nothing here throws. */
import { SocketAddress } from 'node:net';

export interface Chunk {
  /** By its name in the RFCs, or `chunk 99`. */
  readonly type: string;
  readonly length: number;
  /** Of DATA and I-DATA. */
  readonly data?: DataChunk;
}

export interface DataChunk {
  readonly tsn: number;
  readonly sid: number;
  readonly unordered: boolean;
  /** Only the first part of a message has it in an I-DATA. */
  readonly ppid?: number;
  /** Of the message, or of a part of it. */
  readonly bytes: number;
  /** 'B' and 'E': whether the message begins and ends here. */
  readonly part: string;
}

export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  /** The ports of UDP around it, if it is in UDP. */
  readonly udp?: readonly [source: number, destination: number];
  readonly chunks: readonly Chunk[];
}

const UDP = 17;
const FRAGMENT = 44;
const UDP_HEADER = 8;
const COMMON_HEADER = 12;
const CHUNK_HEADER = 4;

const names: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT-ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT-ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN-ACK',
  9: 'ERROR',
  10: 'COOKIE-ECHO',
  11: 'COOKIE-ACK',
  12: 'ECNE',
  13: 'CWR',
  14: 'SHUTDOWN-COMPLETE',
  15: 'AUTH',
  64: 'I-DATA',
  128: 'ASCONF-ACK',
  130: 'RE-CONFIG',
  132: 'PAD',
  192: 'FORWARD-TSN',
  193: 'ASCONF',
  194: 'I-FORWARD-TSN',
};
const DATA = 0;
const I_DATA = 64;
const UNORDERED = 4;
const BEGINNING = 2;
const ENDING = 1;

/** @returns nothing if it has no whole header of SCTP, or is not the first fragment */
export function readPacket(bytes: Buffer): Packet | undefined {
  const inside = insideOf(bytes);
  if (!inside) return undefined;
  const { source, destination, protocol, payload } = inside;
  const isInUdp = protocol === UDP;
  if (payload.length < COMMON_HEADER + (isInUdp ? UDP_HEADER : 0)) return undefined;
  const sctp = isInUdp ? payload.subarray(UDP_HEADER) : payload;
  return {
    ...{ source, destination },
    sourcePort: sctp.readUInt16BE(0),
    destinationPort: sctp.readUInt16BE(2),
    verificationTag: sctp.readUInt32BE(4),
    ...(isInUdp && { udp: [payload.readUInt16BE(0), payload.readUInt16BE(2)] as const }),
    chunks: chunksOf(sctp.subarray(COMMON_HEADER)),
  };
}

interface Inside {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Buffer;
}

function insideOf(bytes: Buffer): Inside | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4 && bytes.length >= 20) return insideIPv4(bytes);
  return version === 6 && bytes.length >= 40 ? insideIPv6(bytes) : undefined;
}

function insideIPv4(bytes: Buffer): Inside | undefined {
  if ((bytes.readUInt16BE(6) & 0x1fff) !== 0) return undefined;
  // The kernel writes 0 where it has not cut a long one yet.
  const total = bytes.readUInt16BE(2) || bytes.length;
  return {
    source: bytes.subarray(12, 16).join('.'),
    destination: bytes.subarray(16, 20).join('.'),
    protocol: bytes.readUInt8(9),
    payload: bytes.subarray((bytes.readUInt8(0) & 15) * 4, total),
  };
}

function insideIPv6(bytes: Buffer): Inside | undefined {
  const total = bytes.readUInt16BE(4) === 0 ? bytes.length : 40 + bytes.readUInt16BE(4);
  let protocol = bytes.readUInt8(6);
  let payload = bytes.subarray(40, total);
  if (protocol === FRAGMENT) {
    if (payload.length < 8 || payload.readUInt16BE(2) >> 3 !== 0) return undefined;
    protocol = payload.readUInt8(0);
    payload = payload.subarray(8);
  }
  const [source, destination] = [bytes.subarray(8, 24), bytes.subarray(24, 40)].map(ipv6);
  return { source: source ?? '', destination: destination ?? '', protocol, payload };
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at + CHUNK_HEADER <= bytes.length;) {
    const number = bytes.readUInt8(at);
    const length = bytes.readUInt16BE(at + 2);
    const data = dataOf(number, bytes.subarray(at, at + length));
    const type = names[number] ?? `chunk ${String(number)}`;
    chunks.push({ type, length, ...(data && { data }) });
    if (length < CHUNK_HEADER) break; // what follows is unknown
    at += (length + 3) & ~3;
  }
  return chunks;
}

function dataOf(number: number, chunk: Buffer): DataChunk | undefined {
  const header = number === DATA ? 16 : 20;
  if ((number !== DATA && number !== I_DATA) || chunk.length < header) return undefined;
  const flags = chunk.readUInt8(1);
  const isFirst = (flags & BEGINNING) !== 0;
  const hasPpid = number === DATA || isFirst;
  return {
    tsn: chunk.readUInt32BE(4),
    sid: chunk.readUInt16BE(8),
    unordered: (flags & UNORDERED) !== 0,
    ...(hasPpid && { ppid: chunk.readUInt32BE(number === DATA ? 12 : 16) }),
    bytes: chunk.length - header,
    part: `${isFirst ? 'B' : ''}${(flags & ENDING) !== 0 ? 'E' : ''}`,
  };
}

/** `127.0.0.1:40000 > 127.0.0.1:7: DATA (stream 0, PPID 3, 5 bytes)` */
export function packetText(packet: Packet): string {
  const { source, sourcePort, destination, destinationPort, udp, chunks } = packet;
  const way = `${place(source, sourcePort)} > ${place(destination, destinationPort)}`;
  const around = udp ? ` in UDP ${String(udp[0])} > ${String(udp[1])}` : '';
  return `${way}${around}: ${chunks.map(chunkText).join(', ') || 'no chunks'}`;
}

function place(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

function chunkText({ type, data }: Chunk): string {
  if (!data) return type;
  const { sid, ppid, bytes, unordered, part } = data;
  const details = [
    `stream ${String(sid)}`,
    ...(ppid === undefined ? [] : [`PPID ${String(ppid)}`]),
    `${String(bytes)} bytes`,
    ...(unordered ? ['unordered'] : []),
    ...(part === 'BE' ? [] : ['part of a message']),
  ];
  return `${type} (${details.join(', ')})`;
}
