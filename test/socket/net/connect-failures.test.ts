/** Connecting fails, for every reason: the error, one 'close', and no descriptor left. */
import { once } from 'node:events';

import { connect, type ConnectOptions, Socket } from 'kernel-sctp';

import { descriptors, until } from '../../lifecycle/kit';
import { keepBusy } from '../../support/busy';
import { journalOf } from '../../support/journal';
import { freePort } from '../../support/lksctp';
import { describeSctp } from '../../support/sctp';
import { connectTo, destroying, listening, portOf } from '../../support/sockets';

const HOST = '127.0.0.1';
type Lookup = NonNullable<ConnectOptions['lookup']>;

interface Failure {
  socket: Socket;
  error: NodeJS.ErrnoException;
}

/** Expects one 'error' and then one 'close', and a socket that can be used like any closed one. */
async function failing(options: ConnectOptions, before = descriptors()): Promise<Failure> {
  const socket = destroying(connect(options));
  expect(socket).toBeInstanceOf(Socket);
  expect(socket.connecting).toBe(true);
  expect(socket.pending).toBe(true);
  expect(socket.readyState).toBe('opening');
  const { closed } = journalOf(socket);
  const failure = new Promise<NodeJS.ErrnoException>((resolve) => {
    socket.once('error', resolve);
  });
  const error = await failure;
  expect(await closed).toEqual([`error ${String(error.code)}`, 'close true']);
  expect(descriptors()).toBe(before);
  expect(socket.connecting).toBe(false);
  expect(socket.readyState).toBe('closed');
  expect(socket.address()).toEqual({});
  expect(socket.destroyed).toBe(true);
  expect(socket.ref().unref().setTimeout(5).destroy()).toBe(socket);
  expect(() => socket.status()).toThrow('Socket is closed');
  const late = await new Promise((resolve) => socket.write('late', resolve));
  expect(late).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  await expect(socket.dry()).rejects.toThrow();
  return { socket, error };
}

describeSctp('connecting to', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
  ])('a port of %s where nobody listens: ECONNREFUSED', async (host) => {
    const port = freePort();
    const { error } = await failing({ host, port });
    expect(error).toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
      errno: -111,
      address: host,
      port,
      message: `connect ECONNREFUSED ${host}:${String(port)}`,
    });
  });

  test('an address that the kernel refuses at once', async () => {
    const { error } = await failing({ host: '224.0.0.1', port: 5000 });
    expect(error).toMatchObject({ syscall: 'connect', address: '224.0.0.1', port: 5000 });
  });

  test('a name that does not exist', async () => {
    const lookup: Lookup = (name, _options, callback) => {
      const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
        code: 'ENOTFOUND',
      });
      setImmediate(callback, error, '');
    };
    const { error } = await failing({ host: 'nobody.test', port: 5000, lookup });
    expect(error.message).toBe('getaddrinfo ENOTFOUND nobody.test');
  });

  test('a name without addresses', async () => {
    const lookup: Lookup = (_name, _options, callback) => {
      setImmediate(callback, null, []);
    };
    const { error } = await failing({ host: 'empty.test', port: 5000, lookup });
    expect(error.code).toBe('ENOTFOUND');
  });

  test('a name whose lookup throws, or finds what is no address', async () => {
    const before = descriptors();
    const bad: Lookup = (_name, _options, callback) => {
      setImmediate(callback, null, [{ address: 'not an address', family: 4 }]);
    };
    const { error } = await failing({ host: 'bad.test', port: 5000, lookup: bad });
    expect(error.message).toBe('Invalid IP address: not an address');
    const throwing: Lookup = () => {
      throw new Error('lookup failed');
    };
    expect(() => connect({ host: 'x.test', port: 5000, lookup: throwing })).toThrow(
      'lookup failed',
    );
    expect(descriptors()).toBe(before);
  });

  test('from an address that is not ours: EADDRNOTAVAIL of bind', async () => {
    const server = await listening();
    const { error } = await failing({
      host: HOST,
      port: portOf(server),
      localAddress: '192.0.2.9',
    });
    expect(error).toMatchObject({
      code: 'EADDRNOTAVAIL',
      syscall: 'bind',
      address: '192.0.2.9',
      message: 'bind EADDRNOTAVAIL 192.0.2.9',
    });
  });

  test('from a port that is taken: EADDRINUSE of bind', async () => {
    const server = await listening({ sctp: { reuseAddr: false } });
    const localPort = portOf(server);
    const { error } = await failing({
      host: HOST,
      port: 5000,
      localAddress: HOST,
      localPort,
      sctp: { reuseAddr: false },
    });
    expect(error).toMatchObject({ code: 'EADDRINUSE', syscall: 'bind', port: localPort });
  });

  test('with an option that the kernel refuses', async () => {
    const sctp = { rtoInfo: { min: 70_000 } };
    const { error } = await failing({ host: HOST, port: 5000, sctp });
    expect(error.code).toMatch(/^ERR_(SCTP_OPTION|OUT_OF_RANGE)$/);
  });
});

describeSctp('several addresses', () => {
  const both: Lookup = (_name, _options, callback) => {
    setImmediate(callback, null, [
      { address: '127.0.0.9', family: 4 },
      { address: HOST, family: 4 },
    ]);
  };

  test('of which the first refuses: the next is tried', async () => {
    const server = await listening();
    const before = descriptors();
    const socket = destroying(connect({ host: 'two.test', port: portOf(server), lookup: both }));
    await once(socket, 'connect');
    expect(socket.remoteAddress).toBe(HOST);
    await until(() => descriptors() === before + 2); // with the accepted one
  });

  test('however busy the program is meanwhile, in time', async () => {
    const server = await listening();
    const socket = connectTo(server, { connectTimeout: 50 });
    socket.once('connectionAttempt', () => {
      keepBusy(200);
    });
    await once(socket, 'connect');
    expect(socket.remotePort).toBe(portOf(server));
  });

  test('that all refuse: one error, nothing left', async () => {
    const { error } = await failing({ host: 'two.test', port: freePort(), lookup: both });
    expect(error.code).toBe('ECONNREFUSED');
  });

  test('destroyed between them', async () => {
    const before = descriptors();
    const socket = destroying(connect({ host: 'two.test', port: freePort(), lookup: both }));
    const { closed } = journalOf(socket);
    socket.on('notification', () => socket.destroy());
    const entries = await closed;
    expect(entries).toEqual(['close false']);
    await until(() => descriptors() === before);
  });
});

describeSctp('a connection that is given up', () => {
  const lookup: Lookup = (_name, _options, callback) => {
    setTimeout(callback, 20, null, [{ address: HOST, family: 4 }]);
  };

  test.each<[string, (socket: Socket) => void]>([
    ['at once', (socket) => void socket.destroy()],
    [
      'in the next tick',
      (socket) => {
        process.nextTick(() => socket.destroy());
      },
    ],
    ['during the lookup', (socket) => void setImmediate(() => socket.destroy())],
    ['after the lookup', (socket) => void socket.on('lookup', () => socket.destroy())],
    [
      'during connecting',
      (socket) => {
        socket.on('lookup', () => {
          process.nextTick(() => socket.destroy());
        });
      },
    ],
  ])('by destroy() %s', async (_, giveUp) => {
    const server = await listening();
    server.on('connection', (socket) => journalOf(socket));
    const before = descriptors();
    const socket = destroying(connect({ host: 'a.test', port: portOf(server), lookup }));
    const { closed } = journalOf(socket);
    const failed = new Promise((resolve) => socket.write('never sent', resolve));
    giveUp(socket);
    expect(await closed).toEqual(['close false']);
    expect(await failed).toBeInstanceOf(Error);
    await until(() => descriptors() === before);
    const late = new Promise((resolve) => setTimeout(resolve, 40)); // the lookup's answer
    await late;
    expect(socket.connecting).toBe(false);
  });

  test.each(['before', 'at once', 'during the lookup', 'during connecting'])(
    'by an AbortSignal, %s',
    async (when) => {
      const server = await listening();
      server.on('connection', (socket) => journalOf(socket));
      const controller = new AbortController();
      const { signal } = controller;
      const abort = (): void => {
        controller.abort();
      };
      if (when === 'before') abort();
      const before = descriptors();
      const socket = connect({ host: 'a.test', port: portOf(server), lookup, signal });
      const { closed } = journalOf(destroying(socket));
      if (when === 'at once') abort();
      if (when === 'during the lookup') setImmediate(abort);
      if (when === 'during connecting') socket.on('lookup', () => setTimeout(abort, 0));
      const entries = await closed;
      if (entries[0] !== 'connect') expect(entries).toEqual(['error ABORT_ERR', 'close true']);
      else expect(entries).toEqual(['connect', 'error ABORT_ERR', 'close true']);
      await until(() => descriptors() === before);
    },
  );

  test('by resetAndDestroy(): as soon as it is up, or has failed', async () => {
    const server = await listening();
    server.on('connection', (socket) => journalOf(socket));
    const { closed } = journalOf(connectTo(server).resetAndDestroy());
    expect((await closed).at(-1)).toBe('close false');
    const refused = journalOf(connect({ host: HOST, port: freePort() }).resetAndDestroy());
    expect(await refused.closed).toEqual(['error ECONNREFUSED', 'close true']);
    const never = journalOf(new Socket().resetAndDestroy());
    expect(await never.closed).toEqual(['error ERR_SOCKET_CLOSED', 'close true']);
  });

  test('by end(): what was written arrives, once it is up', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connectTo(server);
    socket.end('last');
    const [peer] = await accepted;
    const { closed } = journalOf(peer);
    expect((await closed).slice(0, 2)).toEqual(['data last', 'end']);
  });

  test('by end(), though it is refused', async () => {
    const socket = destroying(connect({ host: HOST, port: freePort() }));
    const { closed } = journalOf(socket);
    const failed = new Promise((resolve) => socket.write('lost', resolve));
    socket.end();
    expect(await failed).toMatchObject({ code: 'ECONNREFUSED' });
    expect(await closed).toEqual(['error ECONNREFUSED', 'close true']);
  });
});

describeSctp('a thousand refused connections', () => {
  test('leave nothing', async () => {
    // Not one that a socket may be bound to by chance: it would associate with itself.
    const port = 9;
    const before = descriptors();
    let refused = 0;
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = connect({ host: HOST, port });
          const [error, ...rest] = await journalOf(socket).closed;
          expect([error, ...rest]).toEqual(['error ECONNREFUSED', 'close true']);
          refused++;
        }),
      );
    }
    expect(refused).toBe(1000);
    expect(descriptors()).toBe(before);
  });
});
