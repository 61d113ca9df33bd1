/** What the older package got wrong, and other evils of networks and peers. */
import { once } from 'node:events';

import { createDataChannelAssociation } from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';
import {
  announced,
  connected,
  event,
  Link,
  makePair,
  messages,
  pattern,
  pause,
  random,
  withChannel,
} from './link';
import { CHUNK, chunk, chunkTypes, crc32c, init, packet, tagOf, withChecksum } from './packets';

/** Packets with a chunk of the type. */
const having = (type: number) => (bytes: Buffer) => chunkTypes(bytes).includes(type);
const hasData = (bytes: Buffer): boolean =>
  having(CHUNK.DATA)(bytes) || having(CHUNK.I_DATA)(bytes);

test.each([1, 2, 3])('1 % loss, 16 KB messages: each arrives whole, seed %i', async (seed) => {
  const { ours, theirs } = await withChannel({}, { seed, loss: 0.01 });
  const got = messages(theirs, 300);
  for (let i = 0; i < 300; i++) ours.send(pattern(i, 16_384));
  const received = await got;
  expect(received.every((data, i) => pattern(i, 16_384).equals(data as Buffer))).toBe(true);
});

test.each([{ maxRetransmits: 0 }, { maxRetransmits: 1 }, { maxPacketLifeTime: 20 }])(
  'partial reliability under loss goes on: %j',
  async (reliability) => {
    for (const ordered of [true, false]) {
      const faults = { seed: 7, loss: 0.05, delay: 1 };
      const { ours, theirs } = await withChannel({ ordered, ...reliability }, faults);
      const received: string[] = [];
      theirs.on('message', (data) => received.push(String(data)));
      for (let i = 0; i < 300; i++) {
        ours.send(String(i).padEnd(1000));
        if (i % 10 === 0) await pause(1);
      }
      await pause(500);
      const numbers = received.map(Number);
      expect(numbers.length).toBeGreaterThan('maxRetransmits' in reliability ? 200 : 50);
      expect(new Set(numbers).size).toBe(numbers.length);
      if (ordered) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect([theirs.maxRetransmits, theirs.maxPacketLifeTime, theirs.ordered]).toEqual([
        ours.maxRetransmits,
        ours.maxPacketLifeTime,
        ordered,
      ]);
    }
  },
);

test('the first INIT, its answer and the OPEN may be lost', async () => {
  const lost = new Set<number>();
  const drop = (bytes: Buffer): boolean => {
    const [type = -1] = chunkTypes(bytes);
    if (lost.has(type)) return false;
    lost.add(type);
    return true;
  };
  const { ours } = await withChannel({}, { drop });
  expect(ours.readyState).toBe('open');
  expect(lost.has(CHUNK.INIT)).toBe(true);
}, 20_000);

test('bulk data on one channel does not hold up another', async () => {
  const { client, server, ours, theirs } = await withChannel({}, { delay: 1 });
  let bulk = 0;
  theirs.on('message', () => bulk++);
  const other = client.createDataChannel('other');
  const peer = await announced(server);
  for (let i = 0; i < 1000; i++) ours.send(pattern(i, 16_384));
  const big = pattern(1, 60_000);
  other.send(big);
  expect(await messages(peer, 1)).toEqual([big]);
  expect(bulk).toBeLessThan(500);
});

test('messages of 256 kB, both ways at once, whole and in order', async () => {
  const { ours, theirs } = await withChannel({}, { seed: 9, loss: 0.005, reordering: 0.02 });
  const both = Promise.all([messages(ours, 10), messages(theirs, 10)]);
  for (let i = 0; i < 10; i++) {
    ours.send(pattern(i, 262_144));
    theirs.send(pattern(100 + i, 262_144));
  }
  const [atOurs, atTheirs] = await both;
  for (let i = 0; i < 10; i++) {
    expect(pattern(100 + i, 262_144).equals(atOurs[i] as Buffer)).toBe(true);
    expect(pattern(i, 262_144).equals(atTheirs[i] as Buffer)).toBe(true);
  }
});

test('the same packets twice deliver unordered messages once', async () => {
  const { ours, theirs } = await withChannel({ ordered: false }, { duplication: 1 });
  const received: string[] = [];
  theirs.on('message', (data) => received.push(String(data)));
  for (let i = 0; i < 100; i++) ours.send(String(i));
  await pause(100);
  expect(received.map(Number).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test.each([
  ['client', 'server'],
  ['client', 'client'],
] as const)('both begin, as %s and %s', async (a, b) => {
  const first = createDataChannelAssociation({ role: a });
  const second = createDataChannelAssociation({ role: b });
  new Link({ delay: 3 }).join(first, second);
  await Promise.all([first.connect(), second.connect()]);
  expect([first.state, second.state]).toEqual(['connected', 'connected']);
  first.abort();
  second.abort();
});

test('one end begins, the other only listens', async () => {
  const { client, server } = makePair();
  const up = once(server, 'connect');
  await client.connect();
  await up;
  await server.connect(); // is up already
  expect(server.state).toBe('connected');
});

test('a reliable message survives ten losses and more, while others get through', async () => {
  const { client, server, ours, theirs, link } = await withChannel();
  const other = client.createDataChannel('other');
  const peer = await announced(server);
  let losses = 0;
  link.faults = { drop: (bytes) => bytes.includes('persistent') && ++losses <= 12 };
  const got = messages(theirs, 1);
  let others = 0;
  let sent = 0;
  peer.on('message', () => others++);
  const timer = setInterval(() => {
    other.send(`another ${String(sent++)}`);
  }, 50);
  defer(() => {
    clearInterval(timer);
  });
  ours.send('persistent');
  expect(await got).toEqual(['persistent']);
  expect(losses).toBeGreaterThan(12);
  clearInterval(timer);
  await client.close();
  expect(others).toBe(sent);
}, 120_000);

test('a closed window is probed with what is next, and nothing else is delivered', async () => {
  const { client, ours, theirs, link } = await withChannel();
  // The server says that it has no room, and takes nothing.
  let isClosed = true;
  const probes: Buffer[] = [];
  const drop = (bytes: Buffer): boolean => {
    if (!isClosed) return false;
    if (having(CHUNK.SACK)(bytes)) {
      bytes.writeUInt32BE(0, sackAt(bytes) + 8);
      withChecksum(bytes);
    }
    if (!hasData(bytes) || client.stats().peerRwnd > 0) return false;
    probes.push(bytes);
    return true;
  };
  link.faults = { drop };
  const received: string[] = [];
  theirs.on('message', (data) => received.push(String(data)));
  ours.send('first'); // its acknowledgement closes the window
  while (client.stats().peerRwnd > 0) await pause(5);
  const sent = Array.from({ length: 20 }, (_, i) => `${String(i)} `.padEnd(1000, '.'));
  for (const text of sent) ours.send(text);
  while (probes.length < 3) await pause(20);
  expect(probes.every((probe) => probe.includes(sent[0] as string))).toBe(true);
  expect(received).toEqual(['first']);
  isClosed = false;
  while (received.length < sent.length + 1) await pause(20);
  expect(received).toEqual(['first', ...sent]);
}, 120_000);

/** Where the SACK of a packet that has one begins. */
function sackAt(bytes: Buffer): number {
  let at = 12;
  while (bytes[at] !== CHUNK.SACK) at += (bytes.readUInt16BE(at + 2) + 3) & ~3;
  return at;
}

test('the checksum used by these tests is CRC32c', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('a forged ABORT is ignored, and so is an INIT on a live association', async () => {
  const { ours, theirs, client, server, link } = await withChannel();
  const toClient = link.packets.map(tagOf);
  for (const tag of [0, 1, (toClient[0] ?? 0) ^ 1]) {
    client.handleIncoming(packet(tag, chunk(CHUNK.ABORT, 0)));
    client.handleIncoming(packet(tag, chunk(CHUNK.ABORT, 1)));
  }
  server.handleIncoming(init(0x1234));
  await pause(20);
  expect([client.state, server.state]).toEqual(['connected', 'connected']);
  const got = messages(theirs, 1);
  ours.send('still here');
  expect(await got).toEqual(['still here']);
});

test('a COOKIE ECHO of garbage connects nobody', async () => {
  const { server } = makePair();
  server.handleIncoming(packet(0x77, chunk(CHUNK.COOKIE_ECHO, 0, pattern(1, 200))));
  await pause(20);
  expect(server.state).toBe('new');
});

test('packets that are replayed, the cookie among them, change nothing', async () => {
  const { ours, theirs, client, server, link } = await withChannel();
  const events: string[] = [];
  for (const end of [client, server]) {
    for (const event of ['restart', 'error', 'close', 'datachannel'] as const) {
      end.on(event, () => events.push(event));
    }
  }
  const received: string[] = [];
  theirs.on('message', (data) => received.push(String(data)));
  ours.send('once');
  while (received.length === 0) await pause(1);
  const recorded = link.packets.slice();
  expect(recorded.some(having(CHUNK.COOKIE_ECHO))).toBe(true);
  const replay = (): void => {
    for (const bytes of recorded) for (const end of [client, server]) end.handleIncoming(bytes);
  };
  replay();
  await pause(50);
  replay();
  ours.send('and again');
  while (received.length < 2) await pause(1);
  expect(received).toEqual(['once', 'and again']);
  expect(events).toEqual([]);

  await client.close();
  while (server.state !== 'closed') await pause(1);
  replay();
  await pause(50);
  expect([client.state, server.state]).toEqual(['closed', 'closed']);
});

test('garbage packets do no harm', async () => {
  const { ours, theirs, client, server, link } = await withChannel();
  const next = random(42);
  const real = link.packets.slice();
  for (let i = 0; i < 20_000; i++) {
    const base = real[Math.floor(next() * real.length)] as Buffer;
    const bytes = next() < 0.3 ? pattern(i, Math.floor(next() * 200)) : Buffer.from(base);
    for (let k = 0; k < 3 && bytes.length > 12; k++) {
      // Not the tag: nobody off the path can know it. What is left is the peer's own nonsense.
      const at = next() < 0.5 ? 12 : 4;
      bytes[at + Math.floor(next() * (bytes.length - at))] = Math.floor(next() * 256);
    }
    if (tagOfValid(bytes, real) && next() < 0.99) continue;
    const end = next() < 0.5 ? client : server;
    end.handleIncoming(bytes.length >= 12 && next() < 0.8 ? withChecksum(bytes) : bytes);
    if (i % 500 === 0) await pause(0);
  }
  if (client.state !== 'connected' || server.state !== 'connected') return; // ended in order
  const got = messages(theirs, 1);
  ours.send('still here');
  expect(await got).toEqual(['still here']);
});

function tagOfValid(bytes: Buffer, real: readonly Buffer[]): boolean {
  return bytes.length >= 8 && real.some((known) => tagOf(known) === tagOf(bytes));
}

test('a receiver that is slow gets everything, and a closed window stalls nobody', async () => {
  const { ours, theirs } = await withChannel({}, { delay: 1 });
  const got = messages(theirs, 2000);
  for (let i = 0; i < 2000; i++) ours.send(pattern(i, 4000));
  const received = await got;
  expect(received.every((data, i) => pattern(i, 4000).equals(data as Buffer))).toBe(true);
});

test('channels are closed at the peer by a stream reset', async () => {
  const { ours, theirs, link } = await withChannel();
  const closed = event(theirs, 'close');
  ours.close();
  await closed;
  expect(link.packets.some(having(CHUNK.RECONFIG))).toBe(true);
});

test('statistics', async () => {
  const { ours, theirs, client } = await withChannel({}, { delay: 5 });
  const got = messages(theirs, 1);
  ours.send('x');
  await got;
  while (client.stats().flightSize > 0) await pause(5);
  expect(client.stats()).toMatchObject({
    state: 'connected',
    mtu: 1200,
    flightSize: 0,
    unsentBytes: 0,
    unacknowledgedBytes: 0,
    outboundStreams: 1024,
    srtt: expect.any(Number) as number,
  });
  const { client: other } = await connected();
  await other.close();
  expect(other.stats().counters.packetsSent).toBeGreaterThan(0);
});

test('connect() without a transport fails, and succeeds once there is one', async () => {
  const association = createDataChannelAssociation({ role: 'client', connectTimeout: 0 });
  await expect(association.connect()).rejects.toMatchObject({
    name: 'InvalidStateError',
    message: expect.stringContaining('There is no transport') as string,
  });
  const peer = createDataChannelAssociation({ role: 'server' });
  peer.setSendCallback((bytes) => {
    association.handleIncoming(bytes);
  });
  association.setSendCallback((bytes) => {
    peer.handleIncoming(bytes);
  });
  await association.connect();
  association.abort();
});

test('a transport given in the same tick as connect() is in time', async () => {
  const association = createDataChannelAssociation({ role: 'client', connectTimeout: 0 });
  const peer = createDataChannelAssociation({ role: 'server' });
  const connected = association.connect();
  expect(association.connect()).toBe(connected);
  association.setSendCallback((bytes) => {
    peer.handleIncoming(bytes);
  });
  peer.setSendCallback((bytes) => {
    association.handleIncoming(bytes);
  });
  expect(association.state).toBe('connecting');
  await connected;
  association.abort();
});

test('what ends in the tick of a connect() without a transport is closed, and does not connect', async () => {
  const association = createDataChannelAssociation({ role: 'client' });
  const connected = association.connect();
  association.abort();
  let packets = 0;
  association.setSendCallback(() => packets++);
  await expect(connected).rejects.toMatchObject({ code: 'ERR_SCTP_CLOSED' });
  expect([association.state, packets]).toEqual(['closed', 0]);
});
