/** What options do to the packets of an association: how many there are, and their headers. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';

import { connect, createServer, type SctpOptions } from 'kernel-sctp';

import { Capture, DATA, INIT } from '../../support/capture';
import { closing, defer } from '../../support/cleanup';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';

const [SHUTDOWN_ACK, ERROR, ECN_ECHO] = [8, 9, 12];
const STALE_COOKIE = 3;
/** The lower two bits of the byte with DSCP (RFC 3168 §5). */
const CONGESTION_EXPERIENCED = 3;

/** What becomes of the packets of this test. */
function shapeLoopback(...words: string[]): void {
  execFileSync('tc', ['qdisc', 'add', 'dev', 'lo', 'root', 'netem', ...words]);
  defer(() => {
    execFileSync('tc', ['qdisc', 'del', 'dev', 'lo', 'root']);
  });
}

describeSctp('delayedSack', () => {
  /** How many SACKs answer messages each of which arrives before the next is sent. */
  async function sacksFor(count: number, delayedSack: SctpOptions['delayedSack']): Promise<number> {
    const { client, peer } = await connectedPair({
      client: { sctp: { noDelay: true } },
      server: { sctp: { ...(delayedSack && { delayedSack }) } },
    });
    const sacks = (): number => Number(peer.getOption('assocStats').oSacks);
    const before = sacks();
    for (let i = 0; i < count; i++) {
      const message = once(peer, 'data');
      client.write('x');
      await message;
    }
    return sacks() - before;
  }

  test('freq 1: a SACK for every packet; 10: for fewer than every second', async () => {
    expect(await sacksFor(20, { freq: 1 })).toBe(20);
    expect(await sacksFor(20, { freq: 10, delay: 500 })).toBeLessThan(10);
  });
});

describeSctp('ecnSupported', () => {
  // That packets are ECN-capable (ECT) proves nothing: the kernel's always are.
  test.each([true, false])('%p: whether marks of congestion are echoed', async (on) => {
    shapeLoopback('loss', '100%', 'ecn'); // marks what it would drop
    const capture = await Capture.start();
    const sctp = { ecnSupported: on };
    const { server, client, peer } = await connectedPair({ client: { sctp }, server: { sctp } });
    client.write('x');
    expect((await capture.packet(portOf(server), DATA)).tos).toBe(CONGESTION_EXPERIENCED);
    await client.dry();
    peer.resume();
    client.end();
    await capture.packet(client.localPort as number, SHUTDOWN_ACK);
    const types = capture.packets.flatMap(({ chunks }) => chunks.map(({ type }) => type));
    expect(types.includes(ECN_ECHO)).toBe(on);
  });
});

describeSctp('peerAddrParams', () => {
  test('ipv6FlowLabel is that of every packet', async () => {
    const server = closing(createServer());
    server.on('connection', destroying);
    await once(server.listen(0, '::1'), 'listening');
    const capture = await Capture.start('IPv6');
    const label = 0x12345;
    const sctp = { peerAddrParams: { ipv6FlowLabel: label } };
    const client = destroying(connect({ host: '::1', port: portOf(server), sctp }));
    await once(client, 'connect');
    client.write('x');
    for (const type of [INIT, DATA]) {
      expect((await capture.packet(portOf(server), type)).flowLabel).toBe(label);
    }
  });
});

describeSctp('assocInfo', () => {
  test('a cookie that took longer than cookieLife is refused; the peer asks for more', async () => {
    shapeLoopback('delay', '50ms');
    const capture = await Capture.start();
    const server = await listening({ sctp: { assocInfo: { cookieLife: 10 } } });
    const client = connectTo(server);
    await once(client, 'connect');
    const { value } = await capture.chunk(client.localPort as number, ERROR);
    expect(value.readUInt16BE()).toBe(STALE_COOKIE);
    const inits = capture.packets.filter(
      ({ destinationPort, chunks }) =>
        destinationPort === portOf(server) && chunks.some(({ type }) => type === INIT),
    );
    expect(inits.length).toBeGreaterThan(1);
  });
});
