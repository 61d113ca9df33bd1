/** Accepted Sockets without a kernel: the test says what arrives. */
import type { Socket } from 'kernel-sctp';

import { OneToOneLink } from '#lib/association/one-to-one-link';
import { binding } from '#lib/binding';
import { burst } from '#lib/burst';
import { socketConfig, type SocketConfig } from '#lib/socket/config';
import { type Accepted, kAccepted } from '#lib/socket/accepted';
import { Socket as OurSocket } from '#lib/socket/socket';

import type { NativeStreamSocket } from '../../types/native';

const { rows, firstRow, rowKinds: KIND, rowColumns: COLUMN } = binding;
const LONGEST = 8;
const SLAB = 64 * 1024;
const address = { address: '127.0.0.1', family: 'IPv4', port: 5 };

/** The descriptor of a kernel that always answers well. */
export class FakedDescriptor {
  /** Whether messages are read, and how many a wake-up may bring. */
  reading = true;
  limit = 64;
  unacknowledged = 0;
  /** What was sent, as texts; with a number as `refuses` it is the errno for all. */
  readonly sent: string[] = [];
  refuses = 0;
  /** How many messages each native call had. */
  readonly bursts: number[] = [];
  onBatch: NativeStreamSocket['onBatch'];
  onWritable: NativeStreamSocket['onWritable'];
  #slab = new ArrayBuffer(SLAB);
  #used = 0;

  /** Messages of one byte, one on each of these streams, in one wake-up. */
  arrive(sids: readonly number[]): void {
    if (this.#used + sids.length * LONGEST > SLAB) {
      this.renewSlab();
    }
    rows[0] = 0;
    for (const [index, sid] of sids.entries()) {
      const row = firstRow + index * COLUMN.count;
      rows.fill(0, row, row + COLUMN.count);
      rows[row + COLUMN.kind] = KIND.message;
      rows[row + COLUMN.offset] = this.#used;
      rows[row + COLUMN.length] = 1;
      rows[row + COLUMN.sid] = sid;
      this.#used += LONGEST;
    }
    this.onBatch?.(sids.length, this.#slab, undefined);
  }

  renewSlab(): ArrayBuffer {
    this.#slab = new ArrayBuffer(SLAB);
    this.#used = 0;
    return this.#slab;
  }

  watch = (reading: boolean): number => {
    this.reading = reading;
    return 0;
  };
  limitReads = (limit: number): number => {
    this.limit = limit;
    return 0;
  };
  send = (data: Buffer): number => {
    if (this.refuses !== 0) return this.refuses;
    this.sent.push(data.toString('latin1'));
    return data.length;
  };
  sendBurst = (): number => {
    this.bursts.push(burst.count);
    return burst.sendEach((data) => this.send(Buffer.from(data)));
  };
  unacknowledgedBytes = (): number => this.unacknowledged;
  receive = (): number => 0;
  subscribe = (): number => 0;
  shutdown = (): number => 0;
  setOption = (): number => 0;
  getOption = (name: string): object =>
    new Proxy({}, { get: () => (name === 'sndBuf' ? 1_000_000 : 0) });
  getNumber = (name: string): number => (name === 'sndBuf' ? 1_000_000 : 0);
  localAddress = (): object => address;
  peerAddress = (): object => address;
  localAddresses = (): object[] => [address];
  peerAddresses = (): object[] => [address];
  peerPaths = (): object[] => [{ address, state: 2, cwnd: 0, srtt: 0, rto: 0, mtu: 0 }];
  boundAddresses = (): object[] => [address];
  ref = (): void => undefined;
  unref = (): void => undefined;
  close = (): void => undefined;
  abort = (): number => 0;
}

export function fakedSocket(
  options: object = {},
  config: Partial<SocketConfig> = {},
): { socket: Socket; kernel: FakedDescriptor } {
  const kernel = new FakedDescriptor();
  const native = kernel as unknown as NativeStreamSocket;
  const accepted: Accepted = {
    link: new OneToOneLink(native),
    config: { ...socketConfig({ closeTimeout: 0, ...options }), ...config }, // it never ends
    onOver: () => undefined,
  };
  const socket = new OurSocket({ [kAccepted]: accepted } as object);
  return { socket, kernel };
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
