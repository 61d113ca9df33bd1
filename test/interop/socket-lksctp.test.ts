/** lksctp-tools talk to our one-to-one sockets. */
import { once } from 'node:events';

import { connect, type Message, type Socket } from 'kernel-sctp';

import {
  messagesOfDarn,
  messagesOfTest,
  type Printed,
  startClient,
  startServer,
  type Tool,
} from '../support/lksctp';
import { describeSctp } from '../support/sctp';
import { destroying, listening, portOf } from '../support/sockets';

const LONG = 200_000;

function sendAFew(socket: Socket): void {
  socket.send(Buffer.from('first'), {});
  socket.send(Buffer.from('hello'), { sid: 3, ppid: 46, unordered: true });
  socket.end(Object.assign(Buffer.alloc(LONG, 'x'), { sid: 5, ppid: 0x01020304 }));
}

function expectAFew([first, hello, ...pieces]: Printed[]): void {
  expect(first?.length).toBe(5);
  expect(hello).toEqual({ length: 5, sid: 3, ppid: 46, unordered: true });
  expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(LONG);
  for (const piece of pieces) {
    expect(piece).toMatchObject({ sid: 5, ppid: 0x01020304, unordered: false });
  }
}

describeSctp('as a server', () => {
  test.each<[Tool, string[], RegExp, (output: string) => Printed[]]>([
    ['sctp_test', [], /^[^]*SHUTDOWN_COMPLETE/, messagesOfTest],
    ['sctp_test', ['-T'], /^[^]*SHUTDOWN_COMPLETE/, messagesOfTest],
    ['sctp_darn', [], /^[^]*SHUTDOWN_COMP/, messagesOfDarn],
  ])('%s %p', async (tool, args, ending, read) => {
    const { program, port } = await startServer(tool, args);
    const ours = destroying(connect({ host: '127.0.0.1', port }));
    await once(ours, 'connect');
    ours.resume();
    const closed = once(ours, 'close');
    sendAFew(ours);
    const [output] = await program.printed(ending);
    expectAFew(read(output));
    expect(await closed).toEqual([false]);
  });
});

describeSctp('as a client', () => {
  async function accept(): Promise<{ port: number; accepted: Promise<[Socket]> }> {
    const server = await listening();
    return { port: portOf(server), accepted: once(server, 'connection') as Promise<[Socket]> };
  }

  test.each([
    ['10 ordered messages on 5 streams', ['-c', '3', '-o', '1', '-M', '5', '-x', '1']],
    ['100 unordered ones of 32 KiB', ['-c', '5', '-x', '10']],
    ['10 of 70000 B', ['-c', '-70000', '-x', '1']],
    ['10 of various sizes on a connection', ['-c', '4', '-o', '2', '-x', '1', '-T']],
  ])('sctp_test sends %s', async (_, args) => {
    const { port, accepted } = await accept();
    const client = startClient('sctp_test', port, args);
    const [ours] = await accepted;
    ours.on('error', () => undefined); // it may end with an ABORT
    const messages: Printed[] = [];
    ours.on('data', ({ length, sid, ppid, unordered }: Message) => {
      messages.push({ length, sid, ppid, unordered });
    });
    const closed = new Promise((resolve) => ours.once('close', resolve));
    const { code, stdout } = await client.ended;
    expect(code).toBe(0);
    await closed;
    const byPpid = (list: Printed[]): Printed[] =>
      [...list].sort((a, b) => (a.ppid ?? 0) - (b.ppid ?? 0));
    const sent = messagesOfTest(stdout);
    expect(sent.length).toBeGreaterThanOrEqual(10);
    expect(byPpid(messages)).toEqual(byPpid(sent));
  });

  test('sctp_darn sends lines, and shuts down', async () => {
    const { port, accepted } = await accept();
    const client = startClient('sctp_darn', port, ['-I']);
    client.say('snd=70000');
    const [ours] = await accepted;
    const [message] = (await once(ours, 'data')) as [Message];
    expect(message).toHaveLength(70_000);
    const end = once(ours, 'end');
    client.say('shutdown');
    await end;
    expect(ours.errored).toBeNull();
  });

  test('sctp_darn aborts', async () => {
    const { port, accepted } = await accept();
    const client = startClient('sctp_darn', port, ['-I']);
    client.say('snd=10');
    const [ours] = await accepted;
    await once(ours, 'data');
    const lost = once(ours, 'error');
    client.say('abort');
    expect(await lost).toEqual([expect.objectContaining({ code: 'ECONNRESET' })]);
  });
});
