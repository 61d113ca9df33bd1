/** What options of sockets do, as the peer and the wire see it. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';

import { connect, createServer, type Notification, type SctpOptions, Socket } from 'kernel-sctp';

import { Capture, DATA, INIT, parametersOf } from '../../support/capture';
import { defer } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';

/** What an INIT says of extensions (RFC 5061 §4.2.7), and parameters of its own. */
const SUPPORTED_EXTENSIONS = 0x8008;
const [AUTH_RANDOM, ECN, FORWARD_TSN, ADAPTATION] = [0x8002, 0x8000, 0xc000, 0xc006];
const [ASCONF, RECONFIG, I_DATA, AUTH] = [193, 130, 64, 15];
const [HEARTBEAT, PAD] = [4, 132];

/** The INIT of a connection that is made with these options. */
async function initOf(sctp: SctpOptions) {
  const server = await listening({ sctp });
  const capture = await Capture.start();
  const client = connectTo(server, { sctp });
  await once(client, 'connect');
  const init = await capture.chunk(portOf(server), INIT);
  const parameters = parametersOf(init);
  const extensions = [...(parameters.get(SUPPORTED_EXTENSIONS) ?? [])];
  return { client, init, parameters, extensions };
}

describeSctp('on the wire', () => {
  test('without options: partial reliability and ECN are offered, nothing else', async () => {
    const { client, parameters, extensions } = await initOf({});
    expect([parameters.has(ECN), parameters.has(FORWARD_TSN)]).toEqual([true, true]);
    expect([parameters.has(AUTH_RANDOM), parameters.has(ADAPTATION)]).toEqual([false, false]);
    for (const type of [ASCONF, RECONFIG, I_DATA, AUTH]) expect(extensions).not.toContain(type);
    expect(client.getOption('prSupported')).toBe(true);
    expect(client.getOption('authSupported')).toBe(false);
  });

  test('what is switched on is offered, what is switched off is not', async () => {
    const file = '/proc/sys/net/sctp/intl_enable';
    writeFileSync(file, '1');
    defer(() => {
      writeFileSync(file, '0');
    });
    const { client, init, parameters, extensions } = await initOf({
      authSupported: true,
      asconfSupported: true,
      reconfigSupported: true,
      fragmentInterleave: true,
      interleavingSupported: true,
      prSupported: false,
      ecnSupported: false,
      adaptationLayer: 0xfedcba98,
      initMsg: { numOstreams: 7, maxInstreams: 9 },
    });
    expect([parameters.has(ECN), parameters.has(FORWARD_TSN)]).toEqual([false, false]);
    expect(parameters.has(AUTH_RANDOM)).toBe(true);
    expect(extensions).toEqual(expect.arrayContaining([ASCONF, RECONFIG, I_DATA, AUTH]));
    expect(parameters.get(ADAPTATION)?.readUInt32BE()).toBe(0xfedcba98);
    expect([init.value.readUInt16BE(8), init.value.readUInt16BE(10)]).toEqual([7, 9]);
    for (const [name, on] of [
      ['authSupported', true],
      ['asconfSupported', true],
      ['reconfigSupported', true],
      ['interleavingSupported', true],
      ['prSupported', false],
      ['ecnSupported', false],
    ] as const) {
      expect({ [name]: client.getOption(name) }).toEqual({ [name]: on });
    }
  });

  test('an extension that only one side wants is not there', async () => {
    const server = await listening();
    const client = connectTo(server, { sctp: { reconfigSupported: true } });
    await once(client, 'connect');
    expect(client.getOption('reconfigSupported')).toBe(false);
    expectThrow(
      () => {
        client.setOption('enableStreamReset', { resetStreams: true });
      },
      {
        code: 'ERR_SCTP_OPTION',
        message:
          'cannot set enableStreamReset to { resetStreams: true }: it needs reconfigSupported: ' +
          'set that, here and at the peer, before they associate',
      },
    );
  });

  test('dscp, mark and maxSeg; ours and those of what a server accepts', async () => {
    const capture = await Capture.start();
    const sctp = { dscp: 46, mark: 77, maxSeg: 1000 };
    const { server, client, peer } = await connectedPair({ client: { sctp }, server: { sctp } });
    client.write(Buffer.alloc(5000));
    peer.write(Buffer.alloc(5000));
    for (const port of [portOf(server), client.localPort as number]) {
      const { tos, mark, chunks } = await capture.packet(port, DATA);
      expect([tos >> 2, mark]).toEqual([46, 77]);
      for (const { type, length } of chunks) if (type === DATA) expect(length).toBeLessThan(1020);
    }
    client.setOption('dscp', 0);
    expect(client.getOption('dscp')).toBe(0);
  });

  test('plpmtudProbeInterval: padded heartbeats probe for longer packets', async () => {
    const server = await listening();
    const client = connectTo(server, { sctp: { plpmtudProbeInterval: { interval: 5000 } } });
    await once(client, 'connect');
    const capture = await Capture.start();
    const { chunks } = await capture.packet(portOf(server), PAD);
    expect(chunks.map(({ type }) => type)).toEqual([HEARTBEAT, PAD]);
  });

  test('the number of adaptationLayer reaches the peer', async () => {
    const server = await listening({ sctp: { adaptationLayer: 5 } });
    const client = destroying(connect(portOf(server), '127.0.0.1'));
    const indication = await new Promise<unknown>((resolve) => {
      client.on('notification', (notification: Notification) => {
        if (notification.type === 'adaptation') resolve(notification);
      });
    });
    expect(JSON.stringify(indication)).toContain('5');
    expectThrow(
      () => {
        client.setOption('adaptationLayer', 6);
      },
      {
        code: 'ERR_SCTP_OPTION',
        message: expect.stringContaining('give it as sctp.adaptationLayer when') as string,
      },
    );
  });
});

describeSctp('at the peer', () => {
  test('maxBurst: fewer packets at once, so that the congestion window grows less', async () => {
    execFileSync('tc', ['qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '50ms']);
    defer(() => {
      execFileSync('tc', ['qdisc', 'del', 'dev', 'lo', 'root']);
    });
    const windowAfter = async (maxBurst: number): Promise<number> => {
      const sctp = { maxBurst, peerAddrParams: { pathMtu: 1500 } };
      const { client, peer } = await connectedPair({ client: { sctp } });
      peer.resume();
      for (let i = 0; i < 40; i++) client.write(Buffer.alloc(1400));
      await client.dry();
      return client.status().primary.cwnd;
    };
    const [few, many] = await Promise.all([windowAfter(1), windowAfter(10)]);
    expect(few).toBeLessThan(many);
  });

  test('context is what received messages carry', async () => {
    const { client, peer } = await connectedPair({ server: { sctp: { context: 99 } } });
    const message = once(peer, 'message');
    client.send(Buffer.from('x'), { context: 5 }); // that one is for our own failures
    expect((await message)[1]).toMatchObject({ context: 99 });
  });

  test('disableFragments: what does not fit into a packet is refused, and explained', async () => {
    const { client, peer } = await connectedPair({ client: { sctp: { maxSeg: 1000 } } });
    client.setOption('disableFragments', true);
    const refused = await new Promise<unknown>((resolve) => {
      client.send(Buffer.alloc(2000), {}, resolve);
    });
    expect(refused).toMatchObject({
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
      message: expect.stringContaining(
        'the option disableFragments forbids splitting it',
      ) as string,
      size: 2000,
    });
    client.setOption('disableFragments', false);
    const message = once(peer, 'data');
    client.send(Buffer.alloc(2000));
    expect((await message)[0]).toHaveLength(2000);
  });

  /** In which order messages arrive that waited on two streams, `value` of the second lower. */
  async function orderWith(scheduler: 'fcfs' | 'prio' | 'rr'): Promise<string> {
    const sctp = { rtoInfo: { initial: 100, min: 50, max: 1000 } };
    const { client, peer } = await connectedPair({
      client: { sctp: { ...sctp, streamScheduler: scheduler } },
      server: { highWaterMark: 1, sctp: { ...sctp, rcvBuf: 10_000 } },
    });
    peer.pause();
    for (const [sid, value] of [
      [1, 7],
      [2, 3],
    ] as const) {
      client.setOption('streamSchedulerValue', { sid, value });
      const read = client.getOption('streamSchedulerValue', { sid });
      // Only some schedulers keep the value.
      expect(read).toEqual({ sid, value: scheduler === 'prio' ? value : 0 });
    }
    // Fills the peer's window, so that the rest waits.
    for (let i = 0; i < 60; i++) client.send(Buffer.alloc(2000, '-'), { sid: 0 });
    for (const letter of 'aaa') client.send(Buffer.from(letter), { sid: 1 });
    for (const letter of 'bbb') client.send(Buffer.from(letter), { sid: 2 });
    const received: string[] = [];
    peer.on('data', (data) => received.push(String(data)[0] as string)).resume();
    await client.dry();
    const end = once(peer, 'end');
    client.end();
    await end;
    return received.filter((letter) => letter !== '-').join('');
  }

  test.each([
    ['fcfs', 'aaabbb'],
    ['rr', 'ababab'],
    ['prio', 'bbbaaa'],
  ] as const)('streamScheduler %s: %s', async (scheduler, expected) => {
    expect(await orderWith(scheduler)).toBe(expected);
  });

  test.each([true, false])('mappedV4Addr %p: IPv4 peers appear as IPv4', async (mappedV4Addr) => {
    const server = createServer({ sctp: { mappedV4Addr } });
    defer(() => server.close());
    server.listen(0);
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = destroying(
      connect({ port: portOf(server), host: '127.0.0.1', sctp: { mappedV4Addr } }),
    );
    const [peer] = await accepted;
    destroying(peer);
    expect(peer.getOption('mappedV4Addr')).toBe(mappedV4Addr);
    expect([peer.remoteAddress, peer.remoteFamily]).toEqual(['127.0.0.1', 'IPv4']);
    const primary = peer.getOption('primaryAddr');
    expect([primary.address, primary.family]).toEqual(['127.0.0.1', 'IPv4']);
    expect(peer.remoteAddresses).toContain('127.0.0.1');
    expect(peer.localAddresses.filter((address) => address.includes('ffff:'))).toEqual([]);
    const message = once(peer, 'data');
    client.write('x');
    await message;
  });

  test('bindToDevice: a device that is not there is explained', async () => {
    const { client } = await connectedPair({ client: { sctp: { bindToDevice: 'lo' } } });
    expect(client.getOption('bindToDevice')).toBe('lo');
    const socket = destroying(new Socket({ sctp: { bindToDevice: 'nosuchdevice' } }));
    const failed = once(socket, 'error');
    socket.connect(client.remotePort as number, '127.0.0.1');
    expect((await failed)[0]).toMatchObject({
      code: 'ERR_SCTP_OPTION',
      message: expect.stringContaining('There must be a network device of that name') as string,
    });
  });

  test('defaultPrInfo by retransmissions is not taken for a lifetime', async () => {
    // Left to itself the kernel makes 3 ms of 3 retransmissions.
    const sctp = { defaultPrInfo: { policy: 'rtx', value: 3 } } as const;
    const rto = { rtoInfo: { initial: 100, min: 50, max: 1000 }, assocInfo: { asocMaxRxt: 100 } };
    const { client, peer } = await connectedPair({
      client: { sctp: { ...sctp, ...rto } },
      server: { highWaterMark: 1, sctp: { ...rto, rcvBuf: 10_000 } },
    });
    peer.pause();
    const count = 40;
    for (let i = 0; i < count; i++) client.write(Buffer.alloc(2000));
    await new Promise((resolve) => setTimeout(resolve, 100)); // longer than the 3 ms
    let received = 0;
    const all = new Promise<void>((resolve) => {
      peer.on('data', () => {
        if (++received === count) resolve();
      });
    });
    peer.resume();
    await all;
    expect(client.getOption('prAssocStatus', { policy: 'ttl' })).toMatchObject({
      abandonedUnsent: 0,
      abandonedSent: 0,
    });
  });

  test('the association’s entry in /proc/net/sctp shows its buffers and limits', async () => {
    const { client } = await connectedPair({
      client: { sctp: { sndBuf: 300_000, rcvBuf: 200_000, assocInfo: { asocMaxRxt: 6 } } },
    });
    const local = String(client.localPort);
    const rows = readFileSync('/proc/net/sctp/assocs', 'ascii').split('\n');
    const row = rows.map((line) => line.trim().split(/\s+/)).find((words) => words[11] === local);
    expect([row?.at(-8), ...(row?.slice(-2) ?? [])]).toEqual(['6', '600000', '400000']);
  });
});
