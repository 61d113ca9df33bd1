/** A peer that dies while the path is cut, and is born again on the same port: 'restart'. */
import { type TwoHosts, twoHosts } from '../support/namespaces';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { NotifiedProgram } from './notified-program';

const SCTP = 132;
const RTOINFO = 0;

/** Soon notices that the path is back, and waits for it as long as the peer takes to start. */
const PERSISTENT = {
  rtoInfo: { initial: 100, min: 100, max: 400 },
  peerAddrParams: { pathMaxRxt: 1000 },
  assocInfo: { asocMaxRxt: 1000 },
};

interface Meeting {
  hosts: TwoHosts;
  peer: PythonPeer;
  ours: NotifiedProgram;
  localPort: number;
}

/** A program of ours that is connected to one in Python, on another host. */
async function meeting(options: { sndBuf?: number; quiet?: boolean } = {}) {
  const { quiet, ...buffers } = options;
  const hosts = await twoHosts();
  const place = { style: 'stream', host: '10.0.0.2', prefix: hosts.b.prefix } as const;
  const peer = await PythonPeer.open({
    ...place,
    streams: [10, 10],
  });
  const ours = new NotifiedProgram(
    hosts.a,
    { host: '10.0.0.2', port: peer.port, OS: 10, sctp: { ...PERSISTENT, ...buffers } },
    { quiet: quiet ?? false },
  );
  const { localPort } = await ours.event('connect');
  ours.say({ text: 'before' });
  await peer.waitForMessages(1);
  return { hosts, peer, ours, localPort: localPort as number };
}

async function cut({ hosts }: Meeting): Promise<void> {
  for (const host of [hosts.a, hosts.b]) await host.shape('eth0', 'netem', 'loss', '100%');
}

/** The peer dies while the path is cut, restarts on its port, and the path comes back. */
async function rebirth({ hosts: { a, b }, peer, localPort }: Meeting): Promise<PythonPeer> {
  await peer.close({ abort: true }); // what it says to that gets lost
  peer.program.process.kill('SIGKILL');
  await peer.program.ended;
  const again = await PythonPeer.open({
    ...{ style: 'stream', host: '10.0.0.2', prefix: b.prefix, port: peer.port, listen: false },
    streams: [10, 4],
    options: [[SCTP, RTOINFO, '00000000' + '64000000' + '90010000' + '64000000']], // 100 ms
  });
  // It must have begun when our retransmissions arrive: otherwise they are answered by an ABORT.
  const connected = again.connect('10.0.0.1', localPort);
  const associations = (): Promise<string> => b.run('cat', '/proc/net/sctp/assocs');
  while (!(await associations()).includes(String(localPort)));
  for (const host of [a, b]) await host.shape('eth0');
  await connected;
  return again;
}

describeSctp('a peer that is killed and born again', () => {
  test("'restart': the losses are reported, and the socket goes on with the new one", async () => {
    const met = await meeting();
    const { peer, ours } = met;
    await peer.send('answer');
    await ours.event('data');
    await cut(met);
    for (const context of [1, 2, 3]) ours.say({ text: 'lost', context });
    ours.say({ text: 'x'.repeat(100_000), context: 4 });
    const again = await rebirth(met);

    const restart = await ours.event('restart');
    // Of ten outbound streams the new one takes four.
    expect(restart).toMatchObject({ outboundStreams: 4, inboundStreams: 10, OS: 4, MIS: 10 });
    const reported = await ours.next(({ state }) => state === 'restart');
    expect(reported.parsed).toMatchObject({
      sn_assoc_change: { sac_state: 2, sac_outbound_streams: 4, sac_inbound_streams: 10 },
    });
    expect(reported.interpreted).toMatch(
      /^the peer has restarted association \d+, now with 4 outbound and 10 inbound streams$/,
    );
    const failed = ours.reported.filter(({ event }) => event === 'sendFailed');
    expect(failed.map(({ context }) => context)).toEqual([1, 2, 3, 4]);
    expect(failed.map(({ length }) => length)).toEqual([4, 4, 4, 100_000]);
    expect(ours.reported.indexOf(restart)).toBeGreaterThan(
      ours.reported.indexOf(failed[3] as never),
    );

    ours.say({ text: 'welcome' });
    expect((await again.waitForMessages(1)).map(textOf)).toEqual(['welcome']);
    await again.send('I am new');
    await ours.next(({ text }) => text === 'I am new');
    ours.say({ end: true });
    await ours.event('close');
    expect(ours.reported.filter(({ event }) => event === 'error')).toEqual([]);
  });

  test('what waited in the socket fails right after, and dry() is rejected', async () => {
    const met = await meeting({ sndBuf: 20_000 });
    const { ours } = met;
    await cut(met);
    const COUNT = 20;
    for (let context = 1; context <= COUNT; context++) {
      ours.say({ text: 'x'.repeat(5000), context });
    }
    const { waiting } = (await ours.ask({ dry: true })) as { waiting?: number };
    expect(waiting).toBeGreaterThan(10_000); // in the socket
    const again = await rebirth(met);
    await ours.next(({ context }) => context === COUNT);

    const events = ours.reported.filter(({ event }) => ['sendFailed', 'restart'].includes(event));
    const contexts = events.map(({ event, context }) => (event === 'restart' ? event : context));
    const place = contexts.indexOf('restart');
    expect(place).toBeGreaterThan(0);
    expect(place).toBeLessThan(COUNT - 1);
    expect(contexts.filter((context) => context !== 'restart')).toEqual(
      Array.from({ length: COUNT }, (_, i) => i + 1),
    );
    expect(events.slice(place + 1).every(({ sent }) => sent === false)).toBe(true);
    expect(await ours.event('dry')).toMatchObject({ code: 'ECONNRESET' });

    ours.say({ text: 'welcome' });
    expect((await again.waitForMessages(1)).map(textOf)).toEqual(['welcome']);
    await again.send('I am new');
    await ours.event('data');
    expect(ours.reported.filter(({ event }) => event === 'data').map(({ text }) => text)).toEqual([
      'I am new',
    ]);
  });

  test('is an ECONNRESET where messages are lost and nobody listens', async () => {
    const met = await meeting({ quiet: true });
    await cut(met);
    met.ours.say({ text: 'lost' });
    await met.ours.ask({ written: true });
    await rebirth(met);
    expect(await met.ours.event('error')).toMatchObject({ code: 'ECONNRESET' });
    await met.ours.event('close');
  });

  test('is none where nothing is lost, though nobody listens', async () => {
    const met = await meeting({ quiet: true });
    await cut(met);
    const again = await rebirth(met);
    await again.send('I am new');
    await met.ours.next(({ text }) => text === 'I am new');
    met.ours.say({ end: true });
    await met.ours.event('close');
    expect(met.ours.reported.filter(({ event }) => event === 'error')).toEqual([]);
  });
});
