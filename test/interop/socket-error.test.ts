/**
 * An error of the socket itself, as poll() reports it (POLLERR), makes no handle deaf. The kernel
 * has few occasions for one on a one-to-many socket: ICMP errors are one where IP_RECVERR is on.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { projectRoot, start } from '../support/child';
import { type TwoHosts, twoHosts } from '../support/namespaces';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';

const NOWHERE = '10.9.0.1';

/** b, as a's router, answers for an unreachable network with ICMP errors. */
async function withUnreachableNetwork(): Promise<TwoHosts> {
  const { a, b } = await twoHosts();
  await b.sysctl({ 'net.ipv4.ip_forward': 1, 'net.ipv4.icmp_ratelimit': 0 });
  await b.ip('route', 'add', 'unreachable', '10.9.0.0/16');
  await a.ip('route', 'add', '10.9.0.0/16', 'via', '10.0.0.2');
  return { a, b };
}

async function switchOnErrors({ program }: RemoteHandle): Promise<void> {
  const script = join(projectRoot, 'test', 'interop', 'recverr.py');
  const helper = start('/usr/bin/python3', [script, String(program.process.pid)]);
  expect(await helper.ended).toMatchObject({ code: 0, stdout: '1 sockets\n', stderr: '' });
}

describeSctp('an error of the socket', () => {
  test('is reported, and the handle goes on receiving and sending, idle in between', async () => {
    const { a, b } = await withUnreachableNetwork();
    const initMsg = { maxAttempts: 4, maxInitTimeo: 300 };
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp: { initMsg } });
    const peer = await PythonPeer.open({ host: '10.0.0.2', prefix: b.prefix });
    await switchOnErrors(ours);
    await ours.send('before', '10.0.0.2', peer.port);

    await ours.send('lost', NOWHERE, 5000);
    const [error] = await ours.inbox.waitForErrors(1);
    expect(error).toBe('receiving failed: host is unreachable (EHOSTUNREACH)');
    const toUs = { to: ['10.0.0.1', ours.port] } as const;
    await peer.send('in between', toUs);
    await ours.inbox.waitForMessages(1);
    // Each INIT that is tried again may bring another, until the association fails.
    const isSocketError = (text: string) => text === error;
    while (ours.inbox.errors.filter((text) => !isSocketError(text)).length < 2) {
      await ours.inbox.waitForErrors(ours.inbox.errors.length + 1);
    }

    const before = await ours.utilization();
    await delay(1000);
    const after = await ours.utilization();
    const idle = after.idle - before.idle;
    expect(idle / (idle + after.active - before.active)).toBeGreaterThan(0.2);

    const count = ours.inbox.errors.length;
    await peer.send('after', toUs);
    await ours.inbox.waitForMessages(2);
    expect(ours.inbox.texts()).toEqual(['in between', 'after']);
    await ours.send('still here', '10.0.0.2', peer.port);
    expect((await peer.waitForMessages(2)).map(textOf)).toEqual(['before', 'still here']);
    expect(ours.inbox.errors).toHaveLength(count);
  });
});
