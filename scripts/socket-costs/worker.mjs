// One measurement: see measure.mjs.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';

import { transportOf } from './transport.mjs';

const [, , name, transport, directory, profiles] = process.argv;
const { connect, createServer, Socket } = transportOf(transport, directory);

const ask = (call, given) => process.send({ ask: { call, ...given } });
const answer = async () => (await once(process, 'message'))[0];

async function listen(onConnection) {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function heapUsed() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await delay(20);
  }
  return process.memoryUsage().heapUsed;
}

/** Microseconds spent in each function, apart from those it calls. */
async function profiled(title, run) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await run();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  if (profiles)
    writeFileSync(join(profiles, `${title}-${transport}.cpuprofile`), JSON.stringify(profile));
  const byId = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const self = { javascript: 0, native: 0, collector: 0, other: 0 };
  profile.samples.forEach((id, index) => {
    const { url, functionName } = byId.get(id);
    const kind =
      functionName === '(garbage collector)'
        ? 'collector'
        : functionName.startsWith('(')
          ? url === '' && functionName !== '(anonymous)'
            ? 'other'
            : 'javascript'
          : url === ''
            ? 'native'
            : 'javascript';
    self[kind] += profile.timeDeltas[index];
  });
  return self;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const measurements = {
  /** Bytes of JavaScript heap for each idle socket that a server has accepted. */
  async heap() {
    const sockets = [];
    let done;
    const port = await listen((socket) => {
      sockets.push(socket);
      if (sockets.length % 500 === 0) done();
    });
    const accept = async () => {
      const accepted = new Promise((resolve) => (done = resolve));
      ask('connect', { port, count: 500 });
      await Promise.all([accepted, answer()]);
    };
    await accept();
    const rss = process.memoryUsage().rss;
    const before = await heapUsed();
    await accept();
    const bytes = ((await heapUsed()) - before) / 500;
    if (profiles) writeHeapSnapshot(join(profiles, `${transport}.heapsnapshot`));
    return { bytes, resident: (process.memoryUsage().rss - rss) / 500 };
  },

  /** Microseconds for `new Socket()`. */
  async new() {
    const times = [];
    for (let run = 0; run < 9; run++) {
      const begin = process.hrtime.bigint();
      for (let i = 0; i < 2000; i++) new Socket();
      times.push(Number(process.hrtime.bigint() - begin) / 2000 / 1000);
      globalThis.gc();
    }
    return { median: median(times), first: times[0] };
  },

  /** Microseconds for each socket that is destroyed as soon as it is accepted, by whose they are. */
  async destroy() {
    let left = 0;
    let done;
    const port = await listen((socket) => {
      socket.on('close', () => --left === 0 && done());
      socket.destroy();
    });
    const run = async (count) => {
      left = count;
      const closed = new Promise((resolve) => (done = resolve));
      ask('connectEach', { port, count });
      await Promise.all([closed, answer()]);
    };
    await run(500);
    const count = 1000;
    const self = await profiled('destroy', () => run(count));
    return Object.fromEntries(Object.entries(self).map(([kind, time]) => [kind, time / count]));
  },

  /** Connects, ends and closes sockets one after another: how many a second. */
  async life() {
    ask('listen');
    const { port } = await answer();
    const live = async () => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.resume().once('connect', () => socket.end());
      await once(socket, 'close');
    };
    const run = async (count) => {
      const begin = process.hrtime.bigint();
      for (let i = 0; i < count; i++) await live();
      return (count * 1e9) / Number(process.hrtime.bigint() - begin);
    };
    await run(150);
    const rates = [];
    for (let i = 0; i < 5; i++) rates.push(await run(60));
    if (profiles) await profiled('life', () => run(500));
    return { median: median(rates), rates };
  },
};

const result = await measurements[name]();
process.send({ result }, () => process.exit());
