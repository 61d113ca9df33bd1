/** Where a server listens: hosts, families, several addresses, ports that are shared or not. */
import { once } from 'node:events';

import { connect, createServer, type ListenOptions, type Server, type Socket } from 'kernel-sctp';

import { expectSameJournal, portOfAny } from '../../support/twin-servers';
import { defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { destroying, portOf } from '../../support/sockets';

async function listeningOn(options: ListenOptions): Promise<Server> {
  const server = createServer();
  server.on('connection', destroying);
  defer(() => server.close());
  server.listen({ port: 0, ...options });
  await once(server, 'listening');
  return server;
}

/** How an attempt to connect ends: 'connect', or the code of the error. */
async function attempt(port: number, host: string): Promise<string | undefined> {
  const journal = journalOf(destroying(connect({ port, host })));
  await Promise.race([journal.until('connect'), journal.closed]);
  return journal.entries[0];
}

const failed = async (server: Server): Promise<NodeJS.ErrnoException> =>
  await new Promise((resolve) => server.once('error', resolve));

describeSctp('a server listens', () => {
  test.each([
    ['every address, by either family', {}, '::', ['127.0.0.1', '::1'], []],
    ['every IPv4 address', { host: '0.0.0.0' }, '0.0.0.0', ['127.0.0.1'], ['::1']],
    ['one address', { host: '127.0.0.2' }, '127.0.0.2', ['127.0.0.2'], ['127.0.0.3', '::1']],
    ['every IPv6 address, alone', { ipv6Only: true }, '::', ['::1'], ['127.0.0.1']],
    ["'::' alone", { host: '::', ipv6Only: true }, '::', ['::1'], ['127.0.0.1']],
    ["'::' with IPv4", { host: '::', ipv6Only: false }, '::', ['::1', '127.0.0.1'], []],
  ] as [string, ListenOptions, string, string[], string[]][])(
    'on %s',
    async (_, options, address, reached, refused) => {
      const server = await listeningOn(options);
      expect(server.address()).toMatchObject({ address });
      for (const host of reached) expect(await attempt(portOf(server), host)).toBe('connect');
      for (const host of refused) {
        expect(await attempt(portOf(server), host)).toBe('error ECONNREFUSED');
      }
    },
  );

  test('on a name, at the address that is found first', async () => {
    await expectSameJournal(async ({ server, note }) => {
      const ours = server().listen({ port: 0, host: 'localhost' });
      await once(ours, 'listening');
      const { address, family } = ours.address() as { address: string; family: string };
      note(`${address} ${family}`);
    });
  });

  test('on the same port of two families', async () => {
    const six = await listeningOn({ ipv6Only: true });
    const port = portOf(six);
    const four = await listeningOn({ host: '0.0.0.0', port });
    const accepted = once(four, 'connection');
    expect(await attempt(port, '127.0.0.1')).toBe('connect');
    await accepted;
  });

  test('on several addresses, of either family, and on no others', async () => {
    const localAddresses = ['127.0.0.1', '127.0.0.3', '::1'];
    const server = await listeningOn({ localAddresses });
    const port = portOf(server);
    for (const host of localAddresses) expect(await attempt(port, host)).toBe('connect');
    expect(await attempt(port, '127.0.0.2')).toBe('error ECONNREFUSED');
    const own = server.getLocalAddresses();
    expect(own.map(({ address }) => address).sort()).toEqual([...localAddresses].sort());
    expect(new Set(own.map((each) => each.port))).toEqual(new Set([port]));
    expect(own.find(({ address }) => address === '::1')).toEqual({
      ...{ address: '::1', family: 'IPv6', port },
    });
  });

  test('on several addresses, of which one is not ours: the error names it', async () => {
    const server = createServer();
    server.listen({ port: 0, localAddresses: ['127.0.0.1', '192.0.2.1', '192.0.2.2'] });
    expect(await failed(server)).toMatchObject({
      code: 'EADDRNOTAVAIL',
      syscall: 'listen',
      message: expect.stringContaining('address not available 192.0.2.1') as string,
    });
    expect(server.listening).toBe(false);
  });
});

describeSctp('getLocalAddresses() of a server', () => {
  test('names each address behind one that stands for all', async () => {
    const server = await listeningOn({});
    const { port } = server.address() as { port: number };
    expect(server.getLocalAddresses()).toEqual(
      expect.arrayContaining([
        { address: '127.0.0.1', family: 'IPv4', port },
        { address: '::1', family: 'IPv6', port },
      ]),
    );
    const four = await listeningOn({ host: '0.0.0.0' });
    const families = four.getLocalAddresses().map(({ family }) => family);
    expect(new Set(families)).toEqual(new Set(['IPv4']));
  });

  test('is empty before listen() and after close()', async () => {
    expect(createServer().getLocalAddresses()).toEqual([]);
    const server = await listeningOn({});
    server.close();
    expect(server.getLocalAddresses()).toEqual([]);
    expect(server.address()).toBeNull();
  });
});

describeSctp('on a numeric host', () => {
  test('the address is known at once, and a second listen() throws', async () => {
    const server = createServer();
    defer(() => server.close());
    server.listen(0, '127.0.0.1');
    expect(server.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4' });
    expectThrow(() => server.listen(0, '127.0.0.1'), { code: 'ERR_SERVER_ALREADY_LISTEN' });
    await once(server, 'listening');
  });
});

describeSctp('a port', () => {
  test('that is taken is an error, also with exclusive, and is free after close()', async () => {
    await expectSameJournal(async ({ listening, server, note }) => {
      const first = await listening();
      const port = portOfAny(first);
      for (const exclusive of [false, true]) {
        const second = server();
        second.listen({ port, exclusive });
        await new Promise((resolve) => second.once('error', resolve));
      }
      first.close();
      await once(first, 'close');
      const third = server().listen({ port, exclusive: true });
      await once(third, 'listening');
      note(String(portOfAny(third) === port));
    });
  });

  test('can be had again while accepted sockets still use it', async () => {
    const first = await listeningOn({ host: '127.0.0.1' });
    const port = portOf(first);
    const accepted = once(first, 'connection') as Promise<[Socket]>;
    const client = destroying(connect(port, '127.0.0.1'));
    const [peer] = await accepted;
    first.close();
    const second = await listeningOn({ host: '127.0.0.1', port });
    peer.write('still here');
    expect(String((await once(client, 'data'))[0])).toBe('still here');
    expect(await attempt(port, '127.0.0.1')).toBe('connect');
    second.close();
  });

  test('is not shared with another user', async () => {
    const ours = await listeningOn({ host: '127.0.0.1', reusePort: true });
    process.seteuid?.(65534);
    defer(() => process.seteuid?.(0));
    const theirs = createServer();
    theirs.listen({ host: '127.0.0.1', port: portOf(ours), reusePort: true });
    expect(await failed(theirs)).toMatchObject({ code: 'EADDRINUSE' });
  });

  test('is shared by those who all ask for reusePort, and only by them', async () => {
    const one = createServer({ sctp: { reusePort: true } }, destroying); // as good as
    defer(() => one.close());
    await once(one.listen(0, '127.0.0.1'), 'listening');
    const port = portOf(one);
    const two = await listeningOn({ host: '127.0.0.1', port, reusePort: true });
    const counts = [0, 0];
    [one, two].forEach((server, index) => {
      server.on('connection', () => {
        counts[index] = (counts[index] ?? 0) + 1;
      });
    });
    while (counts.includes(0)) expect(await attempt(port, '127.0.0.1')).toBe('connect');
    const third = createServer().listen({ host: '127.0.0.1', port });
    expect(await failed(third)).toMatchObject({ code: 'EADDRINUSE', port });
    one.close();
    const before = counts[1] ?? 0;
    for (let i = 0; i < 10; i++) expect(await attempt(port, '127.0.0.1')).toBe('connect');
    while (counts[1] !== before + 10) await new Promise(setImmediate);
  });
});
