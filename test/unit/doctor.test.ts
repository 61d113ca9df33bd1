/** `doctor` where the kernel has no SCTP; test/cli has it where there is. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { support } from 'kernel-sctp';

import { projectRoot, start } from '../support/child';

interface Report {
  code: number | null;
  findings: { name: string; verdict: string; detail: string; remedy?: string[] }[];
}

const IN_ITS_MOUNTS = ['unshare', '--user', '--map-root-user', '--mount'];

/** @param preparation shell commands, in mounts of its own */
async function examined(preparation?: string): Promise<Report> {
  const doctor = [process.execPath, join(projectRoot, 'bin', 'kernel-sctp.js'), 'doctor', '--json'];
  const [command = '', ...args] =
    preparation === undefined
      ? doctor
      : [...IN_ITS_MOUNTS, 'sh', '-c', `${preparation} && exec "$0" "$@"`, ...doctor];
  const { code, stdout } = await start(command, args).ended;
  return { code, findings: (JSON.parse(stdout) as Pick<Report, 'findings'>).findings };
}

// A kernel that has loaded SCTP never lets it go.
const describeHere = support().sctp ? describe.skip : describe;
const [unshare = '', ...rest] = IN_ITS_MOUNTS;
const hasNamespaces = spawnSync(unshare, [...rest, 'true']).status === 0;

describeHere('doctor in a kernel without SCTP', () => {
  test('ends with status 1, and says how to get it', async () => {
    const { code, findings } = await examined();
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({
      name: 'sctp',
      verdict: 'failure',
      detail: 'socket() failed with EPROTONOSUPPORT',
      remedy: expect.arrayContaining([
        'load the module: modprobe sctp (as root)',
        expect.stringContaining("engine: 'user'"),
      ]) as string[],
    });
    expect(findings.map(({ name }) => name)).not.toContain('features');
  });

  (hasNamespaces ? test : test.skip)('names the file that blacklists it', async () => {
    const conf = '/etc/modprobe.d/telecom.conf';
    const { code, findings } = await examined(
      `mount -t tmpfs none /etc/modprobe.d && echo "install sctp /bin/true" > ${conf}`,
    );
    expect(code).toBe(1);
    expect(findings[0]?.detail).toBe(
      `socket() failed with EPROTONOSUPPORT; the module is blacklisted in ${conf}`,
    );
  });
});
