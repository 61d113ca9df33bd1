/** `ping`, `status` and `top`: commands that look. */
import { once } from 'node:events';

import { connect } from 'kernel-sctp';

import { defer } from '../support/cleanup';
import { twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { listening, portOf } from '../support/sockets';
import { jsonLines, runCommand, startCommand, startListening } from './support';

describeSctp('status where the kernel has no SCTP', () => {
  test.each([[[]], [['--json']]])('says so: %j', async (words) => {
    const prefix = [
      'unshare',
      '-m',
      'sh',
      '-c',
      'mount -t tmpfs none /proc/$$/net && exec "$@"',
      'sh',
    ];
    const { code, stdout, stderr } = await runCommand(['status', ...words], { prefix });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^SCTP is not loaded in this kernel .*doctor/);
  });
});

describeSctp('ping', () => {
  test('asks for heartbeats, and prints each path', async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.resume());
    const words = [
      'ping',
      `127.0.0.1:${String(portOf(server))}`,
      '--count',
      '2',
      '--interval',
      '10ms',
    ];
    const { code, stdout } = await runCommand([...words, '--json']);
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      event: 'paths',
      paths: [{ address: '127.0.0.1', state: 'active', primary: true }],
    });
  });

  test('sends messages, and prints how long each took to be acknowledged', async () => {
    const received: string[] = [];
    const server = await listening();
    server.on('connection', (socket) => {
      socket.on('data', (message) => received.push(message.toString()));
    });
    const target = `127.0.0.1:${String(portOf(server))}`;
    const words = ['ping', target, '-c', '3', '-i', '10ms', '-m', 'hello'];
    const { code, stdout } = await runCommand(words);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(acknowledged in \d+\.\d\d ms\n){3}3 sent, 0 unanswered; least/);
    expect(received).toEqual(['hello', 'hello', 'hello']);
  });

  test('shows a path that fails while another goes on, and its return', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const bind = ['--bind', '10.0.0.2', '--bind', '10.0.1.2'];
    const { port } = await startListening(['listen', '0', ...bind], b.prefix);
    await a.sysctl({
      'net.sctp.rto_initial': 100,
      'net.sctp.rto_min': 100,
      'net.sctp.rto_max': 400,
      'net.sctp.path_max_retrans': 1,
      'net.sctp.association_max_retrans': 100,
    });
    const words = ['ping', `10.0.0.2:${port}`, '-i', '200ms'];
    const child = startCommand(words, a.prefix);
    await child.printed(/10\.0\.1\.2 {2}active/);
    await b.ip('link', 'set', 'eth0', 'down');
    await child.printed(/path 10\.0\.0\.2: unreachable/);
    await b.ip('link', 'set', 'eth0', 'up');
    await child.printed(/path 10\.0\.0\.2: available/);
    child.process.kill('SIGINT');
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('a peer that is not there: status 1', async () => {
    const { code, stderr } = await runCommand(['ping', '127.0.0.1:9', '-c', '1']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'kernel-sctp ping: connect ECONNREFUSED 127.0.0.1:9\n',
    });
  });
});

describeSctp('status', () => {
  test('shows listeners, associations with their paths, and counters', async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.resume());
    const port = portOf(server);
    const socket = connect(port, '127.0.0.1');
    defer(() => socket.destroy());
    await once(socket, 'connect');
    const { code, stdout } = await runCommand(['status', '--json', '--port', String(port)]);
    expect(code).toBe(0);
    const status = JSON.parse(stdout) as Record<string, unknown>;
    expect(status).toMatchObject({ listeners: [{ port, style: 'one-to-one' }] });
    expect(status['associations']).toContainEqual(
      expect.objectContaining({
        state: 'established',
        style: 'one-to-one',
        localPort: socket.localPort,
        remotePort: port,
        localAddresses: ['127.0.0.1'],
        remoteAddresses: ['127.0.0.1'],
        primary: '127.0.0.1',
        inStreams: socket.status().inStreams,
        outStreams: socket.status().outStreams,
        sendQueue: 0,
        paths: [expect.objectContaining({ address: '127.0.0.1', state: 'active' })],
      }),
    );
    const text = (await runCommand(['status'])).stdout;
    expect(text).toMatch(new RegExp(`^${String(port)} +one-to-one +127`, 'm'));
    expect(text).toMatch(/^ActiveEstabs +\d+$/m);
  });
});

describeSctp('top', () => {
  /** Something to see: messages, one a tick of a timer. */
  async function talking(): Promise<number> {
    const server = await listening();
    server.on('connection', (socket) => socket.resume());
    const port = portOf(server);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const timer = setInterval(() => socket.write('hello'), 20);
    defer(() => {
      clearInterval(timer);
      socket.destroy();
    });
    return port;
  }

  test('shows associations, and how fast counters count', async () => {
    const port = await talking();
    const child = startCommand(['top', '--interval', '200ms', '--port', String(port)]);
    await child.printed(/^Counters that changed\nNAME +VALUE +PER SECOND\n/m);
    await child.printed(/^OutOrderChunks +[1-9]\d* +[1-9]\d*\.\d$/m);
    child.process.kill('SIGINT');
    const { code, stdout, stderr } = await child.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^\\d+ +established +one-to-one .* :${String(port)} `, 'm'));
    expect(stdout).not.toContain('\u001b'); // no terminal
  });

  test('as JSON, as often as is asked for', async () => {
    const port = await talking();
    const words = ['top', '-i', '200ms', '-c', '2', '-p', String(port), '--json'];
    const { code, stdout } = await runCommand(words);
    expect(code).toBe(0);
    const [first, second, ...others] = jsonLines(stdout);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ listeners: [{ port }] });
    expect(first).not.toHaveProperty('rates');
    expect(second?.['rates']).toMatchObject({ OutSCTPPacks: expect.any(Number) as number });
  });
});
