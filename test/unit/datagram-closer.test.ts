/** When a handle's socket is closed. */
import { Closer } from '#lib/datagram/closer';

function create(waiting: number, starting: number) {
  const counts = { waiting, starting };
  const calls: string[] = [];
  const closer = new Closer({
    count: () => ({ ...counts }),
    stopListening: () => calls.push('stopListening'),
    close: () => calls.push('close'),
  });
  return { counts, calls, closer };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('at once if nothing waits', () => {
  const { calls, closer } = create(0, 0);
  closer.begin();
  expect(calls).toEqual(['close']);
  expect(jest.getTimerCount()).toBe(0);
});

test('waits for messages, and for associations that are being set up; closes once', () => {
  const { counts, calls, closer } = create(1, 1);
  closer.begin();
  counts.waiting = 0;
  closer.settle();
  expect(calls).toEqual(['stopListening']);
  counts.starting = 0;
  closer.settle();
  closer.settle();
  expect(calls).toEqual(['stopListening', 'close']);
  expect(jest.getTimerCount()).toBe(0);
});

test('gives up after 30 s, with a warning', () => {
  const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { calls, closer } = create(2, 1);
  closer.begin();
  jest.advanceTimersByTime(29_000);
  expect(calls).not.toContain('close');
  jest.advanceTimersByTime(2_000);
  expect(calls).toContain('close');
  expect(warning.mock.calls[0]?.[0]).toContain(
    'with 2 messages not yet sent and 1 associations not yet set up',
  );
  expect(jest.getTimerCount()).toBe(0);
  warning.mockRestore();
});

test('what goes wrong meanwhile becomes one warning', () => {
  const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { counts, closer } = create(1, 0);
  closer.begin();
  closer.onTrouble('one');
  closer.onTrouble('two');
  counts.waiting = 0;
  closer.settle();
  expect(warning.mock.calls.map(([text]) => text)).toEqual([
    'after close(): two (the last of 2 problems)',
  ]);
  warning.mockRestore();
});
