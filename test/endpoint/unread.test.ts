/** What peers leave behind that come, send and end, while nobody reads. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';

import type { Endpoint, EndpointAssociation, EndpointMessage } from 'kernel-sctp';

import { until } from '../lifecycle/kit';
import { describeSctp } from '../support/sctp';
import {
  associate,
  associatedEndpoints,
  endpointFor,
  HOST,
  listeningEndpoint,
  portOf,
} from '../support/endpoints';

/** Comes, sends and ends while nobody can read. */
const COME_AND_GO = `
import socket, sys
peer = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
peer.connect(('127.0.0.1', int(sys.argv[1])))
peer.send(b'in a hurry')
peer.close()
`;

/** What an endpoint has to do with its peers. */
interface Visits {
  accepted: number;
  closed: number;
  dropped: number;
  texts: string[];
}

function visitsOf(server: Endpoint): Visits {
  const visits: Visits = { accepted: 0, closed: 0, dropped: 0, texts: [] };
  server.on('association', (association) => {
    visits.accepted++;
    association.on('close', () => visits.closed++);
  });
  server.on('drop', () => visits.dropped++);
  server.on('message', (data) => visits.texts.push(String(data)));
  return visits;
}

/** A peer that sends one message, and aborts. */
async function visit(client: Endpoint, server: Endpoint, text: string): Promise<void> {
  try {
    const near = await client.connect({ host: HOST, port: portOf(server) });
    near.send(Buffer.from(text));
    await near.dry();
    near.abort();
  } catch {
    // It was refused.
  }
}

async function visitTimes(count: number, server: Endpoint, visits: Visits): Promise<void> {
  const others = server.associations.length;
  const client = endpointFor();
  const before = visits.accepted + visits.dropped;
  for (let i = 0; i < count; i++) {
    await visit(client, server, String(i));
    await until(() => visits.accepted + visits.dropped === before + i + 1);
    await until(() => server.associations.length === others);
  }
}

const counted = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

describeSctp('peers that come and go while an endpoint is paused', () => {
  test('count for maxAssociations until what they have sent was read', async () => {
    const server = listeningEndpoint({ maxAssociations: 10 });
    const visits = visitsOf(server);
    server.pause();
    await visitTimes(100, server, visits);
    expect(visits).toEqual({ accepted: 10, closed: 0, dropped: 90, texts: [] });
    server.resume();
    await until(() => visits.closed === 10);
    expect(visits.texts).toEqual(counted(10));
    await visitTimes(20, server, visits);
    await until(() => visits.closed === 30);
    expect(visits).toMatchObject({ accepted: 30, dropped: 90 });
    expect(visits.texts).toEqual([...counted(10), ...counted(20)]);
  });

  test('do not count for our own connect()', async () => {
    const server = listeningEndpoint({ maxAssociations: 1 });
    const visits = visitsOf(server);
    server.pause();
    await visitTimes(2, server, visits);
    expect(visits).toMatchObject({ accepted: 1, dropped: 1 });
    const other = listeningEndpoint();
    const association = await server.connect({ host: HOST, port: portOf(other) });
    await association.shutdown();
  });

  test('are refused beyond totalHighWaterMark, and the others lose nothing', async () => {
    const server = listeningEndpoint({ totalHighWaterMark: 100_000 });
    const visits = visitsOf(server);
    server.pause();
    await visitTimes(40, server, visits);
    expect(visits.accepted).toBeGreaterThan(1);
    expect(visits.accepted).toBeLessThan(15);
    expect(visits.dropped).toBe(40 - visits.accepted);
    server.resume();
    await until(() => visits.closed === visits.accepted);
    expect(visits.texts).toEqual(counted(visits.accepted));
  });

  test('and a loop that is busy: as if it was paused', async () => {
    const server = listeningEndpoint({ maxAssociations: 3 });
    const visits = visitsOf(server);
    server.removeAllListeners('message');
    const { near } = await associate(endpointFor(), server);
    near.send(Buffer.from('first'));
    const texts: string[] = [];
    for await (const { data } of server) {
      texts.push(String(data));
      if (texts.length === 1) await visitTimes(20, server, visits);
      if (texts.length === 3) break;
    }
    expect(visits).toMatchObject({ accepted: 3, dropped: 18 });
    expect(texts).toEqual(['first', '0', '1']);
  });
});

type Message = IteratorResult<EndpointMessage<EndpointAssociation>, undefined>;

const textOf = ({ value }: Message): string => String(value?.data);

describeSctp('close() of an endpoint with a loop', () => {
  test.each([true, false])(
    'hands on what came of one that is paused itself (over: %s)',
    async (isOver) => {
      const { server, near, far } = await associatedEndpoints();
      const ends: string[] = [];
      far.on('close', () => ends.push('association'));
      server.on('close', () => ends.push('endpoint'));
      const loop = server[Symbol.asyncIterator]();
      const first = loop.next();
      far.pause();
      near.send(Buffer.from('kept'));
      await near.dry();
      if (isOver) await near.shutdown();
      await until(() => far.readAheadBytes > 0 && far.closed === isOver);
      await server.close();
      expect(textOf(await first)).toBe('kept');
      expect((await loop.next()).done).toBe(true);
      expect(ends).toEqual(['association', 'endpoint']);
    },
  );

  test('hands on what came of one that has come and gone in one wake-up', async () => {
    const server = listeningEndpoint();
    const ends: string[] = [];
    const loop = server[Symbol.asyncIterator]();
    const first = loop.next();
    server.on('association', (association) => {
      association.on('close', () => ends.push('association'));
      process.nextTick(() => void server.close());
    });
    const closed = once(server, 'close').then(() => ends.push('endpoint'));
    execFileSync('/usr/bin/python3', ['-c', COME_AND_GO, String(portOf(server))]);
    expect(textOf(await first)).toBe('in a hurry');
    expect((await loop.next()).done).toBe(true);
    await closed;
    expect(ends).toEqual(['association', 'endpoint']);
  });
});

describeSctp('destroy() of an endpoint', () => {
  test('ends those that are over and unread, too', async () => {
    const { server, near, far } = await associatedEndpoints();
    const ends: string[] = [];
    far.on('close', () => ends.push('association'));
    server.on('close', () => ends.push('endpoint'));
    far.pause();
    near.send(Buffer.from('never read'));
    await near.shutdown();
    await until(() => far.closed);
    server.destroy();
    await once(server, 'close');
    expect(ends).toEqual(['association', 'endpoint']);
  });
});
