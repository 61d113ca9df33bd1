/** The examples of Diameter answer malformed messages as RFC 6733 says, and survive them. */
import { once } from 'node:events';

import { connect, type Socket } from 'kernel-sctp';

import { example, listeningExample } from '../../support/examples';
import { malformed, seeded } from '../../support/malformed';
import { describeSctp } from '../../support/sctp';
import { destroying, listening, portOf } from '../../support/sockets';

const SEED = 6733;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const uint32 = (value: number): string => value.toString(16).padStart(8, '0');
const avp = (code: number, data: string, flags = '40'): string =>
  uint32(code) +
  flags +
  (8 + data.length / 2).toString(16).padStart(6, '0') +
  data.padEnd(Math.ceil(data.length / 8) * 8, '0');
/** What a message says, with this command and these AVPs. */
const message = (command: number, avps: string, flags = '80', version = '01'): Buffer =>
  hex(
    version +
      (20 + avps.length / 2).toString(16).padStart(6, '0') +
      flags +
      command.toString(16).padStart(6, '0') +
      '00000000' +
      '0000aaaa' +
      '0000bbbb' +
      avps,
  );
const text = (value: string): string => Buffer.from(value).toString('hex');
const origin = avp(264, text('fuzz.example.org')) + avp(296, text('example.org'));
const CER = message(
  257,
  origin + avp(257, '00017f000001') + avp(266, uint32(0)) + avp(269, text('fuzz'), '00'),
);
const DWR = message(280, origin);
const ACR = message(
  271,
  avp(263, text('fuzz;1;2')) + origin + avp(480, uint32(1)) + avp(485, uint32(7)),
  'c0',
);

async function raw(port: number): Promise<Socket> {
  const socket = destroying(connect({ port, host: '127.0.0.1', ppid: 'DIAMETER' }));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function answerTo(socket: Socket, request: Buffer): Promise<Buffer> {
  const answer = once(socket, 'data') as Promise<[Buffer]>;
  socket.write(request);
  return (await answer)[0];
}

/** The first AVP with this code: its data. */
function valueOf(bytes: Buffer, wanted: number): string | undefined {
  for (let at = 20; at < bytes.length;) {
    const length = bytes.readUIntBE(at + 5, 3);
    if (bytes.readUInt32BE(at) === wanted) return bytes.toString('hex', at + 8, at + length);
    at += Math.ceil(length / 4) * 4;
  }
  return undefined;
}

const resultOf = (answer: Buffer): number => parseInt(valueOf(answer, 268) ?? '0', 16);

describeSctp('the server of the Diameter example', () => {
  test('answers malformed requests by their result codes, with the AVP that failed', async () => {
    const { port } = await listeningExample('diameter.js', ['server', '0']);
    const socket = await raw(port);
    expect(resultOf(await answerTo(socket, CER))).toBe(2001);
    const expectAnswer = async (
      request: Buffer,
      result: number,
      { failed, flags = 0 }: { failed?: string; flags?: number } = {},
    ): Promise<void> => {
      const answer = await answerTo(socket, request);
      expect([resultOf(answer), valueOf(answer, 279), answer[4]]).toEqual([result, failed, flags]);
      expect(answer.subarray(12, 20).toString('hex')).toBe('0000aaaa0000bbbb');
      expect(answer.length).toBe(answer.readUIntBE(1, 3));
    };
    const E = 0x20;
    await expectAnswer(message(999, origin), 3001, { flags: E });
    await expectAnswer(message(280, origin, 'a0'), 3008, { flags: E });
    const reserved = avp(278, uint32(1), '41');
    await expectAnswer(message(280, origin + reserved), 3009, { failed: reserved, flags: E });
    const unknown = avp(4711, '00000000');
    await expectAnswer(message(280, origin + unknown), 5001, { failed: unknown });
    // Without the bit M it is ignored.
    await expectAnswer(message(280, origin + avp(4711, '00000000', '00')), 2001);
    await expectAnswer(message(280, avp(264, '61')), 5005, { failed: avp(296, '') });
    await expectAnswer(message(280, origin, '80', '02'), 5011);
    const short = avp(278, '0001');
    await expectAnswer(message(280, origin + short), 5014, { failed: avp(278, uint32(0)) });
    const long = uint32(264) + '400000ff' + '61000000';
    await expectAnswer(message(280, origin + long), 5014, { failed: avp(264, '') });
    await expectAnswer(message(280, origin + '00'), 5015);
    const answer = await answerTo(socket, ACR);
    expect([resultOf(answer), answer[4], valueOf(answer, 485)]).toEqual([2001, 0x40, uint32(7)]);
    expect(valueOf(answer, 263)).toBe(text('fuzz;1;2'));
  });

  test('ends a connection that begins without capabilities', async () => {
    const { port } = await listeningExample('diameter.js', ['server', '0']);
    const socket = await raw(port);
    const end = once(socket, 'end');
    expect(resultOf(await answerTo(socket, DWR))).toBe(3001);
    await end;
  });

  test('survives what is malformed', async () => {
    const { program, port } = await listeningExample('diameter.js', ['server', '0']);
    await seeded(SEED, async () => {
      const next = malformed(SEED, [CER, DWR, ACR]);
      for (let association = 0; association < 6; association++) {
        const socket = await raw(port);
        if (association > 0) await answerTo(socket, CER);
        socket.resume();
        for (let count = 0; count < 200 && socket.writable; count++) {
          socket.write(next());
          // A moment to be answered, and to be aborted.
          if (count % 10 === 0) await new Promise(setImmediate);
        }
        socket.destroy();
      }
      const { exitCode, signalCode } = program.process;
      expect({ exitCode, signalCode }).toEqual({ exitCode: null, signalCode: null });
      expect(resultOf(await answerTo(await raw(port), CER))).toBe(2001);
    });
  });
});

describeSctp('the client of the Diameter example', () => {
  test('survives what is malformed, and connects again', async () => {
    await seeded(SEED, async () => {
      const server = await listening({ ppid: 'DIAMETER' });
      const address = `127.0.0.1:${String(portOf(server))}`;
      const program = example('diameter-client.js', ['--server', address, '--watchdog', '1000']);
      const answers = [
        message(257, avp(268, uint32(2001)) + origin, '00'),
        message(280, avp(268, uint32(2001)) + origin, '00'),
        DWR,
      ];
      const next = malformed(SEED, answers);
      const opened = async (): Promise<Socket> => {
        const [socket] = (await once(server, 'connection')) as [Socket];
        socket.on('error', () => undefined);
        const [request] = (await once(socket, 'data')) as [Buffer];
        const answer = Buffer.from(answers[0] as Buffer);
        request.copy(answer, 12, 12, 20); // as its identifiers are
        socket.write(answer);
        return socket.resume();
      };
      for (let association = 0; association < 2; association++) {
        const socket = await opened();
        for (let count = 0; count < 200 && socket.writable; count++) {
          socket.write(next());
          if (count % 10 === 0) await new Promise(setImmediate);
        }
        socket.end();
      }
      await opened();
      await program.printed(/connecting again[^]*: open, fuzz\.example\.org$/m);
      program.process.kill();
      expect(await program.ended).toMatchObject({ stderr: '' });
    });
  });
});
