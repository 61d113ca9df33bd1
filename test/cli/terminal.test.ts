/** Commands on a pseudo-terminal: colours, screens that replace one another, what is typed. */
import { once } from 'node:events';
import { join } from 'node:path';

import { type Program, projectRoot, start } from '../support/child';
import { describeSctp } from '../support/sctp';
import { startListening } from './support';

const ESCAPE = '\u001b[';
const HOME_AND_ERASE = `${ESCAPE}H${ESCAPE}2J`;

/** Runs a line of shell on a terminal of its own; `kernel-sctp` is the program. */
function onTerminal(line: string): Program {
  const program = `${process.execPath} ${join(projectRoot, 'bin', 'kernel-sctp.js')}`;
  const command = line.replaceAll('kernel-sctp', program);
  return start('script', ['--quiet', '--return', '--command', command, '/dev/null']);
}

describeSctp('on a terminal', () => {
  test('results have colours, unless the environment forbids them', async () => {
    const coloured = await onTerminal('kernel-sctp doctor').ended;
    expect(coloured.stdout).toContain(`${ESCAPE}32mok${ESCAPE}39m`);
    const plain = await onTerminal('NO_COLOR=1 kernel-sctp doctor').ended;
    expect(plain.stdout).toMatch(/^ok +sctp/m);
    expect(plain.stdout).not.toContain(ESCAPE);
    expect(plain.code).toBe(coloured.code);
  });

  test('what goes to a file beside it has none: each stream decides for itself', async () => {
    const { port } = await startListening(['listen', '0', '--echo', '--bind', '127.0.0.1']);
    const line = `echo hello | kernel-sctp connect 127.0.0.1:${port} --verbose --wait 1s`;
    const both = await onTerminal(line).ended;
    expect(both.stdout).toContain(`${ESCAPE}2m`);
    const one = await onTerminal(`{ ${line}; } 2>&1 >/dev/tty | cat -v`).ended;
    expect(one.stdout).toContain('hello');
    expect(one.stdout).toContain('connected to 127.0.0.1');
    expect(one.stdout).not.toContain('^[');
  });

  test('each look of top replaces the one before', async () => {
    const { stdout, code } = await onTerminal('kernel-sctp top --count 2 --interval 100ms').ended;
    expect(code).toBe(0);
    expect(stdout.split(HOME_AND_ERASE)).toHaveLength(3);
    expect(stdout.startsWith(HOME_AND_ERASE)).toBe(true);
  });

  test('dump prints lines, no pcapng', async () => {
    const { port } = await startListening(['listen', '0', '--bind', '127.0.0.1']);
    const dump = onTerminal(`kernel-sctp dump --interface lo --port ${port} --count 1`);
    await dump.printed(/capturing/);
    const probe = onTerminal(`echo x | kernel-sctp connect 127.0.0.1:${port}`);
    const { stdout, code } = await dump.ended;
    await probe.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`127\\.0\\.0\\.1.*${port}.*INIT`));
  });

  test('what is typed is sent line by line, and Ctrl-D ends it', async () => {
    const { port } = await startListening(['listen', '0', '--bind', '127.0.0.1', '--echo']);
    const typing = onTerminal(`kernel-sctp connect 127.0.0.1:${port} --verbose --wait 1s`);
    await typing.printed(/connected/);
    typing.say('hello');
    // As the terminal shows what is typed, and as it comes back.
    await typing.printed(/hello[^]*hello/);
    typing.process.stdin.write('\u0004');
    const [code] = (await once(typing.process, 'close')) as [number];
    expect(code).toBe(0);
  });
});
