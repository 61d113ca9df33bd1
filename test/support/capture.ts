/** What goes over the wire, seen by a raw socket: packets with their chunks. */
import { once, EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';

import { startPython } from './child';

export interface Chunk {
  type: number;
  flags: number;
  /** With its header. */
  length: number;
  /** After the header. */
  value: Buffer;
}

export interface Packet {
  /** The byte of the IP header with DSCP and ECN. */
  tos: number;
  /** Of an IPv6 header. */
  flowLabel: number;
  /** SO_MARK of the sender. */
  mark: number;
  sourcePort: number;
  destinationPort: number;
  chunks: Chunk[];
}

export const INIT = 1;
export const DATA = 0;

/** A raw socket's packets have the IPv4 header in front of them, but not that of IPv6. */
const PROGRAM = `
import socket, struct, json, sys
SO_RCVMARK, SO_MARK, IPV6_FLOWINFO = 75, 36, 11
ipv6 = sys.argv[1] == "IPv6"
s = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_RAW, 132)
s.setsockopt(socket.SOL_SOCKET, SO_RCVMARK, 1)
if ipv6: s.setsockopt(socket.IPPROTO_IPV6, IPV6_FLOWINFO, 1)
print("ready")
while True:
    packet, controls, _, _ = s.recvmsg(65536, 128)
    reported = {(level, kind): data for level, kind, data in controls}
    mark, = struct.unpack("I", reported.get((socket.SOL_SOCKET, SO_MARK), bytes(4)))
    flow, = struct.unpack("!I", reported.get((socket.IPPROTO_IPV6, IPV6_FLOWINFO), bytes(4)))
    tos = flow >> 20 & 255 if ipv6 else packet[1]
    sctp = packet if ipv6 else packet[(packet[0] & 15) * 4:]
    source, destination = struct.unpack("!HH", sctp[:4])
    chunks, at = [], 12
    while at + 4 <= len(sctp):
        kind, flags, length = struct.unpack("!BBH", sctp[at:at + 4])
        chunks.append([kind, flags, length, sctp[at + 4:at + length].hex()])
        at += max(4, (length + 3) & ~3)
    print(json.dumps([tos, flow & 0xfffff, mark, source, destination, chunks]))
`;

type Line = [number, number, number, number, number, [number, number, number, string][]];

/** Of this machine's packets, as they arrive. */
export class Capture {
  readonly packets: Packet[] = [];
  readonly #events = new EventEmitter();

  static async start(family: 'IPv4' | 'IPv6' = 'IPv4'): Promise<Capture> {
    const capture = new Capture();
    const program = startPython(PROGRAM, [family]);
    await program.printed(/ready/);
    createInterface({ input: program.process.stdout }).on('line', (line) => {
      if (!line.startsWith('[')) return;
      const [tos, flowLabel, mark, sourcePort, destinationPort, chunks] = JSON.parse(line) as Line;
      capture.packets.push({
        ...{ tos, flowLabel, mark, sourcePort, destinationPort },
        chunks: chunks.map(([type, flags, length, hex]) => ({
          ...{ type, flags, length },
          value: Buffer.from(hex, 'hex'),
        })),
      });
      capture.#events.emit('packet');
    });
    return capture;
  }

  /** The first packet to a port with a chunk of a type. */
  async packet(destinationPort: number, type: number): Promise<Packet> {
    for (;;) {
      const found = this.packets.find(
        (packet) =>
          packet.destinationPort === destinationPort &&
          packet.chunks.some((chunk) => chunk.type === type),
      );
      if (found) return found;
      await once(this.#events, 'packet');
    }
  }

  async chunk(destinationPort: number, type: number): Promise<Chunk> {
    const { chunks } = await this.packet(destinationPort, type);
    return chunks.find((chunk) => chunk.type === type) as Chunk;
  }
}

/** The parameters of an INIT chunk: their values by type. */
export function parametersOf(init: Chunk): Map<number, Buffer> {
  const parameters = new Map<number, Buffer>();
  for (let at = 16; at + 4 <= init.value.length;) {
    const length = init.value.readUInt16BE(at + 2);
    parameters.set(init.value.readUInt16BE(at), init.value.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return parameters;
}
