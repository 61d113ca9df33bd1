/** What the package node-lksctp promises its users, sentence by sentence, kept by this one. */
import { once } from 'node:events';

import * as lksctp from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectedPair, destroying, listening, portOf } from '../../support/sockets';

const HOST = '127.0.0.1';
const OTHER = '127.0.0.2';

/** A server on a free port, by the only form of `listen` there is. */
async function serve(
  options: lksctp.ServerOptions = {},
  where: lksctp.ListenOptions = { host: HOST },
): Promise<lksctp.Server> {
  const server = closing(lksctp.createServer(options));
  server.on('connection', destroying);
  await new Promise<void>((resolve) => server.listen(where, resolve));
  return server;
}

/** Both ends: the client's, and the server's. */
async function meet(
  server: lksctp.Server,
  options: Partial<lksctp.ConnectOptions> = {},
): Promise<[client: lksctp.Socket, peer: lksctp.Socket]> {
  const accepted = once(server, 'connection') as Promise<[lksctp.Socket]>;
  const client = await new Promise<lksctp.Socket>((resolve, reject) => {
    const there = { port: portOf(server), ...('remoteAddresses' in options ? {} : { host: HOST }) };
    const socket = lksctp.connect({ ...there, ...options }, () => {
      resolve(socket);
    });
    destroying(socket).once('error', reject);
  });
  return [client, (await accepted)[0]];
}

describeSctp('createServer', () => {
  test.each([
    ['nothing', []],
    ['options', [{}]],
    ['a listener', [() => undefined]],
    ['options and a listener', [{}, () => undefined]],
  ])('takes %s', (_, args) => {
    const server = lksctp.createServer(...(args as []));
    expect(server.close()).toBe(server);
  });

  test('calls the listener with each connection', async () => {
    const connected = new Promise<lksctp.Socket>((resolve) => {
      const server = closing(lksctp.createServer(resolve));
      server.listen({ host: HOST }, () => {
        destroying(lksctp.connect({ host: HOST, port: portOf(server) }));
      });
    });
    expect(destroying(await connected)).toBeInstanceOf(lksctp.Socket);
  });

  test('highWaterMark is that of its sockets', async () => {
    const [, peer] = await meet(await serve({ highWaterMark: 12_345 }));
    expect(peer.readableHighWaterMark).toBe(12_345);
    expect(peer.writableHighWaterMark).toBe(12_345);
  });

  test.each([true, false])("noDelay: %p is the Nagle algorithm's", async (noDelay) => {
    const [, peer] = await meet(await serve({ noDelay }));
    expect(peer.getOption('noDelay')).toBe(noDelay);
  });

  test('MIS is the maximum of input streams, OS the number of output streams', async () => {
    const [client, peer] = await meet(await serve({ MIS: 3, OS: 5 }), { MIS: 100, OS: 100 });
    expect(client.status()).toMatchObject({ inStreams: 5, outStreams: 3 });
    expect(peer.status()).toMatchObject({ inStreams: 3, outStreams: 5 });
  });

  const sack = { delay: 160, freq: 3 };
  test.each([
    ['sctp.sack', { sctp: { sack } }],
    ['sack, which its code reads', { sack }],
    ["sctp.delayedSack, this package's name", { sctp: { delayedSack: sack } }],
  ])('%s is the delay and frequency of acknowledgements, of every connection', async (_, how) => {
    const server = await serve(how);
    for (let i = 0; i < 2; i++) {
      const [, peer] = await meet(server);
      expect(peer.getOption('delayedSack')).toEqual(sack);
    }
    const [client] = await meet(server, how);
    expect(client.getOption('delayedSack')).toEqual(sack);
  });

  test('sack may say one of the two, or that nothing is to be delayed', async () => {
    const [client, peer] = await meet(await serve({ sack: { freq: 1 } }), { sack: { delay: 100 } });
    expect(client.getOption('delayedSack').delay).toBe(100);
    expect(peer.getOption('delayedSack').freq).toBe(1);
  });

  test.each([
    [{ sack: { delay: 501 } }, 'ERR_OUT_OF_RANGE', 'options.sack.delay'],
    [{ sctp: { sack: { freq: -1 } } }, 'ERR_OUT_OF_RANGE', 'options.sctp.sack.freq'],
    [{ sack: { sack_delay: 1 } }, 'ERR_INVALID_ARG_VALUE', 'options.sack.sack_delay'],
    [{ sack: 5 }, 'ERR_INVALID_ARG_TYPE', 'options.sack'],
    [{ sack, sctp: { sack } }, 'ERR_INVALID_ARG_VALUE', 'options.sack'],
    [{ sctp: { sack, delayedSack: sack } }, 'ERR_INVALID_ARG_VALUE', 'options.sctp.sack'],
  ])('%j throws %s for %s', (options, code, name) => {
    const message = expect.stringContaining(name) as string;
    expectThrow(() => lksctp.createServer(options as object), { code, message });
  });
});

describeSctp('server.listen', () => {
  test('takes a port, and 0 or none lets the kernel choose', async () => {
    const first = await serve({}, { host: HOST, port: 0 });
    const second = await serve();
    expect(portOf(first)).not.toBe(portOf(second));
    const port = portOf(first);
    await once(first.close(), 'close');
    expect(portOf(await serve({}, { host: HOST, port }))).toBe(port);
  });

  test('backlog is how many connections the kernel accepts for us', async () => {
    const server = await serve({}, { host: HOST, backlog: 1 });
    await meet(server);
  });

  test('localAddresses binds them all; host cannot be combined with it', async () => {
    const server = await serve({}, { localAddresses: [HOST, OTHER] });
    const bound = server.getLocalAddresses();
    expect(bound.map(({ address }) => address).sort()).toEqual([HOST, OTHER]);
    for (const host of [HOST, OTHER]) await meet(server, { host });
    expectThrow(() => lksctp.createServer().listen({ host: HOST, localAddresses: [OTHER] }), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });

  test.each([[[]], [[HOST, 'not-an-address']], [[HOST, HOST]], ['127.0.0.1']])(
    'localAddresses: %j throws',
    (localAddresses) => {
      expectThrow(() => lksctp.createServer().listen({ localAddresses: localAddresses as [] }), {
        code: expect.stringMatching(/^ERR_INVALID_/) as string,
      });
    },
  );

  test('getLocalAddresses reports family, address and port of each', async () => {
    const server = await serve();
    const port = portOf(server);
    expect(server.getLocalAddresses()).toEqual([{ family: 'IPv4', address: HOST, port }]);
    expect(server.address()).toEqual({ family: 'IPv4', address: HOST, port });
  });
});

describeSctp('connect', () => {
  test('takes host and port; localAddress and localPort are bound', async () => {
    const server = await serve();
    const [before, first] = await meet(server);
    first.resume();
    const localPort = before.localPort as number;
    before.resume().end();
    await once(before, 'close');
    const [client, peer] = await meet(server, { localAddress: OTHER, localPort });
    expect([peer.remoteAddress, peer.remotePort]).toEqual([OTHER, localPort]);
    expect([client.localAddress, client.localPort]).toEqual([OTHER, localPort]);
    expect(client.address()).toEqual({ address: OTHER, family: 'IPv4', port: localPort });
  });

  test('takes remoteAddresses; host cannot be combined with it', async () => {
    const server = await serve({}, { localAddresses: [HOST, OTHER] });
    const [client] = await meet(server, { remoteAddresses: [HOST, OTHER] });
    expect(client.remoteAddress).toBe(HOST);
    await meet(server, { remoteAddresses: [HOST, '127.0.0.99'] }); // one of them is enough
    const both = { host: HOST, remoteAddresses: [HOST], port: portOf(server) };
    expectThrow(() => lksctp.connect(both), { code: 'ERR_INVALID_ARG_VALUE' });
  });

  test('takes localAddresses; localAddress cannot be combined with it', async () => {
    const server = await serve({}, { host: '0.0.0.0' });
    const [client, peer] = await meet(server, { localAddresses: ['127.0.0.3', '127.0.0.4'] });
    expect(['127.0.0.3', '127.0.0.4']).toContain(client.localAddress);
    expect(['127.0.0.3', '127.0.0.4']).toContain(peer.remoteAddress);
    const both = { localAddress: HOST, localAddresses: [HOST], port: portOf(server) };
    expectThrow(() => lksctp.connect(both), { code: 'ERR_INVALID_ARG_VALUE' });
  });

  test.each(['remoteAddresses', 'localAddresses'])('%s must hold addresses', (name) => {
    for (const value of [[], [HOST, 'not-an-address']]) {
      expectThrow(() => lksctp.connect({ port: 1, [name]: value }), {
        code: expect.stringMatching(/^ERR_INVALID_/) as string,
      });
    }
  });

  test('noDelay, MIS and OS', async () => {
    const [client] = await meet(await serve({ MIS: 100, OS: 100 }), {
      noDelay: false,
      MIS: 7,
      OS: 8,
    });
    expect(client.getOption('noDelay')).toBe(false);
    expect(client.status()).toMatchObject({ inStreams: 7, outStreams: 8 });
  });
});

describeSctp('a connection', () => {
  test('write honours data.ppid and data.sid; received data has them', async () => {
    const { client, peer } = await connectedPair();
    const data = Object.assign(Buffer.from('data'), { ppid: 0xfedcba98, sid: 9 });
    const received = once(peer, 'data') as Promise<[lksctp.Message]>;
    await new Promise((resolve) => client.write(data, 'utf8', resolve));
    const [message] = await received;
    expect(message).toMatchObject({ ppid: 0xfedcba98, sid: 9 });
    expect(Buffer.compare(message, Buffer.from('data'))).toBe(0);
    const plain = once(peer, 'data');
    client.write(Buffer.from('plain'));
    expect((await plain)[0]).toMatchObject({ ppid: 0, sid: 0 });
  });

  test('setNoDelay is as in net', async () => {
    const { client } = await connectedPair();
    expect(client.setNoDelay(false).getOption('noDelay')).toBe(false);
    expect(client.setNoDelay().getOption('noDelay')).toBe(true);
  });

  test('status reports what SCTP_STATUS does, also by its older names', async () => {
    const { client } = await connectedPair({ client: { OS: 4 } });
    const status = client.status();
    expect(status).toMatchObject({
      state: 'established',
      unackData: 0,
      pendData: 0,
      inStreams: 64,
      outStreams: 4,
    });
    expect(status.rwnd).toBeGreaterThan(100_000);
    expect(status.fragmentationPoint).toBeGreaterThan(1000);
    const { unackdata, penddata, numberOfIncomingStreams, numberOfOutgoingStreams } = status;
    expect([unackdata, penddata, numberOfIncomingStreams, numberOfOutgoingStreams]).toEqual([
      0, 0, 64, 4,
    ]);
    expect(Object.keys(status)).not.toContain('penddata');
  });

  test('end is a normal shutdown, after its data', async () => {
    const python = await PythonPeer.open({ style: 'stream' });
    const client = destroying(lksctp.connect({ host: HOST, port: python.port }));
    await once(client, 'connect');
    client.resume().end('last words', 'utf8');
    await python.waitForMessages(1);
    await python.waitFor({ event: 'assoc', state: 'shutdownComp' });
  });

  test('destroy is an ABORT, unless end was called', async () => {
    const { client, peer } = await connectedPair();
    const aborted = journalOf(peer);
    client.destroy();
    expect(await aborted.closed).toEqual(['error ECONNRESET', 'close true']);

    const second = await connectedPair();
    const ended = journalOf(second.peer);
    second.client.end('all');
    second.client.destroy();
    expect(await ended.closed).toEqual(['data all', 'end', 'finish', 'close false']);
  });

  test('reports family, address and port of both ends', async () => {
    const server = await listening();
    const [client, peer] = await meet(server);
    expect([client.localFamily, client.remoteFamily]).toEqual(['IPv4', 'IPv4']);
    expect([client.remoteAddress, client.remotePort]).toEqual([HOST, portOf(server)]);
    expect([peer.remoteAddress, peer.remotePort]).toEqual([client.localAddress, client.localPort]);
    expect([peer.localAddress, peer.localPort]).toEqual([HOST, portOf(server)]);
  });

  test("'notification' has it raw, parsed and interpreted", async () => {
    const { client, peer } = await connectedPair();
    const reported = new Promise<lksctp.Notification>((resolve) => {
      client.on('notification', (notification) => {
        if (notification.type === 'shutdown') resolve(notification);
      });
    });
    client.resume();
    peer.resume().end();
    const { raw, parsed, interpreted } = await reported;
    const type = lksctp.constants.SCTP_SHUTDOWN_EVENT;
    expect(raw.readUInt16LE()).toBe(type);
    expect(parsed).toMatchObject({ sn_type: type, sn_shutdown_event: { sse_type: type } });
    expect(interpreted).toMatch(/^the peer has shut association \d+ down$/);
  });
});

describeSctp('a connection between several addresses', () => {
  const both = [HOST, OTHER];

  /** The client's end of a connection to both addresses. */
  async function toBoth(): Promise<[client: lksctp.Socket, peer: lksctp.Socket]> {
    const localAddresses = ['127.0.0.3', '127.0.0.4'];
    return meet(await serve({}, { localAddresses: both }), {
      remoteAddresses: both,
      localAddresses,
    });
  }

  test('localAddresses and remoteAddresses list them, the primary ones included', async () => {
    const [client, peer] = await toBoth();
    expect([...client.remoteAddresses].sort()).toEqual(both);
    expect([...client.localAddresses].sort()).toEqual(['127.0.0.3', '127.0.0.4']);
    expect([...peer.localAddresses].sort()).toEqual(both);
    expect([...peer.remoteAddresses].sort()).toEqual(['127.0.0.3', '127.0.0.4']);
    for (const socket of [client, peer]) {
      expect(socket.localAddresses).toContain(socket.localAddress);
      expect(socket.remoteAddresses).toContain(socket.remoteAddress);
    }
  });

  test('peerInfoByAddress has the information on each, or undefined', async () => {
    const [client] = await toBoth();
    const { [HOST]: first, [OTHER]: second, ...others } = client.peerInfoByAddress;
    for (const info of [first, second]) {
      expect(Object.keys(info ?? {}).sort()).toEqual(['cwnd', 'mtu', 'rto', 'srtt', 'state']);
      expect(Object.values(info ?? {}).every(Number.isFinite)).toBe(true);
    }
    expect(first?.state).toBe(lksctp.constants.SCTP_ACTIVE);
    expect([others, client.peerInfoByAddress['192.0.2.1']]).toEqual([{}, undefined]);
  });

  test("'address-change' and 'peer-info-update' report changes", async () => {
    const [client] = await toBoth();
    expect(client.remoteAddress).toBe(HOST);
    const updated = once(client, 'peer-info-update');
    const changed = once(client, 'address-change');
    client.setPrimary(OTHER);
    await changed;
    expect(client.remoteAddress).toBe(OTHER);
    await updated;
    expect(Object.keys(client.peerInfoByAddress).sort()).toEqual(both);
  });
});
