/** A thousand associations on one endpoint. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

import type { EndpointAssociation } from 'kernel-sctp';

import { crowdOf, heldBytes, type Hub, misplaced, stopReading } from '../support/crowd';
import { listeningEndpoint, peeledOff, portOf } from '../support/endpoints';
import { describeSctp } from '../support/sctp';

const MANY = 1000;
const LIMIT = 15_000;

describeSctp('a thousand associations', () => {
  test('1, 50, then half stop reading: the others do not notice, all get everything, all end', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const server = listeningEndpoint({ sendBufferLimit: LIMIT });
    const byPort = new Map<number | undefined, EndpointAssociation>();
    server.on('association', (far) => byPort.set(far.remotePort, far));
    const hub: Hub = {
      port: portOf(server),
      count: () => server.associations.length,
      send: (data, { association }) => {
        const far = byPort.get(association.localPort);
        return far !== undefined && trySend(() => far.send(data));
      },
    };
    const members = await crowdOf(hub, MANY);
    await stopReading(hub, members, 1, 5);
    await stopReading(hub, members, 50, 5);
    await stopReading(hub, members, MANY / 2, 25);
    // Of those that nobody reads from, the clients' ends have been moved; and some of the server's.
    expect(peeledOff()).toBeGreaterThan(MANY / 2);
    const waiting = server.associations.map(({ bufferedAmount }) => bufferedAmount);
    expect(waiting.filter((bytes) => bytes > 0).length).toBeLessThanOrEqual(MANY / 2);
    expect(Math.max(...waiting)).toBeLessThanOrEqual(LIMIT);
    // What a wake-up brings beyond a mark of 1 byte is what their windows have room for.
    const held = heldBytes(members, waiting);
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan((MANY / 2) * (LIMIT + 8192));
    expect(misplaced(members)).toEqual([]);

    for (const member of members.slice(0, MANY / 2)) member.read();
    await Promise.all(members.map((member) => member.all()));
    expect(misplaced(members)).toEqual([]);

    const ends = members.map(
      ({ association }) => once(association, 'close') as Promise<[{ reason: string }]>,
    );
    await server.close();
    const reasons = new Set((await Promise.all(ends)).map(([{ reason }]) => reason));
    expect([...reasons]).toEqual(['shutdown']);
    expect(server.associations).toEqual([]);
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + MANY);
  }, 240_000);
});

function trySend(send: () => void): boolean {
  try {
    send();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCTP_SEND_BUFFER_FULL') return false;
    throw error;
  }
}
