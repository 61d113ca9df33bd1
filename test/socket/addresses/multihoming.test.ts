/** The addresses of both ends: all of them, and how they come and go while associated. */
import { once } from 'node:events';

import { connect, createServer, Socket } from 'kernel-sctp';

import { DYNAMIC, collected, multihomedPair, until } from '../../support/multihoming';
import { describeSctp } from '../../support/sctp';
import { destroying } from '../../support/sockets';

const OURS = ['127.0.0.1', '127.0.0.2'];
const THEIRS = ['127.0.0.3', '127.0.0.4'];

function errorOf(call: () => unknown): NodeJS.ErrnoException {
  try {
    call();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('nothing was thrown');
}

/** Throws if another socket is bound there. */
async function checkIsFree(address: string, port: number): Promise<void> {
  const server = createServer({ sctp: { reuseAddr: false } });
  await once(server.listen(port, address), 'listening');
  server.close();
}

describeSctp('the addresses of both ends', () => {
  test('are all known', async () => {
    const { client, peer, server } = await multihomedPair();
    expect([client.localAddresses, client.remoteAddresses]).toEqual([OURS, THEIRS]);
    expect([peer.localAddresses, peer.remoteAddresses]).toEqual([THEIRS, OURS]);
    const port = server.address()?.port;
    expect(peer.getLocalAddresses()).toEqual(
      THEIRS.map((address) => ({ address, family: 'IPv4', port })),
    );
    expect([client.localAddress, client.remoteAddress]).toEqual(['127.0.0.1', '127.0.0.3']);
    expect(client.address()).toEqual({
      ...{ address: '127.0.0.1', family: 'IPv4', port: peer.remotePort },
    });
  });

  test('are unknown before, and remembered afterwards', async () => {
    const unused = new Socket();
    const nothing = [[], [], [], {}, [], {}, undefined];
    const all = (socket: Socket) => [
      ...[socket.localAddresses, socket.remoteAddresses, socket.getLocalAddresses()],
      ...[socket.address(), socket.paths, socket.peerInfoByAddress, socket.remoteAddress],
    ];
    expect(all(unused)).toEqual(nothing);
    const { client, peer, server } = await multihomedPair();
    const connecting = destroying(
      connect({ port: server.address()?.port ?? 0, host: '127.0.0.3' }),
    );
    expect(all(connecting)).toEqual(nothing);

    peer.resume().end();
    client.resume();
    await Promise.all([once(client, 'close'), once(peer, 'close')]);
    expect([client.localAddresses, client.remoteAddresses]).toEqual([OURS, THEIRS]);
    expect([peer.localAddresses, peer.remoteAddresses]).toEqual([THEIRS, OURS]);
    expect(client.peerInfoByAddress).toEqual({ '127.0.0.3': undefined, '127.0.0.4': undefined });
    expect(client.paths).toEqual([]);
    expect([client.localAddress, client.remoteAddress]).toEqual(['127.0.0.1', '127.0.0.3']);
  });

  test('may be of both families', async () => {
    const { client, peer } = await multihomedPair({
      server: { localAddresses: ['::1', '127.0.0.3'] },
      client: { localAddresses: ['127.0.0.1', '::1'], remoteAddresses: ['127.0.0.3', '::1'] },
    });
    expect([...client.localAddresses].sort()).toEqual(['127.0.0.1', '::1']);
    expect([...client.remoteAddresses].sort()).toEqual(['127.0.0.3', '::1']);
    expect([client.remoteFamily, client.localFamily]).toEqual(['IPv4', 'IPv4']);
    expect(client.paths.map(({ address }) => address).sort()).toEqual(['127.0.0.3', '::1']);

    // Now, since some kernels do not take an IPv4 address that is added over IPv6.
    client.addLocalAddress('127.0.0.2');
    await until(peer, 'address-change', () => peer.remoteAddresses.includes('127.0.0.2'));

    client.setPrimary('::1');
    await once(client, 'address-change');
    expect([client.remoteAddress, client.remoteFamily]).toEqual(['::1', 'IPv6']);
    expect([client.localAddress, client.localFamily]).toEqual(['::1', 'IPv6']);
    client.write('over IPv6');
    expect(String(await once(peer, 'data'))).toBe('over IPv6');

    const error = errorOf(() => {
      client.removeLocalAddress('0:0:0:0:0:0:0:1');
    });
    expect(error).toMatchObject({ code: 'EBUSY' });
    expect(error.message).toContain('the last IPv6 address of this end');
    client.setPrimary('127.0.0.3');
    client.removeLocalAddress('0:0:0:0:0:0:0:1');
    await until(peer, 'address-change', () => !peer.remoteAddresses.includes('::1'));
    await until(client, 'address-change', () => !client.localAddresses.includes('::1'));
  });
});

describeSctp('addLocalAddress and removeLocalAddress', () => {
  test("notify the peer, and 'address-change' comes at both ends", async () => {
    const { client, peer } = await multihomedPair();
    for (const [one, other, address] of [
      [client, peer, '127.0.0.5'],
      [peer, client, '127.0.0.6'],
    ] as const) {
      const before = one.localAddresses;
      const [ours, theirs] = [collected(one, 'address-change'), collected(other, 'address-change')];
      const bothTold = async (count: number): Promise<void> => {
        await until(one, 'address-change', () => ours.length === count);
        await until(other, 'address-change', () => theirs.length === count);
      };
      const paths = collected(other, 'path');
      const confirmed = () => paths.find(([{ change }]) => change === 'confirmed')?.[0];
      one.addLocalAddress(address);
      expect(one.localAddresses).toEqual([...before, address]);
      expect([ours, theirs]).toEqual([[], []]); // not within the call
      await bothTold(1);
      expect(other.remoteAddresses).toEqual([...before, address]);
      await until(other, 'path', () => confirmed() !== undefined);
      expect(confirmed()).toEqual({
        ...{ address, change: 'confirmed', primary: false },
        ...{ previousState: 'unconfirmed', state: 'active' },
      });

      one.removeLocalAddress({ address, family: 'IPv4' });
      await bothTold(2);
      expect([one.localAddresses, other.remoteAddresses]).toEqual([before, before]);
    }
  });

  test('lose nothing that is under way', async () => {
    const { client, peer } = await multihomedPair();
    const received: number[] = [];
    peer.on('data', (message) => received.push(message.readUInt32BE()));
    const COUNT = 600;
    for (let i = 0; i < COUNT; i++) {
      const message = Buffer.alloc(2000);
      message.writeUInt32BE(i);
      if (!client.write(message)) await once(client, 'drain');
      if (i % 100 === 20) client.addLocalAddress('127.0.0.5');
      if (i % 100 === 50) peer.addLocalAddress('127.0.0.6');
      if (i % 100 === 60) client.removeLocalAddress('127.0.0.5');
      if (i % 100 === 90) peer.removeLocalAddress('127.0.0.6');
    }
    await client.dry();
    await until(peer, 'data', () => received.length >= COUNT);
    expect(received).toEqual(Array.from({ length: COUNT }, (_, i) => i));
  });

  test('as many addresses as one likes', async () => {
    const { client, peer } = await multihomedPair();
    const many = Array.from({ length: 20 }, (_, i) => `127.0.1.${String(i + 1)}`);
    for (const address of many) client.addLocalAddress(address);
    await until(peer, 'address-change', () => peer.remoteAddresses.length === 22);
    for (const address of many) client.removeLocalAddress(address);
    await until(peer, 'address-change', () => peer.remoteAddresses.length === 2);
    await until(client, 'address-change', () => client.localAddresses.length === 2);
  });

  test("work within 'connect', 'connection' and 'address-change'", async () => {
    const { client, peer, server } = await multihomedPair();
    peer.once('address-change', () => {
      peer.addLocalAddress('127.0.0.6');
    });
    client.addLocalAddress('127.0.0.5');
    await until(client, 'address-change', () => client.remoteAddresses.includes('127.0.0.6'));

    server.once('connection', (socket) => {
      socket.addLocalAddress('127.0.0.7');
    });
    const other = destroying(
      connect({
        ...{ host: '127.0.0.3', port: server.address()?.port ?? 0, localAddress: '127.0.0.1' },
        sctp: DYNAMIC,
      }),
    );
    other.once('connect', () => {
      other.addLocalAddress('127.0.0.8');
    });
    await until(other, 'address-change', () => other.remoteAddresses.includes('127.0.0.7'));
    expect(other.localAddresses).toEqual(['127.0.0.1', '127.0.0.8']);
  });
});

describeSctp('addresses are refused', () => {
  test.each([
    ['addLocalAddress', '127.0.0.1', 'EINVAL', /this end has it already/],
    ['addLocalAddress', '192.0.2.1', 'EADDRNOTAVAIL', /this machine has no such address/],
    ['addLocalAddress', '224.0.0.1', 'EADDRNOTAVAIL', /it is not the address of one host/],
    ['addLocalAddress', '::1', 'EINVAL', /opened for IPv4 alone/],
    ['addLocalAddress', 'fe80::1', 'EINVAL', /needs its interface, as in fe80::1%eth0/],
    ['addLocalAddress', 'fe80::1%lo', 'EADDRNOTAVAIL', /among localAddresses from the start/],
    ['removeLocalAddress', '127.0.0.9', 'EINVAL', /not an address of this end, which has 127/],
    ['setPeerPrimary', '127.0.0.9', 'EADDRNOTAVAIL', /which has 127\.0\.0\.1, 127\.0\.0\.2$/],
    ['setPrimary', '127.0.0.9', 'EINVAL', /address of the peer, which has 127\.0\.0\.3, 127/],
    ['requestHeartbeat', '127.0.0.9', 'EINVAL', /address of the peer, which has 127\.0\.0\.3, 127/],
  ] as const)('%s(%j): %s', async (method, address, code, text) => {
    const { client } = await multihomedPair();
    const error = errorOf(() => {
      client[method](address);
    });
    expect(error).toMatchObject({ code, syscall: method, address });
    expect(error.message).toMatch(text);
    expect([client.localAddresses, client.remoteAddresses]).toEqual([OURS, THEIRS]);
    client.addLocalAddress('127.0.0.5'); // the association lives on
  });

  test('one that another socket has', async () => {
    const { client } = await multihomedPair();
    const port = client.localPort as number;
    const other = await multihomedPair({
      server: { localAddresses: ['127.0.0.5'], port },
      client: { host: '127.0.0.5' },
      sctp: { ...DYNAMIC, reuseAddr: false },
    });
    const error = errorOf(() => {
      client.addLocalAddress('127.0.0.5');
    });
    expect(error).toMatchObject({ code: 'EADDRINUSE', port });
    expect(error.message).toContain(`another socket has port ${String(port)} there`);
    other.server.close();
  });

  test('the last one', async () => {
    const { client } = await multihomedPair();
    client.removeLocalAddress('127.0.0.1');
    const error = errorOf(() => {
      client.removeLocalAddress('127.0.0.2');
    });
    expect(error).toMatchObject({ code: 'EBUSY' });
    expect(error.message).toContain('it is the last address');
    await until(client, 'address-change', () => client.localAddresses.length === 1);
  });

  test('every one, of an end that is bound to every address', async () => {
    const { client, peer } = await multihomedPair({ client: { host: '127.0.0.3' } });
    expect(peer.remoteAddresses).toContain('127.0.0.1');
    for (const method of ['addLocalAddress', 'removeLocalAddress'] as const) {
      const error = errorOf(() => {
        client[method](method === 'addLocalAddress' ? '127.0.0.5' : '127.0.0.1');
      });
      expect(error.message).toMatch(/bound to every address|the last address/);
    }
  });

  test.each([
    ['at neither end', {}, {}],
    ['at the other end', DYNAMIC, {}],
    ['at this end', {}, DYNAMIC],
  ])('without asconfSupported %s: EPERM, and nothing is bound', async (_where, ours, theirs) => {
    const { client, peer } = await multihomedPair({
      sctp: theirs,
      client: {
        ...{ localAddresses: OURS, remoteAddresses: THEIRS },
        sctp: { asconfSupported: false, ...ours },
      },
    });
    for (const socket of [client, peer]) {
      for (const call of [
        () => {
          socket.addLocalAddress('127.0.0.5');
        },
        () => {
          socket.removeLocalAddress(socket.localAddress as string);
        },
        () => {
          socket.setPeerPrimary(socket.localAddress as string);
        },
      ]) {
        const error = errorOf(call);
        expect(error.code).toBe('EPERM');
        expect(error.message).toContain('both ends need sctp: { asconfSupported: true }');
      }
    }
    await checkIsFree('127.0.0.5', client.localPort as number);
    client.setPrimary('127.0.0.4'); // needs no agreement
    await once(client, 'address-change');
  });

  test.each([
    [undefined, 'ERR_INVALID_ARG_TYPE'],
    [17, 'ERR_INVALID_ARG_TYPE'],
    ['localhost', 'ERR_INVALID_IP_ADDRESS'],
    ['127.0.0.5:80', 'ERR_INVALID_IP_ADDRESS'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ address: '127.0.0.5', port: 70000 }, 'ERR_SOCKET_BAD_PORT'],
    [{ address: '127.0.0.5', prot: 1 }, 'ERR_INVALID_ARG_VALUE'],
    [{ address: '::1', family: 'IPv4' }, 'ERR_INVALID_ARG_VALUE'],
  ])('what is none: %j', async (address, code) => {
    const { client } = await multihomedPair();
    for (const method of methods) {
      const error = errorOf(() => {
        client[method](address as string);
      });
      expect({ method, code: error.code }).toEqual({ method, code });
    }
  });

  test('with another port', async () => {
    const { client } = await multihomedPair();
    const own = errorOf(() => {
      client.addLocalAddress({ address: '127.0.0.5', port: 9 });
    });
    expect(own).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    expect(own.message).toContain(`must be ${String(client.localPort)}`);
    const theirs = errorOf(() => {
      client.setPrimary({ address: '127.0.0.3', port: 9 });
    });
    expect(theirs).toMatchObject({ code: 'EINVAL', port: 9 });
  });
});

const methods = [
  'addLocalAddress',
  'removeLocalAddress',
  'setPrimary',
  'setPeerPrimary',
  'requestHeartbeat',
] as const;

describeSctp('dynamic addresses', () => {
  test('are one option, which brings what it needs', async () => {
    const { client, peer } = await multihomedPair({ sctp: { asconfSupported: true } });
    for (const socket of [client, peer]) {
      expect(socket.getOption('asconfSupported')).toBe(true);
      expect(socket.getOption('authSupported')).toBe(true);
    }
  });

  test('are refused, before anything is opened, without what they need', () => {
    for (const [sctp, text] of [
      [{ asconfSupported: true, authSupported: false }, 'needs authSupported: true'],
      [{ autoAsconf: true, asconfSupported: false }, 'needs asconfSupported: true'],
    ] as const) {
      for (const make of [() => new Socket({ sctp }), () => createServer({ sctp })]) {
        const error = errorOf(make);
        expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
        expect(error.message).toContain(text);
      }
    }
  });
});

describeSctp('addresses to bind', () => {
  test.each([
    [['127.0.0.1', '127.0.0.1'], 'ERR_INVALID_ARG_VALUE', /names 127\.0\.0\.1 twice/],
    [['::1', '0:0:0:0:0:0:0:1'], 'ERR_INVALID_ARG_VALUE', /names ::1 twice/],
    [['127.0.0.1', '::ffff:127.0.0.1'], 'ERR_INVALID_ARG_VALUE', /names 127\.0\.0\.1 twice/],
    [[], 'ERR_INVALID_ARG_VALUE', /at least one address/],
    [['127.0.0.1', 'localhost'], 'ERR_INVALID_IP_ADDRESS', /localhost/],
  ])('%j: %s, at once', (localAddresses, code, text) => {
    const error = errorOf(() => connect({ port: 9, host: '127.0.0.1', localAddresses }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(text);
  });

  test.each<[[string, string], string, RegExp]>([
    [['127.0.0.1', '192.0.2.1'], 'EADDRNOTAVAIL', /192\.0\.2\.1/],
    [['127.0.0.1', '0.0.0.0'], 'EINVAL', /0\.0\.0\.0 is every address: it cannot be one of/],
    [['0.0.0.0', '127.0.0.1'], 'EINVAL', /0\.0\.0\.0 is every address: it cannot be one of/],
    [['::1', 'fe80::1'], 'EADDRNOTAVAIL', /fe80::1.*needs its interface, as in fe80::1%eth0/],
    [['::1', 'fe80::1%none'], 'EINVAL', /fe80::1%none.*is there an interface none\?/],
  ])('%j: %s, by an event that names the one', async (localAddresses, code, text) => {
    const host = localAddresses[0].includes(':') ? '::1' : '127.0.0.1';
    const client = destroying(connect({ port: 9, host, localAddresses }));
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe(code);
    expect(error.message).toMatch(text);
  });

  test('of a server: the one that cannot be is named', async () => {
    for (const [first, second, text] of [
      ['127.0.0.1', '192.0.2.1', /EADDRNOTAVAIL.* 192\.0\.2\.1$/],
      ['::1', 'fe80::1', /fe80::1.*needs its interface, as in fe80::1%eth0/],
    ] as const) {
      const server = createServer().listen({ localAddresses: [first, second] });
      const [error] = (await once(server, 'error')) as [NodeJS.ErrnoException];
      expect(error.message).toMatch(text);
    }
  });
});

describeSctp('at the wrong time', () => {
  test('before and while connecting', async () => {
    const { server } = await multihomedPair();
    const unused = new Socket();
    const connecting = destroying(
      connect({ port: server.address()?.port ?? 0, host: '127.0.0.3' }),
    );
    for (const method of methods) {
      expect(
        errorOf(() => {
          unused[method]('127.0.0.1');
        }).code,
      ).toBe('ERR_SOCKET_CLOSED');
      const error = errorOf(() => {
        connecting[method]('127.0.0.1');
      });
      expect(error).toMatchObject({ code: 'ENOTCONN', syscall: method });
      expect(error.message).toContain("wait for 'connect'");
    }
  });

  test('after the end, and within its events', async () => {
    const { client, peer } = await multihomedPair();
    const codes: (string | undefined)[] = [];
    const tryAll = (): void => {
      for (const method of methods) {
        codes.push(
          errorOf(() => {
            peer[method]('127.0.0.1');
          }).code,
        );
      }
    };
    peer.on('error', tryAll).on('close', tryAll);
    client.resetAndDestroy();
    await new Promise((resolve) => peer.resume().on('close', resolve));
    tryAll();
    expect(codes).toEqual(Array.from({ length: 15 }, () => 'ERR_SOCKET_CLOSED'));
    for (const method of methods) {
      expect(
        errorOf(() => {
          client[method]('127.0.0.1');
        }).code,
      ).toBe('ERR_SOCKET_CLOSED');
    }
  });

  test('while the association ends, or has ended unnoticed', async () => {
    const { client, peer } = await multihomedPair();
    peer.pause();
    client.write('unread');
    client.end();
    await once(client, 'finish');
    const error = errorOf(() => {
      client.addLocalAddress('127.0.0.5');
    });
    expect(error.message).toMatch(/ending|Socket is closed/);
    expect(['ENOTCONN', 'ERR_SOCKET_CLOSED']).toContain(error.code);

    const other = await multihomedPair();
    other.client.resetAndDestroy();
    // Nothing has been read since: the kernel knows, soon, and we do not.
    while (other.peer.paths.length > 0);
    const late = errorOf(() => {
      other.peer.addLocalAddress('127.0.0.5');
    });
    expect(['ENOTCONN', 'ERR_SOCKET_CLOSED']).toContain(late.code);
    expect(other.peer.paths).toEqual([]);
    expect(other.peer.localAddresses).toEqual(THEIRS);
    await new Promise((resolve) => other.peer.resume().on('error', resolve));
    await once(peer.resume(), 'end');
  });
});
