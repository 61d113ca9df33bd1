/** A UDP port of the user-mode engine: whose packet is whose, on a stand-in for the descriptor. */
import { constants as os } from 'node:os';

import {
  type PacketTarget,
  type Source,
  type StrangersTarget,
  UdpPort,
} from '#lib/engine/udp-port';

import type { NativeStranger, NativeUdpSocket } from '../../types/native-engine';
import { CHUNK, chunkTypes, init, tagOf } from '../channels/packets';

const { EAGAIN, ECONNREFUSED } = os.errno;

const SOURCE: Source = {
  address: '192.0.2.1',
  family: 'IPv4',
  port: 9899,
  localAddress: '192.0.2.9',
};

/** With SCTP's ports. */
function packetFor(peerPort: number, ownPort: number, text = ''): Buffer {
  const bytes = Buffer.alloc(12 + text.length);
  bytes.writeUInt16BE(peerPort, 0);
  bytes.writeUInt16BE(ownPort, 2);
  bytes.write(text, 12);
  return bytes;
}

class FakeUdp implements NativeUdpSocket {
  onReadable?: () => void;
  onWritable?: () => void;
  readonly calls: string[] = [];
  readonly ways = new Map<string, number>();
  sent: string[] = [];
  replies: Buffer[] = [];
  /** Packets that fit until it is full. */
  room = Infinity;
  watched = '';
  /** Errno, or packets with where they came from. */
  incoming: (number | [Buffer, Source][])[] = [];

  open = () => 0;
  bind = () => 0;
  connect = () => 0;
  localAddress = () => ({ address: '::', family: 'IPv6', port: 9899 }) as const;
  longestDatagram = () => 1472;
  addWay(host: string, port: number, localHost = ''): number {
    const number = this.ways.size + 1;
    this.ways.set(`${host} ${String(port)} ${localHost}`, number);
    return number;
  }
  removeWay(way: number): void {
    this.calls.push(`remove ${String(way)}`);
    for (const [name, number] of this.ways) if (number === way) this.ways.delete(name);
  }
  receive(memory: Uint8Array, rows: Uint32Array, strangers: NativeStranger[]): number {
    const batch = this.incoming.shift();
    if (batch === undefined) return -EAGAIN;
    if (typeof batch === 'number') return batch;
    // As the descriptor does: a way that an earlier packet of the batch made known is not yet.
    const ways = new Map(this.ways);
    for (const [i, [packet, source]] of batch.entries()) {
      memory.set(packet, i * 65_536);
      const way = ways.get(`${source.address} ${String(source.port)} ${source.localAddress}`);
      rows[2 * i] = way ?? 0;
      rows[2 * i + 1] = packet.length;
      if (way === undefined) strangers[i] = source;
    }
    return batch.length;
  }
  send(way: number, packets: readonly Buffer[], first: number): number {
    let i = first;
    for (; i < packets.length && this.room > 0; i++, this.room--) {
      this.sent.push(`${String(way)}: ${String(packets[i])}`);
    }
    return i;
  }
  reply(_host: string, _port: number, _localHost: string, packet: Buffer): number {
    this.replies.push(Buffer.from(packet));
    return 0;
  }
  watch(readable: boolean, writable: boolean): number {
    this.watched = `${readable ? 'r' : ''}${writable ? 'w' : ''}`;
    return 0;
  }
  ref = () => void this.calls.push('ref');
  unref = () => void this.calls.push('unref');
  close = () => void this.calls.push('close');

  arrive(...batches: FakeUdp['incoming']): void {
    this.incoming.push(...batches);
    this.onReadable?.();
  }
}

class Target implements PacketTarget {
  readonly got: string[] = [];
  receive(packet: Buffer): void {
    this.got.push(String(packet.subarray(12)));
  }
  flush(): void {
    this.got.push('.');
  }
  onUnreachable(errno: number): void {
    this.got.push(`unreachable ${String(errno)}`);
  }
  onExit = () => undefined;
}

class Listener extends Target implements StrangersTarget {
  readonly sctpPort: number;
  onStrangers: (source: Source) => void = () => undefined;
  constructor(sctpPort: number) {
    super();
    this.sctpPort = sctpPort;
  }
  accepts = (localAddress: string) => localAddress === '192.0.2.9';
  onStranger(packet: Buffer, source: Source): void {
    this.receive(packet);
    this.onStrangers(source);
  }
}

function makePort() {
  const udp = new FakeUdp();
  let unused = 0;
  const port = new UdpPort(udp, () => unused++);
  return { udp, port, unused: () => unused };
}

test('packets go to the association of their way and of both SCTP ports', () => {
  const { udp, port } = makePort();
  const targets = [new Target(), new Target(), new Target()] as const;
  const other = { ...SOURCE, port: 9900 };
  expect(port.attach(targets[0], SOURCE, 1, 10)).toBeDefined();
  expect(port.attach(targets[1], SOURCE, 2, 10)).toBeDefined();
  expect(port.attach(targets[2], other, 1, 10)).toBeDefined();
  expect(port.attach(new Target(), SOURCE, 1, 10)).toBeUndefined(); // taken
  udp.arrive([
    [packetFor(1, 10, 'a'), SOURCE],
    [packetFor(2, 10, 'b'), SOURCE],
    [packetFor(1, 10, 'c'), other],
    [packetFor(1, 10, 'd'), SOURCE],
    [Buffer.alloc(11), SOURCE], // shorter than any of SCTP's
  ]);
  expect(targets.map(({ got }) => got.join(''))).toEqual(['ad.', 'b.', 'c.']);
});

test('strangers go to the listener on their SCTP port and address; others are refused', () => {
  const { udp, port } = makePort();
  const listener = new Listener(10);
  port.listen(listener);
  const away = { ...SOURCE, localAddress: '192.0.2.8' };
  udp.arrive([
    [packetFor(1, 10, 'in'), SOURCE],
    [packetFor(1, 10, 'away'), away],
    [init(77), SOURCE], // to port 5000
  ]);
  expect(listener.got).toEqual(['in', '.']);
  const aborts = udp.replies.filter((reply) => chunkTypes(reply).includes(CHUNK.ABORT));
  expect(aborts.map(tagOf)).toEqual([77]);
});

test('an association that a stranger begins has the rest of the batch', () => {
  const { udp, port } = makePort();
  const listener = new Listener(10);
  const target = new Target();
  port.listen(listener);
  listener.onStrangers = (source) => port.attach(target, source, 1, 10);
  udp.arrive([
    [packetFor(1, 10, 'first'), SOURCE],
    [packetFor(1, 10, 'second'), SOURCE],
  ]);
  expect([listener.got, target.got]).toEqual([
    ['first', '.'],
    ['second', '.'],
  ]);
});

test('a stranger on a known way reaches the listener, with where it came from', () => {
  const { udp, port } = makePort();
  const listener = new Listener(10);
  port.listen(listener);
  port.attach(new Target(), SOURCE, 1, 10);
  const sources: Source[] = [];
  listener.onStrangers = (source) => sources.push(source);
  udp.arrive([[packetFor(2, 10, 'new'), SOURCE]]);
  expect(sources).toEqual([SOURCE]);
});

test('what the kernel has no room for waits, in order', () => {
  const { udp, port } = makePort();
  const a = port.attach(new Target(), SOURCE, 1, 10);
  const b = port.attach(new Target(), { ...SOURCE, port: 1 }, 1, 10);
  const packets = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));
  udp.room = 1;
  a?.send(packets('1', '2', '3'));
  b?.send(packets('4'));
  expect([udp.sent, udp.watched]).toEqual([['1: 1'], 'rw']);
  udp.room = 1;
  udp.onWritable?.();
  expect(udp.watched).toBe('rw');
  udp.room = Infinity;
  udp.onWritable?.();
  expect([udp.sent, udp.watched]).toEqual([['1: 1', '1: 2', '1: 3', '2: 4'], 'r']);
});

test('no more than 4096 packets wait', () => {
  const { udp, port } = makePort();
  const attachment = port.attach(new Target(), SOURCE, 1, 10);
  udp.room = 0;
  for (let i = 0; i < 5000; i++) attachment?.send([Buffer.from(String(i))]);
  udp.room = Infinity;
  udp.onWritable?.();
  expect([udp.sent.length, udp.sent.at(-1)]).toEqual([4096, '1: 4095']);
});

test('what the network says of the peer reaches the associations, and reading goes on', () => {
  const { udp, port } = makePort();
  const target = new Target();
  port.attach(target, SOURCE, 1, 10);
  udp.arrive(-ECONNREFUSED, [[packetFor(1, 10, 'alive'), SOURCE]]);
  expect(target.got).toEqual([`unreachable ${String(-ECONNREFUSED)}`, 'alive', '.']);
});

test('a turn reads eight batches at most', () => {
  const { udp, port } = makePort();
  const target = new Target();
  port.attach(target, SOURCE, 1, 10);
  const full = (): [Buffer, Source][] =>
    Array.from({ length: 32 }, () => [packetFor(1, 10, 'x'), SOURCE]);
  udp.arrive(...Array.from({ length: 10 }, full));
  expect(target.got.filter((text) => text === '.')).toHaveLength(8);
  expect(udp.incoming).toHaveLength(2);
});

test('it keeps the process while somebody wants it to, and is closed with its last user', () => {
  const { udp, port, unused } = makePort();
  expect(udp.calls.splice(0)).toEqual(['unref']);
  const a = port.attach(new Target(), SOURCE, 1, 10);
  const b = port.attach(new Target(), SOURCE, 2, 10);
  a?.ref();
  b?.ref();
  a?.ref();
  b?.unref();
  expect(udp.calls.splice(0)).toEqual(['ref']);
  a?.detach();
  a?.detach();
  expect(udp.calls.splice(0)).toEqual(['unref']);
  const listener = new Listener(10);
  port.listen(listener);
  b?.detach();
  expect([udp.calls.splice(0), unused()]).toEqual([['remove 1'], 0]);
  port.unlisten(listener);
  expect([udp.calls.splice(0), unused()]).toEqual([['close'], 1]);
  b?.send([Buffer.from('late')]);
  port.ref(listener);
  expect([udp.sent, udp.calls]).toEqual([[], []]);
});
