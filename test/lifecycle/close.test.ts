/** close(), alone, in the middle of delivery, and what the other methods do after it. */
import { type DatagramHandle, open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { expectThrow } from '../support/errors';
import { describeSctp } from '../support/sctp';
import { descriptors, HOST, openPair, type Pair, turn, until } from './kit';

const ignore = (): void => undefined;
const notRunning = { name: 'Error', code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' };
const TEN = Array.from({ length: 10 }, (_, i) => String(i));

/** Sends ten messages that arrive together; returns what came until long after. */
async function receiveTen(
  onMessage: (text: string, receiver: DatagramHandle) => void,
): Promise<string[]> {
  const texts: string[] = [];
  const pair = closing(
    await openPair(([data]) => {
      texts.push(String(data));
      onMessage(String(data), pair.receiver);
    }),
  );
  const bystander: string[] = [];
  const other = closing(open({ host: HOST }, ([data]) => void bystander.push(String(data))));
  pair.send(...TEN);
  pair.sender.send(Buffer.from('x'), HOST, other.address().port);
  await until(() => bystander.length === 1);
  for (let i = 0; i < 10; i++) await turn();
  return texts;
}

function openOne(): DatagramHandle {
  return closing(open(HOST, 0, 1000, ignore));
}

describeSctp('close() in onRecv', () => {
  test('messages that arrive together are delivered in one go', async () => {
    let ticks = 0;
    const turns = new Set<number>();
    const texts = await receiveTen(() => {
      turns.add(ticks);
      queueMicrotask(() => ticks++);
    });
    expect(texts).toEqual(TEN);
    expect(turns.size).toBe(1); // or the next tests would prove nothing
  });

  test.each(['0', '4', '9'])('at message %s: the rest is not delivered', async (last) => {
    const texts = await receiveTen((text, receiver) => {
      if (text === last) receiver.close();
    });
    expect(texts).toEqual(TEN.slice(0, Number(last) + 1));
  });

  test('twice, and by dispose', async () => {
    const texts = await receiveTen((text, receiver) => {
      if (text !== '2') return;
      receiver.close();
      receiver[Symbol.dispose]();
      receiver.close();
    });
    expect(texts).toEqual(['0', '1', '2']);
  });

  test.each([
    ['a microtask', queueMicrotask],
    [
      'a tick',
      (callback: () => void) => {
        process.nextTick(callback);
      },
    ],
  ])('in %s: the messages of the batch have arrived before', async (_, later) => {
    const texts = await receiveTen((text, receiver) => {
      if (text === '0') later(receiver.close);
    });
    expect(texts).toEqual(TEN);
  });

  test('of another handle for which messages wait: it hears nothing any more', async () => {
    const heard: string[] = [];
    const pairs: Pair[] = [];
    const openOneOfTwo = async (name: string, other: number): Promise<void> => {
      const onRecv = (): void => {
        heard.push(name);
        pairs[other]?.receiver.close();
      };
      pairs.push(closing(await openPair(onRecv)));
    };
    await openOneOfTwo('first', 1);
    await openOneOfTwo('second', 0);
    for (const pair of pairs) pair.send('a', 'b');
    for (let i = 0; i < 20; i++) await turn();
    expect(heard.length).toBe(2);
    expect(new Set(heard).size).toBe(1);
  });

  test('the handle is closed at once, with its descriptor', async () => {
    let change: number | undefined;
    const errors: unknown[] = [];
    await receiveTen((_, receiver) => {
      const before = descriptors();
      receiver.close();
      change = descriptors() - before;
      try {
        receiver.send(Buffer.from('x'), HOST, 9);
      } catch (error) {
        errors.push(error);
      }
    });
    expect(change).toBe(-1);
    expect(errors).toMatchObject([notRunning]);
  });
});

describeSctp('after close()', () => {
  test.each<[string, (handle: DatagramHandle) => unknown]>([
    ['send()', (handle) => handle.send(Buffer.from('x'), HOST, 9)],
    ['address()', (handle) => handle.address()],
    ['getOption()', (handle) => handle.getOption('rtoInfo')],
    [
      'setOption()',
      (handle) => {
        handle.setOption('noDelay', true);
      },
    ],
  ])('%s throws ERR_SOCKET_DGRAM_NOT_RUNNING', (_, call) => {
    const handle = openOne();
    call(handle);
    handle.close();
    expectThrow(() => call(handle), notRunning);
    handle.close();
    expectThrow(() => call(handle), notRunning);
  });

  test('ref(), unref() and close() do nothing', () => {
    const handle = openOne();
    handle.close();
    const before = descriptors();
    expect(handle.ref()).toBe(handle);
    expect(handle.unref()).toBe(handle);
    handle.close();
    expect(descriptors()).toBe(before);
  });

  test('the port is free again at once', () => {
    const handle = openOne();
    const { port } = handle.address();
    const again = (): DatagramHandle =>
      closing(open({ host: HOST, port, sctp: { reuseAddr: false } }, ignore));
    expectThrow(again, { code: 'EADDRINUSE', syscall: 'bind', address: HOST, port });
    handle.close();
    expect(again().address().port).toBe(port);
  });
});

describeSctp('using', () => {
  test('closes at the end of the block', () => {
    const before = descriptors();
    let handle: DatagramHandle;
    {
      using scoped = open(HOST, 0, 1000, ignore);
      handle = scoped;
      expect(descriptors()).toBe(before + 1);
    }
    expect(descriptors()).toBe(before);
    expectThrow(() => handle.address(), notRunning);
  });

  test('closes when the block throws, and when it was closed before', () => {
    const before = descriptors();
    const block = (): void => {
      using first = open(HOST, 0, 1000, ignore);
      using second = open(HOST, 0, 1000, ignore);
      first.close();
      second.send(Buffer.alloc(0), HOST, 9);
    };
    expectThrow(block, { code: 'ERR_INVALID_ARG_VALUE' });
    expect(descriptors()).toBe(before);
  });
});
