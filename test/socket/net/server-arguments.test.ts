/** The arguments of createServer() and listen(): taken and refused as `net` does. */
import { once } from 'node:events';
import { inspect } from 'node:util';

import * as sctp from 'kernel-sctp';

import { both, type Net, outcomeOf } from '../../support/twin-servers';
import { defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';

type Anything = (...args: unknown[]) => never;
const nothing = (): void => undefined;

/** The outcome on each of the two, by their names. */
function onEach(call: (module: Net) => unknown): Record<string, unknown> {
  return Object.fromEntries(both.map(([name, module]) => [name, call(module)]));
}

function expectSame(call: (module: Net) => unknown): void {
  const { net: theirs, 'kernel-sctp': ours } = onEach(call);
  expect(ours).toEqual(theirs);
}

function listen(module: Net, args: unknown[]): unknown {
  const server = module.createServer();
  server.on('error', nothing);
  defer(() => server.close());
  return outcomeOf(() => (server.listen as Anything)(...args));
}

const NAMED: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'text'],
  ['an empty string', ''],
  ['0', 0],
  ['NaN', NaN],
  ['true', true],
  ['a bigint', 5n],
  ['a symbol', Symbol('s')],
  ['an object', {}],
  ['an array', []],
  ['an array of ports', [80]],
  ['a function', nothing],
];

describeSctp('createServer() answers as that of net to', () => {
  test.each(NAMED)('%s as its only argument', (_, value) => {
    expectSame((module) => outcomeOf(() => (module.createServer as Anything)(value)));
    expectSame((module) => outcomeOf(() => (module.Server as unknown as Anything)(value)));
    expectSame((module) => outcomeOf(() => Reflect.construct(module.Server, [value]) as unknown));
  });

  const options: [string, object][] = [
    ...NAMED.slice(0, 9).flatMap(([name, value]): [string, object][] => [
      [`allowHalfOpen ${name}`, { allowHalfOpen: value }],
      [`pauseOnConnect ${name}`, { pauseOnConnect: value }],
      [`keepAlive ${name}`, { keepAlive: value }],
    ]),
    ['highWaterMark -1', { highWaterMark: -1 }],
    ['a highWaterMark in a string', { highWaterMark: '5' }],
    ['keepAliveInitialDelay -1', { keepAliveInitialDelay: -1 }],
    ['keepAliveInitialDelay NaN', { keepAliveInitialDelay: NaN }],
    ['a keepAliveInitialDelay in a string', { keepAliveInitialDelay: '5' }],
    ['keepAliveInitialDelay null', { keepAliveInitialDelay: null }],
    ['an option it does not know', { backlog: 5 }],
  ];
  test.each(options)('%s', (_, value) => {
    expectSame((module) => outcomeOf(() => module.createServer(value)));
  });

  test('but it refuses a listener that is none, a size that is none, and a signal that is none', () => {
    const create = sctp.createServer as unknown as Anything;
    expectThrow(() => create({}, 'listener'), {
      code: 'ERR_INVALID_ARG_TYPE',
      message: `The "connectionListener" argument must be of type function. Received type string ('listener')`,
    });
    expectThrow(() => create({ highWaterMark: NaN }), { code: 'ERR_INVALID_ARG_VALUE' });
    expectThrow(() => create({ signal: 5 }), {
      code: 'ERR_INVALID_ARG_TYPE',
      message:
        'The "options.signal" property must be an instance of AbortSignal. Received type number (5)',
    });
    expectThrow(() => create({ captureRejections: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});

describeSctp('a server made without new', () => {
  test.each(both)('%s: is a Server, also one that inherits in the old style', (_, module) => {
    const make = module.Server as unknown as (...args: unknown[]) => object;
    const server = make({ pauseOnConnect: true }, nothing) as sctp.Server;
    expect(server).toBeInstanceOf(module.Server);
    expect(server.listenerCount('connection')).toBe(1);
    expect(server.pauseOnConnect).toBe(true);

    function Old(this: object): void {
      Reflect.apply(make, this, [nothing]);
    }
    Object.setPrototypeOf(Old.prototype, module.Server.prototype);
    const old = Reflect.construct(Old, []) as sctp.Server;
    expect(old.listenerCount('connection')).toBe(1);
    expect(old.listening).toBe(false);
  });

  test('listens and accepts', async () => {
    function Old(this: object): void {
      Reflect.apply(sctp.Server, this, []);
    }
    Object.setPrototypeOf(Old.prototype, sctp.Server.prototype);
    const server = Reflect.construct(Old, []) as sctp.Server;
    defer(() => server.close());
    server.listen(0, '127.0.0.1');
    const accepted = once(server, 'connection') as Promise<[sctp.Socket]>;
    const client = sctp.connect(server.address()?.port ?? 0, '127.0.0.1');
    const [socket] = await accepted;
    socket.resume().end();
    client.resume().end();
    await once(client, 'close');
  });
});

describeSctp('listen() answers as that of net to', () => {
  const bad: [string, unknown[]][] = [
    ...[true, false, 5n, [], [80], {}, { exclusive: true }, { path: -1 }, { path: undefined }].map(
      (value): [string, unknown[]] => [inspect(value), [value]],
    ),
    ...[-1, 65536, 1.5, NaN, Infinity, -Infinity, '', ' ', '65536', '1.5'].flatMap(
      (port): [string, unknown[]][] => [
        [`port ${inspect(port)}`, [port]],
        [`{ port: ${inspect(port)} }`, [{ port }, nothing]],
        [`{ port: ${inspect(port)} } with a path`, [{ port, path: '/tmp/x' }]],
      ],
    ),
    ...[true, false, 5n, {}, [], nothing].map((port): [string, unknown[]] => [
      `{ port: ${inspect(port)} }`,
      [{ port, with: 'a text that is too long to be shown whole', and: 'x'.repeat(100) }],
    ]),
    ...[5, true, {}, [], nothing].map((host): [string, unknown[]] => [
      `host ${inspect(host)}`,
      [{ port: 0, host }],
    ]),
    ['no port, and a host that is none', [{ host: { port: 5 } }]],
    ...[null, 5, 'text', true, {}].map((signal): [string, unknown[]] => [
      `signal ${inspect(signal)}`,
      [{ port: 0, signal }],
    ]),
  ];
  test.each(bad)('%s, which it refuses', (_, args) => {
    expectSame((module) => listen(module, args));
    // What is refused leaves nothing behind: it can be called again.
    const server = sctp.createServer();
    defer(() => server.close());
    outcomeOf(() => (server.listen as Anything)(...args));
    expect(server.listening).toBe(false);
    expect(server.listenerCount('listening')).toBe(0);
    server.listen(0, '127.0.0.1');
    expect(server.listening).toBe(true);
  });

  const good: [string, unknown[]][] = [
    ['nothing', []],
    ['a listener', [nothing]],
    ['undefined', [undefined]],
    ['null', [null]],
    ['null and a listener', [null, nothing]],
    ['0', [0]],
    ["'0'", ['0']],
    ['0 in other digits', ['0x0']],
    ['-0', [-0]],
    ['port and listener', [0, nothing]],
    ['port and host', [0, '127.0.0.1']],
    ['port, host and listener', [0, '127.0.0.1', nothing]],
    ['port, host, backlog', [0, '127.0.0.1', 5]],
    ['port, host, backlog and listener', [0, '127.0.0.1', 5, nothing]],
    ['port and backlog', [0, 5]],
    ['port, backlog and listener', [0, 5, nothing]],
    ['port, undefined and listener', [0, undefined, nothing]],
    ['port, null, null and listener', [0, null, null, nothing]],
    ['port, undefined, backlog and listener', [0, undefined, 5, nothing]],
    ['port, host and what is no listener', [0, '127.0.0.1', 5, 'text']],
    ['a backlog below 0', [0, -5]],
    ['a backlog of Infinity', [0, Infinity]],
    ['an empty host', [0, '']],
    ['{ port }', [{ port: 0 }]],
    ['{ port } and listener', [{ port: 0 }, nothing]],
    ['{ port }, backlog and listener', [{ port: 0 }, 5, nothing]],
    ['{ port: undefined }', [{ port: undefined }]],
    ['{ port: null }', [{ port: null }, nothing]],
    ["{ port: '0' }", [{ port: '0', backlog: '5' }]],
    ['{ port, host }', [{ port: 0, host: '127.0.0.1' }]],
    ['{ port, host: undefined }', [{ port: 0, host: undefined, backlog: undefined }]],
    ['{ port, host: null }', [{ port: 0, host: null, backlog: null }]],
    ['{ port, host: false }', [{ port: 0, host: false, backlog: 0 }]],
    ['{ port, path: undefined }', [{ port: 0, path: undefined, fd: undefined }]],
    ['{ port, path }: the port counts', [{ port: 0, path: '/tmp/x' }]],
    ['{ port, fd: -1 }', [{ port: 0, fd: -1 }]],
    ['what it does not know', [{ port: 0, with: 'more' }]],
    ['exclusive', [{ port: 0, exclusive: true }]],
    ['a signal', [{ port: 0, signal: new AbortController().signal }]],
    ['a frozen object', [Object.freeze({ port: 0, host: '127.0.0.1' })]],
  ];
  test.each(good)('%s, on which it listens', async (_, args) => {
    const [theirs, ours] = await Promise.all(
      both.map(async ([, module]) => {
        const server = module.createServer();
        defer(() => server.close());
        let calls = 0;
        const counting = args.map((arg) => (arg === nothing ? () => calls++ : arg));
        const returned: unknown = (server.listen as Anything)(...counting);
        expect(returned).toBe(server);
        await once(server, 'listening');
        const { address, family } = server.address() as { address: string; family: string };
        return { calls, address, family, listening: server.listening };
      }),
    );
    expect(ours).toEqual(theirs);
  });
});

describeSctp('what listen() does not offer', () => {
  const shared = 'to share a port among processes, listen with reusePort in each';
  test.each<[string, unknown[], string]>([
    [
      'a path',
      ['/tmp/x'],
      `The argument 'path' is not supported: SCTP has ports and no paths. Received '/tmp/x'`,
    ],
    [
      '{ path }',
      [{ path: '/tmp/x' }],
      `The property 'options.path' is not supported: SCTP has ports and no paths. Received '/tmp/x'`,
    ],
    [
      '{ fd }',
      [{ fd: 5, port: 0 }],
      `The property 'options.fd' is not supported: ${shared}. Received 5`,
    ],
    [
      '{ handle }',
      [{ handle: { a: 1 } }],
      `The property 'options.handle' is not supported: ${shared}. Received { a: 1 }`,
    ],
    [
      '{ _handle }',
      [{ _handle: { a: 1 } }],
      `The property 'options._handle' is not supported: ${shared}. Received { a: 1 }`,
    ],
  ])('%s', (_, args, message) => {
    const server = sctp.createServer();
    expectThrow(() => (server.listen as Anything)(...args), {
      code: 'ERR_INVALID_ARG_VALUE',
      message,
    });
    expect(server.listening).toBe(false);
  });
});

describeSctp('listen() is stricter than that of net about', () => {
  test.each<[string, object, string]>([
    ['backlog -1', { backlog: -1 }, 'ERR_OUT_OF_RANGE'],
    ['backlog 1.5', { backlog: 1.5 }, 'ERR_OUT_OF_RANGE'],
    ['backlog 2^31', { backlog: 2 ** 31 }, 'ERR_OUT_OF_RANGE'],
    ['a backlog in words', { backlog: 'many' }, 'ERR_OUT_OF_RANGE'],
    ['a backlog of another type', { backlog: true }, 'ERR_INVALID_ARG_TYPE'],
    ['ipv6Only 1', { ipv6Only: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['reusePort 1', { reusePort: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['localAddresses in a string', { localAddresses: '127.0.0.1' }, 'ERR_INVALID_ARG_TYPE'],
    ['no localAddresses', { localAddresses: [] }, 'ERR_INVALID_ARG_VALUE'],
    ['a name in localAddresses', { localAddresses: ['localhost'] }, 'ERR_INVALID_IP_ADDRESS'],
    ['localAddresses twice', { localAddresses: ['::1', '::1'] }, 'ERR_INVALID_ARG_VALUE'],
    ['all and one', { localAddresses: ['0.0.0.0', '127.0.0.1'] }, 'ERR_INVALID_ARG_VALUE'],
    ['one and all', { localAddresses: ['::1', '::'] }, 'ERR_INVALID_ARG_VALUE'],
    [
      'host and localAddresses',
      { host: '127.0.0.1', localAddresses: ['::1'] },
      'ERR_INVALID_ARG_VALUE',
    ],
  ])('%s', (_, options, code) => {
    const server = sctp.createServer();
    expectThrow(() => server.listen({ port: 0, ...options }), { code });
    expect(server.listening).toBe(false);
  });
});
