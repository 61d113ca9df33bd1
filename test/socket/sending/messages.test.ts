/** What is sent is what arrives: data, stream, protocol, flags; whoever says them. */
import { once } from 'node:events';

import { type Message, type SendFailedError, Socket } from 'kernel-sctp';

import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';
import { reported } from '../../support/traffic';

/** The next messages. */
async function receive(socket: Socket, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of socket.iterator({ destroyOnReturn: false })) {
    messages.push(message as Message);
    if (messages.length === count) break;
  }
  return messages;
}

async function texts(socket: Socket, count: number): Promise<string[]> {
  return (await receive(socket, count)).map(String);
}

describeSctp('send()', () => {
  test('says everything about a message', async () => {
    const { client, peer } = await connectedPair();
    client.send(Buffer.from('plain'));
    client.send(Buffer.from('said'), { sid: 9, ppid: 46, unordered: true, sackImmediately: true });
    const [plain, said] = await receive(peer, 2);
    expect(reported(plain)).toEqual({ sid: 0, ppid: 0, unordered: false, context: 0 });
    expect(reported(said)).toEqual({ sid: 9, ppid: 46, unordered: true, context: 0 });
  });

  test('protocols go by name, too, wherever they are given; what is received has the number', async () => {
    const sctp = { defaultSndInfo: { ppid: 'SUA' } };
    const { client, peer } = await connectedPair({ client: { sctp } });
    client.write('default');
    client.send(Buffer.from('send'), { ppid: 'M3UA' });
    client.write(Object.assign(Buffer.from('write'), { ppid: 'diameter' }));
    client.createStream(1).send(Buffer.from('stream'), { ppid: 'Diameter_DTLS' });
    const messages = await receive(peer, 4);
    expect(messages.map((message) => [String(message), message.ppid])).toEqual([
      ['default', 4],
      ['send', 3],
      ['write', 46],
      ['stream', 47],
    ]);
    expect(() => client.send(Buffer.from('x'), { ppid: 'M3AU' })).toThrow("did you mean 'M3UA'?");
  });

  test('to one of the addresses of the peer; another is refused, and nothing ends', async () => {
    const { client, peer } = await connectedPair();
    expectThrow(() => client.send(Buffer.from('x'), { address: '127.0.0.9' }), {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(
        "'info.address' is not an address of the peer: remoteAddresses has those",
      ) as string,
    });
    client.send(Buffer.from('mapped'), { address: '::ffff:127.0.0.1' });
    client.send(Buffer.from('here'), { address: '127.0.0.1' });
    expect(await texts(peer, 2)).toEqual(['mapped', 'here']);
  });

  test('to an address of which nothing is known yet: reported once the peer is there', async () => {
    const server = await listening();
    const client = connectTo(server);
    const failed = once(client, 'sendFailed') as Promise<[SendFailedError]>;
    const refused = new Promise((resolve) => {
      client.send(Buffer.from('x'), { ppid: 'M2PA', address: '127.0.0.9' }, resolve);
    });
    expect(await refused).toMatchObject({ code: 'EADDRNOTAVAIL', syscall: 'write' });
    const [error] = await failed;
    expect(error).toMatchObject({ code: 'ERR_SCTP_SEND_FAILED', sent: false, ppid: 5 });
    expect(error.message).toContain('127.0.0.9 may not be an address of the peer');
    expect(client.status().state).toBe('established');
  });

  test.each(['ttl', 'rtx', 'prio'] as const)('with the policy %s', async (policy) => {
    const { client, peer } = await connectedPair();
    client.send(Buffer.from(policy), { pr: { policy, value: 10_000 } });
    expect(await texts(peer, 1)).toEqual([policy]);
  });

  test("a message whose time runs out comes back whole by 'sendFailed'", async () => {
    // A short window, which what nobody reads closes.
    const short = { highWaterMark: 1, sctp: { rcvBuf: 50_000 } };
    const { client, peer } = await connectedPair({ server: short });
    for (let i = 0; i < 4; i++) client.write(Buffer.alloc(50_000));
    const data = Buffer.alloc(100_000, 'late');
    const about = { sid: 3, ppid: 60, context: 77, unordered: true };
    const failed = new Promise((resolve) => {
      client.on('sendFailed', (error) => {
        if (error.context === 77) resolve(error);
      });
    });
    client.send(data, { ...about, pr: { policy: 'ttl', value: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 20)); // its time
    peer.resume();
    const error = (await failed) as object;
    expect(error).toMatchObject({ code: 'ERR_SCTP_SEND_FAILED', ...about });
    expect((error as { data: Buffer }).data.equals(data)).toBe(true);
    expect(client.destroyed).toBe(false);
  });
});

describeSctp('who decides', () => {
  test('message over socket default', async () => {
    const { client, peer } = await connectedPair({
      client: { sctp: { defaultSndInfo: { sid: 4, ppid: 100, unordered: true } } },
    });
    client.write('defaults');
    client.send(Buffer.from('ppid'), { ppid: 0 });
    client.send(Buffer.from('all'), { sid: 0, ppid: 7, unordered: false });
    const got = await receive(peer, 3);
    const find = (text: string) => reported(got.find((message) => String(message) === text));
    expect(find('defaults')).toMatchObject({ sid: 4, ppid: 100, unordered: true });
    expect(find('ppid')).toMatchObject({ sid: 4, ppid: 0, unordered: true });
    expect(find('all')).toMatchObject({ sid: 0, ppid: 7, unordered: false });
  });

  test('a default that is changed later', async () => {
    const { client, peer } = await connectedPair();
    client.setOption('defaultSndInfo', { ppid: 5 });
    client.write('x');
    expect(reported((await receive(peer, 1))[0])).toMatchObject({ ppid: 5 });
  });

  test('write() honours ppid and sid of the Buffer, as a received one has them', async () => {
    const { client, peer } = await connectedPair();
    client.write(Object.assign(Buffer.from('x'), { ppid: 46, sid: 2 }));
    client.write(Object.assign(new Uint8Array(1), { ppid: 47 }));
    peer.pipe(peer); // an echo
    const [first, second] = await receive(client, 2);
    expect(reported(first)).toMatchObject({ ppid: 46, sid: 2 });
    expect(reported(second)).toMatchObject({ ppid: 47, sid: 0 });
  });

  test('the same Buffer may be written again, with other words, before it has left', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server);
    const data = Buffer.from('same');
    for (let ppid = 1; ppid <= 3; ppid++) client.send(data, { ppid, sid: ppid });
    client.write(data);
    client.write(Object.assign(data, { ppid: 4 }));
    const [peer] = await accepted;
    const got = await receive(peer, 5);
    expect(got.map(({ ppid, sid }) => [ppid, sid])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [0, 0],
      [4, 0],
    ]);
  });
});

describeSctp('write()', () => {
  test('strings in their encodings, and the default one', async () => {
    const { client, peer } = await connectedPair();
    client.write('häß');
    client.write('68c3a4', 'hex');
    client.write('aGk=', 'base64', () => undefined);
    client.write('ä', 'latin1');
    client.setDefaultEncoding('hex');
    client.write('4142');
    const got = (await receive(peer, 5)).map((message) => message.toString('latin1'));
    expect(got).toEqual(['häß', 'hä', 'hi', '\xe4', 'AB'].map(asBytes));
  });

  test('any view on memory, no more than it shows', async () => {
    const { client, peer } = await connectedPair();
    const memory = new TextEncoder().encode('0123456789').buffer;
    client.write(new Uint8Array(memory, 2, 3));
    client.write(new DataView(memory, 5, 2));
    client.write(new Uint16Array(memory, 0, 2));
    client.send(new Float64Array(memory, 0, 1));
    client.write(Buffer.from(new SharedArrayBuffer(2)).fill('s'));
    expect(await texts(peer, 5)).toEqual(['234', '56', '0123', '01234567', 'ss']);
  });

  test("write('') is no message, but has a callback", async () => {
    const { client, peer } = await connectedPair();
    const called: (string | undefined)[] = [];
    const write = (text: string) =>
      new Promise<void>((resolve) => {
        client.write(text, (error) => {
          called.push(error?.message);
          resolve();
        });
      });
    await Promise.all([write(''), write('one'), write('')]);
    client.write(Buffer.alloc(0));
    client.end('');
    expect(called).toEqual([undefined, undefined, undefined]);
    const got = [];
    for await (const message of peer) got.push(String(message));
    expect(got).toEqual(['one']);
  });

  test('before connect: in order, when the association is up', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, { host: 'localhost' });
    client.write('1');
    expect(client.bytesWritten).toBe(1);
    client.send(Buffer.from('2'), { sid: 1 });
    client.once('connect', () => client.write('3'));
    const [peer] = await accepted;
    expect((await texts(peer, 3)).sort()).toEqual(['1', '2', '3']);
    expect(client.bytesWritten).toBe(3);
  });

  test('cork and uncork keep one message for each write', async () => {
    const { client, peer } = await connectedPair();
    client.cork();
    for (const text of ['a', 'bc', '', 'def']) client.write(text);
    client.send(Buffer.from('g'), { ppid: 5 });
    await new Promise(setImmediate);
    expect(client.writableLength).toBe(7);
    expect(peer.bytesRead).toBe(0);
    client.uncork();
    expect(await texts(peer, 4)).toEqual(['a', 'bc', 'def', 'g']);
  });

  test('callbacks come once each, in order, and null is none', async () => {
    const { client, peer } = await connectedPair();
    const order: number[] = [];
    for (let i = 0; i < 200; i++) client.write(`${String(i)};`, () => order.push(i));
    client.write('x', null as never);
    client.write('y', 'utf8', null as never);
    client.send(Buffer.from('z'), {}, null as never);
    const got = await texts(peer, 203);
    await client.dry();
    expect(order).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(got.slice(-3)).toEqual(['x', 'y', 'z']);
  });

  test('false and drain against a peer that does not read; the counters are right', async () => {
    const { client, peer } = await connectedPair();
    const chunk = Buffer.alloc(10_000, 'c');
    let written = 0;
    while (written < 400) {
      written++;
      client.write(chunk);
      if (client.writableLength > 10 * chunk.length) break;
    }
    const total = written * chunk.length;
    expect(client.writableNeedDrain).toBe(true);
    expect(client.bytesWritten).toBe(total);
    const drained = once(client, 'drain');
    peer.on('data', () => {
      expect(client.bytesWritten).toBe(total);
    });
    await drained;
    await client.dry();
    expect(client.bytesWritten).toBe(total);
    client.end();
    await once(peer, 'end');
    expect(peer.bytesRead).toBe(total);
  });
});

describeSctp('dry()', () => {
  test('resolves when the peer has acknowledged; also at once, and after end()', async () => {
    const { client, peer } = await connectedPair();
    client.write('x');
    await client.dry();
    await client.dry();
    peer.resume();
    client.end('y');
    await client.dry();
    if (!client.destroyed) await once(client, 'close');
    expect(client.errored).toBeNull();
    expect(peer.bytesRead).toBe(2);
  });

  test('waits for connect; rejects if the association is lost', async () => {
    const server = await listening();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server);
    client.write('x');
    await client.dry();
    const [peer] = await accepted;
    client.on('error', () => undefined);
    while (client.write(Buffer.alloc(100_000)));
    const dry = client.dry();
    peer.resetAndDestroy();
    await expect(dry).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(client.dry()).rejects.toMatchObject({ code: expect.any(String) as string });
  });

  test('rejects before connect() and does no harm', async () => {
    const { server, peer } = await connectedPair();
    const socket = destroying(new Socket());
    await expect(socket.dry()).rejects.toMatchObject({ code: 'ERR_SOCKET_CLOSED' });
    socket.connect(portOf(server), '127.0.0.1');
    await once(socket, 'connect');
    await socket.dry();
    peer.destroy();
  });
});

describeSctp('memory that is detached before the message has left', () => {
  test('is reported: nothing would arrive in its place', async () => {
    const { client, peer } = await connectedPair();
    const error = once(client, 'error');
    const memory = new Uint8Array(5);
    client.cork();
    client.write(memory);
    structuredClone(memory.buffer, { transfer: [memory.buffer] });
    client.uncork();
    expect(await error).toMatchObject([
      { code: 'EINVAL', syscall: 'write', message: expect.stringContaining('detached') as string },
    ]);
    peer.destroy();
  });

  test('the callback gets the error, and the association goes on', async () => {
    const { client, peer } = await connectedPair();
    const memory = new Uint8Array(5);
    client.cork();
    const reported = new Promise((resolve) => client.send(memory, resolve));
    structuredClone(memory.buffer, { transfer: [memory.buffer] });
    client.uncork();
    expect(await reported).toMatchObject({ code: 'EINVAL' });
    client.write('next');
    expect(await texts(peer, 1)).toEqual(['next']);
  });
});

function asBytes(text: string, index: number): string {
  return index < 2 ? Buffer.from(text).toString('latin1') : text;
}
