/** Transports of every kind, and bad ones; options. */
import { once } from 'node:events';
import { Duplex } from 'node:stream';

import {
  createDataChannelAssociation,
  type DataChannelAssociationOptions,
  type PacketTransport,
} from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';
import { announced, event, makePair, messages, pause, withChannel } from './link';

/** Two Duplexes of packets, one at each end of a wire. */
function wire(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      objectMode: true,
      read: () => undefined,
      write(packet, _encoding, done) {
        setImmediate(() => other().push(packet));
        done();
      },
    });
  const a: Duplex = make(() => b);
  const b: Duplex = make(() => a);
  return [a, b];
}

async function talk(
  a: DataChannelAssociationOptions['transport'],
  b: DataChannelAssociationOptions['transport'],
): Promise<void> {
  const client = createDataChannelAssociation({ role: 'client', transport: a as Duplex });
  const server = createDataChannelAssociation({ role: 'server', transport: b as Duplex });
  defer(() => {
    client.abort();
    server.abort();
  });
  const channel = client.createDataChannel('x');
  channel.onopen = () => {
    channel.send('hello');
  };
  const [theirs] = await Promise.all([announced(server), client.connect(), server.connect()]);
  expect(await messages(theirs, 1)).toEqual(['hello']);
  await client.close();
}

test('an object with send and onPacket', async () => {
  const a: PacketTransport = { send: (packet) => setImmediate(() => b.onPacket?.(packet)) };
  const b: PacketTransport = { send: (packet) => setImmediate(() => a.onPacket?.(packet)) };
  await talk(a, b);
  expect(a.onPacket).toBeUndefined(); // let go
});

test('packets as ArrayBuffers, kept and sent late', async () => {
  const late = (to: () => PacketTransport) => (packet: Buffer) => {
    setTimeout(() => {
      const { buffer, byteOffset, byteLength } = packet;
      to().onPacket?.((buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength));
    }, 5);
  };
  const a: PacketTransport = { send: late(() => b) };
  const b: PacketTransport = { send: late(() => a) };
  await talk(a, b);
});

test('a Duplex of packets', async () => {
  await talk(...wire());
});

test('a Duplex that ends takes the association with it', async () => {
  const [a] = wire();
  const association = createDataChannelAssociation({ role: 'client', transport: a });
  const connecting = association.connect();
  a.destroy();
  await expect(connecting).rejects.toMatchObject({ code: 'ERR_SCTP_TRANSPORT' });
  expect(association.state).toBe('failed');
});

test('a Duplex that fails says why, whatever is noticed first', async () => {
  const cause = new Error('no route');
  const [a] = wire();
  const association = createDataChannelAssociation({ role: 'client', transport: a });
  a.destroy(cause);
  await expect(association.connect()).rejects.toMatchObject({ code: 'ERR_SCTP_TRANSPORT', cause });

  const [b] = wire();
  b.on('error', () => undefined).destroy(cause);
  await new Promise((resolve) => b.once('close', resolve));
  const late = createDataChannelAssociation({ role: 'client', transport: b });
  await expect(late.connect()).rejects.toMatchObject({ code: 'ERR_SCTP_TRANSPORT', cause });
});

test('a Duplex that was over before fails the association, whether it begins or waits', async () => {
  for (const spoil of ['destroy', 'end'] as const) {
    for (const begins of [true, false]) {
      const [a] = wire();
      a.resume();
      if (spoil === 'destroy') a.destroy();
      else a.push(null);
      await once(a, spoil === 'destroy' ? 'close' : 'end');
      const association = createDataChannelAssociation({ role: 'client', transport: a });
      const over = new Promise((resolve) => association.once('close', resolve));
      if (begins) {
        const code = 'ERR_SCTP_TRANSPORT';
        await expect(association.connect()).rejects.toMatchObject({ code });
      }
      await over;
      expect(association.state).toBe('failed');
    }
  }
});

test('a Duplex that takes nothing more fails the association when it sends', async () => {
  const [a] = wire();
  a.end();
  const association = createDataChannelAssociation({ role: 'client', transport: a });
  await expect(association.connect()).rejects.toMatchObject({
    code: 'ERR_SCTP_TRANSPORT',
    message: 'the transport failed: it no longer takes packets',
  });
});

test('a Duplex that is over may be replaced in the same tick', async () => {
  const [a] = wire();
  a.destroy();
  await once(a, 'close');
  const association = createDataChannelAssociation({ role: 'client', transport: a });
  association.setSendCallback(() => undefined);
  await pause(5);
  expect(association.state).toBe('new');
  association.abort();
});

test('a Duplex of text fails the association, not the process', async () => {
  const [a, b] = wire();
  a.setEncoding('utf8');
  const association = createDataChannelAssociation({ role: 'client', transport: a });
  const connecting = association.connect();
  b.write(Buffer.from('no packets, but text'));
  await expect(connecting).rejects.toMatchObject({
    code: 'ERR_SCTP_TRANSPORT',
    cause: expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }) as Error,
  });
});

test.each([
  [
    'throws',
    () => {
      throw new Error('broken pipe');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken pipe'))],
])('a transport that %s fails the association, not the process', async (_name, send) => {
  const association = createDataChannelAssociation({ role: 'client', transport: { send } });
  const channel = association.createDataChannel('x');
  const closed = new Promise<void>((resolve) => channel.on('close', resolve));
  await expect(association.connect()).rejects.toMatchObject({
    code: 'ERR_SCTP_TRANSPORT',
    message: expect.stringContaining('broken pipe') as string,
  });
  await closed;
});

test('what is no packet throws where it is handed over', async () => {
  const { client } = await withChannel();
  for (const garbage of [undefined, null, 5, 'text', {}, []]) {
    expect(() => {
      client.handleIncoming(garbage as Buffer);
    }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }) as Error);
  }
  client.handleIncoming(Buffer.alloc(0));
  client.handleIncoming(new Uint8Array(new SharedArrayBuffer(100)));
  client.handleIncoming(new DataView(new ArrayBuffer(70_000)));
  const detached = new Uint8Array(20);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  client.handleIncoming(detached);
  await pause(5);
  expect(client.state).toBe('connected');
});

test('packets after the end, and before the beginning', async () => {
  const { client, server, link } = await withChannel();
  const packets = link.packets.slice();
  await client.close();
  for (const packet of packets) client.handleIncoming(packet);
  const fresh = makePair();
  for (const packet of packets) fresh.server.handleIncoming(packet);
  await pause(20);
  expect([client.state, server.state, fresh.server.state]).toEqual(['closed', 'closed', 'new']);
});

test('connect: nobody answers', async () => {
  const association = createDataChannelAssociation({
    transport: { send: () => undefined },
    role: 'client',
    connectTimeout: 50,
  });
  await expect(association.connect()).rejects.toMatchObject({ code: 'ERR_SCTP_CONNECT_TIMEOUT' });
  expect(association.state).toBe('failed');
});

test('a signal aborts', async () => {
  const gone = createDataChannelAssociation({ role: 'client', signal: AbortSignal.abort() });
  await expect(gone.connect()).rejects.toMatchObject({ name: 'AbortError' });
  const controller = new AbortController();
  const { client, server } = await withChannel({}, {}, { signal: controller.signal });
  const over = new Promise((resolve) => server.once('close', resolve));
  controller.abort(new Error('enough of it'));
  await over;
  await pause(5);
  expect([client.state, server.state]).toEqual(['failed', 'failed']);
});

test.each([
  [undefined, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'ERR_INVALID_ARG_TYPE'],
  [{ role: 'both' }, 'ERR_INVALID_ARG_VALUE'],
  [{ role: 'client', port: 0 }, 'ERR_SOCKET_BAD_PORT'],
  [{ role: 'client', remotePort: 70_000 }, 'ERR_SOCKET_BAD_PORT'],
  [{ role: 'client', mtu: 100 }, 'ERR_OUT_OF_RANGE'],
  [{ role: 'client', streams: 0 }, 'ERR_OUT_OF_RANGE'],
  [{ role: 'client', maxMessageSize: 0 }, 'ERR_OUT_OF_RANGE'],
  [{ role: 'client', remoteMaxMessageSize: -1 }, 'ERR_OUT_OF_RANGE'],
  [{ role: 'client', interleaving: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ role: 'client', connectTimeout: 'soon' }, 'ERR_INVALID_ARG_TYPE'],
  [{ role: 'client', transport: {} }, 'ERR_INVALID_ARG_TYPE'],
  [{ role: 'client', signal: {} }, 'ERR_INVALID_ARG_TYPE'],
  [{ role: 'client', sctpPort: 5000 }, 'ERR_INVALID_ARG_VALUE'],
])('options %j: %s', (options, code) => {
  expect(() => createDataChannelAssociation(options as never)).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});

test('a transport carries one association at a time', async () => {
  const transport: PacketTransport = { send: () => undefined };
  const first = createDataChannelAssociation({ role: 'client', transport });
  const { onPacket } = transport;
  expect(() => createDataChannelAssociation({ role: 'client', transport })).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(
        "'options.transport' carries an association already, which has its onPacket",
      ) as string,
    }) as Error,
  );
  expect(transport.onPacket).toBe(onPacket);
  first.abort();
  await pause(0);
  expect(transport.onPacket).toBeUndefined();
  createDataChannelAssociation({ role: 'client', transport }).abort();
});

test('a transport that is frozen is refused', () => {
  const transport = Object.freeze({ send: () => undefined });
  expect(() => createDataChannelAssociation({ role: 'client', transport })).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining('must let its onPacket be set') as string,
    }) as Error,
  );
});

test('ports, MTU and extensions are those that were asked for', async () => {
  const options = { port: 6000, remotePort: 6000, mtu: 600, zeroChecksum: true };
  const { ours, theirs, link } = await withChannel({}, {}, options);
  const got = messages(theirs, 1);
  ours.send(Buffer.alloc(5000));
  await got;
  const lengths = link.packets.map(({ length }) => length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(600);
  expect(link.packets.every((packet) => packet.readUInt16BE(0) === 6000)).toBe(true);
  expect(link.packets.at(-1)?.readUInt32LE(8)).toBe(0);
  const closed = event(theirs, 'close');
  ours.close();
  await closed;
});
