/** Bad arguments of send() and the option calls: an error before anything is sent. */
import { open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { expectThrow } from '../support/errors';
import { Inbox } from '../support/inbox';
import { describeSctp } from '../support/sctp';

type Anything = (...args: unknown[]) => unknown;

describeSctp('send', () => {
  const openOne = () => closing(open('127.0.0.1', 0, 1000, () => undefined));

  function detached(): Buffer {
    const memory = new ArrayBuffer(8);
    const view = Buffer.from(memory);
    structuredClone(memory, { transfer: [memory] });
    return view;
  }

  const good = Buffer.from('x');
  test.each<[string, unknown[], string, string]>([
    ['no data', [], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['a string', ['text', '127.0.0.1', 5], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['an array', [[1, 2], '127.0.0.1', 5], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['an ArrayBuffer', [new ArrayBuffer(2), '127.0.0.1', 5], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['nothing in it', [Buffer.alloc(0), '127.0.0.1', 5], 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    ['a detached buffer', [detached(), '127.0.0.1', 5], 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    ['no host', [good, undefined, 5], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['neither host nor port', [good], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['a name', [good, 'localhost', 5], 'TypeError', 'ERR_INVALID_IP_ADDRESS'],
    ['IPv6 from IPv4', [good, '::1', 5], 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    ['port 0', [good, '127.0.0.1', 0], 'RangeError', 'ERR_SOCKET_BAD_PORT'],
    ['port 70000', [good, '127.0.0.1', 70000], 'RangeError', 'ERR_SOCKET_BAD_PORT'],
    ['no port', [good, '127.0.0.1'], 'RangeError', 'ERR_SOCKET_BAD_PORT'],
    ['info of 5', [good, '127.0.0.1', 5, 5], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['info null', [good, '127.0.0.1', 5, null], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['info.stream', [good, '127.0.0.1', 5, { stream: 1 }], 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    ['sid -1', [good, '127.0.0.1', 5, { sid: -1 }], 'RangeError', 'ERR_OUT_OF_RANGE'],
    ['sid 65536', [good, '127.0.0.1', 5, { sid: 65536 }], 'RangeError', 'ERR_OUT_OF_RANGE'],
    ['ppid 2^32', [good, '127.0.0.1', 5, { ppid: 2 ** 32 }], 'RangeError', 'ERR_OUT_OF_RANGE'],
    ["ppid 'M4UA'", [good, '127.0.0.1', 5, { ppid: 'M4UA' }], 'TypeError', 'ERR_INVALID_ARG_VALUE'],
    ['ppid 1.5', [good, '127.0.0.1', 5, { ppid: 1.5 }], 'RangeError', 'ERR_OUT_OF_RANGE'],
    ['context "1"', [good, '127.0.0.1', 5, { context: '1' }], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    ['unordered 1', [good, '127.0.0.1', 5, { unordered: 1 }], 'TypeError', 'ERR_INVALID_ARG_TYPE'],
    [
      'an unknown policy',
      [good, '127.0.0.1', 5, { pr: { policy: 'best', value: 1 } }],
      'TypeError',
      'ERR_INVALID_ARG_VALUE',
    ],
  ])('%s', (_, args, name, code) => {
    const handle = openOne();
    expectThrow(() => (handle.send as Anything)(...args), { name, code });
  });

  test.each([
    ['127.0.0.1', '0.0.0.0', 'it is not the address of one host'],
    ['127.0.0.1', '224.0.0.1', 'it is not the address of one host'],
    ['127.0.0.1', '255.255.255.255', 'it is not the address of one host'],
    ['::', '::', 'it is not the address of one host'],
    ['::', 'ff02::1', 'it is not the address of one host'],
    ['::', 'fe80::1', 'a link-local address needs its interface, as in fe80::1%eth0'],
    ['::', 'fe80::1%nosuch', 'is there an interface nosuch?'],
  ])('from %s to %s: the error says why not', (from, to, why) => {
    const handle = closing(open(from, 0, 1000, () => undefined));
    const error = { code: 'EINVAL', message: `send EINVAL ${to}:5: ${why}` };
    expectThrow(() => handle.send(good, to, 5), error);
    expectThrow(() => handle.send(good, to, 5, { sid: 1 }), error);
  });

  test('to IPv4 from a handle that is IPv6 only', () => {
    const handle = closing(open({ host: '::', sctp: { v6Only: true } }, () => undefined));
    const why = 'the address cannot be reached from the one that the handle is bound to';
    expectThrow(() => handle.send(good, '127.0.0.1', 5), {
      message: `send EINVAL 127.0.0.1:5: ${why}`,
    });
  });

  test('a stream that was not negotiated, also as a default', async () => {
    const inbox = new Inbox();
    const receiver = closing(open('127.0.0.1', 0, 1000, inbox.onRecv));
    const handle = openOne();
    const { port } = receiver.address();
    handle.send(good, '127.0.0.1', port);
    await inbox.nextMessage();
    const message =
      `send EINVAL 127.0.0.1:${String(port)}: ` +
      'stream 5000 may be beyond those negotiated (sctp.initMsg.numOstreams)';
    expectThrow(() => handle.send(good, '127.0.0.1', port, { sid: 5000 }), { message });
    handle.setOption('defaultSndInfo', { sid: 5000 });
    expectThrow(() => handle.send(good, '127.0.0.1', port), { message });
  });

  test('a getter that changes its mind is asked once', () => {
    const handle = openOne();
    const once = (value: unknown): unknown[] => [value, 'x']; // what a getter gives, call by call
    const sids = once(0);
    const info = {
      get sid() {
        return sids.shift() as number;
      },
    };
    const policies = once('ttl');
    const pr = {
      get policy() {
        return policies.shift() as 'ttl';
      },
      value: 9,
    };
    const { port } = handle.address();
    expect(handle.send(good, '127.0.0.1', port, info)).toBe(1);
    expect(handle.send(good, '127.0.0.1', port, { pr })).toBe(1);
  });

  test('a getter that sends to another peer, or detaches the data, misleads no message', async () => {
    const inboxes = [new Inbox(), new Inbox()] as const;
    const portOf = ({ onRecv }: Inbox) =>
      closing(open('127.0.0.1', 0, 1000, onRecv)).address().port;
    const [to, other] = [portOf(inboxes[0]), portOf(inboxes[1])];
    const handle = closing(open({ host: '127.0.0.1', unordered: false }, () => undefined));
    for (const port of [to, other]) handle.send(Buffer.from('first'), '127.0.0.1', port);
    await Promise.all(inboxes.map((inbox) => inbox.waitForMessages(1)));
    const asking = (act: () => void) => ({
      get sid() {
        act();
        return 0;
      },
    });
    const sendOther = asking(() => handle.send(Buffer.from('other'), '127.0.0.1', other));
    handle.send(Buffer.from('mine'), '127.0.0.1', to, sendOther);
    const memory = new ArrayBuffer(32);
    const detach = asking(() => structuredClone(memory, { transfer: [memory] }));
    expectThrow(() => handle.send(Buffer.from(memory), '127.0.0.1', to, detach), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
    handle.send(Buffer.from('last'), '127.0.0.1', to);
    await Promise.all([inboxes[0].waitForMessages(3), inboxes[1].waitForMessages(2)]);
    expect(inboxes.map((inbox) => inbox.texts())).toEqual([
      ['first', 'mine', 'last'],
      ['first', 'other'],
    ]);
  });

  test('what only looks like bytes is refused with its code', () => {
    const handle = openOne();
    for (const data of [Object.create(Uint8Array.prototype), new Proxy(new Uint8Array(2), {})]) {
      expectThrow(() => handle.send(data as Uint8Array, '127.0.0.1', 5), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
    }
  });

  test('after close', () => {
    const handle = openOne();
    handle.close();
    for (const call of [
      () => handle.send(good, '127.0.0.1', 5),
      () => handle.address(),
      () => handle.getOption('rtoInfo'),
      () => {
        handle.setOption('noDelay', true);
      },
    ]) {
      expectThrow(call, { code: 'ERR_SOCKET_DGRAM_NOT_RUNNING', message: 'Not running' });
    }
  });

  test.each<[string, (bytes: Buffer) => ArrayBufferView]>([
    ['Uint8Array', (bytes) => new Uint8Array(bytes)],
    ['Uint16Array', (bytes) => new Uint16Array(new Uint8Array(bytes).buffer)],
    ['DataView', (bytes) => new DataView(new Uint8Array(bytes).buffer)],
    ['part of a Buffer', (bytes) => Buffer.concat([Buffer.from('?'), bytes]).subarray(1)],
    [
      'shared memory',
      (bytes) => {
        const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
        view.set(bytes);
        return view;
      },
    ],
  ])('%s is sent as its bytes', async (_, make) => {
    const inbox = new Inbox();
    const b = closing(open('127.0.0.1', 0, 1000, inbox.onRecv));
    openOne().send(make(Buffer.from('abcd')), '127.0.0.1', b.address().port);
    expect((await inbox.nextMessage()).data.toString()).toBe('abcd');
  });

  test('a port may be given in digits', async () => {
    const inbox = new Inbox();
    const b = closing(open('127.0.0.1', 0, 1000, inbox.onRecv));
    const port = String(b.address().port);
    (openOne().send as Anything)(Buffer.from('x'), '127.0.0.1', port);
    await inbox.nextMessage();
  });
});

describeSctp("system errors look like Node's", () => {
  test('bind: address in use', () => {
    const handle = closing(open('127.0.0.1', 0, 1000, () => undefined));
    const { port } = handle.address();
    const inUse = /^(bind|listen) EADDRINUSE 127\.0\.0\.1:\d+$/;
    expectThrow(() => open('127.0.0.1', port, 1000, () => undefined), {
      code: 'EADDRINUSE',
      errno: -98,
      address: '127.0.0.1',
      port,
      message: expect.stringMatching(inUse) as string,
    });
  });

  test('bind: not our address', () => {
    expectThrow(() => open('192.0.2.1', 5000, 1000, () => undefined), {
      code: 'EADDRNOTAVAIL',
      syscall: 'bind',
      address: '192.0.2.1',
      port: 5000,
      message: 'bind EADDRNOTAVAIL 192.0.2.1:5000',
    });
  });

  test('send: a broadcast address', () => {
    const handle = closing(open('127.0.0.1', 0, 1000, () => undefined));
    expectThrow(() => handle.send(Buffer.from('x'), '255.255.255.255', 5), {
      syscall: 'send',
      address: '255.255.255.255',
      port: 5,
    });
  });
});
