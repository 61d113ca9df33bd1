/** Bad arguments of open() throw before any descriptor exists, also where there is no SCTP. */
import { readdirSync } from 'node:fs';

import { open } from 'kernel-sctp';

type Anything = (...args: unknown[]) => unknown;
const anyOpen = open as unknown as Anything;
const ignore = () => undefined;

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

function expectRefusal(args: unknown[], kind: 'TypeError' | 'RangeError', code: string): Error {
  const before = descriptors();
  let thrown: unknown;
  try {
    anyOpen(...args);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: kind, code });
  expect(descriptors()).toBe(before);
  return thrown as Error;
}

describe('open(bindHost, bindPort, recvMaxlen, onRecv)', () => {
  test.each([undefined, null, 5, true, Symbol('x')])('host %p has the wrong type', (host) => {
    if (typeof host === 'object') {
      expectRefusal([host, 0, 1000, ignore], 'TypeError', 'ERR_INVALID_ARG_TYPE');
    } else {
      const error = expectRefusal([host, 0, 1000, ignore], 'TypeError', 'ERR_INVALID_ARG_TYPE');
      expect(error.message).toContain('"bindHost" argument must be of type string. Received');
    }
  });

  test.each([
    'localhost',
    '',
    '127.0.0',
    '1.2.3.4:5',
    '::1%',
    '127.0.0.1\0',
    'fe80::1%no%pe',
    ' ::1',
  ])('host %p is no IP address', (host) => {
    expectRefusal([host, 0, 1000, ignore], 'TypeError', 'ERR_INVALID_IP_ADDRESS');
  });

  test.each([70000, 65536, -1, 1.5, NaN, Infinity, undefined, null, '', ' ', 'http', {}, [], true])(
    'port %p',
    (port) => {
      const error = expectRefusal(
        ['127.0.0.1', port, 1000, ignore],
        'RangeError',
        'ERR_SOCKET_BAD_PORT',
      );
      expect(error.message).toContain('bindPort should be >= 0 and < 65536');
    },
  );

  test.each([0, -1, 64 * 1024 * 1024 + 1, 1.5, NaN, Infinity])('recvMaxlen %p', (max) => {
    expectRefusal(['127.0.0.1', 0, max, ignore], 'RangeError', 'ERR_OUT_OF_RANGE');
  });

  test.each([undefined, null, '1000', {}, true, 1000n])(
    'recvMaxlen %p has the wrong type',
    (max) => {
      expectRefusal(['127.0.0.1', 0, max, ignore], 'TypeError', 'ERR_INVALID_ARG_TYPE');
    },
  );

  test.each([undefined, null, {}, 'function', 5])('callback %p', (callback) => {
    const error = expectRefusal(
      ['127.0.0.1', 0, 1000, callback],
      'TypeError',
      'ERR_INVALID_ARG_TYPE',
    );
    expect(error.message).toContain('"onRecv" argument must be of type function');
  });

  test('no arguments at all', () => {
    expectRefusal([], 'TypeError', 'ERR_INVALID_ARG_TYPE');
  });
});

describe('open(options, onRecv)', () => {
  const refuse = (options: unknown, kind: 'TypeError' | 'RangeError', code: string) =>
    expectRefusal([options, ignore], kind, code);

  test('a misspelt name lists the right ones', () => {
    const { message } = refuse({ hots: '::' }, 'TypeError', 'ERR_INVALID_ARG_VALUE');
    expect(message).toContain(
      "'options.hots' is unknown (did you mean 'host'?); expected one of host, interface, port,",
    );
  });

  test.each([[null], [[]]])('options %p', (options) => {
    refuse(options, 'TypeError', 'ERR_INVALID_ARG_TYPE');
  });

  test.each([
    [{ host: 'example.org' }, 'TypeError', 'ERR_INVALID_IP_ADDRESS'],
    [{ host: 5 }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ port: 70000 }, 'RangeError', 'ERR_SOCKET_BAD_PORT'],
    [{ maxMessageSize: 0 }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ maxMessageSize: 64 * 1024 * 1024 + 1 }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ sendBufferLimit: -1 }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ sendBufferLimit: '4M' }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ unordered: 1 }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ copy: 'yes' }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ pr: 30000 }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ pr: {} }, 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    [{ pr: { policy: 'ttl' } }, 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    [{ pr: { policy: 'ttl', value: -1 } }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ pr: { policy: 'toString', value: 1 } }, 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    [{ sctp: 5 }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ sctp: { rtoinfo: {} } }, 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    [{ sctp: { rtoInfo: { initial: '5' } } }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ sctp: { rtoInfo: { minimum: 5 } } }, 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    [{ sctp: { rtoInfo: { min: 500, max: 100 } } }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ sctp: { initMsg: { numOstreams: 65536 } } }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ sctp: { delayedSack: { delay: 501 } } }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ sctp: { noDelay: 1 } }, 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [{ sctp: { sndBuf: 0 } }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ sctp: { assocInfo: { asocMaxRxt: 65536 } } }, 'RangeError', 'ERR_OUT_OF_RANGE'],
    [{ host: '127.0.0.1', sctp: { v6Only: true } }, 'TypeError', 'ERR_INVALID_ARG_VALUE'],
  ] as const)('%j', (options, kind, code) => {
    refuse(options, kind, code);
  });

  test('what can only be read, or only where there is an association', () => {
    const messageFor = (sctp: object) =>
      refuse({ sctp }, 'TypeError', 'ERR_INVALID_ARG_VALUE').message;
    const address = { address: '::1', port: 5 };
    expect(messageFor({ assocStats: {} })).toContain("'options.sctp.assocStats' can only be read");
    expect(messageFor({ primaryAddr: address })).toContain(
      "'options.sctp.primaryAddr' needs an association",
    );
    expect(messageFor({ peerAddrParams: { address } })).toContain(
      "'options.sctp.peerAddrParams.address' needs an association",
    );
  });

  test('a missing callback', () => {
    expectRefusal([{ port: 0 }], 'TypeError', 'ERR_INVALID_ARG_TYPE');
  });
});
