/** Sockets and servers, again and again, leave nothing behind; dropped ones are collected. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

const WATCHERS = `
  const watchers = () =>
    process.report.getReport().libuv.filter(({ type }) => type === 'poll').length;
  const closed = (socket) => new Promise((resolve) => socket.on('close', resolve));
  const settle = async () => {
    for (let i = 0; i < 50; i++) await turn();
  };
  const quiet = (socket) => socket.on('error', () => {}).resume();`;

describeSctp('hundreds of times', () => {
  test('connect, talk and end in every way: no descriptor, watcher or object stays', async () => {
    const ended = await run(`${WATCHERS}
      let collected = 0;
      let made = 0;
      const registry = new FinalizationRegistry(() => collected++);
      const server = createServer((socket) => {
        made++;
        registry.register(socket);
        quiet(socket).write('hello');
        socket.on('data', () => socket.destroy());
      });
      server.listen({ host: HOST });
      const { port } = server.address();
      const ways = {
        end: (socket) => socket.end(),
        'end, destroy': (socket) => socket.end().destroy(),
        destroy: (socket) => socket.destroy(),
        reset: (socket) => socket.resetAndDestroy(),
        'destroyed by the peer': (socket) => socket.write('destroy me'),
      };
      const visit = async (leave) => {
        const socket = quiet(connect(port, HOST));
        made++;
        registry.register(socket);
        socket.on('connect', () => leave(socket));
        await closed(socket);
      };
      await visit(ways.end);
      await visit(ways.destroy);
      await settle();
      const before = descriptors();
      for (const [name, leave] of Object.entries(ways)) {
        for (let i = 0; i < 60; i++) await visit(leave);
        await settle();
        console.log(name, descriptors() - before, watchers());
      }
      console.log(await collectUntil(() => collected > made - 10));
      server.close();
    `);
    const names = ['end', 'end, destroy', 'destroy', 'reset', 'destroyed by the peer'];
    expect(ended).toEqual(success([...names.map((name) => `${name} 0 1`), 'true\n'].join('\n')));
  });

  test('listening and failing to', async () => {
    const ended = await run(`${WATCHERS}
      const once = (server, event) => new Promise((resolve) => server.on(event, resolve));
      const taken = createServer().listen({ host: HOST });
      await once(taken, 'listening');
      const { port } = taken.address();
      const before = descriptors();
      const codes = new Set();
      for (let i = 0; i < 200; i++) {
        for (const options of [{ host: HOST, port }, { host: '192.0.2.1' }]) {
          const { code } = await once(createServer().listen(options), 'error');
          codes.add(code);
        }
        const server = createServer().listen();
        server.close();
        await once(server, 'close');
      }
      await settle();
      console.log([...codes].join(), descriptors() - before, watchers());
      taken.close();
    `);
    expect(ended).toEqual(success('EADDRINUSE,EADDRNOTAVAIL 0 1\n'));
  });
});

describeSctp('what is unreferenced and dropped', () => {
  test('is collected, and its descriptor closed', async () => {
    const ended = await run(`${WATCHERS}
      await connection().then(({ server, client, peer }) => {
        for (const socket of [client, peer]) quiet(socket).destroy();
        server.close();
      });
      await turn();
      const before = descriptors();
      const scenes = {
        async servers() {
          for (let i = 0; i < 10; i++) createServer().listen(0, HOST).unref();
        },
        async 'a connection and its server'() {
          for (const one of Object.values(await connection())) one.unref();
        },
        async 'with messages unread'() {
          const { server, client, peer } = await connection();
          peer.pause();
          client.write('unread');
          for (const one of [server, client, peer]) one.unref();
        },
        async 'ended by the peer'() {
          const { server, client, peer } = await connection({}, { allowHalfOpen: true });
          client.end();
          for (const one of [server, client, peer]) one.unref();
        },
      };
      for (const [name, scene] of Object.entries(scenes)) {
        await scene();
        const opened = descriptors() - before;
        console.log(name, opened > 2, await collectUntil(() => descriptors() === before));
      }
    `);
    expect(ended).toEqual(
      success(
        [
          'servers true true',
          'a connection and its server true true',
          'with messages unread true true',
          'ended by the peer true true\n',
        ].join('\n'),
      ),
    );
  });
});
