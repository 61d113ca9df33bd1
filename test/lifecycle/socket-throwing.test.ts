/** Listeners that throw: an uncaught exception, and later messages arrive all the same. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

const pairOf = (options: string) => `
  const assert = require('node:assert');
  const { once } = require('node:events');
  const { createServer, connect } = require('kernel-sctp');
  const server = createServer(${options}).listen(0, HOST);
  await once(server, 'listening');
  const client = connect(server.address().port, HOST);
  const [[peer]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  server.close();
  const COUNT = 150;
  const sendAll = () => {
    for (let i = 0; i < COUNT; i++) client.write(Buffer.alloc(i % 50 === 49 ? 20_000 : 10, i));
    client.end();
  };
  const all = Array.from({ length: COUNT }, (_, i) => i);
`;
const pair = pairOf('');

describeSctp('a listener that throws and nobody catches', () => {
  test.each(['data', 'message', 'readable'])(
    "of '%s' ends the process with code 1",
    async (name) => {
      const { code, signal, stderr } = await run(`${pair}
      peer.on('${name}', function onSomething() { throw new RangeError('thrown') });
      client.write('x');
    `);
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      expect(stderr).toMatch(/RangeError: thrown\n {4}at .*onSomething/);
    },
  );
});

describeSctp("a listener that throws, with process.on('uncaughtException')", () => {
  test.each(['data', 'message'])("of '%s': every message comes once, in order", async (name) => {
    const ended = await run(`${pair}
      const got = [], caught = [];
      process.on('uncaughtException', (error) => caught.push(+error.message));
      peer.on('${name}', (message) => {
        got.push(message[0]);
        if (message[0] % 3 === 0) throw new Error(message[0]);
      });
      sendAll();
      await once(peer, 'end');
      assert.deepStrictEqual(got, all);
      assert.deepStrictEqual(caught, all.filter((i) => i % 3 === 0));
    `);
    expect(ended).toEqual(success());
  });

  test("of 'data' that throws while the queue is fed after a pause", async () => {
    const ended = await run(`${pair}
      const got = [];
      let caught = 0;
      process.on('uncaughtException', () => caught++);
      peer.pause();
      sendAll();
      await until(() => peer.readAheadBytes >= 10_000);
      peer.on('data', (message) => {
        got.push(message[0]);
        throw new Error('each');
      });
      peer.resume();
      await once(peer, 'end');
      assert.deepStrictEqual(got, all);
      assert.strictEqual(caught, COUNT);
    `);
    expect(ended).toEqual(success());
  });

  test.each(['data', 'message'])(
    "of '%s' that throws at the last of what filled the socket: the rest is received",
    async (name) => {
      const ended = await run(`${pairOf('{ highWaterMark: 5_000 }')}
      const got = [];
      let caught = 0;
      process.on('uncaughtException', () => caught++);
      peer.pause();
      sendAll();
      await until(() => peer.readAheadBytes >= 5_000);
      const ahead = peer.readAheadBytes;
      let read = 0;
      peer.on('${name}', (message) => {
        got.push(message[0]);
        read += message.length;
        if (read === ahead) throw new Error('all read');
      });
      peer.resume();
      await once(peer, 'end');
      assert.deepStrictEqual(got, all);
      assert.strictEqual(caught, 1);
    `);
      expect(ended).toEqual(success());
    },
  );

  test("of 'message' takes nothing away from who reads in another style", async () => {
    const ended = await run(`${pair}
      const got = [];
      process.on('uncaughtException', () => undefined);
      peer.on('readable', () => {
        for (let message; (message = peer.read()) !== null; ) got.push(message[0]);
      });
      peer.on('message', () => { throw new Error('each'); });
      sendAll();
      await once(peer, 'end');
      assert.deepStrictEqual(got, all);
    `);
    expect(ended).toEqual(success());
  });

  test('a callback of write() that throws: the later ones are called', async () => {
    const ended = await run(`${pair}
      const called = [], caught = [];
      process.on('uncaughtException', (error) => caught.push(+error.message));
      peer.resume();
      for (let i = 0; i < 5; i++) {
        client.write('x', () => {
          called.push(i);
          throw new Error(i);
        });
        await turn();
      }
      client.end();
      await once(peer, 'end');
      assert.deepStrictEqual([called, caught], [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]);
    `);
    expect(ended).toEqual(success());
  });
});
