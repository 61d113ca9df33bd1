/** Options of sockets: given, set, read, and inherited from the server. */
import { once } from 'node:events';

import { type AuthOptions, type OptionName, type SctpOptions, type SettableOptionName, Socket } from 'kernel-sctp';

import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';
import { connectedPair, destroying, listening, portOf } from '../support/sockets';

const HOST = '127.0.0.1';

// Times are multiples of 20 ms: kernels count them in jiffies of 4 or 10 ms.
const samples: Required<Omit<SctpOptions, 'v6Only' | keyof AuthOptions>> = {
  reuseAddr: false,
  sndBuf: 300_000,
  rcvBuf: 300_000,
  fragmentInterleave: true,
  initMsg: { numOstreams: 7, maxInstreams: 9, maxAttempts: 3, maxInitTimeo: 1234 },
  rtoInfo: { initial: 120, max: 220, min: 60 },
  assocInfo: { asocMaxRxt: 4, cookieLife: 5000 },
  noDelay: false,
  peerAddrParams: { hbInterval: 1240, pathMaxRxt: 4, pathMtu: 1400, sackDelay: 60, dscp: 184 },
  delayedSack: { delay: 60, freq: 3 },
  defaultSndInfo: { sid: 4, ppid: 0xfedcba98, context: 7, unordered: true },
  defaultPrInfo: { policy: 'rtx', value: 3 },
};
type Name = keyof typeof samples;
const names = Object.keys(samples) as Name[];

/** What is read back where that is not what was set. */
function expected(name: Name): unknown {
  const value = samples[name];
  if (name === 'sndBuf' || name === 'rcvBuf') return 600_000;
  return typeof value === 'object' ? expect.objectContaining(value) : value;
}

describeSctp('options of a socket', () => {
  test.each(names)('%s given to connect', async (name) => {
    const { client } = await connectedPair({ client: { sctp: { [name]: samples[name] } } });
    expect(client.getOption(name)).toEqual(expected(name));
  });

  test.each(names)('%s given to the server, and inherited', async (name) => {
    const { peer } = await connectedPair({ server: { sctp: { [name]: samples[name] } } });
    expect(peer.getOption(name)).toEqual(expected(name));
  });

  // The kernel notes these for associations to come, and a socket has only one.
  test.each(names.filter((name) => name !== 'peerAddrParams'))('%s set later', async (name) => {
    const { client } = await connectedPair();
    const before = client.getOption(name);
    client.setOption(name, samples[name]);
    expect(client.getOption(name)).toEqual(expected(name));
    expect(client.getOption(name)).not.toEqual(before);
  });

  test('peerAddrParams of one path', async () => {
    const { client } = await connectedPair();
    const others = { hbInterval: 1240, pathMaxRxt: 4, sackDelay: 60, dscp: 184 };
    client.setOption('peerAddrParams', { address: HOST, ...others });
    const path = client.getOption('peerAddrParams', { address: HOST });
    const port = client.remotePort;
    expect(path).toMatchObject({ ...others, address: { address: HOST, family: 'IPv4', port } });
  });

  test('primaryAddr, status, peerAddrInfo and assocStats', async () => {
    const { client, peer } = await connectedPair();
    const primary = { address: HOST, family: 'IPv4', port: client.remotePort };
    expect(client.getOption('primaryAddr')).toEqual(primary);
    client.setOption('primaryAddr', HOST);
    client.setOption('primaryAddr', { address: HOST, port: client.remotePort as number });
    expect(client.getOption('primaryAddr')).toEqual(primary);
    expect(client.status()).toEqual(client.getOption('status'));
    expect(client.status()).toMatchObject({
      state: 'established',
      unackData: 0,
      primary: { address: primary, state: 'active' },
    });
    const info = client.getOption('peerAddrInfo', { address: HOST });
    expect(info).toMatchObject({ address: primary, state: 'active' });
    expect(info.mtu).toBeGreaterThan(65_000); // the loopback device's

    const before = client.getOption('assocStats');
    client.send(Buffer.from('ordered'));
    client.send(Buffer.from('unordered'), { unordered: true });
    await client.dry();
    const after = client.getOption('assocStats');
    expect(Number(after.oOdChunks) - Number(before.oOdChunks)).toBe(1);
    expect(Number(after.oUodChunks) - Number(before.oUodChunks)).toBe(1);
    expect(peer.getOption('assocStats')).toMatchObject({ iOdChunks: 1, iUodChunks: 1 });
  });

  test('defaults set later hold for the messages after that', async () => {
    const { client, peer } = await connectedPair();
    const info = once(peer, 'message');
    client.setOption('defaultSndInfo', { sid: 2, ppid: 46 });
    client.write('x');
    expect((await info)[1]).toMatchObject({ sid: 2, ppid: 46 });
  });

  test('a larger send buffer takes longer messages at once', async () => {
    const { client } = await connectedPair({ client: { sctp: { sndBuf: 100_000 } } });
    const message = Buffer.alloc(200_001);
    expectThrow(() => client.send(message), { code: 'ERR_SCTP_MESSAGE_TOO_LARGE', limit: 200_000 });
    client.setOption('sndBuf', 200_000);
    client.send(message);
    await client.dry();
  });

  test('there are none before a connection, nor after', async () => {
    const socket = destroying(new Socket());
    const refused = { code: 'ERR_SOCKET_CLOSED' };
    expectThrow(() => socket.getOption('rtoInfo'), refused);
    expectThrow(() => socket.status(), refused);
    const server = await listening();
    socket.connect(portOf(server), HOST).resume();
    await once(socket, 'connect');
    socket.end();
    await once(socket, 'close');
    expectThrow(() => {
      socket.setOption('noDelay', true);
    }, refused);
  });

  test('what is only read cannot be set', async () => {
    const { client } = await connectedPair();
    for (const name of ['status', 'peerAddrInfo', 'assocStats'] as const) {
      expectThrow(
        () => {
          client.setOption(name as OptionName as SettableOptionName, {});
        },
        { code: 'ERR_INVALID_ARG_VALUE' },
      );
    }
  });

  test('of an association cannot be given before there is one', () => {
    for (const sctp of [
      { primaryAddr: { address: HOST, port: 5 } },
      { status: {} },
      { peerAddrParams: { address: { address: HOST, port: 5 } } },
    ]) {
      expectThrow(() => new Socket({ sctp } as object), { code: 'ERR_INVALID_ARG_VALUE' });
    }
  });
});
