/** A thousand associations on one endpoint. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

import type { Endpoint, EndpointAssociation } from 'kernel-sctp';

import { endpointFor, HOST, listeningEndpoint, peeledOff, portOf } from '../support/endpoints';
import { describeSctp } from '../support/sctp';

const MANY = 1000;
const STOPPED = 500;
const COUNT = 20;

function numbered(i: number): Buffer {
  return Buffer.from(String(i).padEnd(1000, '.'));
}

/** A client that reads nothing until it is asked to, and has little room. */
async function client(server: Endpoint): Promise<EndpointAssociation> {
  const endpoint = endpointFor({ highWaterMark: 1, sctp: { rcvBuf: 4096 } });
  return endpoint.connect({ host: HOST, port: portOf(server) });
}

function receive(association: EndpointAssociation): Promise<number[]> {
  const numbers: number[] = [];
  return new Promise((resolve) => {
    association.on('message', (data) => {
      numbers.push(parseInt(String(data)));
      if (numbers.length === COUNT) resolve(numbers);
    });
  });
}

describeSctp('a thousand associations', () => {
  test('of which half stop reading: each gets everything in order, and all end', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const server = listeningEndpoint();
    const clients: EndpointAssociation[] = [];
    while (clients.length < MANY) {
      clients.push(...(await Promise.all(Array.from({ length: 50 }, () => client(server)))));
    }
    while (server.associations.length < MANY) await once(server, 'association');
    const expected = Array.from({ length: COUNT }, (_, i) => i);

    for (let i = 0; i < COUNT; i++) expect(server.sendAll(numbered(i))).toEqual([]);
    const reading = clients.slice(STOPPED);
    const received = await Promise.all(reading.map((one) => receive(one)));
    expect(received.every((numbers) => String(numbers) === String(expected))).toBe(true);

    // Of those that nobody reads from, the clients' ends have been moved; and some of the server's.
    expect(peeledOff()).toBeGreaterThan(STOPPED);
    const late = await Promise.all(clients.slice(0, STOPPED).map((one) => receive(one)));
    expect(late.every((numbers) => String(numbers) === String(expected))).toBe(true);

    const ends = clients.map((one) => once(one, 'close') as Promise<[{ reason: string }]>);
    await server.close();
    const reasons = new Set((await Promise.all(ends)).map(([{ reason }]) => reason));
    expect([...reasons]).toEqual(['shutdown']);
    expect(server.associations).toEqual([]);
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + MANY);
  }, 240_000);
});
