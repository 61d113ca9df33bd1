/** A peer whose window stays closed: 'stalled', and 'recovered'. */
import { once } from 'node:events';

import { connect, type Socket, type StallInfo } from 'kernel-sctp';

import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectedPair, destroying, listening, portOf } from '../../support/sockets';

const STALL = 400;
const COUNT = 20;

/** The peer reads nothing, and the client has written more than it has room for. */
async function stuck(options: object = {}): Promise<{ client: Socket; peer: PythonPeer }> {
  const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
  const sctp = { rtoInfo: { initial: 100, min: 50, max: 200 }, assocInfo: { asocMaxRxt: 1000 } };
  const place = { host: '127.0.0.1', port: peer.port, stallTimeout: STALL };
  const client = destroying(connect({ ...place, sctp, ...options }));
  await once(client, 'connect');
  for (let i = 0; i < COUNT; i++) client.write(Buffer.alloc(10_000));
  return { client, peer };
}

describeSctp('a peer that takes nothing', () => {
  test("is reported by 'stalled', and by 'recovered' when it takes messages again", async () => {
    const { client, peer } = await stuck();
    const events: string[] = [];
    client.on('stalled', () => events.push('stalled'));
    client.on('recovered', () => events.push('recovered'));
    const begun = Date.now();
    const [info] = (await once(client, 'stalled')) as [StallInfo];
    expect(Date.now() - begun).toBeGreaterThanOrEqual(STALL * 0.9);
    expect(info.duration).toBe(STALL);
    expect(info.unacknowledgedBytes).toBeGreaterThan(10_000);
    expect(info.peerWindow).toBeLessThan(10_000);
    await peer.read(true);
    await once(client, 'recovered');
    await peer.waitForMessages(COUNT);
    expect(events).toEqual(['stalled', 'recovered']);
  });

  test('can be given up; what it has not taken is not reported', async () => {
    const { client } = await stuck();
    const failed: number[] = [];
    client.on('sendFailed', ({ data }) => failed.push(data.length));
    await once(client, 'stalled');
    client.resetAndDestroy();
    await once(client, 'close');
    // Who ends it knows what has had no answer yet.
    expect(failed).toEqual([]);
  });

  test('is not looked for with stallTimeout 0, nor when nobody listens', async () => {
    const silent = await stuck({ stallTimeout: 0 });
    silent.client.on('stalled', () => {
      throw new Error('it was switched off');
    });
    const { client } = await stuck();
    const unheard = client.listenerCount('stalled');
    const heard = await stuck();
    await once(heard.client, 'stalled'); // the others have had as much time
    expect([unheard, silent.client.destroyed]).toEqual([0, false]);
    // A late listener is notified as well, after as much time.
    await once(client, 'stalled');
  });
});

describeSctp('stallAction: abort', () => {
  test("ends the association after 'stalled', though nobody listens for it", async () => {
    const { client, peer } = await stuck({ stallAction: 'abort' });
    const [error] = (await once(client, 'error')) as [Error];
    expect(error).toMatchObject({ code: 'ERR_SCTP_STALLED', duration: STALL });
    expect(error.message).toContain(`stallTimeout (${String(STALL)} ms)`);
    await peer.read(true);
    await peer.waitFor({ event: 'assoc', state: 'commLost' });
  });

  test("comes after 'stalled', whose listener may have ended it otherwise", async () => {
    const { client } = await stuck({ stallAction: 'abort' });
    const events: string[] = [];
    client.on('stalled', () => events.push('stalled'));
    client.on('error', (error) => events.push((error as NodeJS.ErrnoException).code ?? ''));
    await new Promise((resolve) => client.once('close', resolve));
    expect(events).toEqual(['stalled', 'ERR_SCTP_STALLED']);
    const other = await stuck({ stallAction: 'abort' });
    other.client.on('stalled', () => other.client.destroy());
    await once(other.client, 'close'); // once() would reject for an 'error'
  });

  test('needs something to wait for, and a known name', () => {
    const wrong = (options: object) => () => connect({ port: 1, host: '127.0.0.1', ...options });
    expect(wrong({ stallAction: 'abort', stallTimeout: 0 })).toThrow(
      /options\.stallAction.*stallTimeout/,
    );
    expect(wrong({ stallAction: 'abrot' })).toThrow(/did you mean 'abort'/);
  });
});

describeSctp('looking for stalls', () => {
  test('leaves assocStats as they are: the longest RTO is that since they were last read', async () => {
    const { client } = await stuck();
    client.on('stalled', () => undefined);
    await once(client, 'stalled'); // has looked four times and more, after time-outs
    expect(client.getOption('assocStats').maxRto).toBeGreaterThan(100);
    expect(client.getOption('assocStats').maxRto).toBeLessThan(100);
  });
});

describeSctp('an association that is', () => {
  test('idle, or moving, is not stalled', async () => {
    const idle = await connectedPair({ client: { stallTimeout: 100 } });
    const { client, peer } = await stuck({ stallTimeout: 3000 });
    const stalled: Socket[] = [];
    for (const socket of [idle.client, client]) socket.on('stalled', () => stalled.push(socket));
    idle.client.write('all is well');
    idle.peer.resume();
    await idle.client.dry();
    await peer.read(true);
    await peer.waitForMessages(COUNT); // with a window this small: most of a second
    await client.dry();
    expect(stalled).toEqual([]);
  });

  test('over: nothing is looked at any more', async () => {
    const { client } = await stuck();
    client.on('stalled', () => undefined);
    client.resetAndDestroy();
    await once(client, 'close');
    expect(process.getActiveResourcesInfo()).not.toContain('Immediate');
  });
});

describeSctp('stallTimeout', () => {
  test.each([-1, 1.5, NaN, '100', 2 ** 31])('%p is refused', async (stallTimeout) => {
    const server = await listening();
    const options = { port: portOf(server), host: '127.0.0.1', stallTimeout: stallTimeout as 0 };
    expect(() => connect(options)).toThrow(/options\.stallTimeout/);
  });
});
