/** SCTP-AUTH as another program sees it: on the wire, and at a peer's socket. */
import { once } from 'node:events';

import { connect } from 'kernel-sctp';

import { KEY, signing, signingPair } from '../support/auth';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { destroying } from '../support/sockets';
import { watchWire } from '../support/wire';

const AUTH_SUPPORTED = 129;
const AUTH_CHUNK = 21;
const AUTH_KEY = 23;
const AUTH_ACTIVE_KEY = 24;

/** A key, as Python's socket takes it: sctp_authkey. */
function pythonKey(keyNumber: number, key: Uint8Array): string {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(keyNumber, 4);
  head.writeUInt16LE(key.length, 6);
  return Buffer.concat([head, key]).toString('hex');
}

function pythonSigning(key: Uint8Array): readonly (readonly [number, number, string])[] {
  return [
    [132, AUTH_SUPPORTED, '0000000001000000'],
    [132, AUTH_CHUNK, '00'], // DATA
    [132, AUTH_KEY, pythonKey(1, key)],
    [132, AUTH_ACTIVE_KEY, '0000000001000000'],
  ];
}

describeSctp('SCTP-AUTH with another program', () => {
  test('both sign, and understand each other', async () => {
    const python = await PythonPeer.open({ style: 'stream', options: pythonSigning(KEY) });
    const port = python.port;
    const client = destroying(connect({ host: '127.0.0.1', port, sctp: signing(KEY) }));
    await once(client, 'connect');
    client.write('from node');
    const [message] = await python.waitForMessages(1);
    expect(message && textOf(message)).toBe('from node');
    await python.send('from python');
    expect(String((await once(client, 'data'))[0])).toBe('from python');
  });

  test('what is sent with another key never arrives, and nothing else does', async () => {
    const options = pythonSigning(Buffer.from('another key'));
    const python = await PythonPeer.open({ style: 'stream', options });
    const sctp = signing(KEY, {
      rtoInfo: { initial: 100, min: 50, max: 100 },
      assocInfo: { asocMaxRxt: 2 },
    });
    const client = destroying(connect({ host: '127.0.0.1', port: python.port, sctp }));
    const got: unknown[] = [];
    client.on('data', (data) => got.push(data));
    await once(client, 'connect');
    client.write('from node');
    await python.waitFor({ event: 'accepted' });
    await python.send('from python');
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ETIMEDOUT');
    expect([python.messages, got]).toEqual([[], []]);
  });
});

describeSctp('SCTP-AUTH on the wire', () => {
  test('each DATA follows an AUTH with the number of its key and of its hash', async () => {
    const wire = await watchWire();
    const sha256First = { server: { sctp: { hmacIdent: ['sha256', 'sha1'] as const } } };
    const { client, peer } = await signingPair({}, sha256First);
    const port = String(client.remotePort);
    peer.resume();
    client.write('with key 1');
    await wire.printed(new RegExp(`>${port} AUTH\\(key 1, hmac 3\\) DATA`));
    for (const socket of [client, peer]) {
      socket.setOption('authKey', { keyNumber: 5, key: Buffer.from('five') });
    }
    client.send(Buffer.from('with key 5'), { authKeyNumber: 5, sid: 2 });
    await wire.printed(new RegExp(`>${port} .*AUTH\\(key 5, hmac 3\\) DATA\\(sid 2\\)`));
    client.write('with key 1 again');
    await wire.printed(new RegExp(`key 5[^]*>${port} [^\\n]*AUTH\\(key 1, hmac 3\\) DATA`));

    wire.process.kill();
    const { stdout } = await wire.ended;
    const towards = stdout.split('\n').filter((line) => line.includes(`>${port} `));
    const data = towards.filter((line) => line.includes('DATA'));
    expect(data.length).toBeGreaterThanOrEqual(3);
    for (const line of data) expect(line).toMatch(/AUTH\(key \d, hmac 3\) DATA/);
  });
});
