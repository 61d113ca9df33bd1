/** Handles on different hosts. */
import { type Namespace, twoHosts } from '../support/namespaces';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';

describeSctp('between two hosts', () => {
  test('0.0.0.0 is reached over each address', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const all = await RemoteHandle.open(b, { host: '0.0.0.0' });
    const first = await RemoteHandle.open(a, { host: '10.0.0.1' });
    const second = await RemoteHandle.open(a, { host: '10.0.1.1' });
    await first.send('over eth0', '10.0.0.2', all.port);
    await all.inbox.waitForMessages(1);
    await second.send('over eth1', '10.0.1.2', all.port);
    await all.inbox.waitForMessages(2);
    expect(all.inbox.texts()).toEqual(['over eth0', 'over eth1']);
    expect(all.inbox.messages.map(({ host, port }) => [host, port])).toEqual([
      ['10.0.0.1', first.port],
      ['10.0.1.1', second.port],
    ]);
    await all.send('back', '10.0.1.1', second.port);
    expect((await second.inbox.nextMessage()).host).toBe('10.0.1.2');
  });

  test('what was sent before close() arrives, though the association was not up yet', async () => {
    const { a, b } = await twoHosts();
    await b.shape('eth0', 'netem', 'delay', '200ms');
    const ours = await RemoteHandle.open(a, { host: '10.0.0.1' });
    const peer = await PythonPeer.open({ host: '10.0.0.2', prefix: b.prefix });
    const sent = ours.send('farewell', '10.0.0.2', peer.port);
    await ours.close();
    expect(await sent).toBe(8);
    expect((await peer.waitForMessages(1)).map(textOf)).toEqual(['farewell']);
  });

  test('that begin at the same time, every message arrives once', async () => {
    const { a, b } = await twoHosts();
    for (const host of [a, b]) await host.shape('eth0', 'netem', 'delay', '200ms');
    const one = await RemoteHandle.open(a, { host: '10.0.0.1' });
    const two = await RemoteHandle.open(b, { host: '10.0.0.2' });
    const texts = ['first', 'second', 'third'];
    await Promise.all(
      texts.flatMap((text) => [
        one.send(text, '10.0.0.2', two.port, { unordered: false }),
        two.send(text, '10.0.0.1', one.port, { unordered: false }),
      ]),
    );
    for (const { inbox } of [one, two]) {
      await inbox.waitForMessages(texts.length);
      expect(inbox.texts()).toEqual(texts);
    }
    // Later messages use what association the two have agreed on.
    await one.send('last', '10.0.0.2', two.port);
    await two.inbox.waitForMessages(texts.length + 1);
    expect([one.inbox.messages.length, two.inbox.texts().at(-1)]).toEqual([texts.length, 'last']);
    expect([one.inbox.errors, two.inbox.errors]).toEqual([[], []]);
  });

  test('IPv6 link-local addresses carry the scope, both ways', async () => {
    const { a, b } = await twoHosts({ links: 2 });
    const options = (where: Namespace, host: string) => RemoteHandle.open(where, { host });
    const one = await options(a, 'fe80::1%eth1');
    const two = await options(b, 'fe80::2%eth1');
    await one.send('there', 'fe80::2%eth1', two.port);
    const there = await two.inbox.nextMessage();
    expect([there.host, there.port]).toEqual(['fe80::1%eth1', one.port]);
    await two.send('back', there.host, there.port);
    const back = await one.inbox.nextMessage();
    expect([back.host, back.port]).toEqual(['fe80::2%eth1', two.port]);
    expect(back.data.toString()).toBe('back');
    expect([one.inbox.errors, two.inbox.errors]).toEqual([[], []]);

    await one.send('nobody is there', 'fe80::2%eth1', 9);
    const [first] = await one.inbox.waitForErrors(1);
    expect(first).toContain('[fe80::2%eth1]:9');
  });
});
