/** support() and the failure to load, with and without SCTP. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';

import { support } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { projectRoot, start } from '../support/child';

test('support() reports whether SCTP works here, and why not', () => {
  const report = support();
  expect(report.kernel).toBe(release());
  expect(typeof report.buffers.unlimited).toBe('boolean');
  if (report.sctp) {
    expect(report).not.toHaveProperty('reason');
  } else {
    expect(report.reason).toMatch(/^socket\(\) failed with (EPROTONOSUPPORT|ESOCKTNOSUPPORT)$/);
    expect(report.remedy?.join('\n')).toContain('modprobe sctp');
  }
});

test('its buffer limits are the sysctls', () => {
  const { sndBufMax, rcvBufMax } = support().buffers;
  expect(sndBufMax).toBeGreaterThan(0);
  expect(rcvBufMax).toBeGreaterThan(0);
});

const inNamespace = ['--user', '--map-root-user'];
const hasNamespaces = spawnSync('unshare', [...inNamespace, 'true']).status === 0;

// Containers and some kernels allow no user namespaces; every test kernel of ours does.
(hasNamespaces ? test : test.skip)('root of a user namespace has no privilege', async () => {
  const source = `const { unlimited, inTheWay } = require('.').support().buffers;
    console.log(unlimited, inTheWay?.remedy)`;
  const program = start('unshare', [...inNamespace, process.execPath, '-e', source]);
  const isLow = (support().buffers.rcvBufMax ?? 0) < 4 * 1024 * 1024;
  const remedy = isLow ? 'sysctl -w net.core.rmem_max=4194304' : 'undefined';
  expect(await program.ended).toMatchObject({ stdout: `false ${remedy}\n`, stderr: '' });
});

test('a missing addon is explained, with what was tried and what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-sctp-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  cpSync(join(projectRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  copyFileSync(join(projectRoot, 'package.json'), join(folder, 'package.json'));
  const program = start(process.execPath, ['-e', `require(${JSON.stringify(folder)})`]);
  const { code, stderr } = await program.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('kernel-sctp could not load its native addon for linux-');
  expect(stderr).toContain(`${folder}/prebuilds/linux-`);
  expect(stderr).toContain('no such file');
  expect(stderr).toContain('npm ci');
  expect(stderr).toContain("code: 'ERR_SCTP_ADDON_NOT_LOADED'");
});

test('an addon that Node may not load is explained, too', async () => {
  const program = start(process.execPath, ['--no-addons', '-e', "require('kernel-sctp')"]);
  const { code, stderr } = await program.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('--allow-addons, or without --no-addons');
  expect(stderr).not.toContain('npm ci');
});
