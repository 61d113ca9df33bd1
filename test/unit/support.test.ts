/** support(), with and without SCTP. */
import { spawnSync } from 'node:child_process';
import { release } from 'node:os';

import { support } from 'kernel-sctp';

import { start } from '../support/child';

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
