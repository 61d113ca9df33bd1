/** The binary in the packed tarball: what it does not leave to an attacker. Needs no SCTP. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '../support/child';

const tarball = join(projectRoot, 'build', 'package', 'kernel-sctp.tgz');
let folder: string;
let binary: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  // This machine's. scripts/check-prebuilds checks the others.
  const own = join(folder, 'package', 'prebuilds', `linux-${process.arch}-*`);
  const found = execFileSync('sh', ['-c', `ls ${own}/kernel_sctp.node`], { encoding: 'utf8' });
  binary = found.split('\n')[0] as string;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const readelf = (...what: string[]): string =>
  execFileSync('readelf', ['--wide', ...what, binary], { encoding: 'utf8' });

test('its addresses of functions are resolved at once and read-only from then on', () => {
  expect(readelf('--program-headers')).toMatch(/^ *GNU_RELRO /m);
  expect(readelf('--dynamic')).toMatch(/BIND_NOW/);
});

test('its stack is not executable', () => {
  const [, flags] = /^ *GNU_STACK .* ([RWE ]{3}) 0x\w+$/m.exec(readelf('--program-headers')) ?? [];
  expect(flags?.trim()).toBe('RW');
});

test('it has stack canaries, and bounds are checked where buffers are cleared', () => {
  const symbols = readelf('--dyn-syms');
  expect(symbols).toMatch(/ UND __stack_chk_fail\b/);
  // What glibc offers; musl has no such calls.
  if (binary.includes('-glibc/')) expect(symbols).toMatch(/ UND __\w+_chk@/);
});
