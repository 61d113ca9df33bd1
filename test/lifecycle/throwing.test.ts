/** An onRecv that throws: an uncaught exception, as from any event handler, and nothing is lost. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

describeSctp('onRecv throws and nobody catches', () => {
  test('the process ends with code 1 and the stack', async () => {
    const { code, signal, stdout, stderr } = await run(`
      const pair = await openPair(function onMessage([data]) {
        console.log(String(data));
        if (String(data) === '2') throw new RangeError('thrown by onRecv');
      });
      pair.send('1', '2', '3');
    `);
    expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '1\n2\n' });
    expect(stderr).toMatch(/RangeError: thrown by onRecv\n {4}at .*onMessage.*\n/);
  });

  test.each([
    ['undefined', 'throw undefined', '\nundefined\n'],
    ['a rejected promise', "await null; throw new Error('rejected')", 'Error: rejected'],
  ])('%s', async (_, statement, text) => {
    const { code, signal, stderr } = await run(`
      const pair = await openPair(${statement.startsWith('await') ? 'async ' : ''}() => {
        ${statement};
      });
      pair.send('1');
    `);
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toContain(text);
  });
});

describeSctp("onRecv throws and process.on('uncaughtException') catches", () => {
  test('every message arrives once, in order, whole', async () => {
    const ended = await run(`
      const assert = require('node:assert');
      const caught = [], received = [];
      process.on('uncaughtException', (error, origin) => caught.push(error.message + origin));
      const pair = await openPair(([data]) => {
        perTurn++;
        received.push(data.every((byte) => byte === data[0]) ? data[0] : 'damaged');
        if (data[0] % 3 !== 1) throw new Error(data[0] + ' ');
      });
      let perTurn = 0;

      const scenes = { tiny: [20, 3], 'sharing several slabs': [200, 7000], large: [40, 20_000] };
      for (const [name, [count, length]] of Object.entries(scenes)) {
        const numbers = Array.from({ length: count }, (_, i) => i);
        pair.send(...numbers.map((i) => Buffer.alloc(length, i)));
        let most = 0;
        for (; received.length < count; perTurn = 0) {
          await turn();
          most = Math.max(most, perTurn);
        }
        const throwing = numbers.filter((i) => i % 3 !== 1).map((i) => i + ' uncaughtException');
        assert.deepStrictEqual({ received, caught }, { received: numbers, caught: throwing });
        console.log(name, most > 3); // several in one batch, or this proves little
        received.length = caught.length = 0;
      }
      pair.close();
    `);
    expect(ended).toEqual(success('tiny true\nsharing several slabs true\nlarge true\n'));
  });

  test('ticks and microtasks of a throwing call are run, and later ones', async () => {
    const ended = await run(`
      process.on('uncaughtException', (error) => console.log('caught', error.message));
      const pair = await openPair(([data]) => {
        process.nextTick(() => console.log('tick', String(data)));
        queueMicrotask(() => console.log('microtask', String(data)));
        if (String(data) === 'a') throw new Error('a');
      });
      pair.send('a', 'b');
      for (let i = 0; i < 10; i++) await turn();
      pair.close();
    `);
    const lines = ended.stdout.trimEnd().split('\n').sort();
    expect(lines).toEqual(['caught a', 'microtask a', 'microtask b', 'tick a', 'tick b']);
    expect(ended).toEqual(success(ended.stdout));
  });

  test('a throw on an error text', async () => {
    const ended = await run(`
      process.on('uncaughtException', (error) => console.log('caught', error.message));
      const handle = open(HOST, 0, 1000, (result) => {
        if (typeof result === 'string') throw new Error(/could not be started|not delivered/.exec(result)[0]);
        console.log(String(result[0]));
        handle.close();
      });
      const closed = open(HOST, 0, 1000, () => {});
      const { port } = closed.address();
      closed.close();
      handle.send(Buffer.from('nobody there'), HOST, port);
      handle.send(Buffer.from('to myself'), HOST, handle.address().port);
    `);
    expect(ended.stdout.trimEnd().split('\n').sort()).toEqual([
      'caught could not be started',
      'caught not delivered',
      'to myself',
    ]);
    expect(ended).toEqual(success(ended.stdout));
  });

  test('a throw after close() in onRecv, and the handler closing the handle', async () => {
    const ended = await run(`
      const onUncaught = (error) => {
        console.log('caught', error.message);
        second.receiver.close();
      };
      process.on('uncaughtException', onUncaught);
      const first = await openPair(([data]) => {
        console.log('first', String(data));
        first.close();
        throw new Error('after close');
      });
      const second = await openPair(([data]) => {
        console.log('second', String(data));
        throw new Error('before close');
      });
      second.send('1', '2', '3');
      await until(() => second.receiver[require('node:util').inspect.custom]().includes('closed'));
      second.close();
      first.send('1', '2', '3');
    `);
    expect(ended).toEqual(success('second 1\ncaught before close\nfirst 1\ncaught after close\n'));
  });

  test('an async onRecv that rejects is an unhandledRejection; messages go on', async () => {
    const ended = await run(`
      process.on('unhandledRejection', (error) => console.log('rejected', error.message));
      const pair = await openPair(async ([data]) => {
        if (String(data) === '3') pair.close();
        throw new Error(String(data));
      });
      pair.send('1', '2', '3');
    `);
    expect(ended).toEqual(success('rejected 1\nrejected 2\nrejected 3\n'));
  });
});
