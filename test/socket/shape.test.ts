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
