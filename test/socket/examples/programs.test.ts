/** The programs in examples/ do what they say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot, start } from '../../support/child';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { listening, portOf } from '../../support/sockets';

const folder = join(projectRoot, 'examples');
const run = (name: string, ...args: string[]) =>
  start(process.execPath, [join(folder, name), ...args]);

/** What a program printed, which has ended well. */
async function outputOf(name: string, ...args: string[]): Promise<string[]> {
  const { stdout, ...end } = await run(name, ...args).ended;
  expect({ name, ...end }).toEqual({ name, code: 0, signal: null, stderr: '' });
  return stdout.trimEnd().split('\n');
}

test('every example is run by some test', () => {
  const folders = ['socket', 'datagram', 'endpoint', 'interop', 'channels', 'engine', 'foreign'];
  const tests = folders.map((name) => join(projectRoot, 'test', name));
  const sources = tests
    .flatMap((path) =>
      readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) => join(path, file)),
    )
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join();
  const examples = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(examples.length).toBeGreaterThanOrEqual(3);
  expect(examples.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

test('the documentation lists every example, and no other', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'examples.md'), 'utf8');
  const listed = [...page.matchAll(/^\| \[(\S+\.js)\]\(\.\.\/examples\/\1\)/gm)].map(
    ([, name]) => name,
  );
  expect(listed.sort()).toEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .sort(),
  );
});

describeSctp('the example', () => {
  test('of the package sctp, unchanged but for the module', async () => {
    const [first, ...others] = (await outputOf('quick-m3ua.js')).sort();
    expect([first, ...others].length).toBe(4);
    expect(others.find((line) => line.startsWith('remote socket'))).toMatch(
      /^remote socket connected from 127\.0\.0\.1 \d+$/,
    );
    expect(first).toMatch(/^data <Buffer 01 00 03 04 .*ppid: 0/);
    expect(others.join('\n')).toMatch(
      /^server socket received data <Buffer 01 00 03 01 .*ppid: 3/m,
    );
    expect(others).toContain('socket connected');
  });

  test('of an echo, and its ends in processes of their own', async () => {
    const lines = ['one', 'two', 'three'].map(
      (text, sid) => `${text} on stream ${String(sid)}, PPID ECHO`,
    );
    expect(await outputOf('echo.js')).toEqual(lines);
    const server = run('echo.js', 'server', '0');
    const [, port = ''] = await server.printed(/listening on (\d+)/);
    expect(await outputOf('echo.js', 'client', port)).toEqual(lines);
  });

  const dialogue = [
    'server: 257 from client.example.org',
    'client: 257 gives 2001',
    'server: 280 from client.example.org',
    'client: 280 gives 2001',
    'server: 282 from client.example.org',
    'client: 282 gives 2001',
  ];

  test('of Diameter', async () => {
    expect(await outputOf('diameter.js')).toEqual(dialogue);
  });

  test('of the package diameter', async () => {
    const names = ['Capabilities-Exchange', 'Device-Watchdog', 'Disconnect-Peer'];
    expect(await outputOf('diameter-package.js')).toEqual(
      names.flatMap((name) => [`server: ${name}`, `client: ${name} gives DIAMETER_SUCCESS`]),
    );
  });

  test('of Diameter, whose server aborts what is no Diameter', async () => {
    const server = run('diameter.js', 'server', '0');
    const [, port = ''] = await server.printed(/listening on (\d+)/);
    const python = await PythonPeer.open({ style: 'stream', listen: false });
    await python.connect('127.0.0.1', Number(port));
    await python.send('GET / HTTP/1.1', { ppid: 46 });
    await python.waitFor({ event: 'assoc', state: 'commLost' });
    const lines = await outputOf('diameter.js', 'client', port);
    expect(lines).toEqual(dialogue.filter((line) => line.startsWith('client')));
  });

  test('of Diameter, whose messages are as RFC 6733 has them', async () => {
    const server = await listening();
    const message = new Promise<Buffer & { ppid: number }>((resolve) => {
      server.on('connection', (socket) => socket.once('data', resolve));
    });
    run('diameter.js', 'client', String(portOf(server)));
    const cer = await message;
    expect(cer.ppid).toBe(46);
    expect(cer.subarray(0, 12).toString('hex')).toBe(
      `01${cer.length.toString(16).padStart(6, '0')}8000010100000000`,
    );
    const hostIpAddress = '00000101' + '4000000e' + '0001' + '7f000001' + '0000';
    expect(cer.toString('hex')).toContain(hostIpAddress);
    expect(cer.length % 4).toBe(0);
  });
});
