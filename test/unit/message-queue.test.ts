/** The queue of messages that wait for the kernel. */
import { MessageQueue } from '#lib/messages/queue';

const message = (text: string) => ({ data: Buffer.from(text), info: text });
type TestMessage = ReturnType<typeof message>;

test('first in, first out, however the calls alternate', () => {
  const queue = new MessageQueue<TestMessage>(256);
  const expected: string[] = [];
  const taken: string[] = [];
  let next = 0;
  for (let round = 0; round < 1000; round++) {
    for (let i = 0; i < (round * 7) % 5; i++) {
      expected.push(String(next));
      queue.push(message(String(next++)));
    }
    for (let i = 0; i < (round * 3) % 4 && queue.length > 0; i++) {
      taken.push(queue.at(0)?.info as string);
      queue.shift();
    }
    expect(queue.length).toBe(expected.length - taken.length);
  }
  while (queue.length > 0) {
    taken.push(queue.at(0)?.info as string);
    queue.shift();
  }
  expect(taken).toEqual(expected);
  expect(queue.bytes).toBe(0);
  expect(queue.at(0)).toBeUndefined();
});

test('counts bytes and 256 for each message', () => {
  const queue = new MessageQueue<TestMessage>(256);
  queue.push(message('12345'));
  queue.push(message('1'));
  expect(queue.bytes).toBe(5 + 256 + 1 + 256);
  queue.shift();
  expect(queue.bytes).toBe(1 + 256);
});

test('an empty queue stays empty', () => {
  const queue = new MessageQueue<TestMessage>(256);
  queue.shift();
  expect([queue.length, queue.bytes]).toEqual([0, 0]);
});
