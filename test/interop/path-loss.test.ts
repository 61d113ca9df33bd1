/** Paths between hosts that break, or lose packets. */
import { type TwoHosts, twoHosts } from '../support/namespaces';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';

const IMPATIENT = { rtoInfo: { initial: 100, min: 100, max: 400 } };

/** Both directions at once: what is on its way is lost as well. */
async function cut({ a, b }: TwoHosts, device: string): Promise<void> {
  await Promise.all([a, b].map((host) => host.shape(device, 'netem', 'loss', '100%')));
}

async function repair({ a, b }: TwoHosts, device: string): Promise<void> {
  await Promise.all([a, b].map((host) => host.shape(device)));
}

describeSctp('a path', () => {
  test('that is cut: the loss and each undelivered message are reported once', async () => {
    const hosts = await twoHosts();
    const { a, b } = hosts;
    await a.sysctl({ 'net.sctp.association_max_retrans': 4, 'net.sctp.path_max_retrans': 2 });
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp: IMPATIENT });
    const peer = await PythonPeer.open({ host: '10.0.0.2', prefix: b.prefix });
    const place = `10.0.0.2:${String(peer.port)}`;
    const send = (text: string, info = {}) => ours.send(text, '10.0.0.2', peer.port, info);
    await send('before');
    await peer.waitForMessages(1);

    await cut(hosts, 'eth0');
    const contexts = [1, 2, 3];
    for (const context of contexts) await send('lost', { context, sid: 1, ppid: 46 });
    await send('x'.repeat(100_000), { context: 4 });
    const errors = await ours.inbox.waitForErrors(5);
    const lost = errors.filter((text) => text.startsWith('association'));
    expect(lost).toEqual([expect.stringContaining(`association with ${place} lost`)]);
    for (const context of contexts) {
      const end = `[sid 1, ppid 46, context ${String(context)}]`;
      const reports = errors.filter((text) => text.endsWith(end));
      expect(reports).toHaveLength(1);
      expect(reports[0]).toContain(`message of 4 bytes to ${place} not delivered`);
    }
    expect(errors.filter((text) => text.includes('context 4'))).toEqual([
      expect.stringContaining(`message of 100000 bytes to ${place} not delivered`),
    ]);

    await repair(hosts, 'eth0');
    await send('after');
    const texts = (await peer.waitForMessages(2)).map(textOf);
    expect(texts).toEqual(['before', 'after']);
    expect(ours.inbox.errors).toHaveLength(5);
  });

  test('that is cut while there is another: messages go on over that', async () => {
    const hosts = await twoHosts({ links: 2 });
    const { a, b } = hosts;
    const ours = await RemoteHandle.open(a, { host: '0.0.0.0', sctp: IMPATIENT });
    const theirs = await RemoteHandle.open(b, { host: '0.0.0.0' });
    await ours.send('before', '10.0.0.2', theirs.port);
    expect((await theirs.inbox.nextMessage()).host).toBe('10.0.0.1');

    await cut(hosts, 'eth0');
    const texts = Array.from({ length: 20 }, (_, i) => `message ${String(i)}`);
    for (const text of texts) await ours.send(text, '10.0.0.2', theirs.port);
    const [, ...others] = await theirs.inbox.waitForMessages(1 + texts.length);
    expect(others.map(({ data }) => data.toString()).sort()).toEqual(texts.sort());
    expect(new Set(others.map(({ host }) => host))).toEqual(new Set(['10.0.1.1']));
    expect(ours.inbox.errors).toEqual([]);
  });

  test('that is cut while the peer restarts: what it did not get is reported', async () => {
    const { a, b } = await twoHosts();
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1', sctp: IMPATIENT });
    const place = { host: '10.0.0.2', prefix: b.prefix };
    const peer = await PythonPeer.open(place);
    await ours.send('before', '10.0.0.2', peer.port);
    await peer.waitForMessages(1);

    await cut({ a, b }, 'eth0');
    const contexts = [1, 2];
    for (const context of contexts) await ours.send('lost', '10.0.0.2', peer.port, { context });
    await peer.close({ abort: true });
    const again = await PythonPeer.open({ ...place, port: peer.port });
    await repair({ a, b }, 'eth0');
    await again.send('I am new', { to: ['10.0.0.1', ours.port] });
    const { data, host, port } = await ours.inbox.nextMessage();
    expect([data.toString(), host, port]).toEqual(['I am new', '10.0.0.2', peer.port]);
    await ours.send('welcome', '10.0.0.2', again.port);
    expect((await again.waitForMessages(1)).map(textOf)).toEqual(['welcome']);
    const reports = ours.inbox.errors.filter((text) => text.includes('not delivered'));
    expect(reports.map((text) => Number(/context (\d+)/.exec(text)?.[1]))).toEqual(contexts);
  });

  test('that loses every fifth packet: 500 reliable messages arrive exactly once', async () => {
    const { a, b } = await twoHosts();
    for (const host of [a, b]) {
      await host.shape('eth0', 'netem', 'loss', '20%');
      await host.sysctl({ 'net.sctp.association_max_retrans': 50 });
    }
    const patient = { ...IMPATIENT, initMsg: { maxAttempts: 50 } };
    const ours = await RemoteHandle.open(a, {
      host: '10.0.0.1',
      sctp: patient,
      pr: { policy: 'none' },
    });
    const peer = await PythonPeer.open({ host: '10.0.0.2', prefix: b.prefix });
    const texts = Array.from({ length: 500 }, (_, i) => `${String(i)} ${'x'.repeat(i * 3)}`);
    await Promise.all(texts.map((text) => ours.send(text, '10.0.0.2', peer.port)));
    const received = await peer.waitForMessages(texts.length);
    const head = (text: string) => text.slice(0, 64);
    expect(received.map(textOf).sort()).toEqual(texts.map(head).sort());
    expect(received.map(({ length }) => length).sort()).toEqual(texts.map((t) => t.length).sort());
    expect(ours.inbox.errors).toEqual([]);
  });
});
