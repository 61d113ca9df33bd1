/** dry(): what counts as acknowledged, by a kernel that says what the test wants. */
import type { NativeStreamSocket } from '../../types/native';
import { Dryness } from '#lib/socket/association/dryness';
import { Subscriptions } from '#lib/socket/association/subscriptions';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Looks several times whether everything is acknowledged. */
const LOOKS = 1000;

function setUp() {
  const kernel = { unacknowledged: 100, isOver: false };
  const native = {
    unacknowledgedBytes: () => (kernel.isOver ? 0 : kernel.unacknowledged),
    peerAddress: () => (kernel.isOver ? undefined : {}),
    subscribe: () => 0,
  } as unknown as NativeStreamSocket;
  const dryness = new Dryness(native, new Subscriptions(native, []));
  const outcomes: string[] = [];
  dryness.wait().then(
    () => outcomes.push('dry'),
    (error: unknown) => outcomes.push((error as Error).message),
  );
  return { kernel, dryness, outcomes };
}

test('nothing unacknowledged is dry, also where the notification waits behind messages', async () => {
  const { kernel, outcomes } = setUp();
  await jest.advanceTimersByTimeAsync(LOOKS);
  expect(outcomes).toEqual([]);
  kernel.unacknowledged = 0;
  await jest.advanceTimersByTimeAsync(LOOKS);
  expect(outcomes).toEqual(['dry']);
});

test('a lost association is not dry, though nothing is unacknowledged any more', async () => {
  const { kernel, dryness, outcomes } = setUp();
  kernel.isOver = true;
  await jest.advanceTimersByTimeAsync(LOOKS);
  dryness.onSenderDry(); // of a while ago
  await jest.advanceTimersByTimeAsync(LOOKS);
  expect(outcomes).toEqual([]);
  dryness.fail(new Error('lost'));
  await jest.advanceTimersByTimeAsync(LOOKS);
  expect(outcomes).toEqual(['lost']);
});
