/** SCTP-AUTH: what is signed with which key, how keys change, and what becomes of them. */
import { once } from 'node:events';
import { inspect } from 'node:util';

import {
  connect,
  createServer,
  type Notification,
  open,
  type SctpOptions,
  Socket,
} from 'kernel-sctp';

import { KEY, signing, signingPair } from '../../support/auth';
import { closing, defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectTo, destroying, listening, portOf } from '../../support/sockets';

type AuthNotification = Extract<Notification, { type: 'authentication' }>;

/** Resolves with the next one that reports this. */
function authentication(
  socket: Socket,
  indication: AuthNotification['indication'],
): Promise<AuthNotification> {
  return new Promise((resolve) => {
    const listener = (notification: Notification): void => {
      if (notification.type !== 'authentication' || notification.indication !== indication) return;
      socket.off('notification', listener);
      resolve(notification);
    };
    socket.on('notification', listener);
  });
}

/** Checks the views beside the typed one. */
function expectViews(reported: AuthNotification, indication: number, interpreted: RegExp): void {
  expect(reported.parsed.sn_authkey_event).toMatchObject({
    ...{ auth_type: 0x8008, auth_length: reported.raw.length, auth_assoc_id: reported.assocId },
    ...{ auth_keynumber: reported.keyNumber, auth_indication: indication },
  });
  expect(reported.interpreted).toMatch(interpreted);
}

async function echoed(client: Socket, peer: Socket, text: string): Promise<void> {
  const got = once(peer, 'data');
  client.write(text);
  expect(String((await got)[0])).toBe(text);
}

describeSctp('SCTP-AUTH', () => {
  test('messages pass both ways, also on an accepted socket, which inherits the keys', async () => {
    const { client, peer } = await signingPair();
    await echoed(client, peer, 'signed');
    await echoed(peer, client, 'signed as well');
    for (const socket of [client, peer]) {
      expect(socket.getOption('authActiveKey')).toBe(1);
      expect(socket.getOption('localAuthChunks')).toEqual(['data']);
      expect(socket.getOption('peerAuthChunks')).toEqual(['data']);
    }
  });

  test('hash functions and chunks of a new association, read back', async () => {
    const server = await listening({
      sctp: signing(KEY, { hmacIdent: ['sha256', 'sha1'], authChunks: ['data', 'sack', 200] }),
    });
    const client = connectTo(server, { sctp: signing(KEY, { hmacIdent: ['sha1', 3] }) });
    await once(client, 'connect');
    expect(client.getOption('hmacIdent')).toEqual(['sha1', 'sha256']);
    expect(client.getOption('peerAuthChunks')).toEqual(['data', 'sack', 200]);
    expect(client.getOption('localAuthChunks')).toEqual(['data']);
  });

  test('a handle signs too', async () => {
    const texts: unknown[] = [];
    const sctp = signing(KEY);
    const receiver = closing(
      open({ host: '127.0.0.1', sctp }, (result) => {
        texts.push(String(result[0]));
        receiver.send(Buffer.from('back'), '127.0.0.1', sender.address().port);
      }),
    );
    let reported: (text: string) => void;
    const answer = new Promise<string>((resolve) => (reported = resolve));
    const sender = closing(
      open({ host: '127.0.0.1', sctp }, (result) => {
        reported(String(result[0]));
      }),
    );
    expect(sender.getOption('localAuthChunks')).toEqual(['data']);
    sender.send(Buffer.from('there'), '127.0.0.1', receiver.address().port, { authKeyNumber: 1 });
    expect(await answer).toBe('back');
    expect(texts).toEqual(['there']);
  });

  test('a key for one message, and one that does not exist', async () => {
    const { client, peer } = await signingPair();
    const arrived = authentication(peer, 'newKey');
    const key = Buffer.from('for special occasions');
    client.setOption('authKey', { keyNumber: 7, key });
    peer.setOption('authKey', { keyNumber: 7, key });
    const got = once(peer, 'data');
    client.send(Buffer.from('special'), { authKeyNumber: 7 });
    expect(String((await got)[0])).toBe('special');
    // The peer's kernel reports that a key is used which is not its own active one.
    const reported = await arrived;
    expect(reported).toMatchObject({ keyNumber: 7 });
    expectViews(reported, 0, /^key 7 of association \d+ is used by the peer$/);

    const refusal = await new Promise<Error | null | undefined>((resolve) => {
      client.send(Buffer.from('x'), { authKeyNumber: 8 }, resolve);
    });
    expect(refusal).toMatchObject({ code: 'EINVAL' });
    expect(refusal?.message).toContain('there may be no key 8 (option authKey)');
    await echoed(client, peer, 'the association lives on');
    expectThrow(() => client.send(Buffer.from('x'), { authKeyNumber: -1 }), {
      code: 'ERR_OUT_OF_RANGE',
    });
    expectThrow(() => client.send(Buffer.from('x'), { authKeyNumber: '1' as never }), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  });

  test('keys change under traffic, and nothing is lost', async () => {
    const { client, peer } = await signingPair();
    const got: number[] = [];
    const COUNT = 300;
    const all = new Promise<void>((resolve) => {
      peer.on('data', (data) => {
        got.push(Number(data));
        peer.write(data);
        if (got.length === COUNT) resolve();
      });
    });
    client.resume();
    let next = 0;
    const sendSome = async (): Promise<void> => {
      for (let i = 0; i < COUNT / 3; i++) client.write(String(next++));
      await new Promise((resolve) => setImmediate(resolve));
    };
    const free = [authentication(client, 'freeKey'), authentication(peer, 'freeKey')];
    await sendSome();
    for (const socket of [client, peer]) {
      socket.setOption('authKey', { keyNumber: 2, key: Buffer.from('the next one') });
    }
    client.setOption('authActiveKey', 2);
    await sendSome();
    peer.setOption('authActiveKey', 2);
    for (const socket of [client, peer]) socket.setOption('authDeactivateKey', 1);
    await sendSome();
    for (const notification of await Promise.all(free)) {
      expect(notification).toMatchObject({ keyNumber: 1, indication: 'freeKey' });
      expectViews(notification, 1, /^key 1 of association \d+ is no longer used$/);
    }
    for (const socket of [client, peer]) socket.setOption('authDeleteKey', 1);
    await all;
    expect(got).toEqual(Array.from({ length: COUNT }, (_, i) => i));
    await client.dry();
    expectThrow(
      () => {
        client.setOption('authDeleteKey', 1);
      },
      { code: 'ERR_SCTP_OPTION' },
    );
    expect(client.getOption('authActiveKey')).toBe(2);
  });

  test('a wrong key: nothing gets through, and the error says what it may be', async () => {
    const sctp: SctpOptions = {
      rtoInfo: { initial: 100, min: 50, max: 100 },
      assocInfo: { asocMaxRxt: 2 },
    };
    const { client, peer } = await signingPair(
      { server: Buffer.from('other') },
      { client: { sctp } },
    );
    const got: unknown[] = [];
    peer.on('data', (data) => got.push(data));
    peer.on('error', () => undefined);
    client.resume();
    client.write('never arrives');
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ETIMEDOUT');
    expect(error.message).toContain('a wrong key');
    expect(got).toEqual([]);
  });

  test('a peer without SCTP-AUTH is reported, and has no keys', async () => {
    const server = await listening({ sctp: signing(KEY) });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server);
    const none = authentication(client, 'noAuth');
    const [peer] = await accepted;
    const noneAtPeer = authentication(peer, 'noAuth');
    expect(await noneAtPeer).toMatchObject({ indication: 'noAuth' });
    await none;
    await echoed(client, peer, 'unsigned');
    expectThrow(
      () => {
        peer.setOption('authKey', { keyNumber: 2, key: KEY });
      },
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringMatching(/needs authSupported|on both sides/) as string,
      },
    );
    expectThrow(() => peer.getOption('peerAuthChunks'), { code: 'ERR_SCTP_OPTION' });
  });
});

describeSctp('a key', () => {
  test('is not shown by anything, and may be wiped by its owner at once', async () => {
    const key = Buffer.from('hush-hush');
    const server = createServer({ sctp: signing(key) });
    defer(() => server.close());
    server.listen(0, '127.0.0.1');
    const socket = new Socket({ sctp: signing(key) });
    const seen = [server, socket].map((object) =>
      inspect(object, { showHidden: true, depth: 20, customInspect: false }),
    );
    expect(seen.join('\n')).not.toMatch(/hush|68 75 73 68|104,\s*117,\s*115,\s*104/);
    key.fill(0);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    destroying(socket).connect(portOf(server), '127.0.0.1');
    const [peer] = await accepted;
    await echoed(destroying(peer), socket, 'still the same key');
  });

  test('is read again from the same options when a socket connects again', async () => {
    const server = await listening({ sctp: signing(KEY) });
    server.on('connection', (peer: Socket) => peer.on('error', () => undefined).pipe(peer));
    const options = { host: '127.0.0.1', port: portOf(server), sctp: signing(KEY) };
    const client = destroying(connect(options));
    for (const text of ['first', 'second']) {
      client.write(text);
      expect(String((await once(client, 'data'))[0])).toBe(text);
      client.destroy();
      await once(client, 'close');
      if (text === 'first') client.connect(options);
    }
  });

  test('is wiped once the server listens: to listen again takes another server', async () => {
    const server = await listening({ sctp: signing(KEY) });
    server.close();
    await once(server, 'close');
    const failed = once(server, 'error') as Promise<[Error]>;
    server.listen(0, '127.0.0.1');
    const [error] = await failed;
    expect(error).toMatchObject({ code: 'ERR_SCTP_OPTION' });
    expect(error.message).toContain('was wiped');
    expect(server.listening).toBe(false);
  });
});
