/** Listeners of endpoints that throw: an uncaught exception, and everything else goes its way. */
import { describeSctp } from '../support/sctp';
import { run, success } from './run';

const START = `
const assert = require('node:assert');
const { createEndpoint } = require('kernel-sctp');
const caught = [];
process.on('uncaughtException', (error) => caught.push(error.message));
const throwing = (text) => () => {
  throw new Error(text);
};
const connected = async (server) => {
  const begun = new Promise((resolve) => server.once('association', resolve));
  const client = createEndpoint();
  const near = await client.connect({ host: HOST, port: server.address().port });
  return { client, near, far: await begun };
};
`;

describeSctp(
  "listeners that throw while an endpoint closes, which 'uncaughtException' catches",
  () => {
    test.each(['close', 'destroy'])('%s() ends every association, and itself', async (call) => {
      const ended = await run(`${START}
      await (await import('node:dns/promises')).lookup(HOST); // its threads have descriptors
      const before = descriptors();
      const server = createEndpoint().listen({ host: HOST });
      const pairs = [];
      for (let i = 0; i < 6; i++) pairs.push(await connected(server));
      const [over, live] = [pairs.slice(0, 3), pairs.slice(3)];
      // Over, with a message that nobody has read: 'end' and 'close' wait for that.
      for (const { near } of over) {
        near.send(Buffer.from('unread'));
        await near.shutdown();
      }
      await until(() => server.associations.length === 3);
      let closes = 0;
      for (const { far } of pairs) {
        far.on('end', throwing('end')).on('close', () => {
          closes++;
          throw new Error('close');
        });
      }
      let isClosed = false;
      server.on('close', () => {
        isClosed = true;
        throw new Error('server');
      });
      const done = server.${call}();
      await until(() => isClosed && closes === 6);
      await done;
      await Promise.all(pairs.map(({ client }) => client.close()));
      for (let i = 0; i < 10; i++) await turn();
      const count = (text) => caught.filter((one) => one === text).length;
      assert.deepStrictEqual([count('close'), count('server')], [6, 1]);
      assert.ok(count('end') >= 3); // of those that were over
      console.log(descriptors() - before);
    `);
      expect(ended).toEqual(success('0\n'));
    });
  },
);

describeSctp("listeners of endpoints that throw, which 'uncaughtException' catches", () => {
  test("an association whose 'association' listener throws sends and receives", async () => {
    const ended = await run(`${START}
      const server = createEndpoint().listen({ host: HOST });
      server.on('association', (far) => {
        far.on('message', (data) => far.send(Buffer.from('back: ' + data)));
        far.send(Buffer.from('hello'));
        throw new Error('association');
      });
      const client = createEndpoint();
      client.on('association', throwing('near'));
      const near = await client.connect({ host: HOST, port: server.address().port });
      const texts = [];
      near.on('message', (data) => texts.push(String(data)));
      near.send(Buffer.from('there'));
      await until(() => texts.length === 2);
      console.log(texts.join(), caught.sort().join());
      await Promise.all([client.close(), server.close()]);
    `);
    expect(ended).toEqual(success('hello,back: there association,near\n'));
  });

  test("an association's listener keeps nothing from the endpoint's, nor the reverse", async () => {
    const ended = await run(`${START}
      const server = createEndpoint().listen({ host: HOST });
      const texts = [];
      server.on('message', (data) => {
        texts.push(String(data));
        throw new Error('endpoint ' + data);
      });
      const { client, near, far } = await connected(server);
      far.on('message', (data) => {
        throw new Error('association ' + data);
      });
      for (const text of ['a', 'b', 'c']) near.send(Buffer.from(text));
      await until(() => caught.length === 6);
      console.log(texts.join(), caught.sort().join());
      await Promise.all([client.close(), server.close()]);
    `);
    const errors = ['association', 'endpoint'].flatMap((who) => [
      `${who} a`,
      `${who} b`,
      `${who} c`,
    ]);
    expect(ended).toEqual(success(`a,b,c ${errors.join()}\n`));
  });

  test("'drop': the peer is refused, and the next one may come", async () => {
    const ended = await run(`${START}
      const server = createEndpoint({ maxAssociations: 1 }).listen({ host: HOST });
      server.on('drop', throwing('drop'));
      const first = await connected(server);
      const other = createEndpoint();
      const refused = await other.connect({ host: HOST, port: server.address().port }).then(
        (one) => new Promise((resolve) => one.on('close', ({ reason }) => resolve(reason))),
        ({ code }) => code,
      );
      console.log(refused, caught.join(), server.associations.length);
      await first.near.shutdown();
      await until(() => server.associations.length === 0);
      const { client } = await connected(server);
      await Promise.all([client, first.client, other, server].map((one) => one.close()));
    `);
    expect(ended).toEqual(success('aborted drop 1\n'));
  });

  test("a callback of send: 'sendFailed' of the same message follows", async () => {
    const ended = await run(`${START}
      const server = createEndpoint({ highWaterMark: 1 }).listen({ host: HOST });
      const { client, near } = await connected(server);
      let failed = 0;
      near.on('sendFailed', () => failed++);
      const callback = (error) => {
        if (error) throw new Error('callback');
      };
      while (near.bufferedAmount < 100_000) near.send(Buffer.alloc(20_000), {}, callback);
      near.abort();
      await until(() => failed > 0);
      for (let i = 0; i < 10; i++) await turn();
      console.log(failed === caught.length, new Set(caught));
      await Promise.all([client.close(), server.close()]);
    `);
    expect(ended).toEqual(success("true Set(1) { 'callback' }\n"));
  });
});
