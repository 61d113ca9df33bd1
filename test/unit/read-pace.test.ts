/** How many messages one wake-up reads. */
import { BYTE_STREAM_PACE, ReadPace } from '#lib/socket/reading/read-pace';

function arrive(pace: ReadPace, count: number, length: number): void {
  for (let i = 0; i < count; i++) pace.count(length);
}

test('a reader that keeps up gets the most', () => {
  const pace = new ReadPace();
  arrive(pace, 64, 1000);
  expect(pace.next(0, 16_384)).toBe(64);
});

test('a wake-up that changes nothing need not be looked at, once the most is reached', () => {
  const pace = new ReadPace();
  expect(pace.isMost).toBe(true);
  arrive(pace, 64, 10);
  pace.skip(); // small ones must not make the next wake-up's count too high
  arrive(pace, 10, 1000);
  expect(pace.next(10_000, 6384)).toBe(7);
  expect(pace.isMost).toBe(false);
  expect(new ReadPace(BYTE_STREAM_PACE).isMost).toBe(false);
});

test('one that does not, hardly more than there is room for', () => {
  const pace = new ReadPace();
  arrive(pace, 10, 1000);
  expect(pace.next(10_000, 6384)).toBe(7);
  arrive(pace, 7, 1000);
  expect(pace.next(17_000, -616)).toBe(1);
});

test('at least one, and never more than fit into one call', () => {
  const pace = new ReadPace();
  arrive(pace, 1, 1);
  expect(pace.next(1, 1_000_000)).toBe(64);
  arrive(pace, 1, 1_000_000);
  expect(pace.next(1_000_000, 1)).toBe(1);
  expect(pace.next(1_000_000, 0)).toBe(1);
});

test('grows again, step by step, when everything has been read', () => {
  const pace = new ReadPace();
  arrive(pace, 1, 20_000);
  expect(pace.next(20_000, -4000)).toBe(1);
  expect([0, 0, 0, 0, 0, 0, 0].map(() => pace.next(0, 16_384))).toEqual([2, 4, 8, 16, 32, 64, 64]);
});

test('a wake-up that brought nothing changes nothing', () => {
  const pace = new ReadPace();
  arrive(pace, 4, 1000);
  expect(pace.next(4000, 3000)).toBe(3);
  expect(pace.next(4000, 3000)).toBe(3);
});
