/** Opening and closing a thousand times leaves nothing behind. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

/** Defines measure(name, cycle), which prints what a thousand cycles leave: nothing, but `0 0`. */
const MEASURE = `
  const watchers = () =>
    process.report.getReport().libuv.filter(({ type }) => type === 'poll').length;
  const kept = { heapUsed: 256 * 1024, arrayBuffers: 1024 * 1024, rss: 8 * 1024 * 1024 };
  async function measure(name, cycle, perRound = 100) {
    for (let i = 0; i < 20; i++) await cycle();
    const descriptorsBefore = descriptors();
    const rounds = [];
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < perRound; i++) await cycle();
      // Collected handles are finalized in the turns, and one collection's ArrayBuffers are freed,
      // in a thread, until the next at the latest.
      for (let i = 0; i < 3; i++) {
        await turn();
        gc();
      }
      rounds.push(process.memoryUsage());
    }
    await turn();
    const grown = Object.keys(kept).filter((kind) => {
      const sizes = rounds.map((usage) => usage[kind]);
      return Math.min(...sizes.slice(5)) > Math.max(...sizes.slice(0, 5)) + kept[kind];
    });
    console.log(name, descriptors() - descriptorsBefore, watchers(), grown.join());
  }`;

describeSctp('a thousand times', () => {
  test('open and close; open, talk and close', async () => {
    const ended = await run(`${MEASURE}
      await measure('plain', () => open(HOST, 0, 1000, () => {}).close());
      const turns = async (handle) => {
        handle.unref().close();
        await turn();
      };
      await measure('with a turn in between', () => turns(open({ host: '::1' }, () => {})));
      await measure('talking', async () => {
        const pair = await openPair(() => pair.close());
        pair.send('x', Buffer.alloc(10_000));
        await turn();
        pair.close();
      });
    `);
    expect(ended).toEqual(success('plain 0 0 \nwith a turn in between 0 0 \ntalking 0 0 \n'));
  });

  test('failing to open', async () => {
    const ended = await run(`${MEASURE}
      const codes = new Set();
      const fail = (options) => {
        try {
          open({ host: HOST, ...options }, () => {});
          codes.add('opened');
        } catch ({ code }) {
          codes.add(code);
        }
      };
      const taken = open({ host: HOST, sctp: { reuseAddr: false } }, () => {});
      const { port } = taken.address();
      const tooLarge = Buffer.alloc(10_000);
      await measure('port taken', () => fail({ port, sctp: { reuseAddr: false } }));
      await measure('no such address', () => fail({ host: '192.0.2.1' }));
      await measure('refused option', () => fail({ sctp: { rtoInfo: { min: 6000 } } }), 20);
      await measure('refused send', () => {
        const handle = open({ host: HOST, sctp: { sndBuf: 4608 } }, () => {});
        try {
          handle.send(tooLarge, HOST, port);
        } catch ({ code }) {
          codes.add(code);
        }
        handle.close();
      }, 20);
      taken.close();
      console.log([...codes].join());
    `);
    const lines = ['port taken', 'no such address', 'refused option', 'refused send'].map(
      // The port taken is that of an open handle, which has a watcher.
      (name) => `${name} 0 1 `,
    );
    const codes = 'EADDRINUSE,EADDRNOTAVAIL,ERR_OUT_OF_RANGE,ERR_SCTP_MESSAGE_TOO_LARGE';
    expect(ended).toEqual(success(`${[...lines, codes].join('\n')}\n`));
  });
});

describeSctp('thousands of messages', () => {
  test('take memory while they are kept, and none when dropped', async () => {
    const ended = await run(`
      const MIB = 1024 * 1024;
      const used = () => process.memoryUsage().arrayBuffers;
      async function receive(count, length, options, keep) {
        const messages = [];
        let received = 0;
        const pair = await openPair(([data]) => {
          if (keep(received++)) messages.push(data);
        }, options);
        while (received < count) {
          const { length: before } = messages;
          const batch = Array.from({ length: 20 }, (_, i) => Buffer.alloc(length, received + i));
          const goal = received + batch.length;
          pair.send(...batch);
          await until(() => received === goal);
        }
        pair.close();
        return messages;
      }
      const all = () => true;
      const few = (i) => i % 100 === 0;
      async function scene(name, least, most, ...what) {
        const grown = () => (used() - before) / MIB;
        gc();
        const before = used();
        let messages = await receive(...what);
        await collectUntil(() => grown() <= most);
        const whole = messages.every((data, i) => {
          const number = what[3] === all ? i : i * 100;
          return data.length === what[1] && data.every((byte) => byte === number % 256);
        });
        const fits = grown() >= least && grown() <= most;
        console.log(name, messages.length, whole, fits || grown());
        messages = undefined;
        console.log('dropped', await collectUntil(() => grown() < 0.6));
      }
      await scene('all kept', 3.8, 5, 4000, 1000, {}, all);
      await scene('none kept', -1, 0.6, 4000, 1000, {}, () => false);
      await scene('few kept, sharing', 3.5, 5, 4000, 1000, {}, few);
      await scene('few kept, copied', -1, 0.6, 4000, 1000, { copy: true }, few);
      await scene('few kept, large', -1, 0.6, 400, 20_000, {}, few);
    `);
    const lines = [
      'all kept 4000 true true',
      'none kept 0 true true',
      'few kept, sharing 40 true true',
      'few kept, copied 40 true true',
      'few kept, large 4 true true',
    ].flatMap((line) => [line, 'dropped true']);
    expect(ended).toEqual(success(`${lines.join('\n')}\n`));
  });
});
