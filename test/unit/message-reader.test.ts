/** How a MessageReader feeds Readable: one message at a time, and how far it lets itself be fed. */
import { MESSAGE_OVERHEAD } from '#lib/messages/tally';
import { MessageReader, readingOf } from '#lib/socket/reading/message-reader';

import type { Message, ReceivedInfo } from '../../types/messages';

const LIMIT = 1000;
const info: ReceivedInfo = {
  sid: 3,
  ppid: 46,
  unordered: false,
  ssn: 1,
  tsn: 2,
  cumulativeTsn: 0,
  context: 0,
  assocId: 1,
};

class Reader extends MessageReader {
  receiving: boolean[] = [];

  constructor() {
    super({ allowHalfOpen: true }, { highWaterMark: LIMIT });
    readingOf(this).listener = {
      takesMore: true,
      onReadingChange: () => {
        this.#limit();
      },
    };
  }

  /** As one wake-up would. */
  arrive(...texts: string[]): void {
    for (const text of texts) readingOf(this).deliver(Buffer.from(text), info);
    this.#limit();
  }

  finish(): void {
    readingOf(this).end();
  }

  forget(): void {
    readingOf(this).drop();
  }

  onceRead(callback: () => void): void {
    readingOf(this).whenRead(callback);
  }

  #limit(): void {
    const { tally, limit } = readingOf(this);
    const hasRoom = tally.charge < limit;
    if (this.receiving.at(-1) !== hasRoom) this.receiving.push(hasRoom);
  }
}

function ticks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function readAll(reader: Reader): string[] {
  const got: string[] = [];
  for (;;) {
    const chunk = reader.read() as Buffer | null;
    if (chunk === null) return got;
    got.push(chunk.toString());
  }
}

test('nothing is handed to Readable before somebody reads', async () => {
  const reader = new Reader();
  reader.arrive('a', 'bc');
  await ticks();
  expect([reader.readableLength, reader.readAheadBytes]).toEqual([0, 3]);
});

test('a flowing reader that hands over in the next tick loses nothing', async () => {
  const reader = new Reader();
  const got: string[] = [];
  const take = (message: Buffer): void => {
    got.push(message.toString());
  };
  reader.on('data', function first(message: Buffer) {
    take(message);
    if (got.length < 2) return;
    reader.off('data', first);
    process.nextTick(() => reader.on('data', take));
  });
  reader.arrive('zero');
  await ticks();
  reader.arrive('one', 'two', 'three');
  await ticks();
  expect(got).toEqual(['zero', 'one', 'two', 'three']);
});

test('chunks of a byte stream name no stream, whether they had to wait or not', async () => {
  const reader = new (class extends MessageReader {})(
    { allowHalfOpen: true },
    { highWaterMark: 1, byteStream: true },
  );
  const slabs = [new ArrayBuffer(64), new ArrayBuffer(64), new ArrayBuffer(64)];
  for (const slab of slabs) readingOf(reader).deliver(Buffer.from(slab, 8, 4), info);
  const chunks: (Buffer & Partial<ReceivedInfo>)[] = [];
  reader.on('data', (chunk: Buffer) => chunks.push(chunk));
  await ticks();
  expect(chunks.map(({ length, sid }) => [length, sid])).toEqual(slabs.map(() => [4, undefined]));
});

test("Readable's buffer never holds more than one message", async () => {
  const reader = new Reader();
  reader.on('readable', () => undefined);
  reader.arrive('first', 'second', 'third');
  await ticks();
  expect([reader.readableLength, reader.readAheadBytes]).toEqual([5, 11]);
  expect(readAll(reader)).toEqual(['first', 'second', 'third']);
  expect([reader.readableLength, reader.readAheadBytes]).toEqual([0, 0]);
});

test('a flowing reader is served in the same turn', async () => {
  const reader = new Reader();
  const got: string[] = [];
  reader.on('data', (chunk) => got.push(String(chunk)));
  await ticks();
  reader.arrive('a', 'b');
  expect(got).toEqual(['a', 'b']);
});

test('a full queue stops receiving, and room starts it again', async () => {
  const reader = new Reader();
  reader.arrive('x'.repeat(LIMIT - 1 - MESSAGE_OVERHEAD));
  expect(reader.receiving).toEqual([true]);
  reader.arrive('y');
  expect(reader.receiving).toEqual([true, false]);
  reader.on('readable', () => undefined);
  await ticks();
  reader.read();
  expect(reader.receiving).toEqual([true, false, true]);
});

test('read(n) takes from the queue what it needs, and not more', () => {
  const reader = new Reader();
  reader.read(0);
  reader.arrive('abc', 'def', 'ghi', 'jkl');
  expect(String(reader.read(5))).toBe('abcde');
  expect([reader.readableLength, reader.readAheadBytes]).toEqual([1, 6]);
});

test("'end' comes after all messages, also if nobody reads at that moment", async () => {
  const reader = new Reader();
  const log: string[] = [];
  reader.on('data', (chunk) => log.push(String(chunk)));
  reader.on('end', () => log.push('end'));
  reader.pause();
  reader.arrive('a', 'b');
  reader.finish();
  await ticks();
  expect(log).toEqual([]);
  reader.resume();
  await ticks();
  expect(log).toEqual(['a', 'b', 'end']);
});

test('whenRead waits for what Readable still holds', async () => {
  const reader = new Reader();
  let isRead = 0;
  reader.on('readable', () => undefined);
  reader.arrive('a', 'b');
  await ticks();
  reader.onceRead(() => isRead++);
  expect(String(reader.read())).toBe('a');
  await ticks();
  expect([isRead, reader.readableLength]).toEqual([0, 1]);
  expect(String(reader.read())).toBe('b');
  await ticks();
  expect(isRead).toBe(1);
});

test('whenRead without anything to read; and not once all is dropped', async () => {
  const idle = new Reader();
  let calls = 0;
  idle.onceRead(() => calls++);
  await ticks();
  expect(calls).toBe(1);

  const gone = new Reader();
  gone.arrive('a');
  gone.onceRead(() => calls++);
  gone.forget();
  await ticks();
  expect(calls).toBe(1);
});

test("a paused reader with a listener for 'message' gets none", async () => {
  const reader = new Reader();
  const got: string[] = [];
  reader.on('message', (chunk: Buffer) => {
    got.push(String(chunk));
    reader.pause();
  });
  reader.arrive('a', 'b', 'c');
  await ticks();
  expect(got).toEqual(['a']);
  reader.resume();
  await ticks();
  expect(got).toEqual(['a', 'b']);
});

test('who reads by hand gets messages though it is paused and somebody listens', async () => {
  const reader = new Reader();
  reader.pause();
  reader.on('message', () => undefined);
  reader.arrive('a', 'b');
  reader.read(0);
  await ticks();
  expect(readAll(reader)).toEqual(['a', 'b']);
});

test("a 'data' listener that throws keeps no message back", async () => {
  const reader = new Reader();
  const got: string[] = [];
  reader.on('data', (chunk) => {
    got.push(String(chunk));
    if (got.length === 1) throw new Error('once');
  });
  await ticks();
  expect(() => {
    reader.arrive('a');
  }).toThrow('once');
  reader.arrive('b', 'c');
  await ticks();
  expect(got).toEqual(['a', 'b', 'c']);
});

test('who begins to flow, pauses and goes on gets each message once, and in order', async () => {
  const reader = new Reader();
  const got: string[] = [];
  reader.on('data', (chunk) => {
    got.push(String(chunk));
    if (String(chunk) === 'c') reader.pause();
  });
  await ticks();
  reader.arrive('a', 'b', 'c', 'd', 'e');
  expect([got, reader.readableDidRead]).toEqual([['a', 'b', 'c'], true]);
  reader.resume();
  reader.arrive('f');
  await ticks();
  reader.arrive('g');
  expect(got).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

test('a message says how it came; what is changed of that is changed for this message only', async () => {
  const reader = new Reader();
  const messages: Message[] = [];
  reader.on('data', (chunk) => messages.push(chunk as Message));
  await ticks();
  reader.arrive('a', 'b');
  const [first, second] = messages as [Message, Message];
  first.sid = 9;
  first.ppid = 8;
  first.unordered = true;
  first.context = 7;
  expect([first.sid, first.ppid, first.unordered, first.context]).toEqual([9, 8, true, 7]);
  const { sid, ppid, unordered, context } = second;
  expect([sid, ppid, unordered, context]).toEqual([3, 46, false, 0]);
  expect([Buffer.isBuffer(first), first.toString(), first.constructor]).toEqual([
    true,
    'a',
    Buffer,
  ]);
  expect(info).toMatchObject({ sid: 3, ppid: 46 });
});

test('a reader for which nothing waits takes no ticks of its own, and ends once', async () => {
  const nextTick = jest.spyOn(process, 'nextTick');
  try {
    const reader = new Reader();
    let ends = 0;
    reader.on('end', () => ends++).resume();
    await ticks();
    reader.finish();
    await ticks();
    expect(ends).toBe(1);
    expect(nextTick).not.toHaveBeenCalled();
  } finally {
    nextTick.mockRestore();
  }
});
