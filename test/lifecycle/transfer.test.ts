/** Received messages share memory: handing it to another thread must not hurt the others. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

describeSctp('the memory of a received message', () => {
  test('can be copied to a worker, but not moved there', async () => {
    const ended = await run(`
      const { Worker } = require('node:worker_threads');
      const echo = "const { parentPort } = require('node:worker_threads');" +
        "parentPort.on('message', (data) => parentPort.postMessage(data));";
      const worker = new Worker(echo, { eval: true });
      const ways = {
        copied: (data) => worker.postMessage(data),
        moved: (data) => worker.postMessage(data, [data.buffer]),
        cloned: (data) => structuredClone(data, { transfer: [data.buffer] }),
      };
      const texts = [];
      const pair = await openPair(([data]) => {
        const text = String(data);
        texts.push(text);
        try {
          ways[text]?.(data);
        } catch (error) {
          if (error.name !== 'DataCloneError') throw error;
        }
        if (String(data) !== text) console.log('lost', text);
      });
      const returned = new Promise((resolve) => worker.once('message', resolve));
      pair.send('a', 'copied', 'b', 'moved', 'c', 'cloned', 'd');
      await until(() => texts.length === 7);
      console.log(texts.join(), Buffer.from(await returned).toString());
      pair.send('later');
      await until(() => texts.length === 8);
      pair.close();
      await worker.terminate();
    `);
    expect(ended).toEqual(success('a,copied,b,moved,c,cloned,d copied\n'));
  });

  test('detached by force: at most the messages of the same batch suffer', async () => {
    // Node 21 to 23 let ArrayBuffer.prototype.transfer have it; before, there is no such method.
    const ended = await run(`
      const errors = new Set();
      process.on('uncaughtException', ({ code }) => errors.add(code));
      const texts = [];
      const pair = await openPair(([data]) => {
        texts.push(String(data));
        try {
          if (texts.length % 3 === 1) data.buffer.transfer(texts.length);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
        }
      });
      for (let round = 0; round < 20; round++) {
        const { length } = texts;
        pair.send('a', 'b', 'c');
        await until(() => texts.length > length);
        for (let i = 0; i < 3; i++) await turn();
        gc();
      }
      pair.close();
      errors.delete('ERR_BUFFER_OUT_OF_BOUNDS');
      console.log(texts.length >= 20, [...errors]);
    `);
    expect(ended).toEqual(success('true []\n'));
  });

  test('of a long message is its own and may be moved', async () => {
    const ended = await run(`
      const pair = await openPair(([data]) => {
        const moved = structuredClone(data, { transfer: [data.buffer] });
        console.log(moved.byteLength, data.byteLength);
        pair.close();
      });
      pair.send(Buffer.alloc(20_000));
    `);
    expect(ended).toEqual(success('20000 0\n'));
  });
});
