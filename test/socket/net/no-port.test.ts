/** No port is left for the kernel to choose. */
import { type EventEmitter, once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';

import { connect, createServer, open } from 'kernel-sctp';

import { closing, defer } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { connectTo, destroying, listening, portOf } from '../../support/sockets';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
const remedy = /net\.ipv4\.ip_local_port_range/;

function errorOf(emitter: EventEmitter): Promise<NodeJS.ErrnoException> {
  return new Promise((resolve) => emitter.once('error', resolve));
}

/** So many ports are left. */
function narrow(count: number): void {
  const usual = readFileSync(RANGE, 'latin1');
  defer(() => {
    writeFileSync(RANGE, usual);
  });
  writeFileSync(RANGE, `50001 ${String(50_000 + count)}`);
}

describeSctp('where every port is taken', () => {
  test('connect: EADDRNOTAVAIL, with what to do', async () => {
    const server = await listening();
    const port = portOf(server);
    narrow(2);
    for (let i = 0; i < 2; i++) await once(connectTo(server), 'connect');
    const error = await errorOf(destroying(connect(port, '127.0.0.1')));
    expect(error).toMatchObject({ code: 'EADDRNOTAVAIL', syscall: 'connect', port });
    expect(error.message).toMatch(remedy);
  });

  test('listening, or opening, on port 0: EADDRINUSE, with what to do', async () => {
    narrow(1);
    await listening();
    const error = await errorOf(closing(createServer()).listen(0, '127.0.0.1'));
    expect(error.code).toBe('EADDRINUSE');
    expect(error.message).toMatch(remedy);
    const opening = (): unknown => open('127.0.0.1', 0, 1000, () => undefined);
    expect(opening).toThrow(remedy);
  });
});
