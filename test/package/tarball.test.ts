/** The packed tarball, installed as a user would, on a machine without a compiler. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { projectRoot } from '../support/child';
import { describeSctp } from '../support/sctp';

const tarball = join(projectRoot, 'build', 'package', 'kernel-sctp.tgz');

/** Sends itself a message; what it uses is what the README shows first. */
const program = `
  const handle = open('127.0.0.1', 0, 65536, (result) => {
    if (typeof result === 'string') throw new Error(result);
    const [data, host, port] = result;
    console.log(String(data), host, port === server.address().port);
    handle.close();
    server.close();
  });
  const server = open({ host: '127.0.0.1' }, (result) => {
    if (typeof result === 'string') throw new Error(result);
    const [data, host, port] = result;
    server.send(Buffer.from(data.toString().toUpperCase()), host, port);
  });
  handle.send(Buffer.from('hello'), '127.0.0.1', server.address().port);
`;

/** The same over a connection. */
const connection = `
  const server = createServer((peer) => peer.on('data', (message) => peer.write(message)));
  server.listen(0, '127.0.0.1', () => {
    const socket = connect(server.address().port, '127.0.0.1');
    socket.send(Buffer.from('hello'), { sid: 3, ppid: 46 });
    socket.on('data', (message) => {
      console.log(String(message), message.sid, message.ppid);
      socket.end();
      server.close();
    });
  });
`;

/** Data channels, both ends in one process. */
const channels = `
  const [client, server] = ['client', 'server'].map((role) => createDataChannelAssociation({ role }));
  client.setSendCallback((packet) => server.handleIncoming(packet));
  server.setSendCallback((packet) => client.handleIncoming(packet));
  server.on('datachannel', (channel) => channel.on('message', (data) => channel.send(data)));
  const channel = client.createDataChannel('x');
  channel.onopen = () => channel.send('echo');
  channel.onmessage = ({ data }) => console.log(data);
  client.connect();
`;

describeSctp('the packed tarball', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
    // A PATH with node and npm, and no compiler, make or cmake.
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const npm = join(dirname(process.execPath), 'npm');
    symlinkSync(process.execPath, join(bin, 'node'));
    symlinkSync('/bin/sh', join(bin, 'sh'));
    env = { PATH: bin, HOME: folder, TMPDIR: folder };
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = [
      npm,
      'install',
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      tarball,
    ];
    execFileSync(process.execPath, args, { cwd: folder, env, stdio: 'pipe' });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function run(file: string, source: string): string {
    writeFileSync(join(folder, file), source);
    return execFileSync(process.execPath, [file], { cwd: folder, env, encoding: 'utf8' });
  }

  test('has no compiler in PATH', () => {
    expect(() => execFileSync('cc', ['--version'], { env, stdio: 'pipe' })).toThrow(/ENOENT/);
  });

  test('works with require', () => {
    const output = run('program.cjs', `const { open } = require('kernel-sctp');${program}`);
    expect(output).toBe('HELLO 127.0.0.1 true\n');
  });

  test('works with import', () => {
    const output = run('program.mjs', `import { open } from 'kernel-sctp';${program}`);
    expect(output).toBe('HELLO 127.0.0.1 true\n');
  });

  test.each([
    ['program.cjs', "const { connect, createServer } = require('kernel-sctp');"],
    ['program.mjs', "import { connect, createServer } from 'kernel-sctp';"],
  ])('connects: %s', (file, load) => {
    expect(run(file, `${load}${connection}`)).toBe('hello 3 46\n');
  });

  test.each([
    ['channels.cjs', "const { createDataChannelAssociation } = require('kernel-sctp/channels');"],
    ['channels.mjs', "import { createDataChannelAssociation } from 'kernel-sctp/channels';"],
  ])('has data channels: %s', (file, load) => {
    expect(run(file, `${load}${channels}`)).toBe('echo\n');
  });

  test('brings no other package along', () => {
    const list = execFileSync('/bin/ls', [join(folder, 'node_modules')], { encoding: 'utf8' });
    expect(list.trim()).toBe('kernel-sctp');
  });
});
