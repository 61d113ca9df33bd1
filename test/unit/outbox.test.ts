/** The outbox of a Socket, and its waiting for room, against a kernel that a test commands. */
import { RoomWait } from '#lib/room-wait';
import { Outbox } from '#lib/socket/messages/outbox';

const EAGAIN = -11;
const ENOBUFS = -105;
const EINVAL = -22;
const EMSGSIZE = -90;
const EPIPE = -32;

function create() {
  const log: string[] = [];
  /** What the kernel answers to the next tries; then it takes everything. */
  const answers: number[] = [];
  let room = Infinity;
  const outbox = new Outbox<string>({
    trySend: (message) => {
      const answer = answers.shift();
      if (answer !== undefined && answer !== 0) return answer;
      if (room === 0) return EAGAIN;
      room--;
      return message.length;
    },
    watch: (on) => log.push(on ? 'watch' : 'unwatch'),
    onAccepted: (message) => log.push(`accepted ${message}`),
    onRefused: (message, errno) => log.push(`refused ${message} ${String(errno)}`),
    onBroken: (errno) => log.push(`broken ${String(errno)}`),
    onFailed: (message, error) => log.push(`failed ${message} ${error.message}`),
  });
  const events = () => log.filter((line) => !line.endsWith('watch'));
  const send = (...messages: string[]) => {
    outbox.send(messages, () => log.push('done'));
  };
  const setRoom = (count: number) => (room = count);
  return { outbox, log, events, answers, send, setRoom };
}

/** Messages leave a tick after the association is up. */
function opened(outbox: Outbox<string>): void {
  outbox.open();
  jest.runAllTicks();
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

test.each([EAGAIN, ENOBUFS])('without room (%d) it waits, and goes on where it was', (errno) => {
  const { outbox, log, events, answers, send } = create();
  opened(outbox);
  answers.push(0, errno);
  send('a', 'b', 'c');
  expect(events()).toEqual(['accepted a']);
  expect(log.at(-1)).toBe('watch');
  outbox.flush(true);
  expect(events()).toEqual(['accepted a', 'accepted b', 'accepted c', 'done']);
  expect(log.at(-2)).toBe('unwatch');
});

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

test('broken: what waits does so until it is told why, and fails as all that comes', () => {
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
  const { outbox, events } = create();
  const log: string[] = [];
  opened(outbox);
  outbox.send(['a'], () => {
    outbox.send(['b'], () => log.push('done b'));
  });
  expect([...events(), ...log]).toEqual(['accepted a', 'accepted b', 'done b']);
});

describe('RoomWait', () => {
  test('begun again, has one timer; ended or dropped, none', () => {
    const watched: boolean[] = [];
    let tries = 0;
    const wait = new RoomWait(
      (on) => watched.push(on),
      () => tries++,
    );
    wait.begin(true);
    wait.begin(false);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(1000);
    expect(tries).toBe(1);
    wait.begin(true);
    wait.end();
    wait.begin(true);
    wait.drop();
    jest.advanceTimersByTime(1000);
    expect(tries).toBe(1);
    expect(watched).toEqual([true, false, true, false, true]);
  });
});
