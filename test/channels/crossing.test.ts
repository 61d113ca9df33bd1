/** Both ends begin: their packets pass each other on the way. */
import { createDataChannelAssociation, type DataChannelAssociation } from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';
import { announced, event, messages } from './link';
import { CHUNK, chunkTypes, initiateTagOf } from './packets';

interface Flight {
  packet: Buffer;
  type: number;
  to: DataChannelAssociation;
}

/** Two associations, and what is on its way between them until a test delivers it. */
function makeEnds(): { ends: DataChannelAssociation[]; flights: Flight[] } {
  const flights: Flight[] = [];
  const [a, b] = (['client', 'server'] as const).map((role) => {
    const end = createDataChannelAssociation({ role });
    defer(() => {
      end.abort();
    });
    return end;
  }) as [DataChannelAssociation, DataChannelAssociation];
  const join = (from: DataChannelAssociation, to: DataChannelAssociation): void => {
    from.setSendCallback((packet) => {
      flights.push({ packet, type: chunkTypes(packet)[0] as number, to });
    });
  };
  join(a, b);
  join(b, a);
  return { ends: [a, b], flights };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const types = (flights: Flight[]): number[] => flights.map(({ type }) => type);

/** Delivers what is on its way, and what is sent then. */
async function deliver(flights: Flight[], next = (): number => 0): Promise<void> {
  while (flights.length > 0) {
    const [flight] = flights.splice(next(), 1) as [Flight];
    flight.to.handleIncoming(flight.packet);
    await turn();
  }
}

/** Each end is up once, and its channels of before arrive at the other. */
async function expectOneAssociation(
  ends: DataChannelAssociation[],
  flights: Flight[],
  connections: string[],
): Promise<void> {
  expect(ends.map(({ state }) => state)).toEqual(['connected', 'connected']);
  expect(connections).toEqual(['connect', 'connect']);
  const timer = setInterval(() => {
    void deliver(flights);
  }, 5);
  defer(() => {
    clearInterval(timer);
  });
  const [first, second] = ends as [DataChannelAssociation, DataChannelAssociation];
  for (const [from, to] of [
    [first, second],
    [second, first],
  ] as const) {
    const arrived = announced(to);
    const channel = from.createDataChannel('across');
    channel.onopen = () => {
      channel.send('hello');
    };
    expect(await messages(await arrived, 1)).toEqual(['hello']);
  }
  expect(connections).toEqual(['connect', 'connect']);
  clearInterval(timer);
}

function reports(ends: DataChannelAssociation[]): string[] {
  const seen: string[] = [];
  for (const end of ends) {
    for (const event of ['connect', 'restart', 'error', 'close'] as const) {
      end.on(event, () => seen.push(event));
    }
  }
  return seen;
}

test.each([
  ['the first one sent first', () => 0],
  ['the last one sent first', (count: number) => count - 1],
])('both INITs are on their way before either arrives; %s', async (_order, choose) => {
  const { ends, flights } = makeEnds();
  const seen = reports(ends);
  const up = ends.map((end) => end.connect());
  await turn();
  expect(types(flights)).toEqual([CHUNK.INIT, CHUNK.INIT]);
  const tags = flights.map(({ packet }) => initiateTagOf(packet));
  expect(new Set(tags).size).toBe(2);
  expect(new Set(flights.map(({ to }) => to))).toEqual(new Set(ends));

  // Each answers with the tag of its own INIT (RFC 9260 §5.2.1).
  for (const { to, packet } of flights.splice(0)) to.handleIncoming(packet);
  await turn();
  expect(types(flights)).toEqual([CHUNK.INIT_ACK, CHUNK.INIT_ACK]);
  expect(new Set(flights.map(({ packet }) => initiateTagOf(packet)))).toEqual(new Set(tags));

  await deliver(flights, () => choose(flights.length));
  await Promise.all(up);
  await expectOneAssociation(ends, flights, seen);
});

test.each(['COOKIE_ECHO', 'INIT'] as const)(
  'an INIT meets a COOKIE ECHO; the %s arrives first',
  async (arrivesFirst) => {
    const { ends, flights } = makeEnds();
    const [a, b] = ends as [DataChannelAssociation, DataChannelAssociation];
    const seen = reports(ends);
    const up = [a.connect()];
    for (const type of [CHUNK.INIT, CHUNK.INIT_ACK]) {
      await turn();
      expect(types(flights)).toEqual([type]);
      const [{ to, packet }] = flights.splice(0) as [Flight];
      to.handleIncoming(packet);
    }
    await turn();
    // It has kept nothing of what it answered: its INIT has another tag.
    up.push(b.connect());
    await turn();
    expect(types(flights)).toEqual([CHUNK.COOKIE_ECHO, CHUNK.INIT]);
    expect(ends.map(({ state }) => state)).toEqual(['connecting', 'connecting']);
    if (arrivesFirst === 'INIT') flights.reverse();
    await deliver(flights);
    await Promise.all(up);
    await expectOneAssociation(ends, flights, seen);
  },
);

test('channels made before both began: each end has its own, and the other’s', async () => {
  const { ends, flights } = makeEnds();
  const made = ends.map((end, i) => end.createDataChannel(`of ${String(i)}`));
  const arrived = ends.map((end) => announced(end));
  const open = made.map((channel) => event(channel, 'open'));
  const up = ends.map((end) => end.connect());
  await turn();
  expect(types(flights)).toEqual([CHUNK.INIT, CHUNK.INIT]);
  await deliver(flights);
  await Promise.all([...up, ...open]);
  const theirs = await Promise.all(arrived);
  expect(theirs.map(({ label }) => label)).toEqual(['of 1', 'of 0']);
  expect(made.map(({ id }) => id)).toEqual([0, 1]);
});
