/** What the package sctp (node-sctp) promises its users, kept by this one. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Duplex } from 'node:stream';

import * as sctp from 'kernel-sctp';

import { projectRoot } from '../../support/child';
import { closing } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';

const HOST = '127.0.0.1';

/** The ppid with which a plain write arrives. */
async function ppidOf(options: object): Promise<number> {
  const { client, peer } = await connectedPair({ client: options });
  const received = once(peer, 'data') as Promise<[sctp.Message]>;
  client.write('x');
  return (await received)[0].ppid;
}

describeSctp('the package', () => {
  test('has the functions and classes of net', () => {
    for (const name of ['createServer', 'connect', 'createConnection', 'defaults'] as const) {
      expect(sctp[name]).toBeInstanceOf(Function);
    }
    expect(new sctp.Socket()).toBeInstanceOf(Duplex);
    expect(new sctp.Server()).toBeInstanceOf(sctp.Server);
  });

  test('needs no raw socket, and nothing else at run time', () => {
    const manifest = readFileSync(join(projectRoot, 'package.json'), 'utf8');
    expect(Object.keys(JSON.parse(manifest) as object)).not.toContain('dependencies');
  });

  test('can be required', () => {
    expect(createRequire(__filename)('kernel-sctp')).toHaveProperty('connect', sctp.connect);
  });
});

describeSctp('protocol', () => {
  test('is a dictionary of payload protocol identifiers: M3UA is 3', () => {
    expect(sctp.protocol.M3UA).toBe(3);
    expect(sctp.protocol.WebRTC_DCEP).toBe(50);
    expect(sctp.protocol[46]).toBe('Diameter');
  });

  test.each([
    ['protocol', { protocol: sctp.protocol.M3UA }, 3],
    ['protocol by name', { protocol: 'WebRTC_Binary_Empty' }, 57],
    ['ppid', { ppid: sctp.PPID.DIAMETER }, 46],
    ['ppid by name', { ppid: 'NGAP' }, 60],
    ['both, alike', { ppid: 3, protocol: 'M3UA' }, 3],
    ['ppid as in sctp.defaultSndInfo', { ppid: 5, sctp: { defaultSndInfo: { ppid: 5 } } }, 5],
    ['neither', {}, 0],
  ])('as the option %s is that of messages which name none', async (_, options, expected) => {
    expect(await ppidOf(options)).toBe(expected);
  });

  test('as an option of a server is that of its sockets', async () => {
    const { client, peer } = await connectedPair({ server: { ppid: 3 } });
    const received = once(client, 'data') as Promise<[sctp.Message]>;
    peer.write('x');
    expect((await received)[0].ppid).toBe(3);
  });

  test('leaves the other defaults alone', async () => {
    const options = { ppid: 3, sctp: { defaultSndInfo: { sid: 2, unordered: true } } };
    const { client } = await connectedPair({ client: options });
    expect(client.getOption('defaultSndInfo')).toMatchObject({ ppid: 3, sid: 2, unordered: true });
  });

  test.each([
    [{ ppid: 3, protocol: 4 }, 'ERR_INVALID_ARG_VALUE'],
    [{ ppid: 4, sctp: { defaultSndInfo: { ppid: 5 } } }, 'ERR_INVALID_ARG_VALUE'],
    [{ protocol: 'm4ua' }, 'ERR_INVALID_ARG_VALUE'],
    [{ ppid: -1 }, 'ERR_OUT_OF_RANGE'],
    [{ ppid: 2 ** 32 }, 'ERR_OUT_OF_RANGE'],
    [{ ppid: null }, 'ERR_INVALID_ARG_TYPE'],
  ])('%j throws %s', (options, code) => {
    expectThrow(() => sctp.connect({ port: 1, ...options } as sctp.ConnectOptions), { code });
    expectThrow(() => sctp.createServer(options as sctp.ServerOptions), { code });
  });
});

describeSctp('listen and connect', () => {
  test('listen takes port, host, backlog and callback one after another', async () => {
    const server = closing(sctp.createServer());
    server.on('connection', destroying);
    await new Promise<void>((resolve) => server.listen(0, HOST, 5, resolve));
    expect(server.address()).toMatchObject({ address: HOST, family: 'IPv4' });
    const socket = destroying(new sctp.Socket());
    await new Promise<void>((resolve) => {
      socket.connect({ port: portOf(server), host: HOST }, resolve);
    });
    expect(socket.remoteFamily).toBe('IPv4');
  });

  test('connect of a Socket takes the options that say how to send, too', async () => {
    const server = await listening({ OS: 100, MIS: 100 });
    const socket = destroying(new sctp.Socket({ sctp: { rtoInfo: { initial: 520, min: 100 } } }));
    const accepted = once(server, 'connection') as Promise<[sctp.Socket]>;
    const options = { ppid: sctp.PPID.SUA, OS: 5, MIS: 7, sctp: { rtoInfo: { initial: 540 } } };
    socket.connect({ port: portOf(server), host: HOST, ...options }).write('x');
    const [peer] = await accepted;
    expect((await once(peer, 'message'))[1]).toMatchObject({ ppid: 4 });
    expect([socket.OS, socket.MIS]).toEqual([5, 7]);
    expect(socket.getOption('rtoInfo')).toMatchObject({ initial: 540, min: 100 });
    const wrong = { port: 1, OS: 0 };
    expectThrow(() => new sctp.Socket().connect(wrong), { code: 'ERR_OUT_OF_RANGE' });
  });

  test('without a host both mean every address, and localhost', async () => {
    const server = closing(sctp.createServer());
    server.on('connection', destroying);
    await once(server.listen({ port: 0 }), 'listening');
    await once(destroying(sctp.connect({ port: portOf(server) })), 'connect');
    await once(destroying(sctp.connect({ port: portOf(server), host: HOST })), 'connect');
  });
});

describeSctp('createStream and the events', () => {
  test('createStream gives one stream, the same again; streams beyond OS are refused', async () => {
    const { client, peer } = await connectedPair({ client: { OS: 3 } });
    const stream = client.createStream(1);
    expect(client.createStream(1)).toBe(stream);
    expect(client.createStream()).toBe(client.createStream(0));
    expectThrow(() => client.createStream(client.OS), { code: 'ERR_OUT_OF_RANGE' });
    const received = once(peer, 'data') as Promise<[sctp.Message]>;
    stream.write('some data');
    expect((await received)[0]).toMatchObject({ sid: 1 });
  });

  test("'stream' gives each new incoming stream and its number; its data has ppid", async () => {
    const { client, peer } = await connectedPair();
    const announced = once(peer, 'stream') as Promise<[sctp.SctpStream, number]>;
    client.createStream(4, sctp.PPID.WEBRTC_STRING).write('text');
    const [stream, id] = await announced;
    const [data] = (await once(stream, 'data')) as [sctp.Message];
    expect([id, data.ppid, String(data)]).toEqual([4, 51, 'text']);
  });

  test('buffer.ppid counts more than that of the stream, and that than the socket’s', async () => {
    const { client, peer } = await connectedPair({ client: { ppid: 1 } });
    const ppids: number[] = [];
    peer.on('data', ({ ppid }) => ppids.push(ppid));
    const stream = client.createStream(1, 2);
    client.write('socket');
    stream.write('stream');
    stream.write(Object.assign(Buffer.from('message'), { ppid: 3 }));
    client.end();
    await once(peer, 'end');
    expect(ppids).toEqual([1, 2, 3]);
  });

  test('MIS and OS are what was negotiated, from connect on', async () => {
    const server = await listening({ MIS: 2, OS: 100 });
    const client = connectTo(server, { MIS: 5, OS: 5 });
    await once(client, 'connect');
    expect([client.OS, client.MIS]).toEqual([2, 5]);
  });
});
