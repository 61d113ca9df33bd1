/** The packed tarball (scripts/test-package makes it) in a folder of its own, without a compiler in PATH. */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '../support/child';

export const tarball = join(projectRoot, 'build', 'package', 'kernel-sctp.tgz');
const tools = join(projectRoot, 'build', 'install-tools', 'node_modules');

/** A file of a package manager or bundler, as test/install/tools/package.json has them. */
export const tool = (path: string): string => join(tools, path);

/** That of the PATH: not every Node has one beside it. */
export const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();

const body = `
const [client, server] = ['client', 'server'].map((role) => createDataChannelAssociation({ role }));
client.setSendCallback((packet) => server.handleIncoming(packet));
server.setSendCallback((packet) => client.handleIncoming(packet));
server.on('datachannel', (channel) => channel.on('message', (data) => channel.send(data)));
const channel = client.createDataChannel('x');
channel.onopen = () => channel.send(typeof support().sctp);
channel.onmessage = ({ data }) => console.log(data);
client.connect();
`;

/** Loads the addon and uses both entry points, without SCTP in the kernel. It prints \`OUTPUT\`. */
export const PROGRAM = {
  commonjs: `const { support } = require('kernel-sctp');
const { createDataChannelAssociation } = require('kernel-sctp/channels');${body}`,
  module: `import { support } from 'kernel-sctp';
import { createDataChannelAssociation } from 'kernel-sctp/channels';${body}`,
};
export const OUTPUT = 'boolean\n';

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    const bin = join(this.path, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    symlinkSync('/bin/sh', join(bin, 'sh'));
    chmodSync(this.path, 0o755);
    this.#env = { PATH: bin, HOME: this.path, TMPDIR: this.path };
    this.write('package.json', '{ "private": true }');
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /** @returns stdout; a failure throws with all that was printed */
  run(args: readonly string[], options: ExecFileSyncOptions = {}): string {
    const settings = { cwd: this.path, env: this.#env, ...options, encoding: 'utf8' } as const;
    return execFileSync(process.execPath, args, { ...settings, stdio: 'pipe' });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
