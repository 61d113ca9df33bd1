/** Messages that may be given up, where every fifth packet is lost. */
import { start } from '../support/child';
import { type Namespace, twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { RemoteHandle } from './remote-handle';

const COUNT = 100;
const PATIENT = {
  rtoInfo: { initial: 100, min: 100, max: 400 },
  assocInfo: { asocMaxRxt: 100 },
  initMsg: { maxAttempts: 50, maxInitTimeo: 400 },
};

/** How the messages of each stream are sent. */
const streams = [
  { policy: 'none', value: 0 },
  { policy: 'ttl', value: 50 },
  { policy: 'rtx', value: 0 },
  { policy: 'prio', value: 7 },
] as const;

interface Abandoned {
  abandonedUnsent: number;
  abandonedSent: number;
}

/** What the sender reports: abandoned messages by stream and policy, and of the association. */
interface Counts {
  streams: Record<'ttl' | 'rtx' | 'prio' | 'all', Abandoned>[];
  association: Record<'ttl' | 'rtx' | 'prio' | 'all', Abandoned>;
}

/** Sends in turn on all streams, and reports once all is acknowledged or given up. */
async function sendFrom(host: Namespace, port: number): Promise<Counts> {
  const source = `
    const { connect } = require('kernel-sctp');
    const streams = ${JSON.stringify(streams)};
    const policies = ['ttl', 'rtx', 'prio', 'all'];
    const byPolicy = (read) => Object.fromEntries(policies.map((policy) => [policy, read(policy)]));
    const sctp = ${JSON.stringify(PATIENT)};
    const socket = connect({ host: '10.0.0.2', port: ${String(port)}, sctp }, async () => {
      for (let i = 0; i < ${String(COUNT)}; i++) {
        streams.forEach((pr, sid) => {
          socket.send(Buffer.alloc(1000, sid + ' ' + i + ' '), { sid, pr, unordered: sid > 0 });
        });
      }
      await socket.dry();
      console.log(JSON.stringify({
        streams: streams.map((_, sid) =>
          byPolicy((policy) => socket.getOption('prStreamStatus', { sid, policy }))),
        association: byPolicy((policy) => socket.getOption('prAssocStatus', { policy })),
      }));
      socket.end();
    });
    socket.on('sendFailed', () => {});
    socket.resume();`;
  const [command, ...args] = [...host.prefix, process.execPath, '-e', source];
  const { stdout, stderr } = await start(command, args).ended;
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Counts;
}

function total({ abandonedUnsent, abandonedSent }: Abandoned): number {
  return abandonedUnsent + abandonedSent;
}

describeSctp('over a path that loses every fifth packet', () => {
  test('each policy gives up what it should, and reliable messages all arrive', async () => {
    const { a, b } = await twoHosts();
    for (const host of [a, b]) await host.shape('eth0', 'netem', 'loss', '20%', 'delay', '20ms');
    const receiver = await RemoteHandle.open(b, { host: '10.0.0.2', sctp: PATIENT });
    const counts = await sendFrom(a, receiver.port);
    const arrived = streams.map(
      (_, sid) => receiver.inbox.messages.filter(({ info }) => info.sid === sid).length,
    );

    // Stream 0 is reliable, and ordered.
    expect(arrived[0]).toBe(COUNT);
    const first = receiver.inbox.messages.filter(({ info }) => info.sid === 0);
    expect(first.map(({ data }) => Number(String(data).split(' ')[1]))).toEqual([
      ...first.map((_, index) => index),
    ]);
    for (const [sid, { policy }] of streams.entries()) {
      const abandoned = counts.streams[sid] as Counts['association'];
      // A policy gives up nothing but its own messages.
      for (const other of ['ttl', 'rtx', 'prio'] as const) {
        if (other !== policy)
          expect({ sid, [other]: total(abandoned[other]) }).toEqual({ sid, [other]: 0 });
      }
      // What did not arrive was given up; of what was given up some has arrived.
      expect((arrived[sid] ?? 0) + total(abandoned.all)).toBeGreaterThanOrEqual(COUNT);
    }
    expect(total(counts.streams[1]?.ttl as Abandoned)).toBeGreaterThan(0);
    // Sent once, each counts as given up, also when it is acknowledged after all.
    expect(counts.streams[2]?.rtx).toMatchObject({ abandonedSent: COUNT, abandonedUnsent: 0 });
    expect(arrived[2]).toBeGreaterThan(0);
    expect(arrived[2]).toBeLessThan(COUNT);
    // There was room in the send buffer all the time.
    expect(total(counts.streams[3]?.prio as Abandoned)).toBe(0);
    expect(arrived[3]).toBe(COUNT);
    for (const policy of ['ttl', 'rtx', 'prio', 'all'] as const) {
      const ofStreams = counts.streams.map((status) => total(status[policy]));
      expect(total(counts.association[policy])).toBe(ofStreams.reduce((sum, n) => sum + n));
    }
  });
});
