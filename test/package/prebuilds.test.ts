/** scripts/check-prebuilds finds what is wrong with a binary. The good ones it checks by itself. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '../support/child';
import { defer } from '../support/cleanup';

/** @param source what is taken for the binary */
function complaints(name: string, source?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  if (source !== undefined) {
    mkdirSync(join(folder, name));
    copyFileSync(source, join(folder, name, 'kernel_sctp.node'));
  }
  const env = { ...process.env, PREBUILDS: folder };
  const script = join(projectRoot, 'scripts', 'check-prebuilds');
  const { status, stderr } = spawnSync(script, [name], { encoding: 'utf8', env });
  expect(status).toBe(1);
  return stderr;
}

test('one that is missing', () => {
  const text = 'linux-arm64-musl: is missing: scripts/prebuild linux-arm64-musl';
  expect(complaints('linux-arm64-musl')).toContain(text);
});

test('another program: what it exports', () => {
  const text = complaints('linux-x64-musl', '/bin/ls');
  expect(text).toContain('linux-x64-musl: exports no addon');
  expect(text).toMatch(/linux-x64-musl: needs libc\.so\.6, which not every system has/);
});

test("one for another machine, of another machine's C library", () => {
  const foreign = process.arch === 'x64' ? 'arm64' : 'x64';
  const built = join(projectRoot, 'build', 'Release', 'kernel_sctp.node');
  const text = complaints(`linux-${foreign}-glibc`, built);
  expect(text).toMatch(/is not for (AArch64|X86-64)/);
});
