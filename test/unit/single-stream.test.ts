/** What a single stream makes of the fates of its messages. */
import { once } from 'node:events';

import { Tally } from '#lib/messages/tally';
import { type SingleStreamOwner, SingleStream } from '#lib/socket/streams/single-stream';

import { expectThrow } from '../support/errors';

class Owner implements SingleStreamOwner {
  readonly sent: { text: string; info: object; settle: (error?: Error | null) => void }[] = [];
  failing = false;
  reported: Error | undefined;
  closed = false;

  send(...[data, info, settle]: Parameters<SingleStreamOwner['send']>): void {
    this.sent.push({ text: String(data), info, settle });
  }

  isFailing(): boolean {
    return this.failing;
  }

  reports(error: Error): boolean {
    return error === this.reported;
  }

  onRead(): void {
    // a socket would read on
  }

  onClosed(): void {
    this.closed = true;
  }
}

function make(): { owner: Owner; stream: SingleStream; errors: unknown[] } {
  const owner = new Owner();
  const stream = new SingleStream(
    7,
    { highWaterMark: 1000, writableHighWaterMark: 1000, tally: new Tally() },
    owner,
  );
  const errors: unknown[] = [];
  stream.on('error', (error) => errors.push(error));
  return { owner, stream, errors };
}

const turn = () => new Promise(setImmediate);
const refusal = new Error('refused');

test('an info may be of a class, or inherit, and is otherwise an object', () => {
  const { owner, stream } = make();
  class Info {
    readonly #ppid = 46;

    get ppid(): number {
      return this.#ppid;
    }
  }
  const data = Buffer.from('x');
  stream.send(data, new Info());
  stream.send(data, Object.create({ ppid: 46 }) as object);
  const infos = owner.sent.map(({ info }) => info);
  expect(infos).toEqual([
    { sid: 7, ppid: 46 },
    { sid: 7, ppid: 46 },
  ]);
  const code = 'ERR_INVALID_ARG_TYPE';
  for (const wrong of [new Map([['ppid', 46]]), 5, null, 'x', []]) {
    expectThrow(() => stream.send(data, wrong as never), { code });
  }
  expectThrow(() => stream.send(data, {}, 5 as never), { code });
  expect(owner.sent).toHaveLength(2);
});

test('messages are handed over at once; the callbacks follow', async () => {
  const { owner, stream } = make();
  const reported: unknown[] = [];
  stream.write('a', (error) => reported.push(['a', error]));
  stream.send(Buffer.from('b'), { unordered: true }, (error) => reported.push(['b', error]));
  stream.ppid = 3;
  stream.end('c');
  expect(owner.sent.map(({ text, info }) => [text, info])).toEqual([
    ['a', { sid: 7 }],
    ['b', { sid: 7, unordered: true }],
    ['c', { sid: 7, ppid: 3 }],
  ]);
  expect([stream.writableLength, reported]).toEqual([3, []]);
  const finished = once(stream, 'finish');
  for (const { settle } of owner.sent.reverse()) settle(null); // in whatever order
  await finished;
  expect(reported).toEqual([
    ['a', null],
    ['b', null],
  ]);
  await turn();
  expect([stream.destroyed, owner.closed]).toEqual([true, true]); // nobody has read from it
});

test('a refused message ends the stream, if there is no callback', async () => {
  const { owner, stream, errors } = make();
  const reported: unknown[] = [];
  stream.write('a', (error) => reported.push(error));
  owner.sent[0]?.settle(refusal);
  await turn();
  expect([stream.destroyed, errors, reported]).toEqual([true, [refusal], [refusal]]);
});

test('… and else that one is', async () => {
  const { owner, stream, errors } = make();
  const reported: unknown[] = [];
  stream.send(Buffer.from('a'), (error) => reported.push(error));
  stream.send(Buffer.from('b'), (error) => reported.push(error));
  owner.sent[0]?.settle(refusal);
  owner.sent[1]?.settle(null);
  await turn();
  expect([stream.destroyed, errors, reported]).toEqual([false, [], [refusal, null]]);
});

test('what the socket reports itself, as after a restart, ends nothing', async () => {
  const { owner, stream, errors } = make();
  owner.reported = refusal;
  const reported: unknown[] = [];
  stream.write('a', (error) => reported.push(error));
  stream.write('b');
  for (const { settle } of owner.sent) settle(refusal);
  await turn();
  expect([stream.destroyed, errors, reported, stream.writableLength]).toEqual([
    false,
    [],
    [refusal],
    0,
  ]);
});

test('a socket that fails is waited for: it has the error, and perhaps messages', async () => {
  const { owner, stream } = make();
  stream.removeAllListeners('error'); // nobody listens, and nothing is thrown
  const reported: unknown[] = [];
  stream.write('a', (error) => reported.push(error));
  owner.failing = true;
  owner.sent[0]?.settle(refusal);
  await turn();
  expect([stream.destroyed, reported]).toEqual([false, []]);
  stream.destroy();
  await turn();
  expect(reported).toEqual([refusal]);
});
