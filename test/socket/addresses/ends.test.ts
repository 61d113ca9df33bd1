/** Where the two ends of an association are, and how that is chosen. */
import { ADDRCONFIG } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { once } from 'node:events';

import {
  connect,
  type ConnectOptions,
  createServer,
  type ListenOptions,
  type Server,
  type Socket,
} from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { destroying, portOf } from '../../support/sockets';

async function listeningOn(options: ListenOptions): Promise<Server> {
  const server = closing(createServer());
  server.on('connection', destroying);
  await once(server.listen({ port: 0, ...options }), 'listening');
  return server;
}

/** Connects, and returns both ends. */
async function meet(
  server: Server,
  options: Partial<ConnectOptions>,
): Promise<{ client: Socket; peer: Socket }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = destroying(connect({ port: portOf(server), ...options }));
  const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
  return { client, peer };
}

/** Plain data: the socket itself has getters. */
function ends(socket: Socket): object {
  const { localAddress, localFamily, localPort } = socket;
  const { remoteAddress, remoteFamily, remotePort } = socket;
  return { localAddress, localFamily, localPort, remoteAddress, remoteFamily, remotePort };
}

describeSctp('the ends of an association', () => {
  test.each([
    ['IPv4', '127.0.0.1'],
    ['IPv6', '::1'],
  ])('over %s', async (family, host) => {
    const server = await listeningOn({ host });
    expect(server.address()).toEqual({ address: host, family, port: portOf(server) });
    const { client, peer } = await meet(server, { host });
    const port = client.localPort as number;
    expect(port).toBeGreaterThan(0);
    expect(ends(client)).toMatchObject({
      ...{ localAddress: host, localFamily: family, localPort: port },
      ...{ remoteAddress: host, remoteFamily: family, remotePort: portOf(server) },
    });
    expect(ends(peer)).toMatchObject({
      ...{ localAddress: host, localFamily: family, localPort: portOf(server) },
      ...{ remoteAddress: host, remoteFamily: family, remotePort: port },
    });
    expect(client.address()).toEqual({ address: host, family, port });
    expect(peer.address()).toEqual({ address: host, family, port: portOf(server) });
  });

  test('once asked for, stay known after the end', async () => {
    const server = await listeningOn({ host: '127.0.0.1' });
    const { client, peer } = await meet(server, { host: '127.0.0.1' });
    const before = [ends(client), ends(peer)];
    peer.resume();
    client.resume();
    client.end();
    await Promise.all([once(client, 'close'), once(peer, 'close')]);
    expect([ends(client), ends(peer)]).toEqual(before);
  });

  test("an IPv4 peer of a server on '::' is IPv4", async () => {
    const server = await listeningOn({});
    expect(server.address()).toMatchObject({ address: '::', family: 'IPv6' });
    const { client, peer } = await meet(server, { host: '127.0.0.1' });
    const loopback = { remoteAddress: '127.0.0.1', remoteFamily: 'IPv4' };
    expect(ends(peer)).toMatchObject(loopback);
    expect(ends(peer)).toMatchObject({ localAddress: '127.0.0.1', localFamily: 'IPv4' });
    expect(ends(client)).toMatchObject(loopback);
  });

  test('ipv6Only leaves IPv4 alone', async () => {
    const server = await listeningOn({ host: '::', ipv6Only: true });
    const refused = destroying(connect({ host: '127.0.0.1', port: portOf(server) }));
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    const { peer } = await meet(server, { host: '::1' });
    expect(peer.remoteFamily).toBe('IPv6');
  });

  test('localAddress and localPort', async () => {
    const server = await listeningOn({ host: '127.0.0.1' });
    const spare = await listeningOn({ host: '127.0.0.2' });
    const localPort = portOf(spare);
    await once(spare.close(), 'close');
    const { client, peer } = await meet(server, {
      ...{ host: '127.0.0.1', localAddress: '127.0.0.2', localPort },
    });
    expect(ends(client)).toMatchObject({ localAddress: '127.0.0.2', localPort });
    expect(ends(peer)).toMatchObject({ remoteAddress: '127.0.0.2', remotePort: localPort });
  });

  test('several at either end', async () => {
    const server = await listeningOn({ localAddresses: ['127.0.0.3', '127.0.0.4'] });
    const { client, peer } = await meet(server, {
      localAddresses: ['127.0.0.1', '127.0.0.2'],
      remoteAddresses: ['127.0.0.4', '127.0.0.3'],
    });
    expect(client.remoteAddress).toBe('127.0.0.4');
    expect(client.getOption('assocInfo').numberPeerDestinations).toBe(2);
    expect(peer.getOption('assocInfo').numberPeerDestinations).toBe(2);
    const pathTo = (socket: Socket, address: string): string =>
      socket.getOption('peerAddrInfo', { address }).address.address;
    for (const address of ['127.0.0.3', '127.0.0.4']) {
      expect(pathTo(client, address)).toBe(address);
    }
    for (const address of ['127.0.0.1', '127.0.0.2']) expect(pathTo(peer, address)).toBe(address);
    client.send(Buffer.from('the other way'), { address: '127.0.0.3' });
    expect(String(await once(peer, 'data'))).toBe('the other way');
  });

  test('an IPv6 and an IPv4 address together', async () => {
    const server = await listeningOn({ localAddresses: ['::1', '127.0.0.1'] });
    const { client, peer } = await meet(server, { remoteAddresses: ['::1', '127.0.0.1'] });
    expect(client.getOption('assocInfo').numberPeerDestinations).toBe(2);
    peer.write('hello');
    expect(String(await once(client, 'data'))).toBe('hello');
  });
});

describeSctp('a name', () => {
  test("'localhost' is found, and reported by 'lookup'", async () => {
    const server = await listeningOn({});
    const client = destroying(connect({ host: 'localhost', port: portOf(server) }));
    const lookups: unknown[][] = [];
    client.on('lookup', (...found) => lookups.push(found));
    await once(client, 'connect');
    expect(lookups.length).toBeGreaterThan(0);
    for (const [error, address, family, host] of lookups) {
      expect([error, host]).toEqual([null, 'localhost']);
      expect({ '127.0.0.1': 4, '::1': 6 }[address as string]).toBe(family);
    }
  });

  test.each([
    [4, '127.0.0.1'],
    [6, '::1'],
  ] as const)('family %d chooses', async (family, address) => {
    const server = await listeningOn({});
    const lookup: LookupFunction = (_host, options, callback) => {
      const all = [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ];
      callback(
        null,
        all.filter((found) => found.family === options.family),
      );
    };
    const { client, peer } = await meet(server, { host: 'peer.test', family, lookup });
    expect([client.remoteAddress, peer.remoteAddress]).toEqual([address, address]);
  });

  test('is looked up by the function given, with the hints given', async () => {
    const server = await listeningOn({ host: '127.0.0.1' });
    const asked: unknown[] = [];
    const lookup: LookupFunction = (host, options, callback) => {
      asked.push([host, options.hints]);
      process.nextTick(callback, null, '127.0.0.1', 4); // one that knows nothing of `all`
    };
    const { client } = await meet(server, { host: 'peer.test', lookup, hints: 0 });
    expect(asked).toEqual([['peer.test', ADDRCONFIG]]); // as net
    expect(client.remoteAddress).toBe('127.0.0.1');
  });

  test('that cannot be found fails as in net', async () => {
    const client = destroying(connect({ host: 'no.such.name.invalid', port: 1 }));
    const lookup = once(client, 'lookup');
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error).toMatchObject({ syscall: 'getaddrinfo', hostname: 'no.such.name.invalid' });
    expect((await lookup)[0]).toBe(error);
  });

  test('is where a server can listen, too', async () => {
    const server = await listeningOn({ host: 'localhost' });
    expect(['127.0.0.1', '::1']).toContain(server.address()?.address);
  });
});
