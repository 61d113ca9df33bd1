/** What is written within one tick, on its way past Writable's buffer, without a kernel. */
import type { Socket } from 'kernel-sctp';

import { burst } from '#lib/burst';

import { fakedSocket, turn } from '../support/faked-socket';

const ENOBUFS = -105;
const EINVAL = -22;

/** The kernel has accepted everything that was written. */
const written = (socket: Socket) => new Promise((resolve) => socket.write('', resolve));

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

test('messages of a tick leave together, each whole, when it ends', async () => {
  const { socket, kernel } = fakedSocket();
  const calls: number[] = [];
  const { sendBurst } = kernel;
  kernel.sendBurst = () => {
    const accepted = sendBurst();
    calls.push(accepted);
    return accepted;
  };
  for (const text of ['a', 'bc', 'def']) socket.write(Buffer.from(text));
  expect(kernel.sent).toEqual([]);
  expect(socket.writableLength).toBe(6);
  await turn();
  expect(kernel.sent).toEqual(['a', 'bc', 'def']);
  expect(calls).toEqual([3]);
  expect([socket.writableLength, socket.bytesWritten]).toEqual([0, 6]);
});

test('the memory of a message may change once it was written', async () => {
  const { socket, kernel } = fakedSocket();
  const data = Buffer.from('before');
  socket.write(data);
  data.fill('x');
  await turn();
  expect(kernel.sent).toEqual(['before']);
});

test('nothing is overtaken, whatever the messages are', async () => {
  const { socket, kernel } = fakedSocket();
  const done: string[] = [];
  socket.write('1');
  socket.write('2', () => done.push('2'));
  socket.write('3');
  socket.send(Buffer.from('4'), { unordered: true, ppid: 7 });
  socket.write('5');
  socket.write(Buffer.alloc(10_000, '6'));
  socket.write('7');
  await written(socket);
  expect(kernel.sent.map((text) => text[0])).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  expect(done).toEqual(['2']);
});

test('what messages say of themselves goes with each, and all leave together', async () => {
  const { socket, kernel } = fakedSocket();
  const sent: unknown[][] = [];
  let calls = 0;
  kernel.sendBurst = () => {
    calls++;
    return burst.sendEach((data, sid, ppid) => sent.push([String(Buffer.from(data)), sid, ppid]));
  };
  kernel.getOption = () => new Proxy({}, { get: () => 10_000 });
  const write = (text: string, own: object) => socket.write(Object.assign(Buffer.from(text), own));
  socket.send(Buffer.from('0'), { sid: 1 }); // from now on the number of streams is known
  await turn();
  calls = 0;
  socket.send(Buffer.from('a'), { sid: 3, ppid: 46 });
  socket.send(Buffer.from('b'), { sid: 3, ppid: 46 });
  socket.send(Buffer.from('c'), { ppid: 4_000_000_000 });
  socket.send(Buffer.from('d'));
  write('e', { sid: 5 });
  write('f', {});
  socket.send(Buffer.from('g'), { sid: 5, context: 7 });
  write('h', { sid: 6, ppid: 8 });
  await turn();
  const plain = [10_000, 10_000]; // the socket's defaults
  expect(sent).toEqual([
    ['0', 1, 10_000],
    ['a', 3, 46],
    ['b', 3, 46],
    ['c', 10_000, 4_000_000_000],
    ['d', ...plain],
    ['e', 5, 10_000],
    ['f', ...plain],
    ['g', 5, 10_000],
    ['h', 6, 8],
  ]);
  expect(calls).toBe(1);
  expect(codeOf(() => socket.send(Buffer.from('x'), { sid: 10_001 }))).toBe('ERR_OUT_OF_RANGE');
  expect(codeOf(() => socket.send(Buffer.from('x'), { ppid: -1 }))).toBe('ERR_OUT_OF_RANGE');
});

test('two sockets that take turns send in bursts', async () => {
  const [one, other] = [fakedSocket(), fakedSocket()];
  for (let i = 0; i < 40; i++) {
    one.socket.write(`one ${String(i)}`);
    other.socket.write(`other ${String(i)}`);
  }
  await turn();
  const expected = (name: string) => Array.from({ length: 40 }, (_, i) => `${name} ${String(i)}`);
  expect(one.kernel.sent).toEqual(expected('one'));
  expect(other.kernel.sent).toEqual(expected('other'));
});

test('a second socket that writes much does not mix with the first', async () => {
  const [one, other] = [fakedSocket(), fakedSocket()];
  for (let i = 0; i < 20; i++) one.socket.write('one');
  for (let i = 0; i < 20; i++) other.socket.write('other');
  expect(one.kernel.sent).toHaveLength(20);
  one.socket.write('two');
  await turn();
  expect(other.kernel.sent).toEqual(Array.from({ length: 20 }, () => 'other'));
  expect(one.kernel.sent.at(-1)).toBe('two');
});

test("what waits with one's Writable leaves another socket's burst alone", async () => {
  const [one, other] = [fakedSocket(), fakedSocket()];
  one.socket.write('a1');
  one.socket.send(Buffer.from('a2'), {}, () => undefined); // a1 goes ahead of it, into Writable
  for (const text of ['b1', 'b2', 'b3']) other.socket.write(text);
  await written(one.socket);
  await written(other.socket);
  expect(one.kernel.sent).toEqual(['a1', 'a2']);
  expect(other.kernel.sent).toEqual(['b1', 'b2', 'b3']);
});

test("a program that writes until 'write' says no is told so, however much the kernel takes", async () => {
  const { socket, kernel } = fakedSocket();
  const drains = jest.fn();
  socket.on('drain', drains);
  let writes = 0;
  do writes++;
  while (socket.write('short') && writes < 100_000);
  expect(writes).toBeLessThan(2000); // some milliseconds of the kernel's time
  await written(socket);
  expect(drains).toHaveBeenCalledTimes(1);
  expect(kernel.sent).toHaveLength(writes);
  expect(socket.write('again')).toBe(true);
  await turn();
});

test.each([20, -3, NaN, 2 ** 40])('a message of three bytes that claims %d', async (length) => {
  const [secret, { socket, kernel }] = [fakedSocket(), fakedSocket()];
  secret.socket.write('secret-secret-secret');
  await turn();
  class Liar extends Uint8Array {
    override get length(): number {
      return length;
    }
  }
  socket.write(Object.defineProperty(Buffer.from('abc'), 'length', { value: length }));
  socket.write(Liar.of(100, 101, 102));
  socket.write('ghi');
  expect(socket.writableLength).toBe(9);
  await turn();
  expect(kernel.sent).toEqual(['abc', 'def', 'ghi']);
});

test('what only looks like bytes is no message', () => {
  const { socket } = fakedSocket();
  const heir = Object.create(Uint8Array.prototype) as Uint8Array;
  expect(codeOf(() => socket.write(heir))).toBe('ERR_INVALID_ARG_TYPE');
  expect(codeOf(() => socket.send(heir, {}))).toBe('ERR_INVALID_ARG_TYPE');
  expect(codeOf(() => socket.send(new Proxy(heir, {}), {}))).toBe('ERR_INVALID_ARG_TYPE');
});

test('a message that cannot be gathered does not keep the burst from others', async () => {
  const [one, other] = [fakedSocket(), fakedSocket()];
  one.kernel.getOption = (name: string) =>
    new Proxy({}, { get: () => (name === 'sndBuf' ? 2 : 0) });
  expect(codeOf(() => one.socket.write('too long'))).toBe('ERR_SCTP_MESSAGE_TOO_LARGE');
  other.socket.write('a');
  other.socket.write('b');
  await turn();
  expect(other.kernel.bursts).toEqual([2]);
});

test('more than a burst holds', async () => {
  const { socket, kernel } = fakedSocket();
  const texts = Array.from({ length: 700 }, (_, i) => String(i));
  for (const text of texts) socket.write(text);
  await turn();
  expect(kernel.sent).toEqual(texts);
});

test('what the kernel has no room for waits, and counts', async () => {
  const { socket, kernel } = fakedSocket();
  kernel.refuses = ENOBUFS;
  socket.write('a');
  socket.write('bc');
  await turn();
  expect([kernel.sent, socket.writableLength]).toEqual([[], 3]);
  socket.write('d'); // not before what waits
  kernel.refuses = 0;
  kernel.onWritable?.();
  await written(socket);
  expect(kernel.sent).toEqual(['a', 'bc', 'd']);
  expect(socket.writableLength).toBe(0);
});

test("'drain' follows as soon as everything has left", async () => {
  const { socket, kernel } = fakedSocket({ writableHighWaterMark: 4 });
  const drains = jest.fn();
  socket.on('drain', drains);
  expect(socket.write('abc')).toBe(true);
  expect(socket.write('de')).toBe(false);
  expect(socket.writableNeedDrain).toBe(true);
  expect(drains).not.toHaveBeenCalled();
  await turn();
  expect(drains).toHaveBeenCalledTimes(1);
  expect(kernel.sent).toEqual(['abc', 'de']);
});

test('a message that is refused is reported with its own bytes', async () => {
  const { socket, kernel } = fakedSocket();
  const failed: string[] = [];
  socket.on('sendFailed', (error) => failed.push(String(error.data)));
  kernel.refuses = EINVAL;
  socket.write('a');
  socket.write('bc');
  await turn();
  expect(failed).toEqual(['a', 'bc']);
});

test('the end of the stream follows what was written', async () => {
  const { socket, kernel } = fakedSocket();
  socket.write('a');
  socket.write('b');
  socket.end('c');
  expect(kernel.sent).toEqual(['a', 'b', 'c']);
  await turn();
});

test('a stream that the user corks keeps what follows', async () => {
  const { socket, kernel } = fakedSocket();
  socket.write('a');
  socket.cork();
  socket.write('b');
  await turn();
  expect(socket.writableCorked).toBe(1);
  socket.uncork();
  await turn();
  expect(kernel.sent).toEqual(['a', 'b']);
});

test('a socket that is destroyed has sent what was written', async () => {
  const { socket, kernel } = fakedSocket();
  socket.write('a');
  socket.destroy();
  expect(kernel.sent).toEqual(['a']);
  await turn();
});
