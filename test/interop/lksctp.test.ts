/** lksctp-tools: the kernel developers' own test programs talk to our handles. */
import {
  messagesOfDarn,
  messagesOfTest,
  type Printed,
  startClient,
  startServer,
} from '../support/lksctp';
import { describeSctp } from '../support/sctp';
import { LOCAL, type Opened, openLocal } from './meetings';

function asPrinted({ inbox }: Opened): Printed[] {
  return inbox.messages.map(({ data, info: { sid, ppid, unordered } }) => ({
    length: data.length,
    ...{ sid, ppid, unordered },
  }));
}

/** Unordered messages, and those of different streams, may overtake each other. */
function inAnyOrder(messages: Printed[]): Printed[] {
  return [...messages].sort((a, b) => (a.ppid ?? 0) - (b.ppid ?? 0));
}

/** What sctp_test fills its messages with. */
function testPattern(length: number): Buffer {
  const pattern = Buffer.alloc(length, '0123456789');
  pattern[length - 1] = 0;
  return pattern;
}

const long = 200_000;

function sendAFew({ handle }: Opened, host: string, port: number): void {
  handle.send(Buffer.from('first'), host, port, { unordered: false });
  handle.send(Buffer.from('hello'), host, port, { sid: 3, ppid: 46, unordered: true });
  handle.send(Buffer.alloc(long, 'x'), host, port, { sid: 5, ppid: 0x01020304, unordered: false });
}

function expectAFew([first, hello, ...pieces]: Printed[]): void {
  expect(first?.length).toBe(5);
  expect(hello).toEqual({ length: 5, sid: 3, ppid: 46, unordered: true });
  expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(long);
  for (const piece of pieces) {
    expect(piece).toMatchObject({ sid: 5, ppid: 0x01020304, unordered: false });
  }
}

describeSctp('sctp_test', () => {
  test.each([
    ['one-to-many', []],
    ['one-to-one', ['-T']],
  ])('as a %s server', async (_, args) => {
    const { program, port } = await startServer('sctp_test', args);
    const ours = openLocal();
    sendAFew(ours, LOCAL, port);
    ours.handle.close();
    const [output] = await program.printed(/^[^]*SHUTDOWN_COMPLETE/);
    expectAFew(messagesOfTest(output));
  });

  test.each([
    ['10 ordered messages on 5 streams', ['-c', '3', '-o', '1', '-M', '5', '-x', '1']],
    ['100 unordered ones of 32 KiB', ['-c', '5', '-x', '10']],
    ['10 of 70000 B', ['-c', '-70000', '-x', '1']],
    ['10 of various sizes on a connection', ['-c', '4', '-o', '2', '-x', '1', '-T']],
  ])('as a client that sends %s', async (_, args) => {
    const ours = openLocal();
    const { code, stdout } = await startClient('sctp_test', ours.port, args).ended;
    expect(code).toBe(0);
    const sent = messagesOfTest(stdout);
    expect(sent.length).toBeGreaterThanOrEqual(10);
    await ours.inbox.waitForMessages(sent.length);
    expect(inAnyOrder(asPrinted(ours))).toEqual(inAnyOrder(sent));
    for (const { data } of ours.inbox.messages) {
      expect(data.equals(testPattern(data.length))).toBe(true);
    }
    expect(ours.inbox.errors).toEqual([]);
  });
});

describeSctp('sctp_darn', () => {
  test('as a server with two addresses', async () => {
    const { program, port } = await startServer('sctp_darn', ['-B', '127.0.0.2']);
    const ours = openLocal();
    sendAFew(ours, '127.0.0.2', port);
    ours.handle.close();
    const [output] = await program.printed(/^[^]*SHUTDOWN_COMP/);
    expectAFew(messagesOfDarn(output));
  });

  test('as a client that sends lines', async () => {
    const ours = openLocal();
    const client = startClient('sctp_darn', ours.port, []);
    client.say('one');
    client.say('two two');
    const [one, two] = await ours.inbox.waitForMessages(2);
    expect([one?.data.toString(), two?.data.toString()]).toEqual(['one\n\0', 'two two\n\0']);
    expect(one?.host).toBe(LOCAL);
    expect(one?.port).toBe(two?.port);
  });

  test('as a client that shuts down, aborts, and comes back', async () => {
    const ours = openLocal();
    const client = startClient('sctp_darn', ours.port, ['-I']);
    client.say('snd=70000');
    await ours.inbox.waitForMessages(1);
    client.say('shutdown');
    await client.printed(/Successfully SHUTDOWN/);
    client.say('snd=3');
    await ours.inbox.waitForMessages(2);
    client.say('abort');
    const [error] = await ours.inbox.waitForErrors(1);
    client.say('snd=4');
    const messages = await ours.inbox.waitForMessages(3);
    expect(messages.map(({ data }) => data.length)).toEqual([70_000, 3, 4]);
    expect(error).toContain(`association with ${LOCAL}:${String(messages[0]?.port)} lost`);
    expect(error).toContain('user-initiated abort, error cause 12');
    expect(ours.inbox.errors).toHaveLength(1);
  });
});
