/** Associations that are over before they are accepted. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';

import { type DropInfo, type Socket } from 'kernel-sctp';

import { describeSctp } from '../../support/sctp';
import { destroying, listening, portOf } from '../../support/sockets';

/** Connects, sends one message and closes, all before the program has ended. */
const ONE_SHOT = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
s.bind(('127.0.0.2', 0)); s.connect(('127.0.0.1', int(sys.argv[1])))
print(s.getsockname()[1]); s.send(b'one')
if sys.argv[2] == 'abort':
  import struct
  s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
s.close()`;

/** Runs one while this event loop does nothing. @returns the port it had */
function oneShot(port: number, how: 'end' | 'abort'): number {
  const args = ['-c', ONE_SHOT, String(port), how];
  const { stdout } = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
  // The kernel ends the association on its own.
  spawnSync('sleep', ['0.2']);
  return Number(stdout);
}

describeSctp('an association that is over when it is accepted', () => {
  test.each(['end', 'abort'] as const)('by %s: what was there is known', async (how) => {
    const server = await listening();
    const remotePort = oneShot(portOf(server), how);
    const [socket] = (await once(server, 'connection')) as [Socket];
    destroying(socket).on('error', () => undefined);
    expect(socket).toMatchObject({
      ...{ remoteAddress: '127.0.0.2', remoteFamily: 'IPv4', remotePort },
      ...{ remoteAddresses: ['127.0.0.2'], OS: 64, paths: [] },
      ...{ localAddress: '127.0.0.1', localPort: portOf(server) },
    });
    expect(socket.MIS).toBeGreaterThan(0);
    const primary = { address: '127.0.0.2', family: 'IPv4', port: remotePort };
    const status = { state: 'closed', outStreams: socket.OS, inStreams: socket.MIS };
    expect(socket.status()).toMatchObject({ ...status, primary: { address: primary } });
    expect(socket.status().numberOfOutgoingStreams).toBe(socket.OS);
    expect(socket.getOption('status')).toMatchObject(status);
    expect(socket.getOption('primaryAddr')).toEqual(primary);
    expect(socket.address()).toMatchObject({ address: '127.0.0.1' });
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(String(data)).toBe('one');
    await new Promise((resolve) => socket.once('close', resolve)); // how 'abort' ends is an error
    expect(socket.remoteAddress).toBe('127.0.0.2');
  });

  test('and is dropped: where it came from is known', async () => {
    const server = await listening();
    server.maxConnections = 0;
    const remotePort = oneShot(portOf(server), 'end');
    const [info] = (await once(server, 'drop')) as [DropInfo];
    expect(info).toMatchObject({ remoteAddress: '127.0.0.2', remoteFamily: 'IPv4', remotePort });
  });
});
