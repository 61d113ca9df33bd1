/** Notifications that a network with two paths causes: every state of 'peerAddrChange', and a loss. */
import { twoHosts } from '../support/namespaces';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { NotifiedProgram, type Report } from './notified-program';

const SET_PEER_PRIMARY = 5;
const BINDX_ADD = 100;
const BINDX_REM = 101;

/** Up to 3 seconds until a path, or all, have failed. */
const IMPATIENT = {
  rtoInfo: { initial: 100, min: 100, max: 400 },
  peerAddrParams: { hbInterval: 200, pathMaxRxt: 2 },
  assocInfo: { asocMaxRxt: 4 },
};

/** struct sockaddr_in, in hexadecimal. */
function sockaddr(host: string, port: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(2);
  bytes.writeUInt16BE(port, 2);
  Buffer.from(host.split('.').map(Number)).copy(bytes, 4);
  return bytes.toString('hex');
}

function expectPath(reported: Report, state: number, interpreted: RegExp): void {
  expect(reported.interpreted).toMatch(interpreted);
  expect(reported.address).toMatchObject({ family: 'IPv4' });
  expect(reported.parsed).toMatchObject({
    sn_paddr_change: { spc_state: state, spc_aaddr: reported.address },
  });
}

describeSctp("'peerAddrChange'", () => {
  test('confirmed, potentially failed, unreachable, available; then all is lost', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const peer = await PythonPeer.open({ style: 'stream', host: '0.0.0.0', prefix: b.prefix });
    const ours = new NotifiedProgram(a, {
      host: '10.0.0.2', // it announces the other, which is confirmed by a heartbeat
      localAddresses: ['10.0.0.1', '10.0.1.1'],
      port: peer.port,
      sctp: { ...IMPATIENT, exposePfState: 'enable' },
    });
    await ours.event('connect');
    expectPath(
      await ours.path('10.0.1.2', 'confirmed'),
      5,
      /^the peer's address 10\.0\.1\.2 of association \d+ is confirmed: a heartbeat was answered$/,
    );
    await a.ip('link', 'set', 'eth1', 'down');
    expectPath(
      await ours.path('10.0.1.2', 'potentiallyFailed'),
      6,
      /10\.0\.1\.2 .* is potentially failed: no answer$/,
    );
    expectPath(await ours.path('10.0.1.2', 'unreachable'), 1, /cannot be reached: no answer$/);
    await a.ip('link', 'set', 'eth1', 'up');
    expectPath(
      await ours.path('10.0.1.2', 'available'),
      0,
      /can be reached again: a heartbeat was answered$/,
    );

    for (const device of ['eth0', 'eth1']) await a.ip('link', 'set', device, 'down');
    const lost = await ours.next(({ state }) => state === 'commLost');
    expect(lost.interpreted).toMatch(
      /^association \d+ is lost: aborted, or the peer no longer answers$/,
    );
    expect(lost.parsed).toMatchObject({ sn_assoc_change: { sac_state: 1, sac_error: 0 } });
    await ours.event('close');
    expect(await ours.event('error')).toMatchObject({ message: 'read ETIMEDOUT' });
  });

  test('added, made primary and removed, by the peer', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    for (const host of [a, b]) {
      await host.sysctl({ 'net.sctp.addip_enable': 1, 'net.sctp.addip_noauth_enable': 1 });
    }
    const peer = await PythonPeer.open({ style: 'stream', host: '10.0.0.2', prefix: b.prefix });
    const ours = new NotifiedProgram(a, { host: '10.0.0.2', port: peer.port });
    await ours.event('connect');
    await peer.waitFor({ event: 'accepted' });

    await peer.set(BINDX_ADD, sockaddr('10.0.1.2', peer.port));
    expectPath(
      await ours.path('10.0.1.2', 'added'),
      3,
      /^the peer's address 10\.0\.1\.2 of association \d+ has been added$/,
    );
    await ours.path('10.0.1.2', 'confirmed');
    const address = sockaddr('10.0.1.2', peer.port).padEnd(256, '0');
    await peer.set(SET_PEER_PRIMARY, '00000000' + address);
    expectPath(await ours.path('10.0.1.2', 'madePrim'), 4, /is the primary one now$/);
    await peer.set(BINDX_REM, sockaddr('10.0.0.2', peer.port));
    expectPath(await ours.path('10.0.0.2', 'removed'), 2, /has been removed$/);
    ours.say({ end: true });
    await ours.event('close');
  });
});
