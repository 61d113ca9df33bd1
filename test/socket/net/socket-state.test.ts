/** What a socket says about itself, from birth to death. */
import { once } from 'node:events';
import { inspect } from 'node:util';

import { connect, Socket } from 'kernel-sctp';

import { startNode } from '../../support/child';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';

function state({ readyState, pending, connecting, destroyed }: Socket): unknown[] {
  return [readyState, pending, connecting, destroyed];
}

describeSctp('the state of a socket', () => {
  test('that connects and ends', async () => {
    const server = await listening();
    const socket = destroying(new Socket());
    expect(state(socket)).toEqual(['open', true, false, false]); // as net's
    socket.connect(portOf(server), '127.0.0.1');
    expect(state(socket)).toEqual(['opening', true, true, false]);
    await once(socket, 'connect');
    expect(state(socket)).toEqual(['open', false, false, false]);
    socket.end();
    expect(socket.readyState).toBe('readOnly');
    socket.resume();
    await once(socket, 'close');
    expect(state(socket)).toEqual(['closed', true, false, true]);
  });

  test('whose peer ends first, half open', async () => {
    const { client, peer } = await connectedPair({ client: { allowHalfOpen: true } });
    client.resume();
    peer.resume();
    peer.end();
    await once(client, 'end');
    expect(client.readyState).toBe('writeOnly');
    client.end();
    await once(client, 'close');
    expect(client.readyState).toBe('closed');
  });

  test('that cannot connect', async () => {
    const server = await listening();
    const port = portOf(server);
    await once(server.close(), 'close');
    const socket = destroying(connect({ host: '127.0.0.1', port }));
    const failed = once(socket, 'error');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    expect(await failed).toEqual([
      expect.objectContaining({ code: 'ECONNREFUSED', address: '127.0.0.1', port }),
    ]);
    expect(await closed).toBe(true);
    expect(state(socket)).toEqual(['closed', true, false, true]);
  });

  test('is short when inspected', async () => {
    const { client, peer, server } = await connectedPair();
    const port = String(portOf(server));
    expect(inspect(client)).toBe(`Socket { open 127.0.0.1:${port} }`);
    expect(inspect(peer)).toBe(`Socket { open 127.0.0.1:${String(client.localPort)} }`);
    expect(inspect(new Socket())).toBe('Socket { open }');
    expect(inspect(server)).toBe(`Server { 127.0.0.1:${port} }`);
    server.close();
    expect(inspect(server)).toBe('Server { closed }');
  });

  test('counts bytes, those that wait included', async () => {
    const { client, peer } = await connectedPair();
    client.cork();
    for (const size of [100, 200]) client.write(Buffer.alloc(size));
    expect(client.bytesWritten).toBe(300);
    client.uncork();
    client.write('é');
    expect(client.bytesWritten).toBe(302);
    const last = once(peer, 'end');
    client.end(Buffer.alloc(10));
    expect(client.bytesWritten).toBe(312);
    peer.resume();
    await last;
    expect([client.bytesWritten, peer.bytesRead]).toEqual([312, 312]);
    expect([client.bytesRead, peer.bytesWritten]).toEqual([0, 0]);
  });

  test('counts the bytes of a chunk that is cut up once', async () => {
    const { client, peer } = await connectedPair({ client: { oversize: 'split' } });
    const size = 3_000_001;
    const counts: number[] = [];
    peer.on('data', () => counts.push(client.bytesWritten));
    const end = once(peer, 'end');
    client.end(Buffer.alloc(size));
    await end;
    expect(counts.length).toBeGreaterThan(1);
    expect(new Set(counts)).toEqual(new Set([size]));
    expect(peer.bytesRead).toBe(size);
  });

  test('counts what was written before the association', async () => {
    const server = await listening();
    const client = connectTo(server);
    client.write('early');
    expect(client.bytesWritten).toBe(5);
    const [peer] = (await once(server, 'connection')) as [Socket];
    expect(String(await once(peer, 'data'))).toBe('early');
    expect(client.bytesWritten).toBe(5);
  });
});

describeSctp('setNoDelay and setKeepAlive', () => {
  test('of a live association', async () => {
    const { client, peer } = await connectedPair({ server: { noDelay: false } });
    expect([client.getOption('noDelay'), peer.getOption('noDelay')]).toEqual([true, false]);
    expect(client.setNoDelay(false).getOption('noDelay')).toBe(false);
    expect(client.setNoDelay().getOption('noDelay')).toBe(true);

    const path = () => {
      const { hbEnable, hbInterval } = client.getOption('peerAddrParams', { address: '127.0.0.1' });
      return [hbEnable, hbInterval];
    };
    const before = path()[1];
    client.setKeepAlive(false);
    expect(path()[0]).toBe(false);
    client.setKeepAlive(true);
    expect(path()).toEqual([true, before]);
    client.setKeepAlive(true, 5000);
    expect(path()).toEqual([true, 5000]);
  });

  test('by one object, as with net since Node 24.19', async () => {
    const { client } = await connectedPair();
    const path = () => {
      const params = client.getOption('peerAddrParams', { address: '127.0.0.1' });
      return [params.hbEnable, params.hbInterval, params.pathMaxRxt];
    };
    const [, , before] = path();
    client.setKeepAlive({ enable: true, initialDelay: 6000, interval: 9000 });
    expect(path()).toEqual([true, 6000, before]);
    client.setKeepAlive({ enable: true, interval: 8000, count: 3 });
    expect(path()).toEqual([true, 8000, 3]);
    client.setKeepAlive({ enable: false });
    expect(path()[0]).toBe(false);
  });

  test('before connecting', async () => {
    const server = await listening();
    const client = destroying(new Socket());
    client.setNoDelay(false).setKeepAlive(true, 7000).setKeepAlive(true);
    client.connect(portOf(server), '127.0.0.1');
    await once(client, 'connect');
    expect(client.getOption('noDelay')).toBe(false);
    expect(client.getOption('peerAddrParams')).toMatchObject({ hbEnable: true, hbInterval: 7000 });
  });
});

describeSctp('a socket that is unreferenced', () => {
  const program = (words: string): string => `
    const { createServer, connect } = require('kernel-sctp');
    const server = createServer((socket) => { socket.on('error', () => {}); ${words} });
    server.listen({ host: '127.0.0.1' }, () => {
      const { port } = server.address();
      const client = connect(port, '127.0.0.1').on('error', () => {});
      client.on('data', () => {
        console.log('met');
        client.unref();
        server.unref();
      });
    });`;

  test('lets the process end', async () => {
    const { code, stdout } = await startNode(program(`socket.unref(); socket.write('x');`)).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'met\n' });
  });

  test('until it is referenced again', async () => {
    const words = `socket.unref().ref(); socket.write('x'); setImmediate(() => setImmediate(() => {
        console.log('alive');
        socket.destroy();
      }).unref());`;
    const { code, stdout } = await startNode(program(words)).ended;
    expect(code).toBe(0);
    expect(stdout.split('\n').sort()).toEqual(['', 'alive', 'met']);
  });
});
