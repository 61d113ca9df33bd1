/** `blockList`: peers that are refused by address, before anything of theirs is read. */
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import net from 'node:net';

import { connect, type DropInfo, type Socket } from 'kernel-sctp';

import { DYNAMIC } from '../../support/multihoming';
import { describeSctp } from '../../support/sctp';
import { destroying, listening, portOf } from '../../support/sockets';
import { expectThrow } from '../../support/errors';
import { createServer } from 'kernel-sctp';

const HOST = '127.0.0.1';

function blocking(...addresses: string[]): net.BlockList {
  const list = new net.BlockList();
  for (const address of addresses) list.addAddress(address, net.isIPv6(address) ? 'ipv6' : 'ipv4');
  return list;
}

describeSctp('a blockList', () => {
  test.each([
    ['the address it comes from', ['127.0.0.2'], '127.0.0.2'],
    ['another one of its addresses', ['127.0.0.2', '127.0.0.3'], '127.0.0.3'],
  ])('a peer of which %s is blocked is aborted', async (_which, localAddresses, blocked) => {
    const server = await listening({ blockList: blocking(blocked) });
    const accepted = jest.fn();
    server.on('connection', accepted);
    const dropped = once(server, 'drop') as Promise<[DropInfo]>;
    const client = destroying(connect({ port: portOf(server), host: HOST, localAddresses }));
    client.write('never read');
    await new Promise((resolve) => client.once('close', resolve).on('error', () => undefined));
    const [{ remotePort }] = await dropped;
    expect(remotePort).toBeGreaterThan(0);
    expect(accepted).not.toHaveBeenCalled();
  });

  test('others are accepted; the list can change, and be exchanged', async () => {
    const list = blocking('127.0.0.9');
    const server = await listening({ blockList: list });
    expect(server.blockList).toBe(list);
    const accepted = once(server, 'connection');
    const options = { port: portOf(server), host: HOST, localAddress: '127.0.0.2' };
    destroying(connect(options));
    await accepted;
    list.addAddress('127.0.0.2');
    const dropped = once(server, 'drop');
    destroying(connect(options)).on('error', () => undefined);
    await dropped;
    server.blockList = undefined;
    const again = once(server, 'connection');
    destroying(connect(options));
    await again;
  });

  test('an address that is added later ends the association', async () => {
    const server = await listening({ blockList: blocking('127.0.0.3'), sctp: DYNAMIC });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const options = { port: portOf(server), host: HOST, localAddress: '127.0.0.2', sctp: DYNAMIC };
    const client = destroying(connect(options)).on('error', () => undefined);
    const [[peer]] = await Promise.all([accepted, once(client, 'connect')]);
    const failure = new Promise((resolve) => peer.once('error', resolve));
    client.addLocalAddress('127.0.0.4');
    client.addLocalAddress('127.0.0.3');
    expect(await failure).toMatchObject({ code: 'ERR_IP_BLOCKED', address: '127.0.0.3' });
    await new Promise((resolve) => client.once('close', resolve));
  });

  test('a peer cannot hide its addresses by being over early', async () => {
    const server = await listening({ blockList: blocking('127.0.0.9') });
    const accepted = jest.fn();
    server.on('connection', accepted);
    const program = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
s.bind(('127.0.0.2', 0)); s.connect(('127.0.0.1', int(sys.argv[1]))); s.send(b'one'); s.close()`;
    spawnSync('/usr/bin/python3', ['-c', program, String(portOf(server))]);
    spawnSync('sleep', ['0.2']);
    const [info] = (await once(server, 'drop')) as [DropInfo];
    expect(info.remoteAddress).toBe('127.0.0.2');
    expect(accepted).not.toHaveBeenCalled();
  });

  test('is one', () => {
    expectThrow(() => createServer({ blockList: {} as never }), { code: 'ERR_INVALID_ARG_TYPE' });
  });
});
