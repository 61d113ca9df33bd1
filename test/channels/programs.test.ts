/** Programs in processes of their own: how they end, throw, and what the collector takes. */
import { type Ended, startNode } from '../support/child';

/** Runs a program in which `pair()` gives two joined associations. */
function run(source: string): Promise<Ended> {
  const program = `
    const { createDataChannelAssociation } = require('kernel-sctp/channels');
    const make = (role) => createDataChannelAssociation({ role });
    const join = (a, b) => {
      a.setSendCallback((packet) => b.handleIncoming(packet));
      b.setSendCallback((packet) => a.handleIncoming(packet));
    };
    const pair = () => {
      const ends = [make('client'), make('server')];
      join(...ends);
      return ends;
    };
    const turns = async (count) => {
      for (let i = 0; i < count; i++) await new Promise(setImmediate);
    };
    (async () => { ${source} })();`;
  return startNode(program, { args: ['--expose-gc'] }).ended;
}

const success = (stdout: string): Ended => ({ code: 0, signal: null, stdout, stderr: '' });

test('loading needs no SCTP in the kernel, and a program with nothing to wait for ends', async () => {
  const ended = await run(`
    const [a, b] = pair();
    const channel = a.createDataChannel('x');
    b.on('datachannel', (theirs) => theirs.on('message', (data) => console.log(data)));
    channel.onopen = () => channel.send('hello');
    await a.connect();
  `);
  expect(ended).toEqual(success('hello\n')); // neither is closed
});

test('what waits to be acknowledged keeps the process, unless unreferenced', async () => {
  const begun = Date.now();
  const source = (unref: string): string => `
    const association = createDataChannelAssociation({ role: 'client', connectTimeout: 0 });
    let packets = 0;
    association.setSendCallback(() => {
      if (++packets === 2) association.abort();
    });
    association.connect().catch(() => undefined);
    ${unref}
    process.on('exit', () => console.log(packets > 1));
  `;
  expect(await run(source(''))).toEqual(success('true\n'));
  expect(Date.now() - begun).toBeGreaterThan(900);
  expect(await run(source('setImmediate(() => association.unref());'))).toEqual(success('false\n'));
});

test('handlers that throw are uncaught exceptions, and delivery goes on', async () => {
  const ended = await run(`
    const errors = [];
    process.on('uncaughtException', (error) => errors.push(error.message));
    const [a, b] = pair();
    const got = [];
    a.on('state', (state) => { throw new Error('state ' + state); });
    a.on('connect', () => { throw new Error('connect'); });
    b.on('datachannel', (channel) => {
      channel.on('open', () => { throw new Error('open'); });
      channel.on('message', (data) => { got.push(data); throw new Error('on ' + data); });
      channel.onmessage = ({ data }) => { throw new Error('onmessage ' + data); };
      throw new Error('datachannel');
    });
    const channel = a.createDataChannel('x');
    channel.onopen = () => { channel.send('1'); channel.send('2'); };
    channel.onclose = () => { throw new Error('close'); };
    await a.connect();
    await turns(20);
    channel.close();
    await turns(20);
    await a.close();
    console.log(got.join(), b.state);
    console.log(errors.sort().join());
  `);
  const errors =
    'close,connect,datachannel,on 1,on 2,onmessage 1,onmessage 2,open,' +
    'state closed,state closing,state connected,state connecting';
  expect(ended).toEqual(success(`1,2 closed\n${errors}\n`));
});

test('a connect() that fails and is not awaited does not end the process', async () => {
  const ended = await run(`
    const transport = { send() {} };
    const silent = createDataChannelAssociation({ transport, role: 'client', connectTimeout: 30 });
    for (const event of ['error', 'close']) silent.on(event, ({ code }) => console.log(event, code));
    silent.connect();
    make('client').connect(); // has no transport
  `);
  const code = 'ERR_SCTP_CONNECT_TIMEOUT';
  expect(ended).toEqual(success(`error ${code}\nclose ${code}\n`));
});

test('an error that nobody catches ends the process with it', async () => {
  const { code, stderr } = await run(`
    const [a] = pair();
    a.on('connect', () => { throw new Error('from a handler'); });
    await a.connect();
  `);
  expect([code, stderr.includes('Error: from a handler')]).toEqual([1, true]);
});

test('handlers may send, receive, close and abort', async () => {
  const ended = await run(`
    for (const act of ['close', 'abort', 'connect', 'stats', 'unref', 'ref']) {
      for (const place of ['connect', 'datachannel', 'message', 'send', 'channel-close']) {
        const [a, b] = pair();
        for (const end of [a, b]) {
          const run = () => void Promise.resolve(end[act]()).catch(() => undefined);
          if (place === 'send') {
            const other = end === a ? b : a;
            let count = 0;
            end.setSendCallback((packet) => {
              if (++count === 5) run();
              other.handleIncoming(packet);
              end.handleIncoming(packet);
            });
          }
          end.on('connect', () => place === 'connect' && run());
          end.on('datachannel', (channel) => {
            if (place === 'datachannel') run();
            channel.on('message', () => {
              if (place === 'message') run();
              channel.close();
            });
            channel.on('close', () => place === 'channel-close' && run());
          });
        }
        const channel = a.createDataChannel('x');
        channel.onopen = () => channel.send('x');
        a.connect().catch(() => undefined);
        await turns(30);
        a.abort();
        b.abort();
      }
    }
    console.log('done');
  `);
  expect(ended).toEqual(success('done\n'));
});

test('associations and channels that nobody knows are collected', async () => {
  const ended = await run(`
    let collected = 0;
    const registry = new FinalizationRegistry(() => collected++);
    for (let i = 0; i < 30; i++) {
      await (async () => {
        const ends = pair();
        const channel = ends[0].createDataChannel('x');
        await new Promise((resolve) => { channel.onopen = resolve; ends[0].connect(); });
        channel.send('x');
        await turns(5);
        if (i % 3 === 0) await ends[0].close();
        if (i % 3 === 1) ends[0].abort();
        for (const end of ends) registry.register(end);
        registry.register(channel);
      })();
    }
    for (let i = 0; i < 100 && collected < 80; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    console.log(collected >= 80);
  `);
  expect(ended).toEqual(success('true\n'));
});

test('memory stays flat over many associations', async () => {
  const ended = await run(`
    const life = async () => {
      const [a, b] = pair();
      const channel = a.createDataChannel('x');
      await new Promise((resolve) => { channel.onopen = resolve; a.connect(); });
      channel.send(Buffer.alloc(50_000));
      await a.close();
    };
    const rss = async (count) => {
      for (let i = 0; i < count; i++) await life();
      gc();
      await turns(5);
      return process.memoryUsage().rss;
    };
    await rss(300);
    const before = await rss(300);
    const grown = (await rss(600)) - before;
    console.log(grown < 20e6 || grown);
  `);
  expect(ended).toEqual(success('true\n'));
});

test('callbacks run in the asynchronous context of whoever made the association', async () => {
  const ended = await run(`
    const { AsyncLocalStorage } = require('node:async_hooks');
    const storage = new AsyncLocalStorage();
    const a = storage.run('a', () => make('client'));
    const b = storage.run('b', () => make('server'));
    join(a, b);
    const seen = [];
    b.on('datachannel', (channel) => {
      seen.push(storage.getStore());
      channel.on('message', () => seen.push(storage.getStore()));
    });
    await storage.run('c', async () => {
      const channel = a.createDataChannel('x');
      channel.onopen = () => { seen.push(storage.getStore()); channel.send('x'); };
      await a.connect();
    });
    await turns(20);
    console.log(seen.sort().join());
  `);
  expect(ended).toEqual(success('a,b,b\n'));
});

test('workers may end at any moment', async () => {
  const ended = await run(`
    const { Worker } = require('node:worker_threads');
    const source = \`
      const { createDataChannelAssociation } = require('kernel-sctp/channels');
      const { workerData } = require('node:worker_threads');
      const [a, b] = ['client', 'server'].map((role) => createDataChannelAssociation({ role }));
      a.setSendCallback((packet) => b.handleIncoming(packet));
      b.setSendCallback((packet) => a.handleIncoming(packet));
      const channel = a.createDataChannel('x');
      b.on('datachannel', (theirs) => {
        theirs.binaryType = 'arraybuffer';
        theirs.onmessage = () => undefined;
      });
      channel.onopen = () => {
        setInterval(() => channel.send(Buffer.alloc(20_000)));
        if (workerData === 'exit') setTimeout(() => process.exit(5), 20);
        if (workerData === 'throw') setTimeout(() => { throw new Error('thrown'); }, 20);
      };
      a.connect();
      const transport = { send: () => undefined };
      if (workerData === 'unanswered') {
        createDataChannelAssociation({ role: 'client', transport }).connect();
      }
    \`;
    const lives = [];
    const unexpected = [];
    for (let i = 0; i < 12; i++) {
      const workerData = ['terminate', 'exit', 'throw', 'unanswered'][i % 4];
      const worker = new Worker(source, { eval: true, workerData });
      worker.on('error', (error) => {
        if (workerData !== 'throw' || error.message !== 'thrown') unexpected.push(error);
      });
      const timer = setTimeout(() => worker.terminate(), workerData === 'exit' || workerData === 'throw' ? 5000 : i * 15);
      lives.push(new Promise((resolve) => worker.on('exit', resolve)).then(() => clearTimeout(timer)));
    }
    await Promise.all(lives);
    console.log('alive', ...unexpected);
  `);
  expect(ended).toEqual(success('alive\n'));
});

test('methods of the native class refuse other objects and nonsense', async () => {
  const ended = await run(`
    const { binding } = require(${JSON.stringify(`${process.cwd()}/dist/binding`)});
    const { EngineAssociation } = binding;
    const nonsense = [undefined, null, NaN, -1, 1.5, 2 ** 40, 'x', {}, [], () => {}, Symbol('x'), 5n,
      new Uint8Array(3), new DataView(new ArrayBuffer(8), 1), Buffer.alloc(0), [[1]], ['x'], [70000]];
    let threw = 0;
    for (const name of Object.getOwnPropertyNames(EngineAssociation.prototype)) {
      if (name === 'constructor') continue;
      for (const self of [{}, undefined, 5, EngineAssociation.prototype]) {
        try { EngineAssociation.prototype[name].call(self); } catch (error) {
          if (error instanceof TypeError) threw++;
        }
      }
      for (const value of nonsense) {
        const association = new EngineAssociation({});
        for (let i = 0; i < 7; i++) association[name](...Array(i).fill(value));
        association.close();
        for (let i = 0; i < 7; i++) association[name](...Array(i).fill(value));
      }
    }
    for (const config of [undefined, 5, { mtu: 'x' }, { interleaving: 1 }, { scheduler: 9 }]) {
      try { new EngineAssociation(config); } catch (error) { if (error instanceof TypeError) threw++; }
    }
    console.log(threw);
  `);
  expect(ended).toEqual(success('105\n'));
});
