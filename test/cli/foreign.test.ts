/** `listen` and `connect` with other people's programs. */
import { type Program, start } from '../support/child';
import {
  freePort,
  messagesOfDarn,
  startClient,
  startServer,
  whenListening,
} from '../support/lksctp';
import { setSysctl } from '../support/own-network';
import { describeSctp } from '../support/sctp';
import { runCommand, startListening } from './support';

const HOST = '127.0.0.1';
const ECHO = ['listen', '0', '--echo', '--bind', HOST];

/** Says a word to `listen --echo`, and expects it back. */
async function echoes(client: Program): Promise<void> {
  client.say('hello');
  await client.printed(/hello\n/);
}

describeSctp('listen', () => {
  test('answers ncat', async () => {
    const { port } = await startListening(ECHO);
    await echoes(start('ncat', ['--sctp', HOST, port]));
  });

  test('answers socat', async () => {
    const { port } = await startListening(ECHO);
    await echoes(start('socat', ['-', `SCTP-CONNECT:${HOST}:${port}`]));
  });

  test('shows what sctp_darn sends, with its stream', async () => {
    const { program, port } = await startListening(['listen', '0', '--bind', HOST, '--json']);
    const client = startClient('sctp_darn', Number(port), []);
    client.say('hello');
    const [line] = await program.printed(/\{[^\n]*\}\n/);
    // With the zero byte at the end of C's strings.
    const hex = Buffer.from('hello\n\0').toString('hex');
    expect(JSON.parse(line)).toMatchObject({ sid: 0, ppid: 0, hex });
  });
});

describeSctp('connect', () => {
  test.each([
    ['ncat', (port: number) => start('ncat', ['--sctp', '-l', HOST, String(port)])],
    [
      'socat',
      (port: number) => start('socat', ['-', `SCTP-LISTEN:${String(port)},bind=${HOST},reuseaddr`]),
    ],
  ])('is heard by %s', async (_, listen) => {
    const port = freePort();
    const server = listen(port);
    await whenListening(server, port);
    const words = ['connect', `${HOST}:${String(port)}`];
    const [{ code }] = await Promise.all([
      runCommand(words, { input: 'hello\n' }),
      server.printed(/hello/),
    ]);
    expect(code).toBe(0);
  });

  test('is heard by sctp_darn', async () => {
    const { program, port } = await startServer('sctp_darn');
    const words = ['connect', `${HOST}:${String(port)}`, '--sid', '3', '--ppid', 'M3UA'];
    const { code } = await runCommand(words, { input: 'hello\n' });
    const [output] = await program.printed(/^[^]*SHUTDOWN_COMP/);
    expect(messagesOfDarn(output)).toEqual([{ length: 5, sid: 3, ppid: 3, unordered: false }]);
    expect(code).toBe(0);
  });

  test("is answered by usrsctp's echo server, over UDP", async () => {
    setSysctl('net/sctp/udp_port', 9899);
    const server = start('/usr/lib/usrsctp/echo_server', ['9900', '9899']);
    const words = ['connect', `${HOST}:7`, '--udp-port', '9900', '--wait', '1s'];
    // It prints nothing when it is ready.
    for (;;) {
      const { code, stdout } = await runCommand(words, { input: 'hello\n' });
      if (code !== 0) expect(server.process.exitCode).toBeNull();
      else {
        expect(stdout).toBe('hello\n');
        break;
      }
    }
  });
});
