/** Requests to reconfigure streams, against a kernel and a peer that say what the test wants. */
import { constants as os } from 'node:os';

import type { Link } from '#lib/association/link';
import { RequestQueue } from '#lib/association/reconfiguration/request-queue';
import {
  addRequest,
  type Answer,
  associationRequest,
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

test.each([
  [{ denied: true }, 'denied'],
  [{ failed: true }, 'failed'],
])('an answer that is no: %j', async (no, reason) => {
  const { log, reconfiguration } = setUp();
  const asked = reconfiguration.ask(associationRequest);
  expect(reconfiguration.onAnswer(answer({ type: 'assocReset', ...no }))).toBe(true);
  await expect(asked).rejects.toMatchObject({ code: 'ERR_SCTP_RECONFIGURATION', reason });
  expect(log).toEqual(['busy', 'reset association', 'idle']);
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
