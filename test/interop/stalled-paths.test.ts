/** Progress is what is acknowledged: a path that loses full packets only, and one that is slow. */
import { twoHosts } from '../support/namespaces';
import { describeSctp } from '../support/sctp';
import { RemoteSocket } from './remote-socket';

const sctp = {
  rtoInfo: { initial: 200, min: 200, max: 400 },
  peerAddrParams: { hbInterval: 200 },
};

describeSctp('an association over a path', () => {
  test('that loses large packets and passes heartbeats: stalled, and aborted if so wanted', async () => {
    const { a, b } = await twoHosts();
    await b.ip('link', 'set', 'eth0', 'mtu', '1280'); // a still sends up to 1500 bytes
    const server = await RemoteSocket.server(b, { port: 0, host: '10.0.0.2' });
    const place = { port: server.port, host: '10.0.0.2' };
    const options = { stallTimeout: 1000, stallAction: 'abort', sctp } as const;
    const client = await RemoteSocket.client(a, { ...place, ...options });
    await client.call('write', 'x'.repeat(500));
    await client.call('write', 'x'.repeat(20_000));
    const error = await client.reported({ event: 'error' });
    expect(error['message']).toContain('stallTimeout (1000 ms)');
    expect((await server.reported({ event: 'error' }))['message']).toBe('read ECONNRESET');
  });

  test('that needs seconds for one message: neither stalled, nor stuck when it ends', async () => {
    const { a, b } = await twoHosts();
    const server = await RemoteSocket.server(b, { port: 0, host: '10.0.0.2' });
    const limits = { stallTimeout: 700, stallAction: 'abort', closeTimeout: 700 } as const;
    const place = { port: server.port, host: '10.0.0.2' };
    const client = await RemoteSocket.client(a, { ...place, ...limits });
    await a.shape('eth0', 'netem', 'rate', '300kbit');
    await client.call('end', 'x'.repeat(100_000));
    await client.reported({ event: 'close' });
    expect(client.events.map(({ event }) => event)).not.toContain('error');
    expect((await server.received()).bytes).toBe(100_000);
  });
});
