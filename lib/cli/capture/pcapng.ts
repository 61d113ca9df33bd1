/** Packets in the format of pcapng, which Wireshark and tshark read (draft-ietf-opsawg-pcapng). */
import type { CapturedPacket } from './capture';

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
/** Packets begin with their IP header. */
const LINKTYPE_RAW = 101;

/** Options of blocks. */
const END_OF_OPTIONS = 0;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;
const SHB_USERAPPL = 4;

const NANOSECONDS = 9; // 10^-9 s
const INBOUND = 1;
const OUTBOUND = 2;

/** Makes the blocks of one file, in this machine's byte order: little-endian where Node runs. */
export class PcapngWriter {
  readonly #interfaceName: (index: number) => string;
  /** The file's numbers of the kernel's interfaces. */
  readonly #interfaces = new Map<number, number>();

  constructor(interfaceName: (index: number) => string) {
    this.#interfaceName = interfaceName;
  }

  /** What the file begins with. */
  header(): Buffer {
    const body = Buffer.alloc(16);
    body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
    body.writeUInt16LE(1, 4); // version 1.0
    body.writeBigInt64LE(-1n, 8); // how long the section is, is not known
    return block(SECTION_HEADER, body, options([SHB_USERAPPL, Buffer.from('kernel-sctp dump')]));
  }

  /** A packet's block and, before the first of an interface, that of the interface. */
  packet(packet: CapturedPacket): Buffer {
    const { seconds, nanoseconds, interfaceIndex, isOutgoing, bytes, fullLength } = packet;
    const before: Buffer[] = [];
    let number = this.#interfaces.get(interfaceIndex);
    if (number === undefined) {
      number = this.#interfaces.size;
      this.#interfaces.set(interfaceIndex, number);
      before.push(this.#describe(interfaceIndex));
    }
    const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
    const body = Buffer.alloc(20);
    body.writeUInt32LE(number, 0);
    body.writeUInt32LE(Number(time >> 32n), 4);
    body.writeUInt32LE(Number(time & 0xffff_ffffn), 8);
    body.writeUInt32LE(bytes.length, 12);
    body.writeUInt32LE(fullLength, 16);
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE(isOutgoing ? OUTBOUND : INBOUND);
    const data = Buffer.concat([body, padded(bytes)]);
    return Buffer.concat([...before, block(ENHANCED_PACKET, data, options([EPB_FLAGS, flags]))]);
  }

  #describe(index: number): Buffer {
    const body = Buffer.alloc(8); // no limit for the length of packets
    body.writeUInt16LE(LINKTYPE_RAW, 0);
    const name = Buffer.from(this.#interfaceName(index));
    const described = options([IF_NAME, name], [IF_TSRESOL, Buffer.from([NANOSECONDS])]);
    return block(INTERFACE_DESCRIPTION, body, described);
  }
}

function options(...all: [code: number, value: Buffer][]): Buffer {
  const parts = [...all, [END_OF_OPTIONS, Buffer.alloc(0)] as const].flatMap(([code, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return [head, padded(value)];
  });
  return Buffer.concat(parts);
}

function block(type: number, body: Buffer, options: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(12 + body.length + options.length);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(type);
  return Buffer.concat([head, length, body, options, length]);
}

/** To 32 bits. */
function padded(bytes: Buffer): Buffer {
  const padding = -bytes.length & 3;
  return padding === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(padding)]);
}
