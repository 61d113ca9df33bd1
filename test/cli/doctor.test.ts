/** `doctor`: on a machine that is ready, and on those that are not. */
import { describeOwnKernel, withoutHmac } from '../support/missing-hash';
import { twoHosts } from '../support/namespaces';
import { setSysctl } from '../support/own-network';
import { describeSctp } from '../support/sctp';
import { runCommand, startListening } from './support';

interface Finding {
  name: string;
  verdict: string;
  detail: string;
  remedy?: string[];
}

const findingsOf = (stdout: string): Finding[] =>
  (JSON.parse(stdout) as { findings: Finding[] }).findings;

/** Runs `doctor` after a few shell commands, in mounts (and a network) of its own. */
async function examined(
  preparation: string,
  namespaces: readonly string[] = ['--mount'],
): Promise<{ code: number | null; find: (name: string) => Finding | undefined }> {
  const prefix = ['unshare', ...namespaces, 'sh', '-c', `${preparation} && exec "$@"`, 'sh'];
  const { code, stdout } = await runCommand(['doctor', '--json'], { prefix });
  const findings = findingsOf(stdout);
  return { code, find: (name) => findings.find((finding) => finding.name === name) };
}

const BLACKLISTED =
  'mount -t tmpfs none /etc/modprobe.d && echo "blacklist sctp" > /etc/modprobe.d/sctp.conf';

describeSctp('doctor', () => {
  test('finds SCTP, and what sockets can have', async () => {
    const { code, stdout } = await runCommand(['doctor', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
    const names = findingsOf(stdout).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['sctp', 'sndBuf', 'rcvBuf', 'features', 'failover']),
    );
  });

  test('warns of small buffers where there is no privilege', async () => {
    const prefix = ['setpriv', '--bounding-set=-net_admin'];
    const { stdout } = await runCommand(['doctor', '--json'], { prefix });
    expect(findingsOf(stdout).find(({ name }) => name === 'rcvBuf')).toMatchObject({
      verdict: 'warning',
      detail: 'at most 212992 bytes: large messages wait for one another',
    });
  });

  test('probes a peer from each address, and says which pair does not work', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const { port } = await startListening(['listen', '0', '--bind', '10.0.0.2'], b.prefix);
    await b.ip('route', 'add', 'blackhole', '10.0.1.1/32'); // it cannot answer that one
    const words = ['doctor', `10.0.0.2:${port}`, '--timeout', '1s', '--json'];
    const { code, stdout } = await runCommand(words, { prefix: a.prefix });
    const verdicts = findingsOf(stdout)
      .filter(({ name }) => name.includes('→'))
      .map(({ name, verdict }) => [name, verdict]);
    expect(verdicts).toEqual([
      ['10.0.0.1 → 10.0.0.2', 'ok'],
      ['10.0.1.1 → 10.0.0.2', 'failure'],
    ]);
    expect(code).toBe(1);
  });

  test('a port where nothing listens', async () => {
    const { code, stdout } = await runCommand(['doctor', '127.0.0.1:9']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL\s+127\.0\.0\.1 → 127\.0\.0\.1\s+connect ECONNREFUSED/);
    expect(stdout).toContain('nothing listens on that port');
  });
});

describeSctp('doctor in a network namespace with settings that are read-only', () => {
  test('says so, and where they can be set', async () => {
    const { code, find } = await examined(
      'ip link set lo up && mount -o bind,ro /proc/sys /proc/sys',
      ['--mount', '--net'],
    );
    expect(code).toBe(0);
    expect(find('sysctls')).toMatchObject({
      verdict: 'warning',
      detail: 'read-only for this process, whatever its privileges: sysctl -w fails here',
    });
    expect(find('sysctls')?.remedy?.join()).toContain('securityContext.sysctls');
  });

  test('is silent where they can be written', async () => {
    const { code, find } = await examined('true', ['--mount', '--net']);
    expect([code, find('sysctls')]).toEqual([0, undefined]);
  });
});

describeOwnKernel('doctor in a kernel of which', () => {
  test('the module sctp is blacklisted, and was loaded by hand: a warning for the next boot', async () => {
    const { code, find } = await examined(BLACKLISTED);
    expect(code).toBe(0);
    expect(find('sctp')?.verdict).toBe('ok');
    expect(find('module')).toMatchObject({
      verdict: 'warning',
      detail: 'blacklisted in /etc/modprobe.d/sctp.conf: it was loaded by hand',
    });
  });

  describe('the hash that signs cookies is missing', () => {
    withoutHmac();

    test('no server can listen: status 1, and the modules that it takes', async () => {
      setSysctl('net/sctp/cookie_hmac_alg', 'md5');
      const { code, find } = await examined('true');
      expect(code).toBe(1);
      expect(find('sctp')?.verdict).toBe('ok');
      expect(find('listen')).toMatchObject({
        verdict: 'failure',
        detail: 'listen() failed with ENOSYS',
      });
      expect(find('listen')?.remedy?.join()).toContain('modprobe hmac md5 sha1');
    });
  });
});
