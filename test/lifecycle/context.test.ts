/** In which context onRecv runs. */
import { describeSctp } from '../support/sctp';
import { openPair, turn, until } from './kit';
import { run, success } from './run';

describeSctp('onRecv', () => {
  test('is followed by ticks, then microtasks, before the event loop goes on', async () => {
    const log: string[] = [];
    const pair = await openPair(() => {
      log.push('onRecv');
      setImmediate(() => log.push('immediate'));
      queueMicrotask(() => {
        log.push('microtask');
        process.nextTick(() => log.push('tick of a microtask'));
      });
      process.nextTick(() => log.push('tick'));
    });
    pair.send('x');
    await until(() => log.includes('immediate'));
    pair.close();
    expect(log).toEqual(['onRecv', 'tick', 'microtask', 'tick of a microtask', 'immediate']);
  });

  test('may await: messages go on meanwhile', async () => {
    const log: string[] = [];
    const slowly = async (text: string): Promise<void> => {
      log.push(`begin ${text}`);
      for (let i = 0; i < 5; i++) await turn();
      log.push(`end ${text}`);
    };
    const pair = await openPair(([data]) => slowly(String(data)) as never);
    pair.send('1', '2');
    await until(() => log.length === 4);
    pair.close();
    expect(log).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2']);
  });

  test('sees the AsyncLocalStorage context of open(), also after garbage collection', async () => {
    const ended = await run(`
      const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
      const storage = new AsyncLocalStorage();
      const seen = [];
      const onRecv = () => seen.push(storage.getStore());
      const one = await storage.run('one', () => openPair(onRecv));
      const two = await storage.run('two', () => openPair(onRecv));
      const none = await openPair(onRecv);
      for (let round = 0; round < 3; round++) {
        for (const pair of [one, two, none]) {
          storage.run('sender', () => pair.send('x', 'y'));
          const { length } = seen;
          await until(() => seen.length === length + 2);
        }
        for (let i = 0; i < 5; i++) {
          gc();
          await turn();
        }
      }
      for (const pair of [one, two, none]) pair.close();
      console.log(seen.join());
    `);
    const round = 'one,one,two,two,,';
    expect(ended).toEqual(success(`${[round, round, round].join()}\n`));
  });
});
