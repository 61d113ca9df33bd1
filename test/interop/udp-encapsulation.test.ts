/** SCTP in UDP (RFC 6951), between hosts whose network lets no SCTP through. */
import { start } from '../support/child';
import { type Namespace, type TwoHosts, twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';

const UDP_PORT = 9899;
const IN_UDP = { remoteUdpEncapsPort: { port: UDP_PORT } };
const PROMPT = { rtoInfo: { initial: 100, min: 100, max: 200 } };

/** Hosts between which the IP protocol 132 is dropped, as some firewalls and NATs do it. */
async function hostsWithoutSctp(): Promise<TwoHosts> {
  const hosts = await twoHosts();
  await Promise.all([hosts.a, hosts.b].map(dropSctp));
  return hosts;
}

async function dropSctp(host: Namespace): Promise<void> {
  await host.shape('eth0', 'handle', '1:', 'prio');
  const match = 'match ip protocol 132 0xff action drop';
  const filter = `filter add dev eth0 parent 1: protocol ip u32 ${match}`;
  await host.run('tc', ...filter.split(' '));
}

/** The kernel takes packets in UDP on this port, for sockets that are made from then on. */
async function allowUdp({ a, b }: TwoHosts): Promise<void> {
  for (const host of [a, b]) await host.sysctl({ 'net.sctp.udp_port': UDP_PORT });
}

/** Packets that the filter of a host has dropped. */
async function dropped(host: Namespace): Promise<number> {
  const shown = await host.run('tc', '-s', 'qdisc', 'show', 'dev', 'eth0');
  return Number(/dropped (\d+)/.exec(shown)?.[1]);
}

describeSctp('where protocol 132 is dropped', () => {
  test('nothing gets through as it is', async () => {
    const hosts = await hostsWithoutSctp();
    await allowUdp(hosts);
    const { a, b } = hosts;
    const sctp = { ...PROMPT, initMsg: { maxAttempts: 2, maxInitTimeo: 200 } };
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp });
    const theirs = await RemoteHandle.open(b, { host: '10.0.0.2' });
    await ours.send('lost', '10.0.0.2', theirs.port);
    const [error] = await ours.inbox.waitForErrors(1);
    expect(error).toContain(`10.0.0.2:${String(theirs.port)}`);
    expect(await dropped(a)).toBeGreaterThanOrEqual(2);
    expect(theirs.inbox.messages).toEqual([]);
  });

  test('remoteUdpEncapsPort gets through, and the answers follow', async () => {
    const hosts = await hostsWithoutSctp();
    await allowUdp(hosts);
    const { a, b } = hosts;
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp: { ...PROMPT, ...IN_UDP } });
    const theirs = await RemoteHandle.open(b, { host: '10.0.0.2', sctp: PROMPT });
    const long = 'x'.repeat(10_000);
    await ours.send(long, '10.0.0.2', theirs.port);
    expect((await theirs.inbox.nextMessage()).data.toString()).toBe(long);
    // The peer has learned it from the packets.
    const address = { address: '10.0.0.1', port: ours.port };
    const learned = await theirs.getOption('remoteUdpEncapsPort', { address });
    expect(learned).toMatchObject({ port: UDP_PORT });
    await theirs.send('answer', '10.0.0.1', ours.port);
    expect((await ours.inbox.nextMessage()).data.toString()).toBe('answer');
    expect([await dropped(a), await dropped(b)]).toEqual([0, 0]);
  });

  test('net.sctp.encap_port is the default of remoteUdpEncapsPort', async () => {
    const hosts = await hostsWithoutSctp();
    await allowUdp(hosts);
    const { a, b } = hosts;
    await a.sysctl({ 'net.sctp.encap_port': UDP_PORT });
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp: PROMPT });
    const theirs = await RemoteHandle.open(b, { host: '10.0.0.2', sctp: PROMPT });
    expect(await ours.getOption('remoteUdpEncapsPort')).toMatchObject({ port: UDP_PORT });
    expect(await theirs.getOption('remoteUdpEncapsPort')).toMatchObject({ port: 0 });
    await ours.send('in UDP', '10.0.0.2', theirs.port);
    expect((await theirs.inbox.nextMessage()).data.toString()).toBe('in UDP');
    expect(await dropped(a)).toBe(0);
  });

  test('a Socket gets through', async () => {
    const hosts = await hostsWithoutSctp();
    await allowUdp(hosts);
    const { a, b } = hosts;
    const theirs = await RemoteHandle.open(b, { host: '10.0.0.2', sctp: PROMPT });
    const source = `const { connect } = require('kernel-sctp');
       const sctp = ${JSON.stringify({ ...PROMPT, ...IN_UDP })};
       const socket = connect({ host: '10.0.0.2', port: ${String(theirs.port)}, sctp });
       socket.on('data', (data) => { console.log(String(data)); socket.end(); });
       socket.write('from a Socket');`;
    const [command, ...args] = [...a.prefix, process.execPath, '-e', source];
    const program = start(command, args);
    const { data, host, port } = await theirs.inbox.nextMessage();
    expect(data.toString()).toBe('from a Socket');
    await theirs.send('to a Socket', host, port);
    expect(await program.ended).toMatchObject({ code: 0, stdout: 'to a Socket\n', stderr: '' });
    expect(await dropped(a)).toBe(0);
  });
});
