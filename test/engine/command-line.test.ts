/** The command line with `--engine user`, which needs no SCTP of the kernel. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { runCommand, startListening } from '../cli/support';

/** A UDP port that nobody has. */
async function freePort(): Promise<string> {
  const probe = createSocket('udp4').bind(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return String(port);
}

async function echoing(): Promise<{ peer: string; words: string[] }> {
  const words = ['--engine', 'user', '--udp-port', await freePort()];
  const { port } = await startListening(['listen', '7', '--echo', ...words]);
  return { peer: `127.0.0.1:${port}`, words };
}

test('connect and listen exchange messages', async () => {
  const { peer, words } = await echoing();
  const { code, stdout, stderr } = await runCommand(
    ['connect', peer, ...words, '--wait', '2s', '--ppid', 'M3UA', '--verbose'],
    { input: 'one\ntwo\n' },
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\ntwo\n' });
  expect(stderr).toContain('3 bytes, stream 0, PPID 3 (M3UA)');
});

test('ping measures messages', async () => {
  const { peer, words } = await echoing();
  const counted = ['--message', 'x', '--count', '2', '--interval', '10ms'];
  const { code, stdout } = await runCommand(['ping', peer, ...words, ...counted]);
  expect(code).toBe(0);
  expect(stdout).toContain('2 sent, 0 unanswered');
});

test('the environment chooses as the option does', async () => {
  const { peer, words } = await echoing();
  const prefix = ['env', 'KERNEL_SCTP_ENGINE=user'];
  const command = ['connect', peer, ...words.slice(2), '--wait', '2s'];
  const { code, stdout } = await runCommand(command, { input: 'one\n', prefix });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\n' });
});

test('nobody there: status 1, and one line', async () => {
  const words = ['--engine', 'user', '--udp-port', await freePort(), '--timeout', '500ms'];
  const { code, stderr } = await runCommand(['connect', '127.0.0.1:7', ...words]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^kernel-sctp connect: connect E\w+.*\n$/);
});
