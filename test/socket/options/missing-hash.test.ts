/** A kernel that has lost its module for hmac, as hosts in FIPS mode and minimal ones have. */
import { once } from 'node:events';

import { connect, createServer, support } from 'kernel-sctp';

import { describeOwnKernel, withoutHmac } from '../../support/missing-hash';
import { setSysctl } from '../../support/own-network';

interface Failure {
  code: string;
  message: string;
}

async function listening(): Promise<Failure | 'listens'> {
  const server = createServer().listen(0, '127.0.0.1');
  const outcome = await new Promise<Failure | 'listens'>((resolve) => {
    server.once('error', (error) => {
      resolve(error as unknown as Failure);
    });
    server.once('listening', () => {
      resolve('listens');
    });
  });
  server.close();
  return outcome;
}

describeOwnKernel('without hmac', () => {
  withoutHmac();

  test.each(['md5', 'sha1'])('a cookie signed with %s: listen() says what to do', async (name) => {
    setSysctl('net/sctp/cookie_hmac_alg', name);
    const failure = (await listening()) as Failure;
    expect(failure.code).toBe('ENOSYS');
    const { available, reason, remedy = [] } = support().listening ?? {};
    expect([available, reason]).toEqual([false, 'listen() failed with ENOSYS']);
    for (const line of remedy) expect(failure.message).toContain(line);
    expect(failure.message).toContain(`net.sctp.cookie_hmac_alg=${name}`);
    expect(failure.message.includes('choose another')).toBe(name !== 'sha1');
  });

  test('what it says helps', async () => {
    setSysctl('net/sctp/cookie_hmac_alg', 'none');
    expect(await listening()).toBe('listens');
    expect(support().listening).toEqual({ available: true });
  });

  test('where SCTP-AUTH is on by default, no socket opens', async () => {
    setSysctl('net/sctp/auth_enable', 1);
    const [failure] = (await once(connect(9, '127.0.0.1'), 'error')) as [Failure];
    expect(failure.code).toBe('ENOMEM');
    const { sctp, reason, remedy = [] } = support();
    expect([sctp, reason]).toEqual([false, 'socket() failed with ENOMEM']);
    expect(remedy).toHaveLength(2);
    for (const line of remedy) expect(failure.message).toContain(line);
  });

  test('authSupported is refused for the same reason', async () => {
    const socket = connect({ port: 9, host: '127.0.0.1', sctp: { authSupported: true } });
    const [failure] = (await once(socket, 'error')) as [Failure];
    expect(failure).toMatchObject({ code: 'ERR_SCTP_OPTION', errno: -12 });
    expect(failure.message).toContain('modprobe hmac sha1');
  });
});
