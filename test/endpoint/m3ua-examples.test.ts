/** The examples of M3UA do what they say, with each other and with malformed messages. */
import { on, once } from 'node:events';

import { connect, type Socket } from 'kernel-sctp';

import type { Program } from '../support/child';
import { example, listeningExample } from '../support/examples';
import { malformed, seeded } from '../support/malformed';
import { describeSctp } from '../support/sctp';
import { destroying, listening, portOf } from '../support/sockets';

const ERROR = '01000000';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const UP = hex('01000301 00000008');
const ACTIVE = hex('01000401 00000010 000b0008 00000002');
const REGISTER = hex('01000901 0000001c 02070014 020a0008 00000001 020b0008 00000809');
const DATA = hex('01000101 0000001c 02100014 00000809 00000809 03000005 74657874');
const AUDIT = hex('01000203 00000010 00120008 00000809');
const SAMPLES = [UP, ACTIVE, REGISTER, DATA, AUDIT, hex('01000303 0000000c 00090004')];
const AS_ACTIVE = '0100000100000010000d000800010003';
const AS_PENDING = '0100000100000010000d000800010004';
const SEED = 4666;

const asp = (own: string, ports: number[], ...args: string[]): Program =>
  example('asp.js', [
    '--own',
    own,
    ...ports.flatMap((port) => ['--sgp', `127.0.0.1:${String(port)}`]),
    ...args,
  ]);

async function raw(port: number): Promise<Socket> {
  const socket = destroying(connect({ port, host: '127.0.0.1', ppid: 'M3UA' }));
  await once(socket, 'connect');
  return socket;
}

/** What comes next, in hexadecimal; whatever has come already waits. */
class Raw {
  readonly #incoming: AsyncIterator<[Buffer]>;

  constructor(readonly socket: Socket) {
    this.#incoming = on(socket, 'data') as unknown as AsyncIterator<[Buffer]>;
  }

  static async connect(port: number): Promise<Raw> {
    return new Raw(await raw(port));
  }

  async next(): Promise<string> {
    const { value } = (await this.#incoming.next()) as { value: [Buffer] };
    return value[0].toString('hex');
  }

  async answerTo(message: Buffer, sid = 0): Promise<string> {
    this.socket.send(message, { sid });
    return this.next();
  }

  /** ASP Up, a registered point code (1.1.1) and ASP Active. */
  async activate(): Promise<void> {
    expect(await this.answerTo(UP)).toBe('0100030400000008');
    expect(await this.answerTo(REGISTER)).toMatch(/^01000902/);
    expect(await this.answerTo(ACTIVE)).toMatch(/^01000403/);
    expect(await this.next()).toBe(AS_ACTIVE);
  }
}

describeSctp('the examples of M3UA', () => {
  test('loadshare: all of one SLS goes to one ASP; two gateways, of which one is killed', async () => {
    const gateways = await Promise.all([listeningExample('sgp.js'), listeningExample('sgp.js')]);
    const ports = gateways.map(({ port }) => port);
    const served = [asp('2.2.2', ports), asp('2.2.2', ports)];
    const sender = asp('1.1.1', ports);
    const both = /: active$(.*\n)*.*: active$/m;
    await Promise.all([sender, ...served].map((program) => program.printed(both)));
    const texts = (from: number): string[] =>
      Array.from({ length: 16 }, (_, index) => `message ${String(from + index)}`);
    for (const text of texts(0)) sender.say(`2.2.2 ${text}`);
    let printed = '';
    const arrived = (list: string[]): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (list.every((text) => printed.includes(`: ${text}\n`))) resolve();
        };
        for (const { process: child } of served) child.stdout.on('data', look);
        look();
      });
    for (const { process: child } of served) {
      child.stdout.on('data', (text) => (printed += String(text)));
    }
    await arrived(texts(0));
    gateways[0].program.process.kill('SIGKILL');
    await Promise.all([sender, ...served].map((program) => program.printed(/connecting again/)));
    for (const text of texts(16)) sender.say(`2.2.2 ${text}`);
    await arrived(texts(16));
    const outputs = await Promise.all(
      served.map(async ({ process: child, ended }) => {
        child.kill();
        return (await ended).stdout;
      }),
    );
    const counts = outputs.map((output) => output.match(/ says /g)?.length ?? 0);
    expect([Math.min(...counts) > 0, counts.reduce((sum, count) => sum + count)]).toEqual([
      true,
      32,
    ]);
  });

  test('override: another ASP takes over', async () => {
    const { program, port } = await listeningExample('sgp.js');
    const active = asp('2.2.2', [port], '--mode', 'override');
    await active.printed(/: active$/m);
    const sender = asp('1.1.1', [port]);
    await sender.printed(/: active$/m);
    const standby = asp('2.2.2', [port], '--mode', 'override');
    await standby.printed(/: active$/m);
    await active.printed(/ALTERNATE_ASP_ACTIVE/);
    standby.process.kill('SIGKILL');
    // What its kernel has acknowledged by then is lost with it: SCTP cannot say so.
    await active.printed(/AS_PENDING\n(.*\n)*.*: active$/m);
    sender.say('2.2.2 for whoever is there');
    await active.printed(/^1\.1\.1 says \(SLS 0\): for whoever is there$/m);
    sender.say('5.5.5 for nobody');
    await sender.printed(/5\.5\.5 is unavailable/);
    sender.say('down');
    await program.printed(/is down\n(.*\n)*.*is gone \(shutdown\)/);
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('messages wait a moment for an ASP that becomes active', async () => {
    const { port } = await listeningExample('sgp.js');
    const [served, sender] = [await Raw.connect(port), await Raw.connect(port)];
    await served.activate();
    expect(await sender.answerTo(UP)).toMatch(/^01000304/);
    expect(await served.answerTo(hex('01000402 00000008'))).toMatch(/^01000404/);
    expect(await served.next()).toBe(AS_PENDING);
    sender.socket.send(DATA, { sid: 1 });
    // On the same stream: it is answered after the message was taken.
    expect(await sender.answerTo(hex('01000303 00000008'), 1)).toMatch(/^01000306/);
    expect(await served.answerTo(ACTIVE)).toMatch(/^01000403/);
    expect(await served.next()).toBe(AS_ACTIVE);
    expect(await served.next()).toBe(DATA.toString('hex'));
  });

  test('the gateway answers malformed messages with the Error that RFC 4666 has for them', async () => {
    const { port } = await listeningExample('sgp.js');
    const asp = await Raw.connect(port);
    const codeOf = async (message: Buffer, sid = 0): Promise<string> => {
      const answer = await asp.answerTo(message, sid);
      expect(answer).toMatch(new RegExp(`^${ERROR}`));
      // Error code, then the beginning of what it is about.
      expect(answer.slice(40)).toContain(message.subarray(0, 40).toString('hex'));
      return answer.slice(16, 32);
    };
    const error = (code: string): string => `000c0008000000${code}`;
    expect(await codeOf(ACTIVE)).toBe(error('06')); // before ASP Up
    expect(await codeOf(hex('02000301 00000008'))).toBe(error('01'));
    await asp.activate();
    expect(await codeOf(hex('01000701 00000008'))).toBe(error('03'));
    expect(await codeOf(hex('01000309 00000008'))).toBe(error('04'));
    expect(await codeOf(hex('01000401 00000010 000b0008 00000009'))).toBe(error('05'));
    expect(await codeOf(hex('01000301 0000000c'))).toBe(error('07'));
    expect(await codeOf(DATA, 0)).toBe(error('09'));
    expect(await codeOf(hex('01000401 00000010 000b0002 00000002'))).toBe(error('12'));
    expect(await codeOf(hex('01000401 00000010 000b00ff 00000002'))).toBe(error('12'));
    expect(await codeOf(hex('01000101 00000008'), 1)).toBe(error('16'));
    expect(await codeOf(hex('01000401 00000010 00060008 00000063'))).toBe(error('19'));
    // An Error is not answered; this is.
    asp.socket.send(hex('01000000 0000000c 00010004'));
    expect(await asp.answerTo(DATA, 3)).toBe(DATA.toString('hex'));
    const end = once(asp.socket, 'error') as Promise<[Error & { causes: { text: string }[] }]>;
    asp.socket.send(Buffer.from('nonsens'));
    expect((await end)[0].causes).toMatchObject([{ text: 'not M3UA' }]);
  });

  test('the gateway survives what is malformed', async () => {
    const { program, port } = await listeningExample('sgp.js');
    await seeded(SEED, async () => {
      const next = malformed(SEED, SAMPLES);
      for (let association = 0; association < 4; association++) {
        const socket = await raw(port);
        socket.on('error', () => undefined);
        await new Raw(socket).activate();
        socket.resume();
        for (let count = 0; count < 200 && socket.writable; count++) {
          socket.send(next(), { sid: count % 3 });
          // A moment to be answered, and to be aborted.
          if (count % 10 === 0) await new Promise(setImmediate);
        }
        socket.destroy();
      }
      expect(await (await Raw.connect(port)).answerTo(UP)).toBe('0100030400000008');
      program.process.kill('SIGTERM');
      expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
    });
  });

  test('the ASP survives what is malformed, and connects again', async () => {
    await seeded(SEED, async () => {
      const gateway = await listening({ ppid: 'M3UA' });
      const program = asp('1.1.1', [portOf(gateway)], '--static');
      const next = malformed(SEED, [
        hex('01000304 00000008'),
        hex('01000403 00000008'),
        hex('01000001 00000010 000d0008 00010003'),
        hex('01000902 00000020 02080018 020a0008 00000001 02120008 00000000'),
        DATA,
      ]);
      for (let association = 0; association < 2; association++) {
        const [socket] = (await once(gateway, 'connection')) as [Socket];
        socket.on('error', () => undefined).resume();
        for (let count = 0; count < 200 && socket.writable; count++) {
          socket.send(next(), { sid: count % 3 });
          if (count % 10 === 0) await new Promise(setImmediate);
        }
        socket.end();
      }
      const [socket] = (await once(gateway, 'connection')) as [Socket];
      const [first] = (await once(socket, 'data')) as [Buffer];
      expect(first.toString('hex')).toMatch(/^01000301/);
      socket.send(hex('01000304 00000008'));
      const [second] = (await once(socket, 'data')) as [Buffer];
      expect(second.toString('hex')).toMatch(/^01000401/);
      program.process.kill();
      expect(await program.ended).toMatchObject({ stderr: '' });
    });
  });
});
