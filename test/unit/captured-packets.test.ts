/** What `dump` reads in packets: anything may come. */
import { packetText, readPacket } from '#lib/cli/capture/packet';

const COMMON = '1111222200000007deadbeef';

function ipv4(protocol: number, payload: string, fragment = 0): Buffer {
  const body = Buffer.from(payload, 'hex');
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + body.length, 2);
  header.writeUInt16BE(fragment, 6);
  header.writeUInt8(protocol, 9);
  header.set([10, 0, 0, 1, 10, 0, 0, 2], 12);
  return Buffer.concat([header, body]);
}

function textOf(packet: Buffer): string | undefined {
  const read = readPacket(packet);
  return read && packetText(read);
}

const WAY = '10.0.0.1:4369 > 10.0.0.2:8738';

test.each([
  [
    'chunks, padded',
    '0b000004' + '06000005ff000000' + '0e000004',
    'COOKIE-ACK, ABORT, SHUTDOWN-COMPLETE',
  ],
  ['no chunks', '', 'no chunks'],
  ['an unknown chunk', '63000004', 'chunk 99'],
  ['a chunk that is shorter than its header', '0300000006000004', 'SACK'],
  ['a chunk that is longer than the packet', '0600ffff', 'ABORT'],
  [
    'DATA, unordered, the middle of a message',
    '00040014000000010002000300000004aabbccdd',
    'DATA (stream 2, PPID 4, 4 bytes, unordered, part of a message)',
  ],
  ['DATA without its header', '0003000800000001', 'DATA'],
  [
    'I-DATA, all of a message',
    '40030018000000010002000000000003000000040aabbccd',
    'I-DATA (stream 2, PPID 4, 4 bytes)',
  ],
  [
    'I-DATA, the end of a message',
    '40010018000000010002000000000003000000040aabbccd',
    'I-DATA (stream 2, 4 bytes, part of a message)',
  ],
])('%s', (_, chunks, text) => {
  expect(textOf(ipv4(132, COMMON + chunks))).toBe(`${WAY}: ${text}`);
});

test('in UDP', () => {
  expect(textOf(ipv4(17, `26ab26ac00180000${COMMON}0b000004`))).toBe(
    `${WAY} in UDP 9899 > 9900: COOKIE-ACK`,
  );
});

test('in IPv6, and in the first fragment', () => {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt8(132, 6);
  header.writeUInt8(1, 23);
  header.writeUInt8(0xfe, 24);
  header.writeUInt8(0x80, 25);
  const chunks = Buffer.from(`${COMMON}0b000004`, 'hex');
  const text = '[::1]:4369 > [fe80::]:8738: COOKIE-ACK';
  expect(textOf(Buffer.concat([header, chunks]))).toBe(text);
  header.writeUInt8(44, 6);
  const first = Buffer.from('8400000100000001', 'hex');
  expect(textOf(Buffer.concat([header, first, chunks]))).toBe(text);
  const second = Buffer.from('8400000800000001', 'hex');
  expect(textOf(Buffer.concat([header, second, chunks]))).toBeUndefined();
});

test('what has no header of SCTP is nothing', () => {
  expect(readPacket(ipv4(132, COMMON, 5))).toBeUndefined();
  const whole = ipv4(132, `${COMMON}00030014000000010002000300000004aabbccdd`);
  for (let length = 0; length < 32; length++) {
    expect(readPacket(whole.subarray(0, length))).toBeUndefined();
  }
});

test('any bytes: an answer, and no exception', () => {
  let seed = 20_261_128;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16;
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(Array.from({ length: random() % 120 }, random));
    if (bytes.length > 9) {
      bytes[0] = round & 1 ? 0x45 : 0x60;
      bytes[round & 1 ? 9 : 6] = [132, 17, 44][round % 3] ?? 0;
      if (round & 1) bytes.fill(0, 6, 8);
    }
    const read = readPacket(bytes);
    if (read) expect(typeof packetText(read)).toBe('string');
  }
});
