/** Two hosts and two cables: what becomes of an association when paths, and addresses, change. */
import type { SctpOptions } from 'kernel-sctp';

import { type Namespace, type TwoHosts, twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { RemoteSocket } from './remote-socket';

const IMPATIENT: SctpOptions = {
  rtoInfo: { initial: 100, min: 100, max: 400 },
  peerAddrParams: { hbInterval: 200, pathMaxRxt: 2 },
};
const DYNAMIC: SctpOptions = { ...IMPATIENT, asconfSupported: true };

const ONE = ['10.0.0.1', '10.0.1.1'];
const OTHER = ['10.0.0.2', '10.0.1.2'];

interface Meeting {
  ours: RemoteSocket;
  theirs: RemoteSocket;
}

/** A client on host a and the server's end on host b. */
async function meet(
  { a, b }: TwoHosts,
  {
    sctp = IMPATIENT,
    local = ONE,
    remote = OTHER,
  }: { sctp?: SctpOptions; local?: string[] | undefined; remote?: string[] } = {},
): Promise<Meeting> {
  const theirs = await RemoteSocket.server(b, { localAddresses: remote }, { sctp });
  const ours = await RemoteSocket.client(a, {
    ...{ localAddresses: local, remoteAddresses: remote, port: theirs.port, sctp },
  });
  await theirs.reported({ event: 'connection' });
  return { ours, theirs };
}

async function cut({ a, b }: TwoHosts, device: string): Promise<void> {
  await Promise.all([a, b].map((host) => host.shape(device, 'netem', 'loss', '100%')));
}

async function repair({ a, b }: TwoHosts, device: string): Promise<void> {
  await Promise.all([a, b].map((host) => host.shape(device)));
}

/** Bytes that have left by each cable so far. */
async function sent(host: Namespace): Promise<[number, number]> {
  const files = [0, 1].map((link) => `/sys/class/net/eth${String(link)}/statistics/tx_bytes`);
  const [first = '', second = ''] = (await host.run('cat', ...files)).trim().split('\n');
  return [Number(first), Number(second)];
}

/** Which of the cables a number of messages has left by: most of their bytes. */
async function cableOf(host: Namespace, socket: RemoteSocket): Promise<number> {
  const before = await sent(host);
  await socket.transfer(50, 4000);
  const after = await sent(host);
  const [first, second] = [after[0] - before[0], after[1] - before[1]];
  expect(Math.max(first, second)).toBeGreaterThan(200_000);
  expect(Math.min(first, second)).toBeLessThan(20_000);
  return first > second ? 0 : 1;
}

describeSctp('two hosts with two paths', () => {
  test('20 MB while one path is cut and comes back: nothing is lost or doubled', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { ours, theirs } = await meet(hosts);
    const [count, size] = [5000, 4000];
    const transfer = ours.transfer(count, size);
    await theirs.reported({ event: 'received', count: 1000 });
    await cut(hosts, 'eth0');
    const path = { event: 'path', address: '10.0.0.2' };
    await ours.reported({ ...path, change: 'potentiallyFailed', state: 'potentiallyFailed' });
    const failed = await ours.reported({ ...path, change: 'unreachable' });
    expect(failed).toMatchObject({
      ...{ state: 'inactive', previousState: 'potentiallyFailed', primary: true },
    });
    expect(await ours.get('paths')).toMatchObject([
      { address: '10.0.0.2', state: 'inactive', primary: true },
      { address: '10.0.1.2', primary: false },
    ]);
    await repair(hosts, 'eth0');
    const since = ours.events.indexOf(failed);
    const back = await ours.reported({ ...path, change: 'available' }, since);
    expect(back).toMatchObject({ state: 'active', previousState: 'inactive', primary: true });
    await transfer;
    await theirs.reported({ event: 'received', count });
    expect(await theirs.received()).toEqual({
      ...{ messages: count, bytes: count * size, misplaced: [] },
    });
    expect(ours.events.filter(({ event }) => ['error', 'sendFailed'].includes(event))).toEqual([]);
    expect(await cableOf(hosts.a, ours)).toBe(0); // the primary path is used again
  });

  test('setPrimary and setPeerPrimary move what is sent from one cable to the other', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { ours, theirs } = await meet(hosts, { sctp: DYNAMIC });
    expect(await cableOf(hosts.a, ours)).toBe(0);
    await ours.call('setPrimary', '10.0.1.2');
    await ours.reported({ event: 'address-change', remoteAddress: '10.0.1.2' });
    expect(await ours.get('localAddress')).toBe('10.0.1.1');
    expect(await cableOf(hosts.a, ours)).toBe(1);

    await theirs.call('setPeerPrimary', '10.0.0.2');
    await ours.reported({ event: 'address-change', remoteAddress: '10.0.0.2' });
    expect(await ours.get('localAddress')).toBe('10.0.0.1');
    expect(await cableOf(hosts.a, ours)).toBe(0);
  });

  test('the association moves to other addresses while 8 MB are under way', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { ours, theirs } = await meet(hosts, {
      ...{ sctp: DYNAMIC, local: ['10.0.0.1'], remote: ['10.0.0.2'] },
    });
    expect(await ours.get('localAddresses')).toEqual(['10.0.0.1']);
    const [count, size] = [4000, 2000];
    const transfer = ours.transfer(count, size);
    await theirs.reported({ event: 'received', count: 500 });
    await ours.call('addLocalAddress', '10.0.1.1');
    await theirs.has('remoteAddresses', ONE);
    await theirs.call('addLocalAddress', '10.0.1.2');
    await ours.reported({ event: 'path', address: '10.0.1.2', change: 'confirmed' });
    await theirs.reported({ event: 'path', address: '10.0.1.1', change: 'confirmed' });
    await ours.call('setPrimary', '10.0.1.2');
    await theirs.call('setPrimary', '10.0.1.1');
    await ours.call('removeLocalAddress', '10.0.0.1');
    await theirs.call('removeLocalAddress', '10.0.0.2');
    await theirs.has('remoteAddresses', ['10.0.1.1']);
    await ours.has('remoteAddresses', ['10.0.1.2']);
    await ours.has('localAddresses', ['10.0.1.1']);
    await cut(hosts, 'eth0'); // nobody needs it any more
    await transfer;
    await theirs.reported({ event: 'received', count });
    expect(await theirs.received()).toEqual({
      ...{ messages: count, bytes: count * size, misplaced: [] },
    });
    expect(await cableOf(hosts.a, ours)).toBe(1);
    const troubles = ['error', 'sendFailed', 'close'];
    for (const { events } of [ours, theirs]) {
      expect(events.filter(({ event }) => troubles.includes(event))).toEqual([]);
    }
  });

  test('an address that is removed stays until the peer has agreed', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { ours, theirs } = await meet(hosts, {
      // Both paths are going to fail for a while.
      sctp: { ...DYNAMIC, assocInfo: { asocMaxRxt: 1000 } },
    });
    await Promise.all(['eth0', 'eth1'].map((device) => cut(hosts, device)));
    await ours.call('removeLocalAddress', '10.0.1.1');
    expect(await ours.get('localAddresses')).toEqual(ONE);
    await expect(ours.call('addLocalAddress', '10.0.1.1')).rejects.toThrow(/has not agreed yet/);
    await expect(ours.call('removeLocalAddress', '10.0.1.1')).rejects.toThrow(/not agreed yet/);
    await Promise.all(['eth0', 'eth1'].map((device) => repair(hosts, device)));
    await ours.has('localAddresses', ['10.0.0.1']);
    await theirs.has('remoteAddresses', ['10.0.0.1']);
  });

  test('autoAsconf: an address that a host gets or loses is in the association, or not', async () => {
    const { a, b } = await twoHosts({ links: 1 });
    const sctp = { ...IMPATIENT, autoAsconf: true };
    const theirs = await RemoteSocket.server(b, { host: '0.0.0.0' }, { sctp });
    const ours = await RemoteSocket.client(a, { host: '10.0.0.2', port: theirs.port, sctp });
    await theirs.reported({ event: 'connection' });
    await b.ip('addr', 'add', '10.0.0.12/24', 'dev', 'eth0');
    await ours.has('remoteAddresses', ['10.0.0.2', '10.0.0.12']);
    await theirs.has('localAddresses', ['10.0.0.2', '10.0.0.12']);
    await a.ip('addr', 'add', '10.0.0.11/24', 'dev', 'eth0');
    await theirs.has('remoteAddresses', ['10.0.0.1', '10.0.0.11']);
    await b.ip('addr', 'del', '10.0.0.12/24', 'dev', 'eth0');
    await ours.has('remoteAddresses', ['10.0.0.2']);
    await theirs.has('localAddresses', ['10.0.0.2']);
    await expect(ours.call('addLocalAddress', '10.0.0.11')).rejects.toThrow(/EINVAL/);
  });

  test('IPv6 link-local addresses have their scope', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { ours, theirs } = await meet(hosts, {
      ...{ sctp: DYNAMIC, local: ['fe80::1%eth1'], remote: ['fe80::2%eth1'] },
    });
    expect(await ours.get('localAddresses')).toEqual(['fe80::1%eth1']);
    expect(await ours.get('remoteAddresses')).toEqual(['fe80::2%eth1']);
    expect(await theirs.get('remoteAddresses')).toEqual(['fe80::1%eth1']);
    expect(await ours.get('paths')).toMatchObject([{ address: 'fe80::2%eth1', primary: true }]);
    for (const method of ['requestHeartbeat', 'setPrimary']) {
      await ours.call(method, 'fe80::2%eth1');
      for (const other of ['fe80::2', 'fe80::2%eth0']) {
        await expect(ours.call(method, other)).rejects.toThrow(/which has fe80::2%eth1$/);
      }
    }
    const adding = (address: string) => ours.call('addLocalAddress', address);
    await expect(adding('fe80::1')).rejects.toThrow(/its interface, as in fe80::1%eth0$/);
    await expect(adding('fe80::1%eth0')).rejects.toThrow(/among localAddresses from the start$/);
    expect(await cableOf(hosts.a, ours)).toBe(1);
  });

  test('both paths are lost, and with them the association', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { ours } = await meet(hosts, {
      sctp: { ...IMPATIENT, assocInfo: { asocMaxRxt: 4 } },
    });
    await Promise.all(['eth0', 'eth1'].map((device) => cut(hosts, device)));
    await ours.reported({ event: 'error', message: 'read ETIMEDOUT' });
    await ours.reported({ event: 'close' });
    expect(await ours.get('remoteAddresses')).toEqual(OTHER);
    expect(await ours.get('localAddresses')).toEqual(ONE);
    expect(await ours.get('paths')).toEqual([]);
  });
});
