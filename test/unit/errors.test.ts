/** Errors have Node's codes, classes and wording. */
import { open as openFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

import {
  badPort,
  invalidArgType,
  isNotSupported,
  notSupported,
  optionError,
  outOfRange,
  socketError,
  systemError,
} from '#lib/errors/index';

function thrownBy(call: () => unknown): Error & { code?: string } {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not throw');
}

describe('bad arguments, compared with what Node itself throws', () => {
  test.each([undefined, null, 5, 'x', {}, [], Symbol('s'), 1n, true])('type: %p', (value) => {
    const node = thrownBy(() => createSocket('udp4').on('message', value as never));
    const ours = invalidArgType('listener', 'of type function', value);
    expect(ours.message).toBe(node.message);
    expect(ours.code).toBe(node.code);
    expect(ours.name).toBe(node.name);
    expect(ours.stack?.split('\n')[0]).toBe(`TypeError [${String(node.code)}]: ${node.message}`);
  });

  test.each([
    { constructor: { name: Symbol('s') } },
    Object.defineProperty(() => undefined, 'name', { value: Symbol('s') }),
    new Proxy(() => undefined, {
      get() {
        throw new Error('not to be looked at');
      },
    }),
  ])('a value that cannot be described: %#', (value) => {
    expect(invalidArgType('host', 'of type string', value).code).toBe('ERR_INVALID_ARG_TYPE');
  });

  test.each([70000, -1, 'x'])('port: %p', (port) => {
    const node = thrownBy(() => createServer().listen({ port: port as number }));
    const ours = badPort('options.port', port, true);
    expect(ours.message).toBe(node.message);
    expect(ours.code).toBe(node.code);
    expect(ours).toBeInstanceOf(RangeError);
  });

  test('range', () => {
    const node = thrownBy(() => Buffer.alloc(4).readUInt32BE(9));
    const ours = outOfRange('offset', '>= 0 and <= 0', 9);
    expect(ours.message).toBe(node.message);
    expect(ours.code).toBe(node.code);
  });
});

describe("system errors, compared with Node's", () => {
  test('fields and text', async () => {
    const node = (await openFile('/nonexistent').catch((error: unknown) => error)) as object;
    const ours = systemError('open', -2);
    expect(ours).toMatchObject({ errno: -2, code: 'ENOENT', syscall: 'open' });
    expect(node).toMatchObject({ errno: -2, code: 'ENOENT', syscall: 'open' });
  });

  test('with an address', () => {
    const error = systemError('bind', -98, { address: '127.0.0.1', port: 5000 });
    expect(error.message).toBe('bind EADDRINUSE 127.0.0.1:5000');
    expect(Object.keys(error)).toEqual(['errno', 'code', 'syscall', 'address', 'port']);
  });

  test('of an errno that nobody knows', () => {
    expect(systemError('send', -4095).message).toMatch(/^send /);
    expect(systemError('send', -3999).message).toBe('send errno 3999');
  });
});

describe('no SCTP', () => {
  const EPROTONOSUPPORT = -93;
  const ESOCKTNOSUPPORT = -94;

  test.each([
    [EPROTONOSUPPORT, 'EPROTONOSUPPORT'],
    [ESOCKTNOSUPPORT, 'ESOCKTNOSUPPORT'],
  ])('errno %d means the same as the other', (errno, name) => {
    expect(isNotSupported(errno)).toBe(true);
    const error = socketError(errno);
    expect(error).toMatchObject({ code: 'ERR_SCTP_NOT_SUPPORTED', errno, syscall: 'socket' });
    for (const word of [
      name,
      'modprobe sctp',
      'modprobe.d',
      'kernel-modules-extra',
      'WSL2',
      'Docker',
    ]) {
      expect(error.message).toContain(word);
    }
  });

  test('another failure of socket() is itself', () => {
    expect(socketError(-24)).toMatchObject({ code: 'EMFILE', message: 'socket EMFILE' });
  });

  test('an old kernel is distinguished', () => {
    expect(socketError(-92).message).toContain('Linux 5.0');
  });

  test('it can be inspected', () => {
    expect(notSupported(EPROTONOSUPPORT).stack).toContain('Error [ERR_SCTP_NOT_SUPPORTED]');
  });
});

test('an option error names option, value and remedy', () => {
  const error = optionError('setOption', 'rcvBuf', 5, -1, 'Ask the administrator');
  expect(error).toMatchObject({ code: 'ERR_SCTP_OPTION', option: 'rcvBuf', value: 5, errno: -1 });
  expect(error.message).toBe(
    'cannot set rcvBuf to 5: operation not permitted (EPERM). Ask the administrator',
  );
});
