/** What puts `setTimeout` of a socket off, with a stand-in for the kernel and for the clock. */
import { fakedSocket } from '../support/faked-socket';

const TIMEOUT = 1000;
const EAGAIN = -11;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});

afterEach(() => {
  jest.useRealTimers();
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function waiting(options: object = {}) {
  const { socket, kernel } = fakedSocket(options);
  socket.on('error', () => undefined);
  let timeouts = 0;
  socket.setTimeout(TIMEOUT, () => timeouts++);
  kernel.refuses = EAGAIN;
  for (let i = 0; i < 5; i++) socket.send(Buffer.from(String(i)));
  return { socket, kernel, timeouts: () => timeouts };
}

/** The kernel takes one more of the messages that wait. */
async function takeOne(kernel: ReturnType<typeof waiting>['kernel']): Promise<void> {
  const { send } = kernel;
  kernel.refuses = 0;
  kernel.send = (data) => {
    const result = send(data);
    kernel.refuses = EAGAIN;
    return result;
  };
  kernel.onWritable?.();
  kernel.send = send;
  await turn();
}

test.each([['messages'], ['a byte stream']])(
  'of %s: each that the kernel takes of those that wait, as with net',
  async (what) => {
    const { socket, kernel, timeouts } = waiting({ byteStream: what !== 'messages' });
    await turn();
    for (let taken = 1; taken <= 4; taken++) {
      jest.advanceTimersByTime(TIMEOUT * 0.75);
      await takeOne(kernel);
      expect([kernel.sent.length, timeouts()]).toEqual([taken, 0]);
    }
    jest.advanceTimersByTime(TIMEOUT * 0.75);
    expect(timeouts()).toBe(0);
    jest.advanceTimersByTime(TIMEOUT);
    expect(timeouts()).toBe(1); // the last one has waited for that long
    socket.destroy();
  },
);

test('what only waits does not', async () => {
  const { socket, kernel, timeouts } = waiting();
  await turn();
  jest.advanceTimersByTime(TIMEOUT * 0.75);
  kernel.onWritable?.(); // but there is no room
  socket.send(Buffer.from('another'));
  await turn();
  jest.advanceTimersByTime(TIMEOUT * 0.5);
  expect([kernel.sent.length, timeouts()]).toEqual([0, 1]);
  socket.destroy();
});

test('each message that comes, though its listener throws', () => {
  const { socket, kernel } = fakedSocket();
  const timeouts = jest.fn();
  socket.setTimeout(TIMEOUT, timeouts);
  kernel.arrive([0]); // the first goes through Readable
  socket.on('data', () => {
    throw new Error('by the listener');
  });
  socket.read();
  for (let i = 0; i < 4; i++) {
    jest.advanceTimersByTime(TIMEOUT * 0.75);
    try {
      kernel.arrive([0]);
    } catch {
      // as the process would get it
    }
  }
  expect(timeouts).not.toHaveBeenCalled();
  jest.advanceTimersByTime(TIMEOUT);
  expect(timeouts).toHaveBeenCalledTimes(1);
  socket.destroy();
});
