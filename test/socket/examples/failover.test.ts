/** The example of a multi-homed echo does what it says. */
import { join } from 'node:path';

import { projectRoot, start } from '../../support/child';
import { describeSctp } from '../../support/sctp';

const run = (...args: string[]) =>
  start(process.execPath, [join(projectRoot, 'examples', 'failover.js'), ...args]);

describeSctp('the example of failover', () => {
  test('shows a path that breaks and is mended, and loses nothing', async () => {
    const { stdout, ...end } = await run().ended;
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    const inOrder = [
      'path to 127.0.0.3: active',
      'path to 127.0.0.4: active',
      '--- the primary path breaks',
      'path to 127.0.0.3 (primary): unreachable, now inactive',
      'the other path has carried 20 more',
      '--- the primary path is mended',
      'path to 127.0.0.3 (primary): available, now active',
    ];
    // A slow machine may find a path unreachable, and available again, once more than that.
    let place = -1;
    for (const line of inOrder) {
      place = lines.indexOf(line, place + 1);
      expect([line, place >= 0]).toEqual([line, true]);
    }
    const [, sent, answered] =
      /^(\d+) messages sent, (\d+) answered$/.exec(lines.at(-1) ?? '') ?? [];
    expect(Number(sent)).toBeGreaterThan(20);
    expect(answered).toBe(sent);
  });

  test('reports how long it took with a preset', async () => {
    const { stdout, ...end } = await run('presets', 'sigtran').ended;
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toMatch(
      /^sigtran: messages waited \d+ ms, the path was reported after \d+ ms$/m,
    );
    expect(stdout).toMatch(/^(\d+) messages sent, \1 answered$/m);
  });

  test('runs without privileges, in a user namespace', async () => {
    const namespaces = ['--net', '--user', '--map-root-user'];
    const inside = [process.execPath, join(projectRoot, 'examples', 'failover.js'), 'inside'];
    const { stdout, ...end } = await start('unshare', [...namespaces, ...inside]).ended;
    expect(end).toEqual({ code: 0, signal: null, stderr: '' });
    expect(stdout).toMatch(/^(\d+) messages sent, \1 answered$/m);
  });

  test('runs as two programs', async () => {
    const server = run('server', '0', '127.0.0.3,127.0.0.4');
    const [, port = ''] = await server.printed(/^server at 127\.0\.0\.3,127\.0\.0\.4 port (\d+)$/m);
    const client = run('client', port, '127.0.0.3,127.0.0.4', '127.0.0.1,127.0.0.2');
    await client.printed(/^Ctrl-C stops it$/m);
    client.process.kill('SIGINT');
    const { code, stdout } = await client.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('path to 127.0.0.4: active');
    expect(stdout).toMatch(/^(\d+) messages sent, \1 answered$/m);
  });
});
