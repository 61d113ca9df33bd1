/** The sending half against a kernel that is full for as long as the test likes. */
import { Closer } from '#lib/datagram/closer';
import { DatagramSender } from '#lib/datagram/sender';

import type { NativeSeqpacketSocket } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { expectThrow } from '../support/errors';

const EAGAIN = -11;
const EPIPE = -32;

/** Takes `room` messages, then none; counts what is asked of it. */
class FullKernel {
  room = 0;
  answer = EAGAIN;
  taken: string[] = [];
  tries = 0;
  watched: { writable: boolean }[] = [];
  closed = 0;
  associations: number[] | number = [];

  readonly socket = {
    send: (data: Uint8Array) => {
      this.tries++;
      if (this.room <= 0) return this.answer;
      this.room--;
      this.taken.push(Buffer.from(data).toString());
      return data.byteLength;
    },
    getOption: (name: string) =>
      name === 'sndBuf'
        ? { value: 1000 }
        : { sid: 0, ppid: 0, context: 0, flags: 1, policy: 0, value: 0 },
    associationIds: () => this.associations,
    listen: () => 0,
    watch: (_: boolean, writable: boolean) => this.watched.push({ writable }),
    close: () => this.closed++,
  } as unknown as NativeSeqpacketSocket;
}

function create(limit = 10_000) {
  const kernel = new FullKernel();
  const reports: string[] = [];
  const sender = new DatagramSender(kernel.socket, {
    family: 4,
    limit,
    report: (text) => reports.push(text),
    onIdle: () => {
      closer.settle();
    },
  });
  const closer = new Closer(kernel.socket, sender);
  const send = (text: string) =>
    sender.send(sender.check(Buffer.from(text), '127.0.0.1', 5, undefined));
  return { kernel, reports, sender, closer, send };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('what the kernel takes at once is not queued', () => {
  const { kernel, send } = create();
  kernel.room = 1;
  expect(send('a')).toBe(1);
  expect(kernel.taken).toEqual(['a']);
  expect(kernel.watched).toEqual([]);
});

test('what waits goes first, in order, when there is room', () => {
  const { kernel, sender, send } = create();
  send('a');
  send('b');
  kernel.room = 1;
  send('c'); // there is room, but a and b were here before
  expect(kernel.taken).toEqual([]);
  sender.flush();
  expect(kernel.taken).toEqual(['a']);
  kernel.room = 5;
  sender.flush();
  expect(kernel.taken).toEqual(['a', 'b', 'c']);
  expect(kernel.watched.at(-1)).toEqual({ writable: false });
});

test('a "writable" that is a lie is not listened to, but tried again later', () => {
  const { kernel, sender, send } = create();
  send('a');
  expect(kernel.watched).toEqual([{ writable: true }]);
  sender.flush(); // the kernel says writable, and takes nothing
  expect(kernel.watched.at(-1)).toEqual({ writable: false });
  const tries = kernel.tries;
  jest.advanceTimersByTime(1000);
  expect(kernel.tries).toBeGreaterThan(tries);
  expect(kernel.tries).toBeLessThan(tries + 50);
  kernel.room = 1;
  jest.advanceTimersByTime(1000);
  expect(kernel.taken).toEqual(['a']);
  expect(jest.getTimerCount()).toBe(0);
});

test('a full buffer goes on being watched while it is tried, too', () => {
  const { kernel, send } = create();
  send('a');
  jest.advanceTimersByTime(1000); // the timer tries; nobody has said writable
  expect(kernel.watched.at(-1)).toEqual({ writable: true });
});

test('close() waits for associations that are being set up', () => {
  const { kernel, closer } = create();
  const change = { type: 'assocChange', state: 0, assocId: 7 } as NativeNotification;
  kernel.associations = [7];
  closer.begin();
  expect(kernel.closed).toBe(0);
  closer.onNotification(change);
  expect(kernel.closed).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

test('close() does not take a list that fails for an empty one', () => {
  const { kernel, closer } = create();
  kernel.associations = -12; // ENOMEM
  closer.begin();
  jest.advanceTimersByTime(1000);
  expect(kernel.closed).toBe(0);
  kernel.associations = [];
  jest.advanceTimersByTime(1000);
  expect(kernel.closed).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

test('the limit counts 256 bytes for each message; nothing of a refused one is taken', () => {
  const { kernel, sender, send } = create(2 * 257);
  send('a');
  send('b');
  expectThrow(() => send('c'), {
    code: 'ERR_SCTP_SEND_BUFFER_FULL',
    size: 1,
    queued: 514,
    limit: 514,
  });
  kernel.room = 5;
  sender.flush();
  expect(kernel.taken).toEqual(['a', 'b']);
});

test('a message that could never be sent is not queued', () => {
  const { send } = create();
  send('a');
  expectThrow(() => send('x'.repeat(1001)), { code: 'ERR_SCTP_MESSAGE_TOO_LARGE', limit: 1000 });
});

test('a queued message that the kernel refuses is reported, and the next ones go on', () => {
  jest.useRealTimers();
  const { kernel, reports, sender, send } = create();
  send('a');
  send('b');
  kernel.answer = EPIPE;
  sender.flush();
  return new Promise<void>((resolve) => {
    setImmediate(() => {
      expect(reports).toEqual([
        'message of 1 bytes to 127.0.0.1:5 not sent: broken pipe (EPIPE)',
        'message of 1 bytes to 127.0.0.1:5 not sent: broken pipe (EPIPE)',
      ]);
      resolve();
    });
  });
});

test('close() waits for what waits, then closes once', () => {
  const { kernel, sender, closer, send } = create();
  send('a');
  closer.begin();
  expect(kernel.closed).toBe(0);
  kernel.room = 1;
  sender.flush();
  expect(kernel.taken).toEqual(['a']);
  expect(kernel.closed).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

test('close() gives up after 30 s, with a warning', () => {
  const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { kernel, closer, send } = create();
  send('a');
  send('b');
  kernel.associations = [0];
  closer.begin();
  jest.advanceTimersByTime(29_000);
  expect(kernel.closed).toBe(0);
  jest.advanceTimersByTime(2_000);
  expect(kernel.closed).toBe(1);
  expect(warning.mock.calls[0]?.[0]).toContain(
    'with 2 messages not yet sent and 1 associations not yet set up',
  );
  expect(jest.getTimerCount()).toBe(0);
  warning.mockRestore();
});
