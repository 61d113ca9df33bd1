/** What concerns an endpoint as a whole: names, options before anything exists, addresses, idle time. */
import { readdirSync } from 'node:fs';

import { createEndpoint } from 'kernel-sctp';

import {
  associatedEndpoints,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
} from '../support/endpoints';
import { describeSctp } from '../support/sctp';

describeSctp('an endpoint', () => {
  test('connects by name, and binds its own port with that', async () => {
    const server = endpointFor().listen();
    const client = endpointFor();
    expect(client.address()).toBeNull();
    const association = await client.connect({ host: 'localhost', port: portOf(server) });
    expect(association.remotePort).toBe(portOf(server));
    expect(portOf(client)).toBe(association.localPort);
  });

  test('opens nothing where an option lacks another', () => {
    const before = readdirSync('/proc/self/fd').length;
    const make = (): unknown =>
      createEndpoint({ sctp: { authSupported: false, authChunks: ['asconf'] } as never });
    expect(make).toThrow(/authSupported/);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('reads options back as they hold, also once it has associations', async () => {
    const { server, far } = await associatedEndpoints({ server: { autoClose: 600 } });
    expect(server.getOption('autoClose')).toBe(600);
    server.setOption('autoClose', 700);
    expect(server.getOption('autoClose')).toBe(700);
    server.setOption('maxBurst', 7);
    expect([server.getOption('maxBurst'), far.getOption('maxBurst')]).toEqual([7, 7]);
  });

  test('has addresses added and removed while it has associations', async () => {
    const server = listeningEndpoint();
    const client = endpointFor();
    const first = await client.connect({ host: HOST, port: portOf(server) });
    const added = '127.0.0.7';
    server.addLocalAddress(added);
    expect(server.getLocalAddresses().map(({ address }) => address)).toEqual([HOST, added]);
    const second = await endpointFor().connect({ host: added, port: portOf(server) });
    expect(second.remoteAddress).toBe(added);
    server.removeLocalAddress(added);
    expect(server.getLocalAddresses().map(({ address }) => address)).toEqual([HOST]);
    expect(() => {
      server.removeLocalAddress(HOST);
    }).toThrow(/removeLocalAddress/); // the last
    const [far] = server.associations;
    const texts = nextTexts(first, 1);
    far?.send(Buffer.from('unchanged'));
    expect(await texts).toEqual(['unchanged']);
  });
});
