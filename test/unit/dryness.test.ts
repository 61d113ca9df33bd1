/** dry(): what counts as acknowledged, by a kernel that says what the test wants. */
import { Dryness } from '#lib/association/dryness';
import type { Link } from '#lib/association/link';
import { Subscriptions } from '#lib/association/subscriptions';

import type { NativeNotification } from '../../types/native-values';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Looks several times whether everything is acknowledged. */
const POLLS = 1000;

function setUp() {
  const kernel = { unacknowledged: 100, isOver: false };
  const link = {
    unacknowledgedBytes: () => (kernel.isOver ? 0 : kernel.unacknowledged),
    isGone: () => kernel.isOver,
    subscribe: () => 0,
  } as unknown as Link;
  const dryness = new Dryness(link, new Subscriptions(link, []));
  const outcomes: string[] = [];
  dryness.wait().then(
    () => outcomes.push('dry'),
    (error: unknown) => outcomes.push((error as Error).message),
  );
  return { kernel, dryness, outcomes };
}

test('nothing unacknowledged is dry, also where the notification waits behind messages', async () => {
  const { kernel, outcomes } = setUp();
  await jest.advanceTimersByTimeAsync(POLLS);
  expect(outcomes).toEqual([]);
  kernel.unacknowledged = 0;
  await jest.advanceTimersByTimeAsync(POLLS);
  expect(outcomes).toEqual(['dry']);
});

test('a lost association is not dry, though nothing is unacknowledged any more', async () => {
  const { kernel, dryness, outcomes } = setUp();
  kernel.isOver = true;
  await jest.advanceTimersByTimeAsync(POLLS);
  dryness.onNotification({ type: 'senderDry' } as NativeNotification); // of a while ago
  await jest.advanceTimersByTimeAsync(POLLS);
  expect(outcomes).toEqual([]);
  dryness.fail(new Error('lost'));
  await jest.advanceTimersByTimeAsync(POLLS);
  expect(outcomes).toEqual(['lost']);
});
