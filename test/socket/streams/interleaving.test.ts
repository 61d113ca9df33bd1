/**
 * Messages that take turns on the wire, part by part (I-DATA, RFC 8260). The sysctl that it needs
 * is set in a network namespace, in which one program does everything and reports what it sees.
 */
import { start } from '../../support/child';
import { twoHosts } from '../../support/namespaces';
import { describeSctp } from '../../support/sctp';
import { watchWire } from '../../support/wire';

const PROGRAM = `
  const { once } = require('node:events');
  const { createHash, randomBytes } = require('node:crypto');
  const { connect, createServer, open } = require('kernel-sctp');

  const sctp = {
    fragmentInterleave: true, interleavingSupported: true, streamScheduler: 'rr', maxSeg: 8000,
    sndBuf: 8_000_000, rcvBuf: 400_000, initMsg: { numOstreams: 20, maxInstreams: 20 },
  };
  const about = (data, { sid, ppid, unordered }) =>
    [sid, ppid, unordered, createHash('sha256').update(data).digest('hex')];

  /** Four long messages on streams 1 to 4, every other unordered, then a short one on stream 5. */
  function sendAll(client) {
    const messages = [1, 2, 3, 4].map((sid) => [
      randomBytes(1_000_000 + sid), { sid, ppid: 100 + sid, unordered: sid % 2 === 0 },
    ]);
    messages.push([Buffer.from('short'), { sid: 5, ppid: 105, unordered: false }]);
    for (const [data, info] of messages) client.send(data, info);
    return messages.map(([data, info]) => about(data, info));
  }

  // Not once(), which rejects for an 'error' before it.
  const closed = (socket) => new Promise((resolve) => socket.on('close', resolve));

  async function pair(more = {}) {
    const server = createServer({ sctp: { ...sctp, ...more }, highWaterMark: 10_000_000 });
    server.listen(0, '127.0.0.1');
    const client = connect({ port: server.address().port, host: '127.0.0.1', sctp });
    const [peer] = await once(server, 'connection');
    if (client.connecting) await once(client, 'connect');
    server.close();
    for (const socket of [client, peer]) socket.on('error', () => undefined);
    return { client, peer };
  }

  const scenarios = {
    async sockets() {
      const { client, peer } = await pair();
      const got = [];
      const sent = sendAll(client);
      await new Promise((resolve) => {
        peer.on('message', (data, info) => {
          if (got.push(about(data, info)) === 5) resolve();
        });
      });
      client.end();
      return { sent, got };
    },
    async handle() {
      const got = [];
      let done;
      const all = new Promise((resolve) => (done = resolve));
      const handle = open({ host: '127.0.0.1', sctp }, (result, info) => {
        if (typeof result === 'string') throw new Error(result);
        if (got.push(about(result[0], info)) === 10) done();
      });
      const port = handle.address().port;
      const clients = [1, 2].map(() => connect({ port, host: '127.0.0.1', sctp }));
      await Promise.all(clients.map((client) => once(client, 'connect')));
      const sent = clients.flatMap(sendAll);
      await all;
      for (const client of clients) client.end();
      handle.close();
      return { sent, got };
    },
    async beginning() {
      const server = open({ host: '127.0.0.1', sctp }, (result) => {
        server.send(Buffer.from('answer'), result[1], result[2]);
      });
      const answer = await new Promise((resolve) => {
        const handle = open({ host: '127.0.0.1', sctp }, (result) => {
          resolve(String(result[0]));
          handle.close();
        });
        handle.send(Buffer.from('question'), '127.0.0.1', server.address().port);
      });
      server.close();
      return { answer };
    },
    async incomplete() {
      const { client, peer } = await pair({ partialDeliveryPoint: 20_000 });
      const given = [];
      const lengths = [];
      peer.on('notification', ({ type, sid, unordered, indication }) => {
        if (type === 'partialDelivery') given.push([sid, unordered, indication]);
      });
      peer.on('message', (data) => {
        lengths.push(data.length);
        client.resetAndDestroy(); // the short one is here, the others are in parts
      });
      sendAll(client);
      await closed(peer);
      return { given, lengths };
    },
    async undelivered() {
      const { client, peer } = await pair();
      const failed = [];
      client.on('sendFailed', (message) => failed.push(about(message.data, message)));
      peer.once('message', () => peer.resetAndDestroy());
      const sent = sendAll(client);
      await closed(client);
      return { sent, failed };
    },
  };
  (async () => {
    for (const [name, scenario] of Object.entries(scenarios)) {
      console.log(JSON.stringify([name, await scenario()]));
    }
  })();`;

type About = [sid: number, ppid: number, unordered: boolean, sha256: string];

interface Report {
  sockets: { sent: About[]; got: About[] };
  handle: { sent: About[]; got: About[] };
  beginning: { answer: string };
  incomplete: { given: [sid: number, unordered: boolean, indication: string][]; lengths: number[] };
  undelivered: { sent: About[]; failed: About[] };
}

function runIn(prefix: readonly string[]): ReturnType<typeof start>['ended'] {
  const [command, ...args] = [...prefix, process.execPath, '-e', PROGRAM];
  return start(command, args).ended;
}

function expectEachOnce(messages: readonly (readonly [sid: number, ...unknown[]])[]): void {
  const sids = messages.map(([sid]) => sid);
  expect(sids.length).toBeGreaterThan(1);
  expect([...new Set(sids)]).toEqual(sids);
}

describeSctp('interleaving', () => {
  let reported: Report;
  let wire: string[];

  beforeAll(async () => {
    const { a } = await twoHosts();
    await a.sysctl({ 'net.sctp.intl_enable': 1 });
    const watch = await watchWire(a.prefix);
    const { code, stdout, stderr } = await runIn(a.prefix);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    reported = Object.fromEntries(
      lines.map((line) => JSON.parse(line) as [string, unknown]),
    ) as never;
    watch.process.kill();
    wire = (await watch.ended).stdout.split('\n');
  }, 120_000);

  test('long messages arrive whole, and a short one overtakes them', () => {
    const { sent, got } = reported.sockets;
    expect([...got].sort()).toEqual([...sent].sort());
    expect(got[0]?.[0]).toBe(5);
  });

  test('their parts alternate on the wire', () => {
    // Of the first association: each part once, for some may be sent again.
    const ends = wire.find((line) => line.includes('I-DATA('))?.split(' ')[0] ?? '';
    const lines = wire.filter((line) => line.startsWith(`${ends} `)).join('\n');
    const parts = new Set(lines.match(/I-DATA\(sid [1-4], mid \d+, [^)]+/g));
    const sids = [...parts].map((part) => part.charAt('I-DATA(sid '.length));
    const turns = sids.filter((sid, i) => sid !== sids[i - 1]);
    // One that is sent in one go has one.
    for (const sid of '1234') {
      expect([sid, turns.filter((turn) => turn === sid).length > 1]).toEqual([sid, true]);
    }
    expect(wire.join('\n')).not.toMatch(/ DATA\(sid [1-4]/);
  });

  test('a handle puts them together as well, those of each peer', () => {
    const { sent, got } = reported.handle;
    expect(sent).toHaveLength(10);
    expect([...got].sort()).toEqual([...sent].sort());
  });

  test('a handle begins associations as well, without waiting in the kernel', () => {
    expect(reported.beginning.answer).toBe('answer');
  });

  test('messages that are cut off are given up one by one, each on its stream', () => {
    const { given, lengths } = reported.incomplete;
    expect(lengths).toEqual([5]);
    expectEachOnce(given);
    for (const [sid, unordered, indication] of given) {
      expect([unordered, indication]).toEqual([sid % 2 === 0, 'aborted']);
    }
  });

  test('what was not delivered comes back message by message, whole', () => {
    const { sent, failed } = reported.undelivered;
    expectEachOnce(failed);
    for (const message of failed) expect(sent).toContainEqual(message);
  });

  test('without the sysctl the kernel refuses, and says what to do', async () => {
    const { code, stderr } = await runIn((await twoHosts()).a.prefix);
    expect(code).toBe(1);
    expect(stderr).toContain('net.sctp.intl_enable=1');
  });
});
