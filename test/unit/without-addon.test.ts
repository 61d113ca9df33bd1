/** A copy of the package in which no binary fits: what works, and what is said of the rest. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { platformName } from '#lib/addon/platform';
import type { Support } from 'kernel-sctp';

import { projectRoot } from '../support/child';
import { defer } from '../support/cleanup';

/** Without the binary, and without what else only a checkout has. */
function packageCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  for (const part of ['dist', 'bin', 'package.json', 'CMakeLists.txt']) {
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  }
  return folder;
}

function addBinary(folder: string, platform: string): void {
  mkdirSync(join(folder, 'prebuilds', platform), { recursive: true });
  writeFileSync(join(folder, 'prebuilds', platform, 'kernel_sctp.node'), 'no binary');
}

function run(folder: string, source: string, ...flags: string[]) {
  const setup = `const sctp = require(${JSON.stringify(folder)});`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, '-e', `${setup}${source}`],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

/** Node, as it runs on another system. */
function pretending(folder: string, platform: string): string {
  const path = join(folder, 'pretend.cjs');
  writeFileSync(path, `Object.defineProperty(process, 'platform', { value: '${platform}' })`);
  return `--require=${path}`;
}

/** What a use of the addon throws. */
function complaint(folder: string, ...flags: string[]): string {
  const source = `
    try { sctp.open('127.0.0.1', 0, 100, () => {}) }
    catch ({ code, message }) { console.log(code, message) }`;
  const { stdout, stderr } = run(folder, source, ...flags);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^ERR_SCTP_ADDON_NOT_LOADED /);
  return stdout;
}

function supportIn(folder: string, ...flags: string[]): Support {
  const { stdout } = run(folder, 'console.log(JSON.stringify(sctp.support()))', ...flags);
  return JSON.parse(stdout) as Support;
}

const own = platformName();

test('the addon is loaded by what needs it, not by require', () => {
  const source = `
    const loaded = () => Object.keys(require.cache).some((path) => path.endsWith('.node'));
    new sctp.Socket(), sctp.createServer(), sctp.presets.sigtran, sctp.constants.SCTP_COMM_UP;
    require(${JSON.stringify(join(projectRoot, 'dist', 'channels'))});
    const before = loaded();
    sctp.support();
    console.log(before, loaded());`;
  expect(run(projectRoot, source)).toMatchObject({ stdout: 'false true\n', stderr: '' });
});

test.each(['linux', 'darwin', 'win32'])('what needs no socket works without it: %s', (platform) => {
  const folder = packageCopy();
  const source = `
    require(${JSON.stringify(join(folder, 'dist', 'channels'))});
    const { PPID, protocol, presets, constants, isIP } = sctp;
    console.log(PPID.M3UA, protocol.Diameter, presets.sigtran.noDelay, constants.SCTP_COMM_UP);
    console.log(isIP('::1'), new sctp.Socket().pending, sctp.createServer().listening);`;
  const stdout = '3 46 true 0\n6 true false\n';
  const expected = { status: 0, stdout, stderr: '' };
  expect(run(folder, source, pretending(folder, platform))).toEqual(expected);
});

test('support() reports it, and features as missing', () => {
  const { sctp, reason, remedy, features, listening } = supportIn(packageCopy());
  expect({ sctp, reason, listening }).toEqual({
    sctp: false,
    reason: `kernel-sctp could not load its native addon for ${own}`,
  });
  expect(remedy?.join('\n')).toContain('npx cmake-js build');
  expect(features.auth).toMatchObject({ available: false, option: 'authSupported' });
  expect(features.schedulers).toEqual([]);
});

test('every way to a socket throws, or emits, the same error', () => {
  const source = `
    const report = (way, { code }) => console.log(way, code);
    const trying = (way, call) => {
      try { call()?.on?.('error', (error) => report(way, error)) } catch (error) { report(way, error) }
    };
    trying('open', () => sctp.open('127.0.0.1', 0, 100, () => {}));
    trying('connect', () => sctp.connect(7));
    trying('user', () => sctp.connect({ port: 7, engine: 'user' }));
    trying('endpoint', () => sctp.createEndpoint().listen({ port: 0 }));
    trying('listen', () => sctp.createServer().listen(0));`;
  const { stdout, stderr } = run(packageCopy(), source);
  const ways = ['open', 'connect', 'user', 'endpoint', 'listen'];
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n').sort()).toEqual(
    ways.map((way) => `${way} ERR_SCTP_ADDON_NOT_LOADED`).sort(),
  );
});

test('it is looked for once', () => {
  const source = `
    const Module = require('node:module');
    const load = Module._load;
    const asked = [];
    Module._load = function (path, ...rest) {
      if (path.endsWith('.node')) asked.push(path);
      return load.call(this, path, ...rest);
    };
    const codes = [1, 2, 3].map(() => {
      try { sctp.open('127.0.0.1', 0, 100, () => {}) } catch ({ code }) { return code }
    });
    sctp.support();
    console.log(new Set(asked).size, asked.length, ...codes);`;
  const code = 'ERR_SCTP_ADDON_NOT_LOADED';
  expect(run(packageCopy(), source).stdout).toBe(`2 2 ${code} ${code} ${code}\n`);
});

test('the error names what was looked for, what there is, and how to build', () => {
  const folder = packageCopy();
  addBinary(folder, 'linux-riscv64-glibc');
  const text = complaint(folder);
  expect(text).toContain(`could not load its native addon for ${own}.`);
  expect(text).toContain(`${folder}/build/Release/kernel_sctp.node: no such file`);
  expect(text).toContain(`${folder}/prebuilds/${own}/kernel_sctp.node: no such file`);
  expect(text).toContain('Binaries in this package: linux-riscv64-glibc\n');
  expect(text).toContain(`npx cmake-js build --directory ${folder}`);
  expect(text).not.toContain('glibc 2.28');
});

test('a binary that does not load: what the loader said', () => {
  const folder = packageCopy();
  addBinary(folder, own);
  const text = complaint(folder);
  expect(text).toMatch(
    /prebuilds\/linux-.*\.node: .*(file too short|invalid ELF header|Exec format error)/,
  );
  expect(text).toContain('the binary needs glibc 2.28 or later, or musl 1.2');
  expect(text).toContain('npx cmake-js build');
});

test('on another system, building is not advised', () => {
  const folder = packageCopy();
  const text = complaint(folder, pretending(folder, 'darwin'));
  expect(text).toContain(`could not load its native addon for darwin-${process.arch}.`);
  expect(text).toContain('use Linux, or a virtual machine or container that runs it');
  expect(text).not.toContain('cmake');
});

test('in a bundle, the bundler is named', () => {
  const folder = packageCopy();
  rmSync(join(folder, 'CMakeLists.txt'));
  const text = complaint(folder);
  expect(text).toContain('exclude kernel-sctp from the bundle');
  expect(text).not.toContain('cmake');
});

test('in a checkout, its own script is', () => {
  const folder = packageCopy();
  cpSync(join(projectRoot, 'scripts', 'setup'), join(folder, 'scripts', 'setup'));
  expect(complaint(folder)).toContain('build this checkout: scripts/setup');
});

test('where Node may load no addons, only that is said', () => {
  const text = complaint(projectRoot, '--no-addons');
  expect(text).toContain('--allow-addons, or without --no-addons');
  expect(text).not.toMatch(/build this|cmake/);
});

test('the command line says why, too', () => {
  const bin = join(packageCopy(), 'bin', 'kernel-sctp.js');
  const { status, stdout } = spawnSync(process.execPath, [bin, 'doctor'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toContain('could not load its native addon');
});
