/** TLS over SCTP: Node's own TLS on our sockets, on both sides. */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket, TLSSocket as ServerTls } from 'node:tls';

import type { Socket } from 'kernel-sctp';

import { identity, NAME } from '../../support/certificate';
import { defer } from '../../support/cleanup';
import { bytesArrived, noise } from '../../support/collect';
import { describeSctp } from '../../support/sctp';
import { connectedPair, type Pair } from '../../support/sockets';

interface SecurePair extends Pair {
  secureClient: TLSSocket;
  securePeer: TLSSocket;
}

describeSctp('tls', () => {
  async function securePair(): Promise<SecurePair> {
    const bytes = { byteStream: true } as const;
    const pair = await connectedPair({ server: bytes, client: bytes });
    const { client, peer } = pair;
    const securePeer = new ServerTls(peer, {
      isServer: true,
      ...identity(),
    });
    const secureClient = connectTls({
      socket: client,
      ca: identity().cert,
      servername: NAME,
    });
    defer(() => {
      for (const secure of [secureClient, securePeer]) {
        secure.on('error', () => undefined);
        secure.destroy();
      }
    });
    await once(secureClient, 'secureConnect');
    return { ...pair, secureClient, securePeer };
  }

  test('verifies the certificate, and carries both ways', async () => {
    const { secureClient, securePeer } = await securePair();
    expect(secureClient.authorized).toBe(true);
    const greeting = once(secureClient, 'data');
    securePeer.once('data', (data: Buffer) => securePeer.write(`${data.toString()} yourself`));
    secureClient.write('hello');
    expect(String(await greeting)).toBe('hello yourself');
  });

  test('several MB both ways at once', async () => {
    const { secureClient, securePeer } = await securePair();
    const [there, back] = [noise(4_000_000), noise(3_000_000)];
    const arrivals = [
      bytesArrived(securePeer, there.length),
      bytesArrived(secureClient, back.length),
    ];
    secureClient.write(there);
    securePeer.write(back);
    const [atPeer, atClient] = await Promise.all(arrivals);
    expect(atPeer?.equals(there)).toBe(true);
    expect(atClient?.equals(back)).toBe(true);
  });

  test('end() of one ends both, and the association, in order', async () => {
    const { secureClient, securePeer, client, peer } = await securePair();
    const ended: [Duplex | Socket, string][] = [
      [secureClient, 'close'],
      [securePeer, 'end'],
      [client, 'close'],
      [peer, 'close'],
    ];
    const all = Promise.all(ended.map(([stream, event]) => once(stream, event)));
    const last = once(securePeer, 'data');
    secureClient.resume();
    secureClient.end('bye');
    expect(String(await last)).toBe('bye');
    securePeer.resume();
    await all;
    expect([client.errored, peer.errored]).toEqual([null, null]);
  });

  test('a certificate that is not trusted fails the handshake', async () => {
    const { client, peer } = await connectedPair();
    const server = new ServerTls(peer, {
      isServer: true,
      ...identity(),
    });
    server.on('error', () => undefined);
    const secure = connectTls({ socket: client, servername: NAME });
    const [error] = (await once(secure, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});
