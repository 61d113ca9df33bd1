/** All Sockets have one hidden class, whatever makes them: else every access to one is slow. */
import { startNode } from '../support/child';

const program = `
  const { connect, createServer, Socket } = require('kernel-sctp');
  const made = [new Socket(), Socket(), new Socket({ highWaterMark: 5, ppid: 46 })];
  const accepted = [];
  const server = createServer((socket) => {
    accepted.push(socket.resume());
    if (accepted.length === 20) check();
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    for (let i = 0; i < 20; i++) made.push(connect({ port, host: '127.0.0.1' }));
  });
  class Sub extends Socket {}
  const subs = Array.from({ length: 20 }, () => new Sub());

  function check() {
    for (let i = 0; i < 1000; i++) made.push(new Socket());
    const all = [...made, ...accepted];
    const [first] = all;
    console.log(all.length, all.filter((one) => %HaveSameMap(first, one)).length);
    console.log(subs.filter((one) => %HaveSameMap(subs[0], one)).length);
    for (const socket of all) socket.destroy();
    server.close();
  }`;

test('1043 sockets, one map; those of a subclass share another', async () => {
  const { stdout } = await startNode(program, { args: ['--allow-natives-syntax'] }).ended;
  expect(stdout.split('\n').slice(0, 2)).toEqual(['1043 1043', '20']);
});

/** What nobody has asked of an idle socket, by the names of our classes. */
const UNNEEDED = [
  'Notifier',
  'AddressChanges',
  'Paths',
  'Reconfiguration',
  'RequestQueue',
  'RecurringCheck',
  'StallWatch',
  'Dryness',
  'Losses',
  'FailedMessages',
  'Restarts',
  'Unconfirmed',
  'Ending',
  'Sending',
  'RetryWait',
  'IdleTimer',
];
const SOCKETS = 100;
/** Of the two ends of an association, in bytes: twice what they need, the engine's share included. */
const HEAP = process.env['KERNEL_SCTP_ENGINE'] === 'user' ? 32_000 : 12_000;

const idle = `
  const { connect, createServer } = require('kernel-sctp');
  const { getHeapSnapshot } = require('node:v8');
  const { json } = require('node:stream/consumers');
  const turns = async (count) => {
    for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  const all = [];
  const server = createServer((socket) => all.push(socket.resume()));
  server.listen(0, '127.0.0.1', async () => {
    const { port } = server.address();
    const connectMore = async () => {
      for (let i = 0; i < ${String(SOCKETS)}; i++) {
        const socket = connect({ port, host: '127.0.0.1' }).resume();
        all.push(socket);
        await new Promise((resolve) => socket.once('connect', resolve));
      }
      await turns(10);
      for (let i = 0; i < 3; i++) gc(), await turns(2);
      return process.memoryUsage().heapUsed;
    };
    const before = await connectMore();
    const heap = (await connectMore()) - before;
    const { nodes, snapshot, strings } = await json(getHeapSnapshot());
    const { node_fields: fields, node_types: [types] } = snapshot.meta;
    const counts = {};
    for (let i = 0; i < nodes.length; i += fields.length) {
      if (types[nodes[i]] !== 'object') continue;
      const name = strings[nodes[i + fields.indexOf('name')]];
      counts[name] = (counts[name] ?? 0) + 1;
    }
    const wanted = ${JSON.stringify([...UNNEEDED, 'Association', 'Connecting'])};
    const found = wanted.filter((name) => counts[name] > 0).map((name) => [name, counts[name]]);
    console.log(JSON.stringify({ heap: heap / ${String(SOCKETS)}, found }));
    for (const socket of all) socket.destroy();
    server.close();
  });`;

test('an idle socket has no parts that nobody has asked for', async () => {
  const { stdout } = await startNode(idle, { args: ['--expose-gc'] }).ended;
  const { heap, found } = JSON.parse(stdout) as { heap: number; found: [string, number][] };
  // Those that connect have some of what that takes.
  expect(found).toEqual([
    ['Association', 4 * SOCKETS],
    ['Connecting', 2 * SOCKETS],
  ]);
  expect(heap).toBeLessThan(HEAP);
});
