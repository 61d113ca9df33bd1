/** What the garbage collector may take, and what it must leave alone. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

describeSctp('an unreferenced handle that the program has dropped', () => {
  test('is collected and its descriptor closed', async () => {
    const ended = await run(`
      await openPair(() => {}).then((pair) => pair.close()); // opens what libuv opens once
      const before = descriptors();
      const scenes = {
        async idle() {
          for (let i = 0; i < 20; i++) open(HOST, 0, 1000, () => {}).unref();
        },
        async 'with an association'() {
          for (let i = 0; i < 5; i++) {
            const { sender, receiver, send } = await openPair(() => {});
            send('a', 'b');
            sender.unref();
            receiver.unref();
          }
        },
        async 'with a Buffer of it still in use'() {
          const pair = await openPair(([data]) => (globalThis.kept = data));
          pair.send('kept');
          await until(() => globalThis.kept);
          pair.sender.unref();
          pair.receiver.unref();
        },
        async 'while messages come in'() {
          const { sender, receiver } = await openPair(() => {});
          const { port } = receiver.unref().address();
          globalThis.storm = setInterval(() => sender.send(Buffer.from('x'), HOST, port));
          globalThis.sender = sender;
        },
      };
      for (const [name, scene] of Object.entries(scenes)) {
        await scene();
        const opened = descriptors() - before;
        const left = globalThis.sender ? 1 : 0;
        const gone = await collectUntil(() => descriptors() === before + left);
        console.log(name, opened, gone);
      }
      clearInterval(globalThis.storm);
      globalThis.sender.close();
      console.log(String(globalThis.kept), descriptors() - before);
    `);
    const lines = [
      'idle 20 true',
      'with an association 10 true',
      'with a Buffer of it still in use 2 true',
      'while messages come in 2 true',
      'kept 0',
    ];
    expect(ended).toEqual(success(`${lines.join('\n')}\n`));
  });

  test('stays while the program has one of its methods, or messages of it wait', async () => {
    const ended = await run(`
      const peer = open({ host: HOST }, ([data]) => received.push(data.length));
      const received = [];
      const port = peer.address().port;
      const before = descriptors();
      const kept = {};
      const keep = () => void (kept.send = open(HOST, 0, 1000, () => {}).unref().send);
      const use = () => kept.send(Buffer.from('x'), HOST, port);
      keep();
      const collectSome = async () => {
        for (let i = 0; i < 10; i++) {
          gc();
          await turn();
        }
      };
      await collectSome();
      console.log(descriptors() - before, use());
      await until(() => received.length === 1);
      delete kept.send;
      console.log(await collectUntil(() => descriptors() === before));

      (() => {
        const { send, unref } = open({ host: HOST, sctp: { sndBuf: 4608 } }, () => {});
        for (let i = 0; i < 100; i++) send(Buffer.alloc(1000), HOST, port);
        unref();
      })();
      await collectSome();
      await until(() => received.length === 101);
      console.log(await collectUntil(() => descriptors() === before));
      peer.close();
    `);
    expect(ended).toEqual(success('1 1\ntrue\ntrue\n'));
  });
});

describeSctp('an endpoint that the program has dropped', () => {
  test('stays while it keeps the process alive; unreferenced or closed it is collected', async () => {
    const ended = await run(`
      const { createEndpoint } = require('kernel-sctp');
      const server = createEndpoint().listen({ host: HOST }).on('message', () => {});
      const { port } = server.address();
      const dropped = async (count, end) => {
        for (let i = 0; i < count; i++) {
          const client = createEndpoint();
          const association = await client.connect({ host: HOST, port });
          association.send(Buffer.from('x'));
          registry.register(association, 'association');
          await end(client, association);
        }
      };
      const collected = { association: 0 };
      const registry = new FinalizationRegistry((what) => collected[what]++);
      const before = descriptors();
      await dropped(5, (client) => client.unref());
      console.log('unreferenced', await collectUntil(() => descriptors() === before));
      await dropped(5, (client) => client.close());
      console.log('closed', descriptors() - before);
      await dropped(5, (client, association) => association.abort());
      // Those of the last round may live on in a register.
      console.log('over', await collectUntil(() => collected.association >= 13));
      console.log('referenced', descriptors() - before);
      process.exit();
    `);
    const lines = ['unreferenced true', 'closed 0', 'over true', 'referenced 5'];
    expect(ended).toEqual(success(`${lines.join('\n')}\n`));
  });
});

describeSctp('a closed handle', () => {
  test('is collected, whatever it did before', async () => {
    const ended = await run(`
      let collected = 0;
      const registry = new FinalizationRegistry(() => collected++);
      for (let i = 0; i < 20; i++) {
        const idle = open(HOST, 0, 1000, () => {});
        if (i % 2) idle.ref().ref().unref().ref();
        idle.close();
        const { sender, receiver, send } = await openPair(() => receiver.close());
        send('a', 'b');
        await turn();
        sender.close();
        receiver.close();
        for (const handle of [idle, sender, receiver]) registry.register(handle);
      }
      // Those of the last round may live on in a register.
      console.log(await collectUntil(() => collected >= 57), collected <= 60);
    `);
    expect(ended).toEqual(success('true true\n'));
  });

  test('is collected, also if it was opened in a context that knows it', async () => {
    const ended = await run(`
      const { AsyncLocalStorage } = require('node:async_hooks');
      const storage = new AsyncLocalStorage();
      let collected = 0;
      const registry = new FinalizationRegistry(() => collected++);
      const peer = open({ host: HOST }, () => {});
      for (let i = 0; i < 20; i++) {
        const store = {};
        storage.run(store, () => {
          store.handle = open({ host: HOST }, () => store.handle.close());
        });
        registry.register(store.handle);
        if (i % 2) store.handle.close();
        else peer.send(Buffer.from('x'), HOST, store.handle.address().port);
      }
      // Those of the last rounds may live on in a register.
      console.log(await collectUntil(() => collected >= 18));
      peer.close();
    `);
    expect(ended).toEqual(success('true\n'));
  });

  test('leaves no watcher behind in the event loop', async () => {
    const ended = await run(`
      const watchers = () =>
        process.report.getReport().libuv.filter(({ type }) => type === 'poll').length;
      const before = watchers();
      const handles = Array.from({ length: 10 }, () => open(HOST, 0, 1000, () => {}));
      console.log(watchers() - before);
      for (const handle of handles) handle.close();
      await turn();
      await turn();
      console.log(watchers() - before);
    `);
    expect(ended).toEqual(success('10\n0\n'));
  });
});
