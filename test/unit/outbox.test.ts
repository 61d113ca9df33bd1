/** The outbox of every socket, and its waiting for room, against a kernel that a test commands. */
import { Outbox, type OutboxListener } from '#lib/association/outbox';
import { RetryWait } from '#lib/association/retry-wait';

const EAGAIN = -11;
const ENOMEM = -12;
const ENOBUFS = -105;
const EINVAL = -22;
const EMSGSIZE = -90;
const EPIPE = -32;

interface Message {
  readonly data: Buffer;
}

const message = (text: string): Message => ({ data: Buffer.from(text) });

/** @param isShared other associations go on, whatever happens to one */
function create(isShared = false) {
  const log: string[] = [];
  /** What the kernel answers to the next tries; then it takes everything. */
  const answers: number[] = [];
  let room = Infinity;
  const listener: OutboxListener<Message> = {
    trySend: ({ data }) => {
      const answer = answers.shift();
      if (answer !== undefined && answer !== 0) return answer;
      if (room === 0) return EAGAIN;
      room--;
      return data.length;
    },
    watch: (on) => log.push(on ? 'watch' : 'unwatch'),
    onAccepted: ({ data }) => log.push(`accepted ${String(data)}`),
    onRefused: ({ data }, errno) => log.push(`refused ${String(data)} ${String(errno)}`),
    onFailed: ({ data }, error) => log.push(`failed ${String(data)} ${error.message}`),
    onIdle: () => log.push('done'),
  };
  const onBroken = (errno: number): unknown => log.push(`broken ${String(errno)}`);
  const outbox = new Outbox(isShared ? listener : { ...listener, onBroken });
  const events = () => log.filter((line) => !line.endsWith('watch'));
  const send = (...texts: string[]) => {
    outbox.send(texts.map(message));
  };
  const setRoom = (count: number) => (room = count);
  return { outbox, log, events, answers, send, setRoom };
}

/** The association is up. */
function opened(outbox: Outbox<Message>): void {
  outbox.open();
  outbox.flush(false);
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('messages wait for the association, then leave in order', () => {
  const { outbox, events, send } = create();
  send('a', 'b');
  outbox.flush(true);
  expect(events()).toEqual([]);
  opened(outbox);
  expect(events()).toEqual(['accepted a', 'accepted b', 'done']);
});

test('nothing to send is done at once, but not before the association is up', () => {
  const { outbox, events, send } = create();
  send();
  expect(events()).toEqual([]);
  opened(outbox);
  expect(events()).toEqual(['done']);
  send();
  expect(events()).toEqual(['done', 'done']);
});

describe('one message for which nothing waits', () => {
  test('leaves at once, and nothing else follows', () => {
    const { outbox, events } = create();
    opened(outbox);
    expect(outbox.sendNow(message('a'))).toBe(true);
    expect(events()).toEqual(['accepted a']);
  });

  test('does not before the association is up, nor past what waits, nor after a failure', () => {
    const { outbox, events, send, setRoom } = create();
    expect(outbox.sendNow(message('a'))).toBe(false);
    opened(outbox);
    setRoom(0);
    send('b');
    setRoom(9);
    expect(outbox.sendNow(message('c'))).toBe(false);
    outbox.flush(true);
    expect(outbox.sendNow(message('d'))).toBe(true);
    outbox.fail(new Error('over'));
    expect(outbox.sendNow(message('e'))).toBe(false);
    expect(events()).toEqual(['accepted b', 'done', 'accepted d']);
  });

  test.each([EAGAIN, ENOBUFS, ENOMEM, EPIPE, EINVAL])(
    'that meets %d is not tried again before it waits, fails or is refused for that reason',
    (errno) => {
      const { outbox, events, log, answers, send } = create();
      opened(outbox);
      answers.push(errno);
      expect(outbox.sendNow(message('a'))).toBe(false);
      send('a');
      if (errno === EPIPE) expect(events()).toEqual([`broken ${String(EPIPE)}`]);
      else if (errno === EINVAL) expect(events()).toEqual([`refused a ${String(EINVAL)}`, 'done']);
      else expect(log).toEqual(['watch']);
      outbox.flush(true);
      expect(events().includes('accepted a')).toBe(errno !== EPIPE && errno !== EINVAL);
    },
  );
});

test.each([EAGAIN, ENOBUFS, ENOMEM])(
  'without room (%d) it waits, and goes on where it was',
  (errno) => {
    const { outbox, log, events, answers, send } = create();
    opened(outbox);
    answers.push(0, errno);
    send('a', 'b', 'c');
    expect(events()).toEqual(['accepted a']);
    expect(log.at(-1)).toBe('watch');
    outbox.flush(true);
    expect(events()).toEqual(['accepted a', 'accepted b', 'accepted c', 'done']);
    expect(log.at(-2)).toBe('unwatch');
  },
);

test('"writable" that is a lie is not watched, but tried again by a timer', () => {
  const { outbox, log, events, setRoom, send } = create();
  opened(outbox);
  setRoom(0);
  send('a');
  expect(log.at(-1)).toBe('watch');
  outbox.flush(true);
  expect(log.at(-1)).toBe('unwatch');
  setRoom(1);
  jest.advanceTimersByTime(1000);
  expect(events()).toEqual(['accepted a', 'done']);
});

test('"writable" that led to progress is believed again', () => {
  const { outbox, log, setRoom, send } = create();
  opened(outbox);
  setRoom(0);
  send('a', 'b');
  setRoom(1);
  outbox.flush(true);
  expect(log.slice(-2)).toEqual(['accepted a', 'watch']);
  setRoom(1);
  outbox.flush(true);
  expect(log.at(-1)).toBe('done');
});

test.each([EINVAL, EMSGSIZE])(
  'a message that is refused (%d) does not stop the others',
  (errno) => {
    const { outbox, events, answers, send } = create();
    opened(outbox);
    answers.push(0, errno);
    send('a', 'b', 'c');
    expect(events()).toEqual(['accepted a', `refused b ${String(errno)}`, 'accepted c', 'done']);
  },
);

test('broken: what waits does so until the cause is known, and fails as all that comes', () => {
  const { outbox, events, answers, send } = create();
  opened(outbox);
  answers.push(0, EPIPE);
  send('a', 'b', 'c');
  expect(events()).toEqual(['accepted a', 'broken -32']);
  outbox.flush(true);
  expect(events()).toHaveLength(2);
  outbox.fail(new Error('reset'));
  jest.runAllTicks();
  expect(events().slice(2)).toEqual(['failed b reset', 'failed c reset', 'done']);
  expect(outbox.failure).toMatchObject({ message: 'reset' });
  send('d');
  jest.runAllTicks();
  expect(events().slice(5)).toEqual(['failed d reset', 'done']);
});

test('failing while it waits for room, or for the association', () => {
  const full = create();
  opened(full.outbox);
  full.setRoom(0);
  full.send('a');
  full.outbox.fail(new Error('closed'));
  jest.runAllTicks();
  expect(full.events()).toEqual(['failed a closed', 'done']);
  // It would be writable all the time from now on.
  expect(full.log.filter((line) => line.endsWith('watch')).at(-1)).toBe('unwatch');

  const early = create();
  early.send('a');
  early.outbox.fail(new Error('refused'));
  jest.runAllTicks();
  expect(early.events()).toEqual(['failed a refused', 'done']);
});

test('done may send more at once', () => {
  const log: string[] = [];
  const outbox = new Outbox<Message>({
    trySend: ({ data }) => data.length,
    watch: () => undefined,
    onAccepted: ({ data }) => log.push(`accepted ${String(data)}`),
    onRefused: () => log.push('refused'),
    onIdle: () => {
      log.push('done');
      if (log.length < 3) outbox.send([message('b')]);
    },
  });
  opened(outbox);
  outbox.send([message('a')]);
  expect(log).toEqual(['accepted a', 'done', 'accepted b', 'done']);
});

test('on a shared descriptor each failure is one message’s own', () => {
  const { outbox, events, answers, send } = create(true);
  opened(outbox);
  answers.push(EPIPE);
  send('a', 'b');
  expect(events()).toEqual(['refused a -32', 'accepted b', 'done']);
});

test.each([EAGAIN, ENOBUFS, ENOMEM])(
  'trying first: no room (%d) is one thing to callers',
  (errno) => {
    const { outbox, events, answers, setRoom } = create(true);
    opened(outbox);
    answers.push(errno);
    expect(outbox.try(message('a'))).toBe(EAGAIN);
    outbox.queue(message('a'));
    expect([outbox.length, outbox.bytes]).toEqual([1, 1]);
    expect(outbox.try(message('b'))).toBe(EAGAIN); // it would overtake the first
    outbox.queue(message('b'));
    expect(events()).toEqual([]);
    outbox.flush(true);
    expect(events()).toEqual(['accepted a', 'accepted b', 'done']);
    setRoom(1);
    expect(outbox.try(message('c'))).toBe(1);
    answers.push(EPIPE);
    expect(outbox.try(message('d'))).toBe(EPIPE);
  },
);

describe('RetryWait', () => {
  test('begun again, has one timer; ended or dropped, none', () => {
    const watched: boolean[] = [];
    let tries = 0;
    const wait = new RetryWait(
      (on) => watched.push(on),
      () => tries++,
    );
    wait.begin(true, false);
    wait.begin(false, false);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(1000);
    expect(tries).toBe(1);
    wait.begin(true, false);
    wait.end();
    wait.begin(true, false);
    wait.drop();
    jest.advanceTimersByTime(1000);
    expect(tries).toBe(1);
    expect(watched).toEqual([true, false, true, false, true]);
  });

  test.each([
    ['"writable" cannot be trusted', false, false, 1],
    ['"writable" can be trusted: ten times as long', true, false, 10],
    ['room is reported otherwise: so, too', false, true, 10],
  ])('waits longer each time in vain, until some are taken: %s', (_, trust, isReported, scale) => {
    const times: number[] = [];
    const wait = new RetryWait(
      () => undefined,
      () => {
        times.push((Date.now() - begun) / scale);
        wait.begin(trust, false, isReported);
      },
    );
    const begun = Date.now();
    wait.begin(trust, false, isReported);
    jest.advanceTimersByTime(5000 * scale);
    expect(times).toEqual([50, 150, 350, 750, 1550, 2550, 3550, 4550]);
    wait.onProgress();
    jest.advanceTimersByTime(1000 * scale);
    const [after] = times.slice(8);
    expect(after).toBe(5550);
    wait.onProgress();
    wait.begin(trust, false, isReported);
    jest.advanceTimersByTime(50 * scale);
    expect(times.at(-1)).toBe(6050);
    wait.end();
  });

  test('leaves the retrying to a watcher that does it', () => {
    const watched: boolean[] = [];
    const wait = new RetryWait(
      (on) => watched.push(on),
      () => undefined,
    );
    wait.begin(false, true);
    expect([wait.isWaiting, jest.getTimerCount()]).toEqual([true, 0]);
    wait.end();
    expect([wait.isWaiting, watched]).toEqual([false, [true, false]]);
  });
});
