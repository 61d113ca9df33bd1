/** Every type of notification that one host alone can cause, for real, and its three views. */
import { once } from 'node:events';
import { join } from 'node:path';

import { connect, type Notification, type Socket } from 'kernel-sctp';

import { notificationTable } from '#lib/notifications/table';

import { projectRoot, start } from '../../support/child';
import { defer } from '../../support/cleanup';
import { Notified } from '../../support/notified';
import { PythonPeer } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { connectedPair, connectTo, destroying, listening, portOf } from '../../support/sockets';

const SCTP = 132;
const RECONFIG_SUPPORTED = 117;
const ENABLE_STREAM_RESET = 118;
const RESET_STREAMS = 119;
const RESET_ASSOC = 120;
const ADD_STREAMS = 121;

/** An association with a peer in Python that may change its streams. */
async function withPython(
  options: object = {},
): Promise<{ client: Socket; peer: PythonPeer; notified: Notified }> {
  const peer = await PythonPeer.open({
    style: 'stream',
    options: [
      [SCTP, RECONFIG_SUPPORTED, '0000000001000000'],
      [SCTP, ENABLE_STREAM_RESET, '0000000007000000'],
    ],
  });
  const enableStreamReset = { resetStreams: true, resetAssoc: true, changeAssoc: true };
  const client = destroying(
    connect({
      ...{ host: '127.0.0.1', port: peer.port, OS: 4, MIS: 20, ...options },
      sctp: { reconfigSupported: true, enableStreamReset },
    }),
  );
  const notified = new Notified(client);
  await Promise.all([once(client, 'connect'), peer.waitFor({ event: 'accepted' })]);
  return { client, peer, notified };
}

/** Checks the views beside the typed one. */
function expectViews(notification: Notification, fields: object, interpreted: RegExp): void {
  const { number, struct } = notificationTable[notification.type as 'shutdown'];
  expect(notification.number).toBe(number);
  expect(notification.raw.readUInt16LE()).toBe(number);
  expect(notification.raw.readUInt32LE(4)).toBe(notification.raw.length);
  expect(notification.parsed).toMatchObject({ sn_type: number, [struct]: fields });
  expect(notification.interpreted).toMatch(interpreted);
  expect(notification.assocId).toBeGreaterThan(2);
}

describeSctp('a notification that is real', () => {
  test('assocChange: up, in order down, and shutdown', async () => {
    const { client, peer } = await connectedPair({ client: { OS: 7 }, server: { MIS: 5 } });
    const [reported, atPeer] = [new Notified(client), new Notified(peer)];
    const up = await atPeer.next('assocChange', 'commUp');
    expect(up).toMatchObject({ error: 0, inboundStreams: 5, causes: [] });
    expectViews(
      up,
      { sac_state: 0, sac_error: 0, sac_inbound_streams: 5, sac_outbound_streams: 64 },
      /^association \d+ is up, with 64 outbound and 5 inbound streams$/,
    );
    client.end();
    client.resume();
    peer.resume();
    const shutdown = await atPeer.next('shutdown');
    expectViews(
      shutdown,
      { sse_type: 0x8005, sse_assoc_id: shutdown.assocId },
      /^the peer has shut association \d+ down$/,
    );
    const down = await reported.next('assocChange', 'shutdownComp');
    expectViews(down, { sac_state: 3 }, /^association \d+ has ended in order$/);
  });

  test('assocChange: aborted by the peer, with its reason', async () => {
    const { client, notified, forge } = await forgeable();
    const failed = once(client, 'error');
    // ABORT (RFC 9260 §3.3.7) with the cause "user-initiated abort" and a reason.
    forge(`0600000c000c0008${Buffer.from('busy').toString('hex')}`);
    const lost = await notified.next('assocChange', 'commLost');
    const info = Buffer.from('busy');
    const causes = [{ code: 12, name: 'user-initiated abort', text: 'busy', info }];
    expect(lost).toMatchObject({ error: 12, causes });
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET', syscall: 'read', causes });
    expectViews(
      lost,
      { sac_state: 1, sac_error: 12, sac_info: expect.any(Buffer) as Buffer },
      /^association \d+ was aborted by the peer: user-initiated abort, error cause 12 \("busy"\)$/,
    );
  });

  test('assocChange: could not be started', async () => {
    const server = await listening();
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const client = destroying(connect(port, '127.0.0.1'));
    const notified = new Notified(client);
    client.on('error', () => undefined);
    const failed = await notified.next('assocChange', 'cantStrAssoc');
    expectViews(failed, { sac_state: 4 }, /^association \d+ could not be started: /);
  });

  test('remoteError: an ERROR chunk', async () => {
    const { client, notified, forge } = await forgeable();
    // ERROR (RFC 9260 §3.3.10) with the causes "invalid stream identifier" and "unrecognized chunk".
    forge('09000014' + '0001000800070000' + '00060008ff000004');
    const error = await notified.next('remoteError');
    expect(error).toMatchObject({ error: 1, data: Buffer.from('00070000', 'hex') });
    expectViews(
      error,
      { sre_error: 1, sre_data: Buffer.from('00070000', 'hex'), sre_assoc_id: error.assocId },
      /^the peer of association \d+ reports invalid stream identifier, error cause 1 \(4 bytes: 00070000\)$/,
    );
    expect(await notified.next('remoteError', undefined, 1)).toMatchObject({ error: 6 });
    client.write('still up');
    await client.dry();
  });

  test('partialDelivery: the peer aborts amid a long message', async () => {
    const sctp = { rcvBuf: 100_000, partialDeliveryPoint: 5000 };
    const { client, peer } = await connectedPair({ client: { sctp } });
    const notified = new Notified(client);
    client.on('error', () => undefined).resume();
    peer.write('before');
    peer.write(Buffer.alloc(2_000_000));
    await once(client, 'data');
    peer.resetAndDestroy();
    await notified.next('assocChange', 'commLost');
    const partial = await notified.next('partialDelivery');
    expect(partial.indication).toBe('aborted');
    expectViews(
      partial,
      { pdapi_indication: 0 },
      /^the rest of a message on association \d+, stream 0, will not come$/,
    );
  });

  test('adaptation and authentication: reported early, also where the peer connects', async () => {
    const server = await listening({ sctp: { adaptationLayer: 0xfedcba98 } });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connectTo(server, { sctp: { adaptationLayer: 77 } });
    const reported = new Notified(client);
    const [peer] = await accepted;
    const atPeer = new Notified(peer);
    const adaptation = await reported.next('adaptation');
    expect(adaptation.indication).toBe(0xfedcba98);
    expectViews(
      adaptation,
      { sai_adaptation_ind: 0xfedcba98 },
      /^the peer of association \d+ has the adaptation layer 4275878552$/,
    );
    expect((await atPeer.next('adaptation')).indication).toBe(77);
    for (const notified of [reported, atPeer]) {
      const authentication = await notified.next('authentication');
      expect(authentication.indication).toBe('noAuth');
      expectViews(
        authentication,
        { auth_indication: 2, auth_keynumber: 0 },
        /^the peer of association \d+ does not authenticate chunks$/,
      );
    }
  });

  test('senderDry, for who asks for it', async () => {
    const { client, notified } = await withPython({ notifications: 'all' });
    client.write('something');
    const dry = await notified.next('senderDry');
    expectViews(
      dry,
      { sender_dry_assoc_id: dry.assocId },
      /^the peer of association \d+ has acknowledged everything$/,
    );
  });

  test('streamReset, by the peer: its outgoing streams, our incoming ones', async () => {
    const { peer, notified } = await withPython();
    await peer.set(RESET_STREAMS, '00000000' + '0200' + '0200' + '01000300');
    const reset = await notified.next('streamReset');
    expect(reset).toMatchObject({ incoming: true, outgoing: false, denied: false, failed: false });
    expect(reset.streams).toEqual([1, 3]);
    expectViews(
      reset,
      { strreset_flags: 1, strreset_stream_list: [1, 3] },
      /^the incoming streams 1, 3 of association \d+ were reset$/,
    );
  });

  test('assocReset, by the peer', async () => {
    const { peer, notified } = await withPython();
    await peer.set(RESET_ASSOC, '00000000');
    const reset = await notified.next('assocReset');
    expect(reset).toMatchObject({ denied: false, failed: false });
    expectViews(
      reset,
      { assocreset_local_tsn: reset.localTsn, assocreset_remote_tsn: reset.remoteTsn },
      /^association \d+ was reset: local TSN \d+, remote TSN \d+$/,
    );
  });

  test('streamChange, by the peer: and the added streams can be used at once', async () => {
    const { client, peer, notified } = await withPython();
    expect(() => client.send(Buffer.from('x'), { sid: 5 })).toThrow(/< 4/);
    await peer.set(ADD_STREAMS, '00000000' + '0200' + '0300');
    const inbound = await notified.next('streamChange');
    expect(inbound).toMatchObject({ inboundStreams: 3, outboundStreams: 0, denied: false });
    expectViews(
      inbound,
      { strchange_instrms: 3, strchange_outstrms: 0 },
      /^0 outbound and 3 inbound streams of association \d+ were added$/,
    );
    const outbound = await notified.next('streamChange', undefined, 1);
    expect(outbound).toMatchObject({ inboundStreams: 0, outboundStreams: 2, failed: false });
    client.send(Buffer.from('on a new one'), { sid: 5 });
    expect((await peer.waitForMessages(1))[0]).toMatchObject({ sid: 5 });
  });

  test('sendFailed: every fragment', async () => {
    const peer = await PythonPeer.open({ style: 'stream', rcvBuf: 20_000, reading: false });
    const client = destroying(connect({ host: '127.0.0.1', port: peer.port }));
    const notified = new Notified(client);
    await once(client, 'connect');
    client.on('error', () => undefined);
    for (let context = 1; context <= 3; context++) {
      client.send(Buffer.alloc(150_000), { sid: context, ppid: 46, context });
    }
    const closed = new Promise((resolve) => client.once('close', resolve));
    peer.program.process.kill('SIGKILL');
    await closed;
    const failed = notified.all.filter(({ type }) => type === 'sendFailed');
    const last = failed.at(-1) as Extract<Notification, { type: 'sendFailed' }>;
    expect(last).toMatchObject({ sid: 3, ppid: 46, context: 3, lastFragment: true, sent: false });
    expect(last.firstFragment).toBe(false);
    expectViews(
      last,
      {
        ssf_flags: 0,
        ssfe_info: { snd_sid: 3, snd_ppid: 46, snd_context: 3 },
        ssf_data: last.data,
      },
      /^the last fragment of a message of \d+ bytes on association \d+ was never sent( \(.*\))?: stream 3, ppid 46, context 3$/,
    );
  });
});

/** A client, and what lets packets come as if they were its peer's. */
async function forgeable(): Promise<{
  client: Socket;
  notified: Notified;
  forge: (chunks: string) => void;
}> {
  const { client, peer } = await connectedPair();
  const notified = new Notified(client);
  const [ours, theirs] = [String(client.localPort), String(client.remotePort)];
  const script = join(projectRoot, 'test', 'support', 'forge.py');
  const place = ['lo', '127.0.0.1', theirs, '127.0.0.1', ours];
  const program = start('/usr/bin/python3', [script, ...place]);
  defer(() => program.process.stdin.end());
  await program.printed(/ready/);
  peer.write('to be seen');
  client.resume();
  await program.printed(/tag/);
  const forge = (chunks: string): void => {
    program.say(chunks);
  };
  return { client, notified, forge };
}
