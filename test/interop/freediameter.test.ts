/** examples/diameter.js talks to freeDiameter, which is somebody else's Diameter over SCTP. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Program, projectRoot, start } from '../support/child';
import { defer } from '../support/cleanup';
import { type Namespace, twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';

const OURS = '10.0.0.1';
const THEIRS = '10.0.0.2';

/** freeDiameter on a host, that knows one peer: the example by this name, on a port of ours. */
function freeDiameter(host: Namespace, peer: string, port: number): Program {
  const folder = mkdtempSync(join(tmpdir(), 'freediameter-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  const [key, certificate, config] = ['key.pem', 'cert.pem', 'fd.conf'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  // It wants a certificate, though no TLS is spoken here.
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', key, '-out', certificate, '-subj', '/CN=theirs.example.org'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'pipe' });
  writeFileSync(
    config,
    `Identity = "theirs.example.org";
     Realm = "example.org";
     SecPort = 0;
     No_TCP;
     No_IPv6;
     ListenOn = "${THEIRS}";
     TLS_Cred = "${certificate}", "${key}";
     TLS_CA = "${certificate}";
     ConnectPeer = "${peer}.example.org" { No_TLS; ConnectTo = "${OURS}"; Port = ${String(port)}; };`,
  );
  const [command, ...args] = host.prefix as [string, ...string[]];
  return start(command, [...args, 'freeDiameterd', '-dd', '-c', config]);
}

function example(host: Namespace, ...args: string[]): Program {
  const [command, ...prefix] = host.prefix as [string, ...string[]];
  const program = join(projectRoot, 'examples', 'diameter.js');
  return start(command, [...prefix, process.execPath, program, ...args]);
}

describeSctp('the Diameter example and freeDiameter', () => {
  test('we connect: capabilities, watchdog and disconnection are answered', async () => {
    const { a, b } = await twoHosts();
    await freeDiameter(b, 'client', 1).printed(/Core state: 2 -> 3/);
    const { code, stdout, stderr } = await example(a, 'client', '3868', THEIRS).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toEqual([
      'client: 257 gives 2001',
      'client: 280 gives 2001',
      'client: 282 gives 2001',
    ]);
  });

  test('it connects, and takes our answer', async () => {
    const { a, b } = await twoHosts();
    const server = example(a, 'server', '3868');
    await server.printed(/listening on 3868/);
    const theirs = freeDiameter(b, 'server', 3868);
    await server.printed(/server: 257 from theirs\.example\.org/);
    await theirs.printed(/-> 'STATE_OPEN/);
  });
});
