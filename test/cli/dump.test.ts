/** `dump`: what passes, in a file that Wireshark reads, and as text. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { connect } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { twoHosts } from '../support/namespaces';
import { readPcapng } from '../support/pcapng';
import { describeSctp } from '../support/sctp';
import { listening, portOf } from '../support/sockets';
import { jsonLines, noted, runCommand, startCommand, startListening } from './support';

/** One message to a server, and an orderly end. */
async function exchange(port: number, ppid = 3): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  defer(() => socket.destroy());
  await once(socket, 'connect');
  socket.send(Buffer.from('hello'), { sid: 2, ppid });
  socket.resume().end();
  await once(socket, 'close');
}

async function serving(): Promise<number> {
  const server = await listening();
  server.on('connection', (socket) => socket.resume());
  return portOf(server);
}

/** Starts `dump`, and waits until it captures. */
async function startDump(...words: string[]) {
  const child = startCommand(['dump', ...words]);
  await noted(child, /^capturing on /m);
  return child;
}

describeSctp('dump', () => {
  test('writes pcapng to a file: every packet of an association once, with its content', async () => {
    const file = join(process.env['TMPDIR'] ?? '/tmp', `dump-${String(process.pid)}.pcapng`);
    const port = await serving();
    const child = await startDump('--port', String(port), '--write', file);
    await exchange(port);
    child.process.kill('SIGINT');
    const { code, stdout, stderr } = await child.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const packets = readPcapng(readFileSync(file));
    expect(stderr).toContain(`${String(packets.length)} packets, 0 dropped\n`);
    expect(new Set(packets.map(({ interfaceName }) => interfaceName))).toEqual(new Set(['lo']));
    // The type of the first chunk, after 20 bytes of IPv4 and 12 of SCTP.
    const types = packets.map(({ bytes }) => bytes[32]);
    expect(types.slice(0, 4)).toEqual([1, 2, 10, 11]);
    expect(types.slice(-3)).toEqual([7, 8, 14]);
    expect(types.filter((type) => type === 0)).toHaveLength(1);
    const data = packets.find(({ bytes }) => bytes[32] === 0);
    expect(data?.bytes.subarray(48, 53).toString()).toBe('hello');
    const times = packets.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => Number(a - b)));
    expect(Math.abs(Number(times[0]) / 1e6 - Date.now())).toBeLessThan(600_000);
    for (const { bytes, fullLength } of packets) expect(bytes.length).toBe(fullLength);
  });

  test('writes pcapng to stdout where that is no terminal', async () => {
    const port = await serving();
    const child = startCommand(['dump', '--port', String(port), '--count', '4', '-i', 'lo']);
    const chunks: Buffer[] = [];
    child.process.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await noted(child, /^capturing on lo$/m);
    await exchange(port);
    expect((await child.ended).code).toBe(0);
    expect(readPcapng(Buffer.concat(chunks))).toHaveLength(4);
  });

  test('as text: a line for each packet, with what DATA has', async () => {
    const port = await serving();
    const child = await startDump('--port', String(port), '--text');
    await exchange(port);
    await child.printed(/SHUTDOWN-COMPLETE/);
    child.process.kill('SIGINT');
    const { code, stdout } = await child.ended;
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    const place = `127\\.0\\.0\\.1:\\d+ > 127\\.0\\.0\\.1:${String(port)}`;
    const time = String.raw`\d\d:\d\d:\d\d\.\d{6}`;
    expect(lines[0]).toMatch(new RegExp(`^${time} lo ${place}: INIT$`));
    expect(stdout).toMatch(new RegExp(`${place}: DATA \\(stream 2, PPID 3, 5 bytes\\)\n`));
    expect(stdout).not.toContain('\u001b');
  });

  test('as JSON, of IPv6 and of a chosen port only', async () => {
    const port = await serving();
    const { port: other } = await startListening(['listen', '0']);
    const child = await startDump('--port', other, '--json');
    await exchange(port);
    await runCommand(['connect', `[::1]:${other}`, '--ppid', 'NGAP'], { input: 'hi\n' });
    await child.printed(/"SHUTDOWN-COMPLETE"/);
    child.process.kill('SIGINT');
    const lines = jsonLines((await child.ended).stdout);
    const ports = lines.flatMap(({ sourcePort, destinationPort }) => [sourcePort, destinationPort]);
    expect(ports.filter((one) => one === Number(other))).toHaveLength(lines.length);
    expect(lines[0]).toMatchObject({
      interface: 'lo',
      direction: 'in',
      source: '::1',
      destination: '::1',
      destinationPort: Number(other),
      verificationTag: 0,
      chunks: [{ type: 'INIT' }],
    });
    const chunks = lines.flatMap(({ chunks }) => chunks as { type: string; data?: object }[]);
    expect(chunks.find(({ type }) => type === 'DATA')?.data).toEqual({
      tsn: expect.any(Number) as number,
      sid: 0,
      unordered: false,
      ppid: 60,
      bytes: 2,
      part: 'BE',
    });
  });

  test('sees SCTP in UDP on its port, either way, and nothing else in UDP', async () => {
    const child = await startDump('--udp-port', '9911', '--json');
    const strangers = { '127.0.0.1': createSocket('udp4'), '::1': createSocket('udp6') };
    for (const [host, stranger] of Object.entries(strangers)) {
      defer(() => stranger.close());
      for (const port of [9910, 9911]) {
        await new Promise((resolve) => {
          stranger.send(Buffer.alloc(40, port & 1), port, host, resolve);
        });
      }
    }
    const { port } = await startListening('listen 0 --engine user --udp-port 9911'.split(' '));
    const words = ['connect', `127.0.0.1:${port}`, '--engine', 'user', '--udp-port', '9911'];
    await runCommand(words, { input: 'in udp\n' });
    await child.printed(/"SHUTDOWN-COMPLETE"/);
    child.process.kill('SIGINT');
    const lines = jsonLines((await child.ended).stdout);
    expect(lines.every(({ udp }) => (udp as number[]).includes(9911))).toBe(true);
    const [noise, noise6, init] = lines;
    // What is there may be anything.
    expect(noise).toMatchObject({ source: '127.0.0.1', sourcePort: 0x0101 });
    expect(noise6).toMatchObject({ source: '::1', sourcePort: 0x0101 });
    expect(init).toMatchObject({ destinationPort: Number(port), chunks: [{ type: 'INIT' }] });
    expect(lines.some(({ sourcePort }) => sourcePort === Number(port))).toBe(true);
  });

  test('of an interface that is a cable: which way each packet went', async () => {
    const { a, b } = await twoHosts({ links: 1 });
    const { port } = await startListening(['listen', '0'], b.prefix);
    const child = startCommand(['dump', '-i', 'eth0', '-c', '4', '--json'], a.prefix);
    await noted(child, /^capturing on eth0$/m);
    await runCommand(['connect', `10.0.0.2:${port}`], { prefix: a.prefix, input: '' });
    const lines = jsonLines((await child.ended).stdout);
    expect(lines.map(({ direction }) => direction)).toEqual(['out', 'in', 'out', 'in']);
  });

  test.each([
    [['-i', 'nosuch'], /^kernel-sctp dump: capture ENODEV: there is no interface nosuch$/m],
    [['-w', '/no/such/folder/x'], /^kernel-sctp dump: ENOENT.*\/no\/such\/folder\/x/m],
  ])('%j cannot be: status 1, and a line', async (words, line) => {
    const { code, stdout, stderr } = await runCommand(['dump', ...words]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(line);
  });

  test('without the capability: status 1, and what it takes', async () => {
    const prefix = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw'];
    const { code, stderr } = await runCommand(['dump'], { prefix });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'kernel-sctp dump: capture EPERM: it takes CAP_NET_RAW: run it as root, or with sudo\n',
    );
  });
});
