/** The protocols of the examples read whatever comes, and keep a bounded amount of what waits. */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { projectRoot } from '../support/child';
import { malformed, seeded } from '../support/malformed';

const load = createRequire(join(projectRoot, 'examples', 'protocols', 'any.js')) as (
  name: string,
) => unknown;

interface Diameter {
  Command: Record<string, number>;
  DiameterError: new () => Error;
  avp(code: number, value: string | number): Buffer;
  encode(header: Record<string, number>, avps: Buffer[]): Buffer;
  headerOf(bytes: Buffer): Record<string, number> | undefined;
  decodeAvps(bytes: Buffer): { avps: Map<number, Buffer> };
}
interface M3ua {
  M3uaError: new () => Error;
  encodeData(data: Record<string, unknown>): Buffer;
  encode(type: number, parameters: [number, Buffer | number][]): Buffer;
  hasHeader(bytes: Buffer): boolean;
  decode(bytes: Buffer): { parameters: Map<number, Buffer> };
  decodeData(parameters: Map<number, Buffer>): { payload: Buffer };
  pointCode(text: string): number;
  writtenPointCode(code: number): string;
}
interface Ngap {
  encode(message: Record<string, unknown>): Buffer;
  decode: (bytes: Buffer) => { text: string } | undefined;
}

const diameter = load('./diameter.js') as Diameter;
const m3ua = load('./m3ua.js') as M3ua;
const ngap = load('./ngap.js') as Ngap;
const SEED = 20_000;
const COUNT = 50_000;

/** Whether some of `COUNT` were read, and some refused, with the error that is to be. */
async function read(
  samples: Buffer[],
  decode: (bytes: Buffer) => unknown,
  refusal?: new () => Error,
): Promise<Record<string, boolean>> {
  const seen = { read: 0, refused: 0 };
  await seeded(SEED, () => {
    const next = malformed(SEED, samples);
    for (let count = 0; count < COUNT; count++) {
      try {
        if (decode(next()) === undefined) seen.refused++;
        else seen.read++;
      } catch (error) {
        if (!refusal || !(error instanceof refusal)) throw error;
        seen.refused++;
      }
    }
  });
  return { read: seen.read > 1000, refused: seen.refused > 1000 };
}

const watchdog = diameter.encode({ command: 280, flags: 0x80, hopByHop: 1, endToEnd: 2 }, [
  diameter.avp(264, 'client.example.org'),
  diameter.avp(296, 'example.org'),
  diameter.avp(278, 7),
]);

describe('what is malformed is read or refused, and nothing else', () => {
  test('Diameter', async () => {
    const decode = (bytes: Buffer) => diameter.headerOf(bytes) && diameter.decodeAvps(bytes);
    expect(await read([watchdog], decode, diameter.DiameterError)).toEqual({
      read: true,
      refused: true,
    });
  });

  test('M3UA', async () => {
    const data = m3ua.encodeData({ opc: 1, dpc: 2, sls: 3, payload: Buffer.from('text') });
    const message = m3ua.encode(0x0101, [
      [0x0006, 1],
      [0x0210, data],
    ]);
    const decode = (bytes: Buffer) =>
      m3ua.hasHeader(bytes) ? m3ua.decodeData(m3ua.decode(bytes).parameters) : undefined;
    expect(await read([message], decode, m3ua.M3uaError)).toEqual({ read: true, refused: true });
  });

  test('NGAP', async () => {
    const messages = ['short', 'long'.repeat(100)].map((text) =>
      ngap.encode({ procedure: 15, text }),
    );
    expect(await read(messages, ngap.decode)).toEqual({ read: true, refused: true });
  });
});

test('point codes are written as they are read', () => {
  expect(m3ua.pointCode('1.23.4')).toBe((1 << 11) | (23 << 3) | 4);
  expect(m3ua.writtenPointCode(m3ua.pointCode('7.255.7'))).toBe('7.255.7');
  expect(m3ua.pointCode('2057')).toBe(2057);
  for (const wrong of ['8.0.0', '1.2', '16384', 'x', '-1', '']) {
    expect(() => m3ua.pointCode(wrong)).toThrow(/is no point code/);
  }
});

test('a Diameter peer that reads no answers is not read from', () => {
  const { DiameterPeer } = load('./diameter-peer.js') as {
    DiameterPeer: new (name: string, socket: unknown, options: object) => EventEmitter;
  };
  const calls: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    writable: true,
    localAddresses: ['127.0.0.1'],
    write: () => false,
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
  });
  const peer = new DiameterPeer('server', socket, { isInitiator: false });
  const capabilities = diameter.encode({ command: 257, flags: 0x80, hopByHop: 1, endToEnd: 2 }, [
    diameter.avp(264, 'client.example.org'),
    diameter.avp(296, 'example.org'),
  ]);
  const opened: unknown[] = [];
  peer.on('open', (identity) => opened.push(identity));
  socket.emit('data', capabilities);
  expect([opened, calls]).toEqual([['client.example.org'], ['pause']]);
  socket.emit('drain');
  expect(calls).toEqual(['pause', 'resume']);
  socket.emit('close');
});
