/** What is reported of paths between hosts: their delay, and their states. */
import type { PathState } from 'kernel-sctp';

import { twoHosts } from '../support/namespaces';
import { PythonPeer } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';

/** Lost heartbeats are noticed soon, but end nothing. */
const WATCHFUL = {
  rtoInfo: { initial: 100, min: 100, max: 400 },
  peerAddrParams: { hbInterval: 200, pathMaxRxt: 1000 },
  assocInfo: { asocMaxRxt: 2000 },
};

describeSctp('peerAddrInfo', () => {
  test('reports the round-trip time in milliseconds', async () => {
    const { a, b } = await twoHosts();
    await b.shape('eth0', 'netem', 'delay', '150ms');
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1' });
    const peer = await PythonPeer.open({ host: '10.0.0.2', prefix: b.prefix });
    for (let i = 1; i <= 3; i++) {
      await ours.send('x', '10.0.0.2', peer.port, { sackImmediately: true });
      await peer.waitForMessages(i);
    }
    // Measured with what was acknowledged.
    let path = await ours.peerAddrInfo('10.0.0.2', peer.port);
    while (path.srtt === 0) path = await ours.peerAddrInfo('10.0.0.2', peer.port);
    expect(path.srtt).toBeGreaterThanOrEqual(140);
    expect(path.srtt).toBeLessThan(1000);
    expect(path.rto).toBeGreaterThan(path.srtt);
  });

  test('reports the state of a path that is cut, unless the sysctl hides it', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const open = () => RemoteHandle.open(a, { host: '0.0.0.0', sctp: WATCHFUL });
    const ours = await open();
    await a.sysctl({ 'net.sctp.pf_expose': 1 });
    const hiding = await open();
    const peer = await RemoteHandle.open(b, { host: '0.0.0.0' });
    const until = async (wanted: PathState, address = '10.0.0.2'): Promise<void> => {
      while ((await ours.peerAddrInfo(address, peer.port)).state !== wanted);
    };
    for (const handle of [ours, hiding]) await handle.send('x', '10.0.0.2', peer.port);
    await peer.inbox.waitForMessages(2);
    await until('active');

    await b.shape('eth0', 'netem', 'loss', '100%');
    await until('potentiallyFailed');
    const hidden = async (): Promise<string> => {
      for (;;) {
        try {
          await hiding.peerAddrInfo('10.0.0.2', peer.port);
        } catch (error) {
          return (error as Error).message;
        }
      }
    };
    expect(await hidden()).toMatch(/permission denied \(EACCES\).*net.sctp.pf_expose=1 hides that/);
    await until('active', '10.0.1.2');

    const address = { address: '10.0.0.2', port: peer.port };
    await ours.setOption('peerAddrParams', { address, pathMaxRxt: 1 });
    await until('inactive');
    await b.shape('eth0');
    await until('active');
  });
});
