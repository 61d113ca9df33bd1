// Measures what peers that read nothing cost those that read: of a thousand associations on one endpoint, or of one
// handle of open(), half get messages all the time, and of the others none, 1, 50, then all have stopped reading with
// more for them than the kernel takes. Prints messages a second to those that read, both in the first rounds after some
// have stopped, which move to descriptors of their own then, and later, and memory; ratios are of the run.
// Needs SCTP, and `npm run build` first:
//   scripts/with-sctp [--clock=instructions] node scripts/silent-readers.mjs [ROUNDS]
import { performance } from 'node:perf_hooks';

import { createEndpoint, open } from '../dist/index.mjs';

const HOST = '127.0.0.1';
const PEERS = 1000;
const READING = PEERS / 2;
const STOPPED = [0, 1, 50, READING];
const BURST = 4;
/** Rounds until those that have stopped are known to have, and no code is compiled any more. */
const SETTLING = 60;
const rounds = Number(process.argv[2] ?? 20);
const message = Buffer.alloc(1000);
// Little room: a peer that does not read is noticed soon.
const LIMITS = { sendBufferLimit: 100_000, totalSendBufferLimit: 2 ** 30 };
const small = { highWaterMark: 1, sctp: { rcvBuf: 20_000 } };

/** @returns where it can be connected to, and what sends to one of those that have: false if it is full */
function hubOf(kind) {
  const full = (call) => {
    try {
      call();
      return false;
    } catch (error) {
      if (error.code === 'ERR_SCTP_SEND_BUFFER_FULL') return true;
      throw error;
    }
  };
  if (kind === 'open') {
    const handle = open(
      { host: HOST, unordered: false, pr: { policy: 'none' }, ...LIMITS },
      () => undefined,
    );
    const { port } = handle.address();
    return {
      port,
      send: (to) => !full(() => handle.send(message, HOST, to)),
      close: () => handle.close(),
    };
  }
  const associations = new Map();
  const endpoint = createEndpoint(LIMITS, (one) => associations.set(one.remotePort, one)).listen({
    host: HOST,
  });
  const { port } = endpoint.address();
  return {
    port,
    send: (to) => !full(() => associations.get(to).send(message)),
    close: () => endpoint.destroy(),
  };
}

async function peersOf(hub) {
  const peers = [];
  while (peers.length < PEERS) {
    const more = Array.from({ length: 50 }, async () => {
      const endpoint = createEndpoint(small);
      const association = await endpoint.connect({ host: HOST, port: hub.port });
      return { endpoint, association, port: association.localPort, received: 0 };
    });
    peers.push(...(await Promise.all(more)));
  }
  await new Promise((resolve) => setTimeout(resolve, 100)); // the last are known to the hub
  return peers;
}

/** One round: a burst for each, until all have it. */
async function exchange(hub, reading) {
  let left = reading.length * BURST;
  await new Promise((resolve) => {
    for (const peer of reading) {
      peer.onMessage = () => {
        if (--left === 0) resolve();
      };
      for (let i = 0; i < BURST; i++) {
        if (!hub.send(peer.port)) throw new Error('a peer that reads was refused a message');
      }
    }
  });
}

/** @returns messages a second to those that read, by the median of some rounds */
async function rateOf(hub, reading) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const begin = performance.now();
    await exchange(hub, reading);
    times.push(performance.now() - begin);
  }
  const median = times.toSorted((one, other) => one - other)[Math.floor(rounds / 2)];
  return Math.round((reading.length * BURST * 1000) / median);
}

async function measure(kind) {
  const hub = hubOf(kind);
  const peers = await peersOf(hub);
  const [reading, others] = [peers.slice(0, READING), peers.slice(READING)];
  for (const peer of reading) peer.association.on('message', () => peer.onMessage());
  const rows = [];
  for (const stopped of STOPPED) {
    for (const { port } of others.slice(0, stopped)) while (hub.send(port));
    const atFirst = await rateOf(hub, reading);
    for (let i = 0; i < SETTLING; i++) await exchange(hub, reading);
    const rate = await rateOf(hub, reading);
    const { rss } = process.memoryUsage();
    rows.push({
      kind,
      stopped,
      'at first': atFirst,
      later: rate,
      'rss MB': Math.round(rss / 2 ** 20),
    });
  }
  const [{ later: alone }] = rows;
  for (const row of rows) row.ratio = (row.later / alone).toFixed(2);
  console.table(rows);
  for (const { endpoint } of peers) endpoint.destroy();
  hub.close();
}

for (const kind of ['endpoint', 'open']) await measure(kind);
