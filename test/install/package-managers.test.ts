/** The packed tarball, installed offline and with scripts off, by each package manager. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { defer } from '../support/cleanup';
import { Folder, npm, OUTPUT, PROGRAM, tarball, tool } from './packed';

function newFolder(): Folder {
  const folder = new Folder();
  defer(() => {
    folder[Symbol.dispose]();
  });
  folder.write('program.cjs', PROGRAM.commonjs);
  folder.write('program.mjs', PROGRAM.module);
  return folder;
}

const managers = {
  npm: [npm, ...['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball]],
  pnpm: [tool('pnpm/bin/pnpm.cjs'), 'add', '--offline', '--ignore-scripts', tarball],
  'yarn 1': [
    tool('yarn/bin/yarn.js'),
    ...['add', '--offline', '--ignore-scripts', '--non-interactive', `file:${tarball}`],
  ],
};

test.each(Object.entries(managers))('%s', (_, args) => {
  const folder = newFolder();
  folder.run(args);
  expect(folder.run(['program.cjs'])).toBe(OUTPUT);
  expect(folder.run(['program.mjs'])).toBe(OUTPUT);
  const installed = join('node_modules', 'kernel-sctp');
  expect(folder.run([join(installed, 'bin', 'kernel-sctp.js'), '--help'])).toContain('doctor');
  const example = folder.run([join(installed, 'examples', 'data-channels.js')]);
  expect(example.trimEnd().split('\n')).toContain('client: closed');
});

test("yarn 4, Plug'n'Play", () => {
  const folder = newFolder();
  const settings = ['enableScripts', 'enableNetwork', 'enableTelemetry', 'enableGlobalCache'];
  folder.write(
    '.yarnrc.yml',
    [
      'nodeLinker: pnp',
      'pnpEnableEsmLoader: true',
      ...settings.map((name) => `${name}: false`),
      '',
    ].join('\n'),
  );
  folder.write('yarn.lock', '');
  folder.run([tool('@yarnpkg/cli-dist/bin/yarn.js'), 'add', `kernel-sctp@file:${tarball}`]);
  expect(existsSync(join(folder.path, 'node_modules'))).toBe(false);
  const pnp = ['--require', './.pnp.cjs'];
  expect(folder.run([...pnp, 'program.cjs'])).toBe(OUTPUT);
  expect(folder.run([...pnp, '--loader', './.pnp.loader.mjs', 'program.mjs'])).toBe(OUTPUT);
});

test('npm, by a user without privilege, whose files nobody else may read', () => {
  const folder = newFolder();
  // The checkout may be where that user cannot look.
  copyFileSync(tarball, join(folder.path, 'kernel-sctp.tgz'));
  const isRoot = process.getuid?.() === 0;
  const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', folder.path]);
  chmodSync(folder.path, 0o700);

  const npm = managers.npm.slice(0, -1).map((part) => `'${part}'`);
  folder.write('install.sh', `umask 077; exec node ${npm.join(' ')} ./kernel-sctp.tgz`);
  if (isRoot) chownSync(join(folder.path, 'install.sh'), 65534, 65534);
  const start = `require('node:child_process').execFileSync('sh', ['install.sh'], { stdio: 'inherit' })`;
  folder.run(['-e', start], nobody);
  const main = join(folder.path, 'node_modules', 'kernel-sctp', 'dist', 'index.js');
  expect(statSync(main).mode & 0o077).toBe(0);
  expect(folder.run(['program.cjs'], nobody)).toBe(OUTPUT);
});
