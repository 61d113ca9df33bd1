/** Requests to reconfigure streams, against a kernel and a peer that say what the test wants. */
import { constants as os } from 'node:os';

import type { Link } from '#lib/association/link';
import { RequestQueue } from '#lib/association/reconfiguration/request-queue';
import {
  addRequest,
  type Answer,
  associationRequest,
  type Request,
  resetRequest,
} from '#lib/association/reconfiguration/requests';

const { EAGAIN, EINPROGRESS, ENOPROTOOPT } = os.errno;

function answer(fields: object): Answer {
  const none = { denied: false, failed: false, incoming: false, outgoing: false };
  return { ...none, ...fields } as Answer;
}

function setUp() {
  const log: string[] = [];
  const results: number[] = [];
  const note = (entry: string): number => {
    log.push(entry);
    return results.shift() ?? 0;
  };
  const link = {
    resetStreams: (flags: number, streams: number[]) =>
      note(`reset ${String(flags)} ${String(streams)}`),
    addStreams: (incoming: number, outgoing: number) =>
      note(`add ${String(incoming)} ${String(outgoing)}`),
    resetAssociation: () => note('reset association'),
    isGone: () => false,
  } as unknown as Link;
  const reconfiguration = new RequestQueue(link, (busy) => log.push(busy ? 'busy' : 'idle'));
  return { log, results, reconfiguration };
}

test('one request at a time, each settled by its own answer', async () => {
  const { log, reconfiguration } = setUp();
  const first = reconfiguration.ask(resetRequest({ direction: 'outgoing', value: [2, 10] }));
  const second = reconfiguration.ask(addRequest({ direction: 'incoming', value: 3 }));
  expect(log).toEqual(['busy', 'reset 2 2,10']);
  // What the peer does meanwhile is no answer.
  const others = [
    { type: 'streamReset', incoming: true, streams: [2, 10] },
    { type: 'streamReset', outgoing: true, streams: [2] },
    { type: 'streamChange', inboundStreams: 3, outboundStreams: 0 },
    { type: 'assocReset' },
  ];
  for (const other of others) expect(reconfiguration.onAnswer(answer(other))).toBe(false);
  const own = answer({ type: 'streamReset', outgoing: true, streams: [10, 2] });
  expect(reconfiguration.onAnswer(own)).toBe(true);
  await first;
  expect(log.slice(2)).toEqual(['add 3 0']);
  const added = answer({ type: 'streamChange', inboundStreams: 3, outboundStreams: 0 });
  expect(reconfiguration.onAnswer(added)).toBe(true);
  await second;
  expect(log.slice(3)).toEqual(['idle']);
  expect(reconfiguration.onAnswer(added)).toBe(false);
});

test('what the peer does not allow is not asked again', async () => {
  const { log, reconfiguration } = setUp();
  const asked = reconfiguration.ask(associationRequest);
  expect(reconfiguration.onAnswer(answer({ type: 'assocReset', denied: true }))).toBe(true);
  await expect(asked).rejects.toMatchObject({
    code: 'ERR_SCTP_RECONFIGURATION',
    reason: 'denied',
  });
  expect(log).toEqual(['busy', 'reset association', 'idle']);
});

describe('a peer that could not do it', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const requests: [string, Request, object][] = [
    [
      'resetStreams',
      resetRequest({ direction: 'outgoing', value: [1] }),
      { type: 'streamReset', outgoing: true, streams: [1] },
    ],
    [
      'addStreams',
      addRequest({ direction: 'incoming', value: 2 }),
      { type: 'streamChange', inboundStreams: 2, outboundStreams: 0 },
    ],
    ['resetAssociation', associationRequest, { type: 'assocReset' }],
  ];

  test.each(requests)('%s is asked again, and resolves', async (_name, request, own) => {
    const { log, reconfiguration } = setUp();
    const asked = reconfiguration.ask(request);
    expect(reconfiguration.onAnswer(answer({ ...own, failed: true }))).toBe(true);
    // In the pause no answer is expected.
    expect(reconfiguration.onAnswer(answer(own))).toBe(false);
    jest.runOnlyPendingTimers();
    expect(log).toEqual(['busy', log[1], log[1]]);
    reconfiguration.onAnswer(answer(own));
    await asked;
    expect(log.at(-1)).toBe('idle');
  });

  test.each(requests)('%s rejects in the end, and the next begins', async (_name, request, own) => {
    const { log, reconfiguration } = setUp();
    const asked = reconfiguration.ask(request);
    const next = reconfiguration.ask(associationRequest);
    for (let i = 0; i < 10; i++) {
      expect(log).toHaveLength(2 + i);
      reconfiguration.onAnswer(answer({ ...own, failed: true }));
      if (i < 9) jest.runOnlyPendingTimers();
    }
    await expect(asked).rejects.toMatchObject({
      code: 'ERR_SCTP_RECONFIGURATION',
      reason: 'failed',
    });
    expect(log.slice(11)).toEqual(['reset association']);
    reconfiguration.onAnswer(answer({ type: 'assocReset' }));
    await next;
  });

  test('nothing is asked again once the association is over', async () => {
    const { log, reconfiguration } = setUp();
    const asked = reconfiguration.ask(associationRequest);
    reconfiguration.onAnswer(answer({ type: 'assocReset', failed: true }));
    reconfiguration.fail(new Error('gone'));
    jest.advanceTimersByTime(10_000);
    await expect(asked).rejects.toThrow('gone');
    expect(log).toEqual(['busy', 'reset association', 'idle']);
  });

  // Each end fails what arrives while a request of its own is under way, as Linux does.
  test.each([1, 30, 400])('two ends at once, %d ms apart, both succeed', async (latency) => {
    const under = [false, false];
    const ends = [0, 1].map((self) => {
      const peer = 1 - self;
      const link = {
        isGone: () => false,
        resetAssociation: () => {
          under[self] = true;
          setTimeout(() => {
            const failed = under[peer];
            setTimeout(() => {
              under[self] = false;
              queue.onAnswer(answer({ type: 'assocReset', failed }));
            }, latency);
          }, latency);
          return 0;
        },
      } as unknown as Link;
      const queue: RequestQueue = new RequestQueue(link, () => undefined);
      return queue;
    });
    for (let round = 0; round < 20; round++) {
      const asked = Promise.all(ends.map((end) => end.ask(associationRequest)));
      await jest.advanceTimersByTimeAsync(200_000);
      await asked;
    }
  });
});

test('tries again while data is on its way or the peer has a request', async () => {
  const { log, results, reconfiguration } = setUp();
  results.push(-EAGAIN, -EINPROGRESS, -EAGAIN);
  const asked = reconfiguration.ask(associationRequest);
  expect(reconfiguration.onAnswer(answer({ type: 'assocReset' }))).toBe(false); // not asked yet
  while (log.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(log.filter((entry) => entry === 'reset association')).toHaveLength(4);
  reconfiguration.onAnswer(answer({ type: 'assocReset' }));
  await asked;
});

test('what the kernel refuses does not stop the next', async () => {
  const { log, results, reconfiguration } = setUp();
  results.push(-ENOPROTOOPT);
  const refused = reconfiguration.ask(addRequest({ direction: 'outgoing', value: 1 }));
  const next = reconfiguration.ask(associationRequest);
  await expect(refused).rejects.toMatchObject({ reason: 'impossible', errno: -ENOPROTOOPT });
  reconfiguration.onAnswer(answer({ type: 'assocReset' }));
  await next;
  expect(log.at(-1)).toBe('idle');
});

test('when it is over, whatever waits has failed, and nothing is tried again', async () => {
  const { log, results, reconfiguration } = setUp();
  results.push(-EAGAIN);
  const asked = [reconfiguration.ask(associationRequest), reconfiguration.ask(associationRequest)];
  reconfiguration.fail(new Error('gone'));
  for (const each of asked) await expect(each).rejects.toThrow('gone');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(log).toEqual(['busy', 'reset association', 'idle']);
  reconfiguration.fail(new Error('again')); // nothing waits
});
