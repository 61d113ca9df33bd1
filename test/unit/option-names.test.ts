/** Options in the wrong place, misspelt, twice or with holes: refused at the call. */
import { BlockList } from 'node:net';

import {
  connect,
  createEndpoint,
  createServer,
  defaults,
  open,
  presets,
  Socket,
} from 'kernel-sctp';

import { endpointConfig } from '#lib/endpoint/config';
import { checkSocketSendInfo } from '#lib/messages/info';
import { socketConfig } from '#lib/socket/config';

import { defer } from '../support/cleanup';
import { expectThrow } from '../support/errors';

type Given = Record<string, unknown>;

const calls = {
  connect: (given: Given) => connect({ port: 9, host: '127.0.0.1', ...given }),
  Socket: (given: Given) => new Socket(given),
  createServer: (given: Given) => createServer(given),
  listen: (given: Given) => createServer().listen({ port: 0, host: '127.0.0.1', ...given }),
};
type Call = keyof typeof calls;

function refuses(call: Call, given: Given, message: RegExp): void {
  expectThrow(() => calls[call](given), {
    name: 'TypeError',
    code: 'ERR_INVALID_ARG_VALUE',
    message: expect.stringMatching(message) as string,
  });
}

describe('among many names that are unknown', () => {
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`unknown${String(i)}`, i]),
  );

  test('one in the wrong place is refused; slips are looked for in the first ones only', () => {
    refuses('connect', { ...many, rtoInfo: { min: 50 } }, /rtoInfo' .*belongs in sctp/);
    refuses('connect', { highWatermark: 5, ...many }, /did you mean 'highWaterMark'/);
    const socket = calls.connect({ ...many, highWatermark: 5 });
    socket.on('error', () => undefined).destroy();
  });
});

describe('in the wrong place', () => {
  test.each<[Call, Given, RegExp]>([
    ['connect', { rtoInfo: { min: 50 } }, /rtoInfo' .*belongs in sctp, as sctp: \{ rtoInfo: …/],
    ['connect', { ...presets.sigtran }, /belongs in sctp, as sctp: \{/],
    ['connect', { hbInterval: 5 }, /belongs in sctp, as sctp: \{ peerAddrParams: \{ hbInterval/],
    ['connect', { numOstreams: 5 }, /as sctp: \{ initMsg: \{ numOstreams: … \} \}/],
    ['createServer', { localAddresses: ['127.0.0.1'] }, /belongs in connect\(\), listen\(\)/],
    ['createServer', { port: 1, interface: 'lo' }, /interface' .*belongs in .*listen\(\)/],
    ['createServer', { remoteAddresses: ['127.0.0.1'] }, /belongs in connect\(\)/],
    ['createServer', { rtoInfo: {} }, /belongs in sctp/],
    ['createServer', { maxConnections: 5 }, /it is a property: server\.maxConnections/],
    ['createServer', { maxAssociations: 5 }, /belongs in open\(\) or createEndpoint\(\)/],
    ['connect', { sendBufferLimit: 5 }, /a Socket has writableHighWaterMark/],
    ['listen', { sctp: {} }, /sctp' is not an option of listen\(\).*createServer\(\)/],
    ['listen', { notifications: 'all' }, /belongs in .*createServer\(\)/],
    ['listen', { rtoInfo: {} }, /belongs in sctp of createServer\(\)/],
    ['listen', { remoteAddresses: [] }, /belongs in connect\(\)/],
    ['Socket', { remoteAddresses: ['127.0.0.1'] }, /belongs in connect\(\)/],
    ['Socket', { localAddresses: ['127.0.0.1'] }, /belongs in connect\(\)/],
    ['Socket', { connectTimeout: 5 }, /belongs in connect\(\)/],
    ['Socket', { blockList: new BlockList() }, /offered by createServer\(\) alone/],
  ])('%s: %j', (call, given, message) => {
    refuses(call, given, message);
  });

  test('too late for a socket that is there', () => {
    const socket = new Socket();
    expectThrow(() => socket.connect({ port: 9, closeTimeout: 5 }), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringMatching(
        /closeTimeout' is read only by the constructor.*new Socket\(\)/,
      ) as string,
    });
    socket.destroy();
  });

  test('of createServer what listen needs, and is not given', () => {
    const server = createServer({ port: 3868 } as object);
    expectThrow(() => server.listen(), {
      message: expect.stringMatching(
        /port' is not an option of createServer\(\).*listen/,
      ) as string,
    });
  });

  test('one object for both, as with net', () => {
    const both = { port: 70_000, host: '127.0.0.1', backlog: 5, notifications: 'all' } as const;
    // It gets as far as the port, which is none.
    expectThrow(() => createServer(both).listen(both), { code: 'ERR_SOCKET_BAD_PORT' });
  });
});

describe('misspelt', () => {
  test.each<[Call, string, string]>([
    ['connect', 'remoteAdresses', 'remoteAddresses'],
    ['connect', 'localAddreses', 'localAddresses'],
    ['connect', 'ppdi', 'ppid'],
    ['connect', 'Ppid', 'ppid'],
    ['connect', 'os', 'OS'],
    ['connect', 'conectTimeout', 'connectTimeout'],
    ['connect', 'rtoinfo', 'rtoInfo'],
    ['connect', 'hots', 'host'],
    ['createServer', 'notifcations', 'notifications'],
    ['createServer', 'close_timeout', 'closeTimeout'],
    ['createServer', 'localAddreses', 'localAddresses'],
    ['listen', 'localAddreses', 'localAddresses'],
    ['listen', 'reuseport', 'reusePort'],
    ['Socket', 'maxMesageSize', 'maxMessageSize'],
  ])('%s: %s', (call, name, near) => {
    refuses(call, { [name]: 5 }, new RegExp(`'options.${name}' .*did you mean '${near}'\\?`));
  });

  test('in sctp', () => {
    refuses(
      'connect',
      { sctp: { rtoinfo: {} } },
      /rtoinfo' is unknown \(did you mean 'rtoInfo'\?\)/,
    );
  });

  test('a preset', () => {
    const all: Record<string, object | undefined> = presets;
    expectThrow(() => all['ranx'], {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining("presets.ranx' is unknown (did you mean 'ran'?)") as string,
    });
    expect(JSON.parse(JSON.stringify(presets))).toEqual({ ...presets });
    expect('ranx' in presets).toBe(false);
  });
});

describe('of others', () => {
  const others = {
    ...{ method: 'GET', headers: {}, agent: undefined, path: null, setHost: true, auth: 'x' },
    ...{ servername: 'x', ALPNProtocols: ['h2'], ca: [], rejectUnauthorized: false, session: null },
    ...{ IncomingMessage: Object, requestTimeout: 5, keepAliveTimeout: 5, emitClose: true },
    ...{ pauseOnConnect: false, exclusive: true, backlog: 5, localPort: 0, autoDestroy: true },
    ...{ post: 1, ids: [], name: 'mine', smtp: {}, host2: 'x', status: 1, context: {}, tag: 1 },
  };

  test('what net, http and tls know, and what is no slip, passes', () => {
    createServer(others as object);
    new Socket(others as object).destroy();
    expectThrow(() => createServer().listen({ ...others, port: 70_000 } as object), {
      code: 'ERR_SOCKET_BAD_PORT',
    });
    expectThrow(() => connect({ ...others, port: 70_000 } as never), {
      code: 'ERR_SOCKET_BAD_PORT',
    });
  });

  test('what is undefined is not given', () => {
    createServer({ localAddresses: undefined, rtoInfo: undefined } as object);
  });
});

describe('said twice', () => {
  test.each<[Given, RegExp]>([
    [{ OS: 4, sctp: { initMsg: { numOstreams: 5 } } }, /OS' contradicts .*numOstreams \(5\)/],
    [{ MIS: 4, sctp: { initMsg: { maxInstreams: 5 } } }, /MIS' contradicts/],
    [{ ppid: 3, sctp: { defaultSndInfo: { ppid: 4 } } }, /ppid' contradicts/],
    [{ protocol: 'M3UA', sctp: { defaultSndInfo: { ppid: 4 } } }, /protocol' contradicts/],
    [{ typeOfService: 40, sctp: { dscp: 4 } }, /typeOfService' contradicts/],
  ])('%j: a contradiction', (given, message) => {
    for (const call of ['connect', 'Socket', 'createServer'] as const)
      refuses(call, given, message);
  });

  test('the same: no contradiction', () => {
    createServer({ OS: 4, ppid: 'M3UA', sctp: { initMsg: { numOstreams: 4, maxAttempts: 2 } } });
  });
});

test.each<Call>(['connect', 'Socket', 'createServer'])('%s: notifications with a hole', (call) => {
  refuses(call, { notifications: new Array(1) }, /notifications\[0\]' must be one of/);
});

describe('the real reason', () => {
  test.each([
    ['localhost', /names are not resolved here: give the numeric address/],
    ['127.0.0.1:3868', /it comes with a port.*give 127\.0\.0\.1 here/],
    ['[::1]:3868', /it comes with a port.*give ::1 here/],
    ['10.0.0.0/8', /it is a network/],
    [' 127.0.0.1', /spaces around it/],
  ])('an address like %j', (text, message) => {
    for (const [call, name] of [
      ['connect', 'remoteAddresses'],
      ['connect', 'localAddresses'],
      ['listen', 'localAddresses'],
    ] as const) {
      const given = name === 'remoteAddresses' ? { host: undefined } : {};
      expectThrow(
        () =>
          calls[call]({ ...given, ...(call === 'listen' && { host: undefined }), [name]: [text] }),
        {
          code: 'ERR_INVALID_IP_ADDRESS',
          message: expect.stringMatching(message) as string,
        },
      );
    }
  });

  test('primaryAddr in options: there is no association yet', () => {
    refuses('connect', { sctp: { primaryAddr: '1.2.3.4' } }, /primaryAddr' needs an association/);
  });

  test('an option of a socket that has never been connected', () => {
    const socket = new Socket();
    for (const call of [
      () => {
        socket.setOption('rtoInfo', { min: 5 });
      },
      () => socket.getOption('status'),
      () => socket.status(),
      () => {
        socket.setPrimary('127.0.0.1');
      },
    ]) {
      expectThrow(call, {
        code: 'ERR_SOCKET_CLOSED',
        message: expect.stringMatching(/not connected.*as sctp: \{ … \}/) as string,
      });
    }
    socket.destroy();
    expectThrow(() => socket.status(), { message: 'Socket is closed' });
  });

  test('what else waits for an association that nobody has begun', async () => {
    const socket = new Socket().on('error', () => undefined);
    const notConnected = { message: expect.stringContaining('call connect()') as string };
    await expect(socket.dry()).rejects.toMatchObject(notConnected);
    await expect(socket.resetStreams({ outgoing: [] })).rejects.toMatchObject(notConnected);
    const failure = new Promise((resolve) => {
      socket.send(Buffer.from('x'), resolve);
    });
    expect(await failure).toMatchObject({ code: 'ERR_SOCKET_CLOSED', ...notConnected });
  });
});

describe('one-to-many sockets', () => {
  const strict = {
    open: (given: Given) => open(given, () => undefined),
    createEndpoint: (given: Given) => createEndpoint(given),
    listen: (given: Given) => createEndpoint().listen(given),
  };

  test.each<[keyof typeof strict, Given, RegExp]>([
    [
      'open',
      { engine: 'user' },
      /is not an option here: only .*connect\(\), createServer\(\) have it/,
    ],
    ['open', { rtoInfo: { min: 50 } }, /belongs in sctp, as sctp: \{ rtoInfo: …/],
    ['open', { hbInterval: 5 }, /as sctp: \{ peerAddrParams: \{ hbInterval/],
    ['open', { byteStream: true }, /only .*connect\(\), createServer\(\) have it/],
    ['open', { hots: '::1' }, /is unknown \(did you mean 'host'\?\)/],
    ['createEndpoint', { engine: 'user' }, /only .*connect\(\), createServer\(\) have it/],
    [
      'createEndpoint',
      { port: 5000 },
      /belongs in listen\(\), bind\(\) or connect\(\) of the endpoint/,
    ],
    ['createEndpoint', { remoteAddresses: ['::1'] }, /belongs in connect\(\) of the endpoint/],
    ['createEndpoint', { initMsg: {} }, /belongs in sctp/],
    ['listen', { rtoInfo: {} }, /belongs in sctp of createEndpoint\(\)/],
    ['listen', { remoteAddresses: [] }, /only connect\(\) has it/],
  ])('%s: %j', (call, given, message) => {
    expectThrow(() => strict[call](given), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringMatching(message) as string,
    });
  });
});

test('a blockList that is none is refused, when it is exchanged too', () => {
  const server = createServer({ blockList: new BlockList() });
  expectThrow(
    () => {
      server.blockList = ['127.0.0.1'] as unknown as BlockList;
    },
    { code: 'ERR_INVALID_ARG_TYPE' },
  );
  expect(server.blockList).toBeInstanceOf(BlockList);
  server.blockList = undefined;
});

test('what is of the engine in user space is refused with the kernel', () => {
  refuses('createServer', { engine: 'kernel', udpPort: 9899 }, /udpPort' is of engine: 'user'/);
});

test('arguments that would be ignored', () => {
  const socket = new Socket();
  expectThrow(() => socket.send(Buffer.from('x'), {}, 5 as never), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  const setOption = socket.setOption.bind(socket) as (...args: unknown[]) => void;
  expectThrow(
    () => {
      setOption('peerAddrParams', { hbInterval: 500 }, { address: '127.0.0.1' });
    },
    { message: expect.stringContaining('a path is named in the value, by address') as string },
  );
  socket.destroy();
});

test('objects in the place of options: connect() and listen() of sockets and servers', () => {
  const wrong = [new Map([['port', 5]]), new Set(), new Date(), Buffer.alloc(1)];
  for (const given of wrong as never[]) {
    const expected = { code: 'ERR_INVALID_ARG_TYPE' };
    expectThrow(() => new Socket().connect(given), expected);
    expectThrow(() => connect(given), expected);
    expectThrow(() => createServer().listen(given), expected);
  }
});

describe('objects that hold no options, and options that are inherited', () => {
  const wrong = [new Map([['sid', 5]]), new Set(), new Date(), Promise.resolve(), Buffer.alloc(1)];
  const takers: [name: string, call: (given: never) => unknown][] = [
    ['Socket', (given) => new Socket(given)],
    ['createServer', (given) => createServer(given)],
    ['open', (given) => open(given, () => undefined)],
    ['createEndpoint', (given) => createEndpoint(given)],
    ['sctp', (sctp) => new Socket({ sctp })],
    ['an option', (rtoInfo) => new Socket({ sctp: { rtoInfo } })],
    ['info', checkSocketSendInfo],
    ['pr', (pr) => checkSocketSendInfo({ pr })],
    ['defaults', defaults],
  ];

  test.each(takers)('%s: a Map is refused', (_, call) => {
    for (const given of wrong) {
      expectThrow(() => call(given as never), { code: 'ERR_INVALID_ARG_TYPE' });
    }
  });

  test.each(takers)('%s: a name that is inherited and wrong is refused', (_, call) => {
    expectThrow(() => call(Object.create({ rtoInof: 1, ppdi: 1 }) as never), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  });

  test('what is inherited counts', () => {
    class Info {
      readonly #sid = 3;

      get sid(): number {
        return this.#sid;
      }
    }
    expect(checkSocketSendInfo(new Info())).toEqual({ sid: 3 });
    expect(checkSocketSendInfo(Object.create({ ppid: 'M3UA' }))).toEqual({ ppid: 3 });
    const rtoInfo = Object.create({ min: 50 }) as object;
    expect(socketConfig({ sctp: { rtoInfo } }).sctp.rtoInfo).toEqual({ min: 50 });
    const sack = Object.create({ delay: 50 }) as object;
    expect(socketConfig({ sack }).sctp.delayedSack).toEqual({ delay: 50 });
    expect(endpointConfig({ sctp: { rtoInfo } }).sctp.rtoInfo).toEqual({ min: 50 });
    for (const call of [
      (given: object) => new Socket(given),
      (given: object) => createServer(given),
    ])
      expectThrow(() => call(Object.create({ sctp: { rtoInfo: { min: -1 } } }) as object), {
        code: 'ERR_OUT_OF_RANGE',
      });
  });
});

test('of an object with many unknown names, a Buffer in the wrong place, few are compared', () => {
  const comparisons = (names: number): number => {
    let count = 0;
    const suggestion = '#lib/errors/suggestion';
    jest.doMock(suggestion, () => {
      const actual = jest.requireActual<typeof import('#lib/errors/suggestion')>(suggestion);
      return {
        ...actual,
        distance: (from: string, to: string) => {
          count++;
          return actual.distance(from, to);
        },
      };
    });
    defer(() => jest.dontMock(suggestion));
    jest.isolateModules(() => {
      const { checkOptionNames } =
        jest.requireActual<typeof import('#lib/option-names')>('#lib/option-names');
      const options = Array.from({ length: names }, (_, index) => [`unheard${String(index)}`, 1]);
      checkOptionNames('connect', Object.fromEntries(options) as object);
    });
    return count;
  };
  const few = comparisons(100);
  expect(few).toBeGreaterThan(0);
  expect(comparisons(3000)).toBe(few);
});
