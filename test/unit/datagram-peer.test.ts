/** What a handle does for one peer, with a kernel that is full for as long as the test likes. */
import { releaseAll } from '#lib/association/tick-hold';
import { SaidByDefault } from '#lib/burst';
import { DatagramPeer } from '#lib/datagram/peer';
import type { EndpointLink } from '#lib/endpoint/endpoint-link';
import { SharedLimit } from '#lib/endpoint/shared-limit';

import type { NativeSendInfo } from '../../types/native';
import type { NativeNotification } from '../../types/native-values';
import { expectThrow } from '../support/errors';

const EAGAIN = -11;
const EPIPE = -32;
const ESHUTDOWN = -108;
const ENETUNREACH = -101;
const NEVER_SENT = 'it was never sent, or not completely [sid 2, ppid 3, context 4]';
const COMM_UP = 0;
const COMM_LOST = 1;
const SHUTDOWN_COMP = 3;
const PLACE = { address: '127.0.0.1', family: 'IPv4', port: 5 } as const;
const INFO = [2, 3, 0, 4, 0, 0, undefined, 0] as unknown as NativeSendInfo;

/** Takes `room` messages, then none; counts what is asked of it. */
class FullKernel {
  room = 0;
  answer = EAGAIN;
  taken: string[] = [];
  tries = 0;
  watched: boolean[] = [];
  calls: string[] = [];

  readonly link = {
    assocId: 7,
    retriesWriting: false,
    attach: () => undefined,
    placeInBurst: () => false,
    getOption: () => ({ outStreams: 10, unackData: 2 }),
    send: (data: Uint8Array) => {
      this.tries++;
      if (this.room <= 0) return this.answer;
      this.room--;
      this.taken.push(Buffer.from(data).toString());
      return data.byteLength;
    },
    watch: (_: boolean, writable: boolean) => this.watched.push(writable),
    isGone: () => false,
    shutdown: () => this.calls.push('shutdown'),
    abort: () => this.calls.push('abort'),
    drain: () => this.calls.push('drain'),
    close: () => this.calls.push('close'),
  } as unknown as EndpointLink;
}

function create({
  limit = 10_000,
  total = new SharedLimit(100_000),
  onReport = (): void => undefined,
} = {}) {
  const kernel = new FullKernel();
  const reports: string[] = [];
  const seen: string[] = [];
  const peer = new DatagramPeer(kernel.link, PLACE, {
    limit,
    total,
    report: (text) => {
      reports.push(text);
      onReport();
    },
    onMessage: () => undefined,
    onTooLarge: () => undefined,
    onIdle: () => seen.push('idle'),
    onPeeledOff: () => undefined,
    onOver: () => seen.push('over'),
  });
  const send = (text: string): number => {
    const message = { data: Buffer.from(text), info: INFO, byDefault: SaidByDefault.Nothing };
    const result = peer.try(message);
    if (result === EAGAIN) peer.queue(message);
    return result;
  };
  const change = (state: number): void => {
    const notification = { type: 'assocChange', state, error: 0, causes: [], assocId: 7 };
    peer.onNotification(notification as unknown as NativeNotification, PLACE);
  };
  return { kernel, reports, seen, peer, send, change };
}

function up(options: Parameters<typeof create>[0] = {}): ReturnType<typeof create> {
  const created = create(options);
  created.change(COMM_UP);
  return created;
}

const soon = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('sending', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('until the association is up, messages wait, and the kernel is not asked', () => {
    const { kernel, send, change } = create();
    kernel.room = 5;
    expect([send('a'), send('b')]).toEqual([EAGAIN, EAGAIN]);
    jest.advanceTimersByTime(1000);
    expect([kernel.tries, kernel.watched]).toEqual([0, []]);
    change(COMM_UP);
    expect(kernel.taken).toEqual(['a', 'b']);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('what the kernel takes at once is not queued', () => {
    const { kernel, send, peer } = up();
    kernel.room = 1;
    expect(send('a')).toBe(1);
    expect([kernel.taken, peer.waiting]).toEqual([['a'], 0]);
  });

  test('what waits goes first, in order, when there is room', () => {
    const { kernel, peer, send } = up();
    send('a');
    send('b');
    kernel.room = 1;
    send('c'); // there is room, but a and b were here before
    expect(kernel.taken).toEqual([]);
    peer.onWritable();
    expect(kernel.taken).toEqual(['a']);
    kernel.room = 5;
    peer.onWritable();
    expect(kernel.taken).toEqual(['a', 'b', 'c']);
    expect(kernel.watched.at(-1)).toBe(false);
  });

  test('a "writable" that is a lie is not listened to, but tried again later', () => {
    const { kernel, peer, send } = up();
    send('a');
    expect(kernel.watched.at(-1)).toBe(true);
    peer.onWritable(); // the kernel says writable, and takes nothing
    expect(kernel.watched.at(-1)).toBe(false);
    const { tries } = kernel;
    jest.advanceTimersByTime(1000);
    expect(kernel.tries).toBeGreaterThan(tries);
    expect(kernel.tries).toBeLessThan(tries + 50);
    kernel.room = 1;
    jest.advanceTimersByTime(1000);
    expect(kernel.taken).toEqual(['a']);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('the limit counts 256 bytes for each message; nothing of a refused one is taken', () => {
    const { kernel, peer, send } = up({ limit: 2 * 257 });
    send('a');
    send('b');
    expectThrow(() => send('c'), {
      code: 'ERR_SCTP_SEND_BUFFER_FULL',
      size: 1,
      queued: 514,
      limit: 514,
    });
    kernel.room = 5;
    peer.onWritable();
    expect(kernel.taken).toEqual(['a', 'b']);
  });

  test('held messages that leave no room for another leave first, then that is tried', () => {
    const { kernel, peer, send } = up({ limit: 2 * 257 });
    kernel.room = 9;
    for (const text of 'abcdef') send(text);
    expect(kernel.taken).toEqual(['a', 'b', 'c', 'd']);
    releaseAll();
    expect(kernel.taken).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect([peer.waiting, kernel.watched.includes(true)]).toEqual([0, false]);
  });

  test('a peer that fills the limit of all leaves the others their part', () => {
    const total = new SharedLimit(4 * 257);
    const [greedy, modest] = [up({ total }), up({ total })];
    for (let i = 0; i < 4; i++) greedy.send('a');
    const error = { code: 'ERR_SCTP_SEND_BUFFER_FULL', queued: 4 * 257, limit: 4 * 257 };
    expectThrow(() => greedy.send('a'), error);
    modest.send('b');
    modest.send('b');
    expectThrow(() => modest.send('b'), { ...error, queued: 6 * 257 });
    greedy.kernel.room = 9;
    greedy.peer.onWritable();
    modest.send('b');
    expect(total.bytes).toBe(3 * 257);
  });

  test('what is queued is a copy', () => {
    const { kernel, peer } = up();
    const data = Buffer.from('a');
    peer.queue({ data, info: INFO, byDefault: SaidByDefault.Nothing });
    data.fill('x');
    kernel.room = 1;
    peer.onWritable();
    expect(kernel.taken).toEqual(['a']);
  });
});

describe('what becomes of messages that wait', () => {
  test.each([
    ['not sent: network is unreachable (ENETUNREACH)', ENETUNREACH],
    [`not delivered: ${NEVER_SENT}`, EPIPE],
    [`not delivered: ${NEVER_SENT}`, ESHUTDOWN],
  ])('each that the kernel refuses is reported: %s', async (why, answer) => {
    const { kernel, reports, peer, send } = up();
    send('a');
    send('b');
    kernel.answer = answer;
    peer.onWritable();
    await soon();
    const text = `message of 1 bytes to 127.0.0.1:5 ${why}`;
    expect([reports, peer.waiting]).toEqual([[text, text], 0]);
  });

  test.each([
    ['lost', COMM_LOST],
    ['ended in order', SHUTDOWN_COMP],
  ])('when the association is %s, each is reported', async (_, state) => {
    const total = new SharedLimit(10_000);
    const { kernel, reports, seen, peer, send, change } = up({ total });
    send('a');
    send('bc');
    change(state);
    await soon();
    const texts = reports.filter((text) => text.startsWith('message'));
    expect(texts).toEqual(
      [1, 2].map(
        (length) =>
          `message of ${String(length)} bytes to 127.0.0.1:5 not delivered: ${NEVER_SENT}`,
      ),
    );
    expect([peer.waiting, total.bytes, kernel.calls, seen]).toEqual([
      0,
      0,
      ['drain', 'close'],
      ['over'],
    ]);
  });

  test('after abort they are discarded', async () => {
    const total = new SharedLimit(10_000);
    const { kernel, reports, peer, send } = up({ total });
    send('a');
    peer.abort();
    await soon();
    expect([reports, total.bytes, kernel.calls]).toEqual([[], 0, ['abort']]);
  });
});

describe('shutdown', () => {
  test('waits for what waits, refuses what comes, and reports how it ended', async () => {
    const { kernel, peer, send, change } = up();
    send('a');
    const ended = peer.shutdown();
    expect(send('b')).toBe(ESHUTDOWN);
    expect([kernel.calls, peer.state]).toEqual([[], 'ending']);
    kernel.room = 1;
    peer.onWritable();
    expect([kernel.taken, kernel.calls]).toEqual([['a'], ['shutdown']]);
    change(SHUTDOWN_COMP);
    await expect(ended).resolves.toBe(true);
  });

  test('of an association that is being set up comes once it is up', async () => {
    const { kernel, peer, change } = create();
    const ended = peer.shutdown();
    expect(kernel.calls).toEqual([]);
    change(COMM_UP);
    expect(kernel.calls).toEqual(['shutdown']);
    change(COMM_LOST);
    await expect(ended).resolves.toBe(false);
  });
});

test('a report that throws of what its shutdown leaves unconfirmed: it ends all the same', () => {
  const onReport = (): never => {
    throw new Error('thrown by onRecv');
  };
  const { peer, reports } = up({ onReport });
  const shutdown = (): void => {
    peer.onNotification({ type: 'shutdown', assocId: 7 } as NativeNotification, PLACE);
  };
  expect(shutdown).toThrow('thrown by onRecv');
  expect(peer.state).toBe('ending');
  expect(shutdown).not.toThrow(); // it was reported
  expect(reports).toHaveLength(1);
});
