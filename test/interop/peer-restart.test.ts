/** A peer that dies while the path is cut, and is born again on the same port: 'restart'. */
import { twoHosts } from '../support/namespaces';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { NotifiedProgram } from './notified-program';

const SCTP = 132;
const RTOINFO = 0;

/** Soon notices that the path is back, and bears with it for as long as the peer takes to start. */
const PERSISTENT = {
  rtoInfo: { initial: 100, min: 100, max: 400 },
  peerAddrParams: { pathMaxRxt: 1000 },
  assocInfo: { asocMaxRxt: 1000 },
};

describeSctp('a peer that is killed and born again', () => {
  test("'restart': the losses are told, and the socket goes on with the new one", async () => {
    const { a, b } = await twoHosts();
    const place = { style: 'stream', host: '10.0.0.2', prefix: b.prefix } as const;
    const peer = await PythonPeer.open({ ...place, streams: [10, 10] });
    const ours = new NotifiedProgram(a, {
      ...{ host: '10.0.0.2', port: peer.port, OS: 10 },
      sctp: PERSISTENT,
    });
    const { localPort } = await ours.event('connect');
    ours.say({ text: 'before' });
    await peer.waitForMessages(1);
    await peer.send('answer');
    await ours.event('data');

    for (const host of [a, b]) await host.shape('eth0', 'netem', 'loss', '100%');
    for (const context of [1, 2, 3]) ours.say({ text: 'lost', context });
    ours.say({ text: 'x'.repeat(100_000), context: 4 });
    await peer.close({ abort: true }); // what it says to that gets lost
    peer.program.process.kill('SIGKILL');
    await peer.program.ended;
    const again = await PythonPeer.open({
      ...{ ...place, port: peer.port, listen: false },
      streams: [10, 4],
      options: [[SCTP, RTOINFO, '00000000' + '64000000' + '90010000' + '64000000']], // 100 ms
    });
    // It must have begun when our retransmissions arrive: otherwise they are answered by an ABORT.
    const connected = again.connect('10.0.0.1', localPort as number);
    const associations = (): Promise<string> => b.run('cat', '/proc/net/sctp/assocs');
    while (!(await associations()).includes(String(localPort)));
    for (const host of [a, b]) await host.shape('eth0');
    await connected;

    const restart = await ours.event('restart');
    // Of ten outbound streams the new one takes four.
    expect(restart).toMatchObject({ outboundStreams: 4, inboundStreams: 10, OS: 4, MIS: 10 });
    const told = await ours.next(({ state }) => state === 'restart');
    expect(told.parsed).toMatchObject({
      sn_assoc_change: { sac_state: 2, sac_outbound_streams: 4, sac_inbound_streams: 10 },
    });
    expect(told.interpreted).toMatch(
      /^the peer has restarted association \d+, now with 4 outbound and 10 inbound streams$/,
    );
    const failed = ours.told.filter(({ event }) => event === 'sendFailed');
    expect(failed.map(({ context }) => context)).toEqual([1, 2, 3, 4]);
    expect(failed.map(({ length }) => length)).toEqual([4, 4, 4, 100_000]);
    expect(ours.told.indexOf(restart)).toBeGreaterThan(ours.told.indexOf(failed[3] as never));

    ours.say({ text: 'welcome' });
    expect((await again.waitForMessages(1)).map(textOf)).toEqual(['welcome']);
    await again.send('I am new');
    await ours.next(({ text }) => text === 'I am new');
    ours.say({ end: true });
    await ours.event('close');
    expect(ours.told.filter(({ event }) => event === 'error')).toEqual([]);
  });
});
