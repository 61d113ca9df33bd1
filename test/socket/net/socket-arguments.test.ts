/** What the constructor and `connect` take and refuse: as those of `net`. */
import * as net from 'node:net';
import { inherits } from 'node:util';

import * as sctp from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { closed, expectSameResults, expectTwins } from '../../support/twin';

const HOST = '127.0.0.1';
/** The lists are long, and what is bad is reported in the same way. */
type Loose = (...args: unknown[]) => net.Socket;

describeSctp('connect() refuses, in the words of net,', () => {
  const calls: Record<string, readonly unknown[]> = {
    'nothing at all': [],
    undefined: [undefined],
    null: [null],
    'an empty object': [{}],
    'a listener alone': [() => undefined],
    'a boolean': [true],
    'a symbol': [Symbol('x')],
    'a port that is negative': [-1],
    'a port that is too large': [65_536],
    'a port that is no integer': [1.5],
    'a port that is NaN': [NaN],
    'a port that is an empty text': [''],
    'a port that is null': [{ port: null }],
    'several ports': [{ port: [1, 2] }],
    'a port that is blank': [{ port: ' ' }],
    'a port that is a word': [{ port: 'www' }],
    'a localPort that is a text': [{ port: 1, localPort: '5' }],
    'a localAddress that is a name': [{ port: 1, localAddress: 'localhost' }],
    'a localAddress that is a number': [{ port: 1, localAddress: 5 }],
    'unknown hints': [{ port: 1, hints: 12_345 }],
    'a family that there is not': [{ port: 1, family: 8 }],
    'a family that is a word': [{ port: 1, family: 'x' }],
    'a lookup that is none': [{ port: 1, lookup: 'x' }],
    'a keepAliveInitialDelay that is a text': [{ port: 1, keepAliveInitialDelay: 'x' }],
    'an autoSelectFamily that is a text': [{ port: 1, autoSelectFamily: 'x' }],
    'an autoSelectFamilyAttemptTimeout that is a text': [
      { port: 1, autoSelectFamilyAttemptTimeout: 'x' },
    ],
    'an autoSelectFamilyAttemptTimeout of 0': [{ port: 1, autoSelectFamilyAttemptTimeout: 0 }],
    'an autoSelectFamilyAttemptTimeout below': [{ port: 1, autoSelectFamilyAttemptTimeout: -1 }],
    'a signal that is a text': [{ port: 1, signal: 'x' }],
    'a signal that is an object': [{ port: 1, signal: {} }],
    'object mode': [{ port: 1, objectMode: true }],
    'object mode for reading': [{ port: 1, readableObjectMode: true }],
    'object mode for writing': [{ port: 1, writableObjectMode: true }],
    'a highWaterMark below 0': [{ port: 1, highWaterMark: -1 }],
    'a timeout that is a text': [{ port: 1, host: HOST, timeout: 'x' }],
    'a timeout below 0': [{ port: 1, host: HOST, timeout: -1 }],
  };

  test.each(Object.entries(calls))('%s', async (name, args) => {
    const journals = await expectSameResults({
      [name]: (stage) => (stage.net.connect as Loose)(...args),
    });
    expect(journals[name]).toEqual([expect.stringMatching(/^(Type|Range)Error ERR_/)]);
  });

  test('the same in socket.connect()', async () => {
    // What comes after it is for the constructor.
    const names = Object.keys(calls);
    names.splice(names.indexOf('a lookup that is none') + 1);
    await expectSameResults(
      Object.fromEntries(
        names.map((name) => [
          name,
          (stage) =>
            (new stage.net.Socket().connect as Loose).apply(new stage.net.Socket(), [
              ...(calls[name] ?? []),
            ]),
        ]),
      ),
    );
  });
});

describeSctp('connect() refuses a host that is no string', () => {
  // In the words of Node 20's `net`; Node 26 has others.
  test.each<[unknown, string]>([
    [5, 'Received type number (5)'],
    [{}, 'Received an instance of Object'],
  ])('%p', (host, received) => {
    const options = { port: 1, host: host as string };
    for (const call of [() => sctp.connect(options), () => new sctp.Socket().connect(options)]) {
      expectThrow(call, {
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_TYPE',
        message: `The "hostname" argument must be of type string. ${received}`,
      });
    }
  });
});

describeSctp('a list of addresses without end', () => {
  test('is refused at its first hole', () => {
    const remoteAddresses = new Array<string>(2 ** 32 - 1);
    expectThrow(() => sctp.connect({ port: 1, remoteAddresses }), {
      code: 'ERR_INVALID_ARG_TYPE',
      message: expect.stringContaining('remoteAddresses[0]') as string,
    });
  });
});

describeSctp('a blockList', () => {
  test('is refused where it would guard nothing', () => {
    const options = { port: 1, blockList: new net.BlockList() };
    const makers = [sctp.connect, (options: object) => new sctp.Socket(options)];
    for (const make of makers as ((options: object) => unknown)[]) {
      expectThrow(() => make(options), {
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringContaining('offered by createServer() alone') as string,
      });
    }
  });
});

describeSctp('a lookup that gives what is no address', () => {
  test.each([[[null]], [[5]], [['x']]])('%j', async (found) => {
    const lookup = (_name: string, _options: object, callback: (...args: unknown[]) => void) => {
      process.nextTick(callback, null, found);
    };
    const socket = sctp.connect({ port: 1, host: 'a.test', lookup: lookup as never });
    const error = await new Promise((resolve) => socket.once('error', resolve));
    expect(error).toMatchObject({ code: 'ERR_INVALID_IP_ADDRESS' });
  });
});

describeSctp('connect() takes, like net,', () => {
  test.each<[string, (port: number) => unknown[]]>([
    ['port, host', (port) => [port, HOST]],
    ['port as text', (port) => [String(port), HOST]],
    ['an object', (port) => [{ port, host: HOST }]],
    [
      'null and undefined for what is not given',
      (port) => [
        {
          ...{
            port,
            host: HOST,
            localAddress: null,
            localPort: undefined,
            family: null,
            hints: null,
          },
          ...{ lookup: null, signal: null, autoSelectFamily: null, noDelay: null, keepAlive: null },
          ...{ highWaterMark: null, onread: null, timeout: null, localAddresses: null },
        },
      ],
    ],
    [
      'empty texts for what is not given',
      (port) => [{ port, host: HOST, localAddress: '', path: '' }],
    ],
    [
      'what it never asks for',
      (port) => [{ port, host: HOST, lookup: 'x', family: 8, unknown: 1 }],
    ],
    [
      'autoSelectFamily',
      (port) => [{ port, host: HOST, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1 }],
    ],
    ['a family by name', (port) => [{ port, host: 'localhost', family: 'IPv4' }]],
  ])('%s', async (_name, args) => {
    await expectTwins(async ({ net: api, log, watch, serve, allClosed }) => {
      const port = await serve((peer) => peer.end());
      const client = (api.connect as Loose)(...args(port), () => {
        log('client', 'listener');
      });
      watch(client, 'client', ['connect', 'end', 'close']).resume();
      await allClosed();
    });
  });

  test('a localPort, without and with a localAddress', async () => {
    const server = await listening();
    const free = await listening();
    const localPort = portOf(free);
    await new Promise((resolve) => free.close(resolve));
    for (const local of [{ localPort }, { localPort, localAddress: HOST }]) {
      const client = connectTo(server, local);
      await new Promise((resolve) => client.once('connect', resolve));
      expect(client.localPort).toBe(localPort);
      client.destroy();
      await new Promise((resolve) => client.once('close', resolve));
    }
  });

  test('every path by none', () => {
    for (const path of ['/tmp/x', 'x', '-1']) {
      for (const args of [[path], [{ path }], [{ path, port: 1 }]]) {
        const fields = {
          code: 'ERR_INVALID_ARG_VALUE',
          message: expect.stringContaining('SCTP has ports') as unknown,
        };
        expectThrow(() => (sctp.connect as unknown as Loose)(...args), fields);
      }
    }
  });
});

describeSctp('the errors of connecting are those of net', () => {
  test('refused; from an address and a port; from an address that is not ours', async () => {
    await expectTwins(async ({ net: api, log, watch, closedPort, serve }) => {
      const localPort = await serve();
      const fields = [
        { localAddress: HOST },
        { localAddress: HOST, localPort: closedPort + 1 },
        { localAddress: '192.0.2.1' },
        { localAddress: '192.0.2.1', localPort },
      ];
      for (const local of fields) {
        const client = watch(api.connect({ port: closedPort, host: HOST, ...local }), 'client');
        client.on('error', (error) => {
          log('client', Object.keys(error).sort());
        });
        await closed(client);
      }
    });
  });

  test('a port of ours that is taken', async () => {
    const server = await listening({ sctp: { reuseAddr: false } });
    const options = { localAddress: HOST, localPort: portOf(server), sctp: { reuseAddr: false } };
    const client = connectTo(server, options);
    const error = await new Promise((resolve) => client.once('error', resolve));
    expect(error).toMatchObject({
      message: `bind EADDRINUSE ${HOST}:${String(portOf(server))}`,
      code: 'EADDRINUSE',
      port: portOf(server),
    });
  });

  test.each<[string, unknown[]]>([
    ['an error', [Object.assign(new Error('getaddrinfo ENOTFOUND a.test'), { code: 'ENOTFOUND' })]],
    ['what is no address', [null, [{ address: 'x', family: 4 }]]],
    ['a family that there is not', [null, [{ address: HOST, family: 5 }]]],
  ])('lookup with %s', async (_name, found) => {
    await expectTwins(async ({ net: api, log, watch }) => {
      const lookup = (_host: string, _options: object, callback: Loose): void => {
        callback(...found);
      };
      const client = watch(
        api.connect({ port: 80, host: 'a.test', lookup: lookup as never }),
        'client',
      );
      log('client', [client.destroyed, client.connecting, client.readyState]);
      await closed(client);
    });
  });
});

describe('addresses', () => {
  const refused = (options: object, message: string | RegExp) => {
    expectThrow(() => sctp.connect({ port: 1, ...options }), {
      code: expect.stringMatching(/^ERR_INVALID_(ARG_VALUE|ARG_TYPE|IP_ADDRESS)$/) as unknown,
      message: (typeof message === 'string'
        ? expect.stringContaining(message)
        : expect.stringMatching(message)) as unknown,
    });
  };

  test.each([
    [['127.0.0.1', '127.0.0.1'], '127.0.0.1'],
    [['::1', '0:0:0:0:0:0:0:1'], '::1'],
    [['2001:db8::1', '2001:DB8::0:1'], '2001:db8::1'],
    [['::ffff:127.0.0.1', '::ffff:7f00:1'], '127.0.0.1'],
    [['fe80::1%lo', 'FE80::1%lo'], 'fe80::1%lo'],
  ])('%j: the same one twice, however it is written', (addresses, shown) => {
    refused({ remoteAddresses: addresses }, `names ${shown} twice`);
    refused({ host: addresses[0], localAddresses: addresses }, `names ${shown} twice`);
  });

  test.each([
    [{ host: HOST, localAddress: '::1' }, 'must be of the family'],
    [{ host: '::1', localAddress: HOST }, 'must be of the family'],
    [{ host: '::1', localAddresses: [HOST, '127.0.0.2'] }, 'must be of the family'],
    [{ remoteAddresses: [HOST, '127.0.0.2'], localAddress: '::1' }, 'must be of the family'],
    [{ host: HOST, remoteAddresses: [HOST] }, 'cannot be combined with remoteAddresses'],
    [
      { host: HOST, localAddress: HOST, localAddresses: [HOST] },
      'cannot be combined with localAddresses',
    ],
    [{ remoteAddresses: [] }, 'at least one address'],
    [{ remoteAddresses: HOST }, 'an instance of Array'],
    // eslint-disable-next-line no-sparse-arrays -- that is what is tested
    [{ remoteAddresses: [HOST, , '127.0.0.2'] }, 'remoteAddresses[1]" property must be of type'],
    [{ host: HOST, localAddresses: new Array(2) }, 'localAddresses[0]" property must be of type'],
    [{ remoteAddresses: [{ address: HOST, port: 1 }] }, 'of type string'],
    [{ remoteAddresses: [`${HOST}:5000`] }, `Invalid IP address: ${HOST}:5000`],
    [{ remoteAddresses: ['localhost'] }, 'Invalid IP address: localhost'],
    [{ remoteAddresses: [`${HOST}%lo`] }, `Invalid IP address: ${HOST}%lo`],
    [{ remoteAddresses: ['fe80::1%'] }, 'Invalid IP address: fe80::1%'],
  ])('%j: refused before anything is opened', (options, message) => {
    refused(options, message);
  });
});

describeSctp('addresses that only the kernel can judge', () => {
  test.each([
    ['fe80::1', /connect \w+ fe80::1:5000: a link-local address needs its interface/],
    ['fe80::1%nowhere', /fe80::1%nowhere.*is there an interface nowhere/],
    ['ff02::1', /it is not the address of one host/],
  ])('%s', async (host, message) => {
    const client = destroying(sctp.connect({ host, port: 5000 }));
    const error = await new Promise((resolve) => client.once('error', resolve));
    expect(String(error)).toMatch(message);
  });
});

describe('Socket', () => {
  test('can be called without new', () => {
    const socket = sctp.Socket({ allowHalfOpen: true });
    expect(socket).toBeInstanceOf(sctp.Socket);
    expect(socket.allowHalfOpen).toBe(true);
    expect(socket.constructor).toBe(sctp.Socket);
    expect(sctp.Socket.name).toBe('Socket');
    expect(sctp.Stream).toBe(sctp.Socket);
  });

  test('can be extended by a class', () => {
    class Line extends sctp.Socket {
      readonly title: string;
      constructor(title: string) {
        super({ highWaterMark: 5 });
        this.title = title;
      }
    }
    const line = new Line('one');
    expect(line).toBeInstanceOf(sctp.Socket);
    expect([line.title, line.readableHighWaterMark]).toEqual(['one', 5]);
    expect(line.constructor.name).toBe('Line');
    expect(line.readyState).toBe('open');
  });

  test('can be extended in the old style', async () => {
    function Line(this: sctp.Socket & { title: string }, title: string): void {
      (sctp.Socket as unknown as (this: object, options: object) => void).call(this, {
        highWaterMark: 5,
      });
      this.title = title;
    }
    inherits(Line, sctp.Socket);
    const make = Line as unknown as new (title: string) => sctp.Socket & { title: string };
    const [one, two] = [new make('one'), new make('two')];
    expect(one).toBeInstanceOf(sctp.Socket);
    expect([one.title, two.title, one.readableHighWaterMark]).toEqual(['one', 'two', 5]);
    expect(one).not.toBe(two);
    const closing = new Promise((resolve) => one.once('close', resolve));
    one.destroy();
    await closing;
    expect(two.destroyed).toBe(false);
    expect(() => {
      (sctp.Socket as unknown as (this: object) => void).call(two);
    }).toThrow(TypeError);
  });
});

describeSctp('setTimeout() refuses what net refuses', () => {
  test('milliseconds and callbacks', async () => {
    await expectSameResults({
      'a text': (stage) => new stage.net.Socket().setTimeout('x' as unknown as number),
      'below 0': (stage) => new stage.net.Socket().setTimeout(-1),
      Infinity: (stage) => new stage.net.Socket().setTimeout(Infinity),
      NaN: (stage) => new stage.net.Socket().setTimeout(NaN),
      'an object': (stage) => new stage.net.Socket().setTimeout({} as unknown as number),
      'no function': (stage) => new stage.net.Socket().setTimeout(5, 'x' as unknown as () => void),
      timeout: (stage) => {
        const socket = new stage.net.Socket();
        return [socket.timeout, socket.setTimeout(7).timeout, socket.setTimeout(0).timeout];
      },
    });
  });
});

describeSctp('a second connect()', () => {
  test('is refused, and the first goes on', async () => {
    const { client, server } = await connectedPair();
    expectThrow(() => client.connect(portOf(server), HOST), {
      code: 'EISCONN',
      message: 'connect EISCONN',
    });
    expect(client.readyState).toBe('open');
    const another = connectTo(server);
    expectThrow(() => another.connect(portOf(server), HOST), { code: 'EALREADY' });
    await new Promise((resolve) => another.once('connect', resolve));
  });
});
