/** Messages of an association that is over, on an endpoint: how long they wait for a reader. */
import { Delivery, type DeliveryHost } from '#lib/endpoint/delivery';
import { observeListeners, ObservedEmitter } from '#lib/endpoint/observed-emitter';
import { SharedLimit } from '#lib/endpoint/shared-limit';

import type { ReceivedInfo } from '../../types/messages';

const TIMEOUT = 1000;
const info = {} as ReceivedInfo;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One that is up, has one message that nobody has taken, and is paused by its user. */
async function create() {
  const user = new ObservedEmitter();
  const host = {
    association: { isClosed: true, setReading: () => undefined },
    user,
    isOver: false,
    isEnding: false,
    isHeld: true,
    wantsMessages: false,
    highWaterMark: 65_536,
    closeTimeout: TIMEOUT,
    onMessage: (data: Buffer) => user.emit('message', data),
    onWaiting: () => undefined,
  };
  const delivery = new Delivery(
    host as unknown as DeliveryHost,
    new SharedLimit(65_536).makeShare(),
  );
  delivery.open();
  await turn();
  delivery.onMessage(Buffer.from('last'), info);
  observeListeners(user, () => {
    delivery.onListeners();
  });
  return { user, host, delivery };
}

describe('messages of an association that is over', () => {
  test('are dropped after closeTimeout without a reader', async () => {
    const { delivery } = await create();
    const done = jest.fn();
    delivery.finish(done);
    jest.advanceTimersByTime(TIMEOUT - 1);
    expect([delivery.bytes > 0, done.mock.calls.length]).toEqual([true, 0]);
    jest.advanceTimersByTime(1);
    expect([delivery.bytes, done.mock.calls.length]).toEqual([0, 1]);
  });

  test.each(['of the association', 'of the endpoint'])(
    'wait for a reader that takes nothing yet, and for closeTimeout after it: %s',
    async (which) => {
      const { user, host, delivery } = await create();
      const listener = (): undefined => undefined;
      const listen = async (on: boolean): Promise<void> => {
        if (which === 'of the association') {
          if (on) user.on('message', listener);
          else user.off('message', listener);
          await turn();
        } else {
          host.wantsMessages = on;
          delivery.onReaders();
        }
      };
      const done = jest.fn();
      delivery.finish(done);
      jest.advanceTimersByTime(TIMEOUT / 2);
      await listen(true);
      jest.advanceTimersByTime(TIMEOUT / 2 - 1);
      await listen(false); // at the very moment when closeTimeout is over since the end
      jest.advanceTimersByTime(TIMEOUT / 2);
      await listen(true);
      jest.advanceTimersByTime(5 * TIMEOUT);
      expect([delivery.bytes > 0, done.mock.calls.length]).toEqual([true, 0]);
      await listen(false);
      jest.advanceTimersByTime(TIMEOUT - 1);
      expect([delivery.bytes > 0, done.mock.calls.length]).toEqual([true, 0]);
      jest.advanceTimersByTime(1);
      expect([delivery.bytes, done.mock.calls.length]).toEqual([0, 1]);
    },
  );

  test('are handed over to a reader that comes late', async () => {
    const { user, host, delivery } = await create();
    const done = jest.fn();
    delivery.finish(done);
    jest.advanceTimersByTime(TIMEOUT - 1);
    host.isHeld = false;
    const texts: string[] = [];
    user.on('message', (data) => texts.push(String(data)));
    await turn();
    expect([texts, done.mock.calls.length]).toEqual([['last'], 1]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("what waits for them comes, though a listener of 'end' has thrown", async () => {
    const { delivery } = await create();
    const done = jest.fn();
    delivery.afterReading(() => {
      throw new Error('of the listener');
    });
    delivery.finish(done);
    const thrown: unknown[] = [];
    jest.spyOn(process, 'nextTick').mockImplementation((call) => {
      try {
        (call as () => void)();
      } catch (error) {
        thrown.push(error);
      }
    });
    delivery.discard(); // whoever closes an endpoint gets to the next association
    jest.restoreAllMocks();
    expect(thrown).toEqual([new Error('of the listener')]);
    expect(done).toHaveBeenCalledTimes(1);
  });
});
