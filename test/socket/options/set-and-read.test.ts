/** Options of sockets: given, set, read, and inherited from the server. */
import { once } from 'node:events';

import { type OptionName, type SettableOptionName, Socket } from 'kernel-sctp';

import { optionTable } from '#lib/options/table';

import { answerTo, gates, type SampleName, sampleOf, samples } from '../../support/option-samples';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, destroying, listening, portOf } from '../../support/sockets';

const HOST = '127.0.0.1';

// The port of UDP becomes that of the packets that arrive.
const names = (Object.keys(samples) as SampleName[]).filter(
  (name) => name !== 'autoClose' && name !== 'remoteUdpEncapsPort',
);

const refused = (message: RegExp) => ({
  code: 'ERR_SCTP_OPTION',
  message: expect.stringMatching(message) as string,
});

describeSctp('options of a socket', () => {
  test.each(names)('%s given to connect', async (name) => {
    const sctp = sampleOf(name);
    const both = gates.includes(name);
    const { client } = await connectedPair({ client: { sctp }, ...(both && { server: { sctp } }) });
    expect(client.getOption(name)).toEqual(answerTo(name));
  });

  // Only listeners share a port.
  const inherited = names.filter((name) => name !== 'reusePort');
  test.each(inherited)('%s given to the server, and inherited', async (name) => {
    const sctp = sampleOf(name);
    const both = gates.includes(name);
    const { peer } = await connectedPair({ server: { sctp }, ...(both && { client: { sctp } }) });
    expect(peer.getOption(name)).toEqual(answerTo(name));
  });

  test.each(names)('%s set later', async (name) => {
    const { client } = await connectedPair();
    const before = client.getOption(name);
    const set = () => {
      client.setOption(name, samples[name]);
    };
    if (optionTable[name].until || name === 'enableStreamReset') {
      expectThrow(set, { code: 'ERR_SCTP_OPTION', option: name });
      expect(client.getOption(name)).toEqual(before);
    } else {
      set();
      expect(client.getOption(name)).toEqual(answerTo(name));
      expect(client.getOption(name)).not.toEqual(before);
    }
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

  test('what the kernel refuses is explained by what has been refused', async () => {
    const { client } = await connectedPair();
    expectThrow(
      () => client.getOption('peerAddrInfo', { address: '127.0.0.9' }),
      refused(/EINVAL\)\. The address must be one of the peer, [^.]*$/),
    );
    expectThrow(
      () => {
        client.setOption('v6Only', true);
      },
      refused(/v6Only to true: .*It exists on IPv6 sockets only/),
    );
  });

  test.each(['initMsg', 'adaptationLayer'] as const)(
    '%s of an association that is there: it would change nothing',
    async (name) => {
      const { client } = await connectedPair();
      const value = { initMsg: { numOstreams: 7 }, adaptationLayer: 7 }[name];
      expectThrow(
        () => {
          client.setOption(name, value);
        },
        refused(/was settled when it began; give it as sctp\.\w+ when the socket is made/),
      );
    },
  );

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
    const closed = { code: 'ERR_SOCKET_CLOSED' };
    expectThrow(() => socket.getOption('rtoInfo'), closed);
    expectThrow(() => socket.status(), closed);
    const server = await listening();
    socket.connect(portOf(server), HOST).resume();
    await once(socket, 'connect');
    socket.end();
    await once(socket, 'close');
    expectThrow(() => {
      socket.setOption('noDelay', true);
    }, closed);
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
