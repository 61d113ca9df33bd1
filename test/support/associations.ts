/** Associations on the addon's own sockets: a DatagramHandle does not distinguish them. */
import { once, EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

import type { SctpOptions } from 'kernel-sctp';

import { binding } from '#lib/binding';
import { applyOptions } from '#lib/options/apply-options';
import { checkOptions } from '#lib/options/sctp-options';

import type { NativeSeqpacketSocket } from '../../types/native';
import { startPython } from './child';
import { closing } from './cleanup';

export const LOCALHOST = '127.0.0.1';

/** A fixed retransmission time-out. */
const PROMPT = { rtoInfo: { initial: 300, min: 300, max: 300 }, noDelay: true };

export class OneToMany {
  readonly socket: NativeSeqpacketSocket;
  readonly port: number;
  readonly #events = new EventEmitter();

  constructor(host: string, sctp: SctpOptions = {}) {
    const socket = closing(new binding.SeqpacketSocket(65_536));
    const steps = [
      () => socket.open(isIP(host) === 6 ? 6 : 4),
      () => {
        applyOptions(socket, checkOptions('sctp', sctp, 'one-to-many'));
        return 0;
      },
      () => socket.bind(host, 0),
      () => socket.listen(5),
      () => socket.watch(true, false),
    ];
    for (const step of steps) expect(step()).toBe(0);
    socket.onBatch = (count) => {
      binding.rows[0] = count; // all read
      this.#events.emit('batch');
    };
    this.socket = socket;
    this.port = socket.localAddress()?.port ?? 0;
  }

  send(host: string, port: number, data = 'x'): void {
    const info = [0, 0, 0, 0, 0, 0, undefined, 0] as const;
    expect(this.socket.send(Buffer.from(data), ...info, host, port)).toBe(data.length);
  }

  /** Sets up an association, this socket's only one, and resolves with its id. */
  async associate(host: string, port: number): Promise<number> {
    this.send(host, port);
    let id = 0;
    while (id === 0) {
      await once(this.#events, 'batch');
      id = (this.socket.associationIds() as number[])[0] ?? 0;
    }
    return id;
  }
}

/** An association with a peer of ours, seen from our end. */
export async function associated(sctp: SctpOptions = {}, host = LOCALHOST) {
  const peer = new OneToMany(host);
  const ours = new OneToMany(host, { ...PROMPT, ...sctp });
  const assocId = await ours.associate(LOCALHOST, peer.port);
  return { socket: ours.socket, assocId, port: peer.port, ours, peer };
}

/** An association with a peer at 127.0.0.1 and 127.0.0.2, seen from our end. */
export async function associatedTwice() {
  const port = await startTwoAddresses();
  const ours = new OneToMany(LOCALHOST, PROMPT);
  const assocId = await ours.associate(LOCALHOST, port);
  const first = { address: LOCALHOST, port };
  const second = { address: '127.0.0.2', port };
  return { socket: ours.socket, assocId, first, second };
}

/** A peer at two addresses of the loopback device, 127.0.0.1 and 127.0.0.2. Resolves with its port. */
async function startTwoAddresses(): Promise<number> {
  const BINDX_ADD = 100;
  const peer = startPython(`
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_SEQPACKET, socket.IPPROTO_SCTP)
s.bind(("127.0.0.1", 0))
port = s.getsockname()[1]
second = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), socket.inet_aton("127.0.0.2"))
s.setsockopt(socket.IPPROTO_SCTP, ${String(BINDX_ADD)}, second)
s.listen(5)
print("port", port)
sys.stdin.read()
`);
  return Number((await peer.printed(/port (\d+)/))[1]);
}

function rowsOf(file: 'assocs' | 'remaddr'): string[][] {
  const lines = readFileSync(`/proc/net/sctp/${file}`, 'latin1').trim().split('\n').slice(1);
  return lines.map((line) => line.trim().split(/\s+/));
}

/** What the kernel shows of an association. Times are jiffies. */
export function kernelAssociation(assocId: number): { hbInterval: number; maxRetrans: number } {
  const row = rowsOf('assocs').find((columns) => Number(columns[6]) === assocId) ?? [];
  return { hbInterval: Number(row.at(-11)), maxRetrans: Number(row.at(-8)) };
}

/** What the kernel shows of a path. Times are jiffies. */
export function kernelPath(assocId: number, address: string): { rto: number; maxRetrans: number } {
  const found = rowsOf('remaddr').find(
    (columns) => columns[0] === address && Number(columns[1]) === assocId,
  );
  return { rto: Number(found?.[3]), maxRetrans: Number(found?.[4]) };
}
