/** A strict reader of pcapng files: anything that the format forbids throws. */

export interface RecordedPacket {
  interfaceName: string;
  /** Nanoseconds since 1970. */
  time: bigint;
  isOutgoing: boolean;
  bytes: Buffer;
  fullLength: number;
}

interface Block {
  type: number;
  body: Buffer;
}

const SECTION_HEADER = 0x0a0d0d0a;
const LINKTYPE_RAW = 101;

export function readPcapng(file: Buffer): RecordedPacket[] {
  const [section, ...blocks] = blocksOf(file);
  if (section?.type !== SECTION_HEADER) throw new Error('it begins with no section header');
  expectEqual('byte order', section.body.readUInt32LE(0), 0x1a2b3c4d);
  expectEqual('version', section.body.readUInt32LE(4), 1);
  optionsOf(section.body.subarray(16));
  const interfaces: string[] = [];
  return blocks.flatMap(({ type, body }): RecordedPacket[] => {
    if (type === 1) {
      expectEqual('link type', body.readUInt16LE(0), LINKTYPE_RAW);
      const options = optionsOf(body.subarray(8));
      expectEqual('resolution', options.get(9)?.[0], 9);
      interfaces.push(String(options.get(2)));
      return [];
    }
    expectEqual('type of block', type, 6);
    const interfaceName = interfaces[body.readUInt32LE(0)];
    if (interfaceName === undefined) throw new Error('a packet of an interface that is unknown');
    const length = body.readUInt32LE(12);
    const end = 20 + length;
    const flags = optionsOf(body.subarray((end + 3) & ~3)).get(2);
    return [
      {
        interfaceName,
        time: (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)),
        isOutgoing: flags?.readUInt32LE(0) === 2,
        bytes: body.subarray(20, end),
        fullLength: body.readUInt32LE(16),
      },
    ];
  });
}

function blocksOf(file: Buffer): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at + 4);
    if (length < 12 || length % 4 !== 0) throw new Error(`a block of ${String(length)} bytes`);
    expectEqual('the length at the end', file.readUInt32LE(at + length - 4), length);
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

function optionsOf(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; ;) {
    const code = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (code === 0) {
      expectEqual('what follows the last option', bytes.length, at + 4);
      return options;
    }
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + ((length + 3) & ~3);
  }
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)}, not ${String(expected)}`);
}
