/**
 * `sendBurst` against the kernel. Traffic goes one way only and heartbeats are off: a packet of ours
 * of any other kind would take along what MSG_MORE has left behind, and hide that.
 */
import { EventEmitter, once } from 'node:events';
import { constants as os } from 'node:os';

import { burst } from '#lib/burst';
import { BatchReader } from '#lib/batch';
import { binding } from '#lib/binding';

import type { ReceivedInfo } from '../../types/messages';
import type { NativeSendInfo, NativeSocket } from '../../types/native';
import { closing } from '../support/cleanup';
import { describeSctp } from '../support/sctp';

const { EAGAIN, EINVAL, EPIPE } = os.errno;
const { SCTP_COMM_UP } = binding.constants;
const LOCALHOST = '127.0.0.1';

interface Received {
  data: Buffer;
  info: ReceivedInfo;
}

/** A socket that receives, and acknowledges late, so that small send buffers fill up. */
class Sink {
  readonly received: Received[] = [];
  readonly port: number;
  readonly #events = new EventEmitter();

  constructor() {
    const socket = closing(new binding.SeqpacketSocket(1_000_000));
    const reader = new BatchReader({
      receiving: true,
      copies: true,
      onMessage: (data, _peer, info) => this.received.push({ data, info }),
      onNotification: () => undefined,
      onTooLarge: () => undefined,
      onIncomplete: () => undefined,
      onError: () => undefined,
    });
    socket.onBatch = (...batch) => {
      reader.read(...batch);
      this.#events.emit('batch');
    };
    succeed(
      socket.open(4),
      socket.setOption('rcvBuf', { value: 4_000_000 }),
      socket.setOption('delayedSack', { delay: 10, freq: 1000 }),
      socket.bind(LOCALHOST, 0),
      socket.listen(5),
      socket.watch(true, false),
    );
    this.port = socket.localAddress()?.port ?? 0;
  }

  async until(count: number): Promise<void> {
    while (this.received.length < count) await once(this.#events, 'batch');
  }
}

function succeed(...results: number[]): void {
  for (const result of results) expect(result).toBe(0);
}

type Style = 'StreamSocket' | 'SeqpacketSocket';

/** A socket that sends to sinks. */
class Source {
  readonly socket: NativeSocket;
  readonly #events = new EventEmitter();

  constructor(style: Style, sendBuffer?: number) {
    this.socket = closing<NativeSocket>(new binding[style](1_000_000));
    succeed(this.socket.open(4));
    if (sendBuffer !== undefined) succeed(this.socket.setOption('sndBuf', { value: sendBuffer }));
    const SPP_HB_DISABLE = 2;
    succeed(this.socket.setOption('peerAddrParams', { flags: SPP_HB_DISABLE }));
    const reader = new BatchReader({
      receiving: true,
      copies: true,
      onMessage: () => undefined,
      onNotification: (notification) => {
        if (notification.type === 'assocChange') this.#events.emit('state', notification.state);
      },
      onTooLarge: () => undefined,
      onIncomplete: () => undefined,
      onError: () => undefined,
    });
    this.socket.onBatch = (...batch) => {
      reader.read(...batch);
    };
    this.socket.onWritable = () => {
      this.#events.emit('writable');
    };
  }

  /** @returns the association's id, on a one-to-many socket */
  async associate({ port }: Sink): Promise<number> {
    const id = this.socket.connect([LOCALHOST, port]);
    this.socket.watch(true, false);
    expect(await once(this.#events, 'state')).toEqual([SCTP_COMM_UP]);
    this.socket.watch(false, false);
    return Math.max(id, 0);
  }

  async writable(): Promise<void> {
    this.socket.watch(false, true);
    await once(this.#events, 'writable');
    this.socket.watch(false, false);
  }

  /** Sends all in bursts, as far as they are accepted, and waits for room. @returns how often */
  async send(messages: readonly Buffer[], id: number): Promise<number> {
    let waits = 0;
    for (let sent = 0; sent < messages.length;) {
      fill(messages.slice(sent), id);
      const accepted = this.socket.sendBurst(burst.count);
      sent += accepted;
      if (accepted === burst.count) continue;
      expect(burst.errno).toBe(-EAGAIN);
      waits++;
      await this.writable();
    }
    return waits;
  }
}

const info = (sid = 0, ppid = 0): NativeSendInfo => [sid, ppid, 0, 0, 0, 0, undefined, 0];

/** As many as fit. */
function fill(messages: readonly Buffer[], id: number): void {
  burst.clear();
  messages.every((message) => burst.add(message, info(), id));
}

/** Each different from the others. */
function numbered(count: number, size: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.alloc(size, (i % 250) + 1));
}

/** Enough to overfill small buffers, with bursts in between. */
function countFor(sendBuffer: number, size: number): number {
  return 20 + Math.min(150, Math.ceil((3 * sendBuffer) / (size + 1000)));
}

/** What SO_SNDBUF is set to; the kernel doubles it, and has a minimum. */
const BUFFERS = [1, 4608, 9000, 16_384, 32_768, 65_536, 106_496];
const SIZES = [1, 16, 200, 1000, 2000, 8000];

describeSctp('bursts', () => {
  describe.each(['StreamSocket', 'SeqpacketSocket'] as const)('of a %s', (style) => {
    test.each(BUFFERS)(
      'all messages of every size arrive, with a send buffer of %p',
      async (size) => {
        const sink = new Sink();
        const source = new Source(style, size);
        const id = await source.associate(sink);
        const { value: sendBuffer } = source.socket.getOption('sndBuf', {}) as { value: number };
        let waits = 0;
        for (const length of SIZES.filter((length) => length <= sendBuffer)) {
          const messages = numbered(countFor(sendBuffer, length), length);
          sink.received.length = 0;
          waits += await source.send(messages, id);
          await sink.until(messages.length);
          expect(sink.received).toHaveLength(messages.length);
          expect(messages.every((message, i) => sink.received[i]?.data.equals(message))).toBe(true);
        }
        if (size < 65_536) expect(waits).toBeGreaterThan(0);
      },
      60_000,
    );

    test('a message that is refused stops the burst; those before it arrive, and so do others', async () => {
      const sink = new Sink();
      const source = new Source(style);
      const id = await source.associate(sink);
      burst.clear();
      burst.add(Buffer.from('a'), info(1, 46), id);
      burst.add(Buffer.from('b'), info(2, 47), id);
      burst.add(Buffer.from('c'), info(60_000), id); // no such stream
      expect(source.socket.sendBurst(burst.count)).toBe(2);
      expect(burst.errno).toBe(-EINVAL);
      await sink.until(2); // without a message to follow them
      fill([Buffer.from('d'), Buffer.from('e')], id);
      expect(source.socket.sendBurst(burst.count)).toBe(2);
      expect(burst.errno).toBe(0);
      await sink.until(4);
      const texts = sink.received.map(({ data, info: { sid, ppid } }) => [String(data), sid, ppid]);
      expect(texts.toSorted()).toEqual([
        ['a', 1, 46],
        ['b', 2, 47],
        ['d', 0, 0],
        ['e', 0, 0],
      ]);
    });

    test('rows that cannot be', () => {
      const source = new Source(style);
      fill([Buffer.from('a')], 0);
      expect(source.socket.sendBurst(1)).toBe(0);
      expect(burst.errno).toBe(-EPIPE); // no association
      expect(source.socket.sendBurst(binding.longestBurst + 1)).toBe(-EINVAL);
      expect(source.socket.sendBurst(-1)).toBe(-EINVAL);
      const { sendRows, firstSendRow, sendColumns, sendMemory } = binding;
      sendRows[firstSendRow + sendColumns.offset] = sendMemory.length;
      expect(source.socket.sendBurst(1)).toBe(-EINVAL);
      sendRows[firstSendRow + sendColumns.offset] = 0xffff_ffff;
      expect(source.socket.sendBurst(1)).toBe(-EINVAL);
    });
  });
});

describeSctp('bursts for several associations of one socket', () => {
  test('each gets its own, in order', async () => {
    const source = new Source('SeqpacketSocket');
    const sinks = [new Sink(), new Sink(), new Sink()];
    const ids: number[] = [];
    for (const sink of sinks) ids.push(await source.associate(sink));
    burst.clear();
    for (let i = 0; i < 60; i++) {
      burst.add(Buffer.from(String(i)), info(0, i), ids[Math.floor(i / 2) % 3] as number);
    }
    expect(source.socket.sendBurst(burst.count)).toBe(60);
    for (const [index, sink] of sinks.entries()) {
      await sink.until(20);
      const expected = Array.from({ length: 60 }, (_, i) => i).filter(
        (i) => Math.floor(i / 2) % 3 === index,
      );
      expect(sink.received.map(({ info: { ppid } }) => ppid)).toEqual(expected);
    }
  });

  test('one that is over stops the burst, and the rest can be sent', async () => {
    const source = new Source('SeqpacketSocket');
    const sink = new Sink();
    const id = await source.associate(sink);
    burst.clear();
    burst.add(Buffer.from('a'), info(), id);
    burst.add(Buffer.from('b'), info(), id);
    burst.add(Buffer.from('x'), info(), 1_000_000);
    expect(source.socket.sendBurst(burst.count)).toBe(2);
    expect(burst.errno).toBe(-EPIPE);
    await sink.until(2);
  });
});
