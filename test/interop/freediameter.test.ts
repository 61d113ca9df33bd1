/** The examples of Diameter talk to freeDiameter, which is somebody else's Diameter over SCTP. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Program, start } from '../support/child';
import { defer } from '../support/cleanup';
import { example } from '../support/examples';
import { type Namespace, twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';

const OURS = '10.0.0.1';
const THEIRS = '10.0.0.2';
/** Nobody listens there: freeDiameter knows the peer, which connects itself. */
const NOWHERE = 1;

interface Settings {
  /** The examples that it knows, by name, and where each is on our host. */
  peers: Record<string, number>;
  identity?: string;
  port?: number;
  /** Seconds between watchdogs: 6 at least. */
  watchdog?: number;
}

/** freeDiameter on a host. */
function freeDiameter(
  host: Namespace,
  { peers, identity = 'theirs', port = 3868, watchdog = 30 }: Settings,
): Program {
  const folder = mkdtempSync(join(tmpdir(), 'freediameter-'));
  defer(() => {
    rmSync(folder, { recursive: true });
  });
  const [key, certificate, config] = ['key.pem', 'cert.pem', 'fd.conf'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  // It wants a certificate, though no TLS is spoken here.
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', key, '-out', certificate, '-subj', `/CN=${identity}.example.org`];
  execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'pipe' });
  const known = Object.entries(peers).map(
    ([name, at]) =>
      `ConnectPeer = "${name}.example.org" { No_TLS; ConnectTo = "${OURS}"; Port = ${String(at)}; };`,
  );
  writeFileSync(
    config,
    `Identity = "${identity}.example.org";
     Realm = "example.org";
     Port = ${String(port)};
     SecPort = 0;
     TwTimer = ${String(watchdog)};
     TcTimer = 6;
     No_TCP;
     No_IPv6;
     ListenOn = "${THEIRS}";
     TLS_Cred = "${certificate}", "${key}";
     TLS_CA = "${certificate}";
     ${known.join('\n')}`,
  );
  const [command, ...args] = host.prefix as [string, ...string[]];
  return start(command, [...args, 'freeDiameterd', '-dd', '-c', config]);
}

describeSctp('the examples of Diameter and freeDiameter', () => {
  test('we connect: capabilities, watchdog and disconnection are answered', async () => {
    const { a, b } = await twoHosts();
    await freeDiameter(b, { peers: { client: NOWHERE } }).printed(/Core state: 2 -> 3/);
    const { code, stdout, stderr } = await example(
      'diameter.js',
      ['client', '3868', THEIRS],
      a.prefix,
    ).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toEqual([
      'client: 257 gives 2001',
      'client: 280 gives 2001',
      'client: 282 gives 2001',
    ]);
  });

  test('the package diameter connects, over our transport', async () => {
    const { a, b } = await twoHosts();
    await freeDiameter(b, { peers: { client: NOWHERE } }).printed(/Core state: 2 -> 3/);
    const program = example('diameter-package.js', ['client', '3868', THEIRS], a.prefix);
    const { code, stdout } = await program.ended;
    expect({ code, lines: stdout.split('\n').filter((line) => line.includes('gives')) }).toEqual({
      code: 0,
      lines: ['Capabilities-Exchange', 'Device-Watchdog', 'Disconnect-Peer'].map(
        (command) => `client: ${command} gives DIAMETER_SUCCESS`,
      ),
    });
  });

  test('it connects, and takes our answer', async () => {
    const { a, b } = await twoHosts();
    const server = example('diameter.js', ['server', '3868'], a.prefix);
    await server.printed(/listening on 3868/);
    const theirs = freeDiameter(b, { peers: { server: 3868 } });
    await server.printed(/server: 257 from theirs\.example\.org/);
    await theirs.printed(/-> 'STATE_OPEN/);
  });

  test('its watchdogs are answered, and it answers ours', async () => {
    const { a, b } = await twoHosts();
    const theirs = freeDiameter(b, { peers: { client: NOWHERE }, watchdog: 6 });
    await theirs.printed(/Core state: 2 -> 3/);
    const args = ['--server', `${THEIRS}:3868`];
    // Whichever side's timer is first puts off the other's: theirs, and then ours.
    const patient = example('diameter-client.js', args, a.prefix);
    await patient.printed(/(watchdog answered\n[^]*){2}/);
    expect(theirs.output()).not.toContain('STATE_SUSPECT');
    patient.say('quit');
    const { code, stdout, stderr } = await patient.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/suspect|connecting/);
    const busy = example('diameter-client.js', [...args, '--watchdog', '500'], a.prefix);
    await busy.printed(/(watchdog gives 2001\n[^]*){3}/);
  });

  test('two relays of theirs: one is killed, the other gets what is unanswered', async () => {
    const { a, b } = await twoHosts();
    const server = example('diameter.js', ['server', '3900'], a.prefix);
    await server.printed(/listening on 3900/);
    const ports = [3868, 3869];
    const relay = (port: number): Program =>
      freeDiameter(b, {
        peers: { client: NOWHERE, server: 3900 },
        identity: `relay${String(port)}`,
        port,
      });
    const relays = ports.map(relay);
    // Each is connected to the server before there is anything to relay.
    await Promise.all(
      ports.map((port) =>
        server.printed(new RegExp(`server: 257 from relay${String(port)}\\.example\\.org`)),
      ),
    );
    const names = ports.map((port) => `${THEIRS}:${String(port)}`);
    const options = names.flatMap((name) => ['--server', name]);
    const client = example('diameter-client.js', [...options, '--watchdog', '500'], a.prefix);
    for (const name of names) await client.printed(new RegExp(`^${name}: okay$`, 'm'));
    client.say('over the first');
    await client.printed(new RegExp(`^${String(names[0])}: record 1 gives 2001$`, 'm'));
    // It stops first, so that the record is unanswered when it is gone.
    const first = relays[0] as Program;
    first.process.kill('SIGSTOP');
    client.say('over the second');
    await client.printed(new RegExp(`^${String(names[0])}: suspect$`, 'm'));
    await client.printed(new RegExp(`^${String(names[1])}: record 2 gives 2001$`, 'm'));
    first.process.kill('SIGKILL');
    await client.printed(/3868: connecting again in \d+ ms/);
    await first.ended;
    relay(3868);
    await client.printed(/connecting again[^]*3868: okay$/m);
    // A server that was lost earns its trust by three watchdogs.
    const since = client.output().split('connecting again').at(-1) ?? '';
    const [before = ''] = since.split('3868: okay');
    expect(before.match(/3868: watchdog gives 2001/g)?.length).toBe(3);
  });
});
