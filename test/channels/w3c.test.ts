/** The surface that browsers have. */
import { ChannelMessageEvent, DataChannel, RTCError, RTCErrorEvent } from 'kernel-sctp/channels';

import { announced, connected, event, makePair, messages, pause, withChannel } from './link';

const named = (name: string): unknown => expect.objectContaining({ name });

test('attributes are those of the options, at both ends', async () => {
  const init = { ordered: false, maxRetransmits: 3, protocol: 'chat', priority: 'high' } as const;
  const { ours, theirs } = await withChannel(init);
  for (const channel of [ours, theirs]) {
    expect(channel).toBeInstanceOf(EventTarget);
    expect(channel).toMatchObject({
      id: 0,
      label: 'test',
      protocol: 'chat',
      ordered: false,
      maxRetransmits: 3,
      maxPacketLifeTime: null,
      negotiated: false,
      priority: 1024,
      readyState: 'open',
      bufferedAmount: 0,
      bufferedAmountLowThreshold: 0,
      binaryType: 'arraybuffer',
    });
  }
});

test('defaults', () => {
  const channel = makePair().client.createDataChannel('');
  expect(channel).toMatchObject({
    label: '',
    protocol: '',
    ordered: true,
    maxRetransmits: null,
    maxPacketLifeTime: null,
    negotiated: false,
    priority: 256,
    readyState: 'connecting',
  });
});

test('what cannot be is refused as the W3C has it', async () => {
  const { client } = await connected({}, { streams: 10 });
  const create = (init: object, label: unknown = 'x') => {
    return () => client.createDataChannel(label as string, init);
  };
  expect(create({ maxRetransmits: 1, maxPacketLifeTime: 1 })).toThrow(TypeError);
  expect(create({ negotiated: true })).toThrow(TypeError);
  expect(create({ id: 65535, negotiated: true })).toThrow(TypeError);
  expect(create({ id: -1 })).toThrow(TypeError);
  expect(create({ maxRetransmits: 65536 })).toThrow(TypeError);
  expect(create({ maxPacketLifeTime: -1 })).toThrow(TypeError);
  expect(create({}, 'x'.repeat(65536))).toThrow(TypeError);
  expect(create({ protocol: 'é'.repeat(32768) })).toThrow(TypeError);
  expect(create({}, 5)).toThrow(TypeError);
  expect(create({ priority: 'urgent' })).toThrow(TypeError);
  expect(create({ id: 10 })).toThrow(named('OperationError') as Error);
  expect(create({ id: 3 })).toThrow(named('OperationError') as Error); // the server's parity
  client.createDataChannel('taken', { id: 4, negotiated: true });
  expect(create({ id: 4 })).toThrow(named('OperationError') as Error);
  for (let i = 0; i < 4; i++) client.createDataChannel('x');
  expect(create({})).toThrow(named('OperationError') as Error); // 0, 2, 4, 6 and 8 are in use
  client.abort();
  await new Promise((resolve) => client.once('close', resolve));
  expect(create({})).toThrow(named('InvalidStateError') as Error);
});

test('send in other states than open', async () => {
  const pair = makePair();
  const early = pair.client.createDataChannel('early');
  expect(() => {
    early.send('x');
  }).toThrow(named('InvalidStateError') as Error);
  const { ours } = await withChannel();
  ours.close();
  expect(ours.readyState).toBe('closing');
  expect(() => {
    ours.send(new Blob(['x']));
  }).toThrow(named('InvalidStateError') as Error);
  await event(ours, 'close');
  expect(() => {
    ours.send('x');
  }).toThrow(named('InvalidStateError') as Error);
});

test('a message may be as long as the peer takes, and no longer', async () => {
  const { ours, theirs, client } = await withChannel({}, {}, { remoteMaxMessageSize: 1000 });
  expect(client.maxMessageSize).toBe(1000);
  const got = messages(theirs, 2);
  ours.send('é'.repeat(500));
  ours.send(Buffer.alloc(1000));
  for (const long of ['é'.repeat(501), Buffer.alloc(1001), new Blob(['x'.repeat(1001)])]) {
    expect(() => {
      ours.send(long);
    }).toThrow(TypeError);
  }
  expect((await got).map(({ length }) => length)).toEqual([500, 1000]);
  expect(() => {
    ours.send(5 as unknown as string);
  }).toThrow(TypeError);
});

test('binaryType, and every type that can be sent, in order', async () => {
  const { ours, theirs } = await withChannel();
  const received: unknown[] = [];
  const four = new Promise<void>((resolve) => {
    theirs.onmessage = (message) => {
      expect(message).toBeInstanceOf(ChannelMessageEvent);
      expect(message.target).toBe(theirs);
      received.push(message.data);
      if (received.length === 6) resolve();
    };
  });
  ours.send(new Blob(['blob']));
  ours.send('text');
  ours.send(Uint8Array.of(1, 2).buffer);
  ours.send(new DataView(Uint8Array.of(0, 3).buffer, 1));
  ours.send('');
  ours.send(new ArrayBuffer(0));
  await four;
  const bytes = (value: unknown): number[] => [...new Uint8Array(value as ArrayBuffer)];
  expect(received.map((value) => (typeof value === 'string' ? value : bytes(value)))).toEqual([
    [...Buffer.from('blob')],
    'text',
    [1, 2],
    [3],
    '',
    [],
  ]);
  expect(received[2]).toBeInstanceOf(ArrayBuffer);

  theirs.binaryType = 'nonsense' as 'blob';
  expect(theirs.binaryType).toBe('arraybuffer');
  for (const type of ['blob', 'nodebuffer'] as const) {
    theirs.binaryType = type;
    const data = new Promise((resolve) => {
      theirs.onmessage = (message) => {
        resolve(message.data);
      };
    });
    ours.send(Buffer.from('abc'));
    const value = await data;
    expect(value).toBeInstanceOf(type === 'blob' ? Blob : Buffer);
    expect(await new Response(value as Blob).text()).toBe('abc');
  }
});

test('received ArrayBuffers are the program’s own', async () => {
  const { ours, theirs } = await withChannel();
  const buffers: ArrayBuffer[] = [];
  theirs.onmessage = ({ data }) => buffers.push(data as ArrayBuffer);
  ours.send(Buffer.alloc(100));
  ours.send(Buffer.alloc(100_000));
  while (buffers.length < 2) await pause(1);
  expect(buffers.map(({ byteLength }) => byteLength)).toEqual([100, 100_000]);
  structuredClone(buffers, { transfer: buffers }); // throws if one cannot be transferred
  expect(buffers.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
});

test('handler attributes keep their place among the listeners', async () => {
  const { ours, theirs } = await withChannel();
  const order: string[] = [];
  theirs.onmessage = () => order.push('first');
  theirs.addEventListener('message', () => order.push('listener'));
  theirs.onmessage = () => order.push('second');
  ours.send('x');
  await messages(theirs, 1);
  await pause(1);
  expect(order).toEqual(['second', 'listener']);
  expect(theirs.onclose).toBeNull();
  theirs.onmessage = null;
  ours.send('x');
  await messages(theirs, 1);
  await pause(1);
  expect(order).toEqual(['second', 'listener', 'listener']);
});

test('open comes after datachannel, and messages after whoever awaits either', async () => {
  const { client, server } = makePair();
  const order: string[] = [];
  const ours = client.createDataChannel('x');
  ours.onopen = () => {
    ours.send('sent at once');
  };
  const theirs = announced(server).then((channel) => {
    order.push(`datachannel ${channel.readyState}`);
    channel.on('open', () => order.push('open'));
    return channel;
  });
  await Promise.all([client.connect(), server.connect()]);
  const channel = await theirs;
  await event(channel, 'open');
  expect(await messages(channel, 1)).toEqual(['sent at once']);
  expect(order).toEqual(['datachannel open', 'open']);
});

test('bufferedAmount, its threshold and drained()', async () => {
  const { ours, theirs } = await withChannel();
  ours.bufferedAmountLowThreshold = 20_000;
  let low = 0;
  ours.onbufferedamountlow = () => low++;
  const got = messages(theirs, 100);
  for (let i = 0; i < 100; i++) ours.send(Buffer.alloc(1000));
  expect(ours.bufferedAmount).toBe(100_000);
  await ours.drained();
  expect(ours.bufferedAmount).toBeLessThanOrEqual(20_000);
  await got;
  await pause(5);
  expect([low, ours.bufferedAmount]).toEqual([1, 0]);
  expect(() => (ours.bufferedAmountLowThreshold = -1)).toThrow(RangeError);
});

test('too much for the buffer is refused, and nothing of it taken', async () => {
  const { ours, theirs } = await withChannel({}, {}, { sendBufferLimit: 10_000 });
  const got = messages(theirs, 2);
  ours.send(Buffer.alloc(6000));
  expect(() => {
    ours.send(Buffer.alloc(6000));
  }).toThrow(named('OperationError') as Error);
  await ours.drained();
  await pause(50);
  ours.send('fits');
  expect((await got)[1]).toBe('fits');
});

test('the peer’s abort closes the channel with an RTCError', async () => {
  const { ours, client, server } = await withChannel();
  const events: unknown[] = [];
  ours.onerror = (error) => events.push(error);
  ours.onclose = () => events.push('close');
  const over = new Promise((resolve) => client.once('close', resolve));
  server.abort('enough');
  expect(await over).toMatchObject({ code: 'ECONNRESET' });
  while (events.length < 2) await pause(1);
  const [failure] = events as [RTCErrorEvent];
  expect(failure).toBeInstanceOf(RTCErrorEvent);
  expect(failure.error).toBeInstanceOf(RTCError);
  expect(failure.error).toBeInstanceOf(DOMException);
  expect(failure.error).toMatchObject({
    name: 'OperationError',
    errorDetail: 'sctp-failure',
    sctpCauseCode: 12,
    message: expect.stringContaining('enough') as string,
  });
  expect(events[1]).toBe('close');
  expect([ours.readyState, client.state, server.state]).toEqual(['closed', 'failed', 'closed']);
});

test('negotiated channels are announced by nobody', async () => {
  const { client, server } = await connected();
  server.on('datachannel', () => {
    throw new Error('announced');
  });
  const init = { negotiated: true, id: 7, ordered: false, maxPacketLifeTime: 5000 };
  const [ours, theirs] = [client, server].map((end) => end.createDataChannel('n', init)) as [
    DataChannel,
    DataChannel,
  ];
  await Promise.all([event(ours, 'open'), event(theirs, 'open')]);
  theirs.send('hello');
  expect(await messages(ours, 1)).toEqual(['hello']);
});

test('asynchronous disposal closes', async () => {
  const { ours, theirs, client } = await withChannel();
  const closed = event(theirs, 'close');
  await ours[Symbol.asyncDispose]();
  await closed;
  expect(ours.readyState).toBe('closed');
  await client[Symbol.asyncDispose]();
  expect(client.state).toBe('closed');
});
