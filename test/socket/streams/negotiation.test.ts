/** How many streams an association gets: what one side asks for, up to what the other allows. */
import { once } from 'node:events';

import { type Server, type Socket } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, listening } from '../../support/sockets';

const COUNTS = [1, 2, 3, 10, 64, 65, 199, 200] as const;
const countAt = (index: number): number => COUNTS[index % COUNTS.length] as number;

/** The number of streams each way, as reported everywhere. */
function streamsOf(socket: Socket): { out: Set<unknown>; in: Set<unknown> } {
  const status = socket.status();
  return {
    out: new Set([socket.OS, status.outStreams, status.numberOfOutgoingStreams]),
    in: new Set([socket.MIS, status.inStreams, status.numberOfIncomingStreams]),
  };
}

/** The last stream works, and there is none beyond it. */
async function useLastStream(from: Socket, to: Socket, count: number): Promise<void> {
  const arrived = once(to, 'message');
  from.send(Buffer.from('x'), { sid: count - 1 });
  expect((await arrived)[1]).toMatchObject({ sid: count - 1 });
  expectThrow(() => from.send(Buffer.from('x'), { sid: count }), {
    code: 'ERR_OUT_OF_RANGE',
    message: expect.stringContaining(`< ${String(count)}`) as string,
  });
  expectThrow(() => from.createStream(count), { code: 'ERR_OUT_OF_RANGE' });
}

async function meet(server: Server, OS: number, MIS: number): Promise<[Socket, Socket]> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connectTo(server, { OS, MIS });
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return [client, peer];
}

describeSctp('streams are negotiated', () => {
  // Each server meets every client, and both numbers of one meet both numbers of the other.
  test.each(COUNTS.map((MIS, k) => ({ MIS, OS: countAt(k + 5) })))(
    'with a server of OS $OS and MIS $MIS',
    async ({ MIS, OS }) => {
      const server = await listening({ MIS, OS });
      const clients = COUNTS.map((count, i) => ({ OS: count, MIS: countAt(i + 3) }));
      for (const ours of clients) {
        const [client, peer] = await meet(server, ours.OS, ours.MIS);
        const there = Math.min(ours.OS, MIS);
        const back = Math.min(OS, ours.MIS);
        expect(streamsOf(client)).toEqual({ out: new Set([there]), in: new Set([back]) });
        expect(streamsOf(peer)).toEqual({ out: new Set([back]), in: new Set([there]) });
        await useLastStream(client, peer, there);
        await useLastStream(peer, client, back);
        client.resume().end();
        peer.resume();
      }
    },
  );

  test('by our numbers where nothing is said: 64 out, 65535 in', async () => {
    const { client, peer } = await connectedPair();
    expect([client.OS, client.MIS, peer.OS, peer.MIS]).toEqual([64, 64, 64, 64]);
    const many = await connectedPair({ client: { OS: 65_535 } });
    expect([many.client.OS, many.peer.MIS]).toEqual([65_535, 65_535]);
  });

  test('and known, too, after some were added', async () => {
    const sctp = { reconfigSupported: true, enableStreamReset: { changeAssoc: true } };
    const { client, peer } = await connectedPair({ client: { sctp }, server: { sctp } });
    const reported = once(peer, 'notification');
    await client.addStreams({ outgoing: 3 });
    await reported;
    expect([client.OS, client.MIS, peer.OS, peer.MIS]).toEqual([67, 64, 64, 67]);
    await useLastStream(client, peer, 67);
  });

  test('and not known before the association, nor after', async () => {
    const server = await listening();
    server.on('connection', (peer) => peer.resume());
    const client = connectTo(server);
    expect([client.OS, client.MIS]).toEqual([undefined, undefined]);
    await once(client, 'connect');
    expect([client.OS, client.MIS]).toEqual([64, 64]);
    client.resume().end();
    await once(client, 'close');
    expect([client.OS, client.MIS]).toEqual([undefined, undefined]);
  });

  test.each([
    ['OS', 0, 'ERR_OUT_OF_RANGE'],
    ['OS', 65_536, 'ERR_OUT_OF_RANGE'],
    ['MIS', 0, 'ERR_OUT_OF_RANGE'],
    ['MIS', 1.5, 'ERR_OUT_OF_RANGE'],
    ['MIS', '3', 'ERR_INVALID_ARG_TYPE'],
  ])('%s: %p throws %s', async (name, value, code) => {
    const server = await listening();
    expectThrow(() => connectTo(server, { [name]: value }), { code });
  });
});
