/** docs/migrating.md, from sctp: each row. */
import { once } from 'node:events';

import { createServer, PPID, protocol, Socket, support } from 'kernel-sctp';

import { start } from '../../support/child';
import { closing } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair, destroying, listening, portOf } from '../../support/sockets';
import { shownIn, testRows } from './proofs';

const HOST = '127.0.0.1';

describeSctp('from sctp', () => {
  testRows('From sctp', {
    '`install sctp /bin/true` in `/etc/modprobe.d`, root, raw-socket': async () => {
      expect(support().sctp).toBe(true);
      const source = `
        process.setuid(65534);
        const { connect, createServer } = require('kernel-sctp');
        const server = createServer((peer) => peer.end('hello'));
        server.listen(0, '127.0.0.1', () => {
          const socket = connect(server.address().port, '127.0.0.1');
          socket.on('data', (data) => console.log(String(data), process.getuid()));
          socket.on('close', () => server.close());
        });`;
      const { code, stdout } = await start(process.execPath, ['-e', source]).ended;
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'hello 65534\n' });
    },
    '`connect({ protocol })`, `connect({ ppid })`': shownIn(
      'socket/migrating/contract-sctp',
      'as the option %s is that of messages which name none',
    ),
    '`sctp.protocol`, `sctp.PPID`': () => {
      expect([protocol.H248, protocol.Diameter_DTLS, protocol[50]]).toEqual([7, 47, 'WebRTC_DCEP']);
      expect([PPID.WEBRTC_DCEP, PPID.SBCAP, PPID.DDP_CHUNK, PPID[3]]).toEqual([50, 24, 16, 'M3UA']);
      expect([PPID.F1AP, PPID.W1AP]).toEqual([62, 73]);
    },
    '`OS` and `MIS` are 2': shownIn('socket/streams/negotiation', 'where nothing is said: 64 out'),
    '`listen({ OS, MIS })`': async () => {
      const { client } = await connectedPair({
        server: { OS: 4, MIS: 3 },
        client: { OS: 9, MIS: 9 },
      });
      expect([client.OS, client.MIS]).toEqual([3, 4]);
    },
    '`new Socket({ stream_id, unordered })`': async () => {
      const server = await listening();
      const sctp = { defaultSndInfo: { sid: 5, unordered: true } };
      const socket = destroying(new Socket({ sctp }));
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      socket.connect(portOf(server), HOST).write('x');
      const [peer] = await accepted;
      expect((await once(peer, 'message'))[1]).toMatchObject({ sid: 5, unordered: true });
    },
    '`new Socket({ no_bundle })`': async () => {
      const { client } = await connectedPair();
      expect(client.getOption('noDelay')).toBe(true);
    },
    '`socket.createStream(id, ppid)` is a Writable': shownIn(
      'socket/streams/single',
      'goes to the socket until somebody reads from the stream',
    ),
    "`'stream'` (stream, id): its messages are the socket's `'data'`, too": shownIn(
      'socket/streams/single',
      "is announced by 'stream', once, with all its messages",
    ),
    '`buffer.ppid`': shownIn('socket/migrating/contract-sctp', 'buffer.ppid counts more than'),
    '`sctp.defaults({ rto_initial, … })`': shownIn(
      'socket/options/defaults',
      'hold for sockets and servers',
    ),
    '`socket.SCTP_ASSOCINFO({ valid_cookie_life })`': async () => {
      const sctp = { assocInfo: { cookieLife: 5000 } };
      const { client } = await connectedPair({ client: { sctp } });
      expect(client.getOption('assocInfo').cookieLife).toBe(5000);
    },
    '`socket.SCTP_DEFAULT_SEND_PARAM({ stream, protocol })`': async () => {
      const { client, peer } = await connectedPair();
      client.setOption('defaultSndInfo', { sid: 2, ppid: 46 });
      client.write('x');
      expect((await once(peer, 'message'))[1]).toMatchObject({ sid: 2, ppid: 46 });
    },
    'a long chunk is split into messages': async () => {
      const { client } = await connectedPair();
      const long = Buffer.alloc(client.getOption('sndBuf') + 1);
      expectThrow(() => client.write(long), { code: 'ERR_SCTP_MESSAGE_TOO_LARGE' });
      const splitting = await connectedPair({ client: { oversize: 'split' } });
      splitting.client.end(long);
      const pieces = (await splitting.peer.toArray()) as Buffer[];
      expect(pieces.length).toBeGreaterThan(1);
      expect(Buffer.concat(pieces).length).toBe(long.length);
    },
    "a lost association is an `'end'`": shownIn(
      'socket/migrating/older-defects',
      "'end' came without an end, and 'close' did not come",
    ),
    "`'restart'`": shownIn('interop/peer-restart', "'restart': the losses are reported"),
    "`'close'` does not come, the process does not end": shownIn(
      'socket/migrating/older-defects',
      'ends the process only by process.exit()',
    ),
    '`server.close(callback)` calls back at once': async () => {
      const { server, client, peer } = await connectedPair();
      const journal = journalOf(client);
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          journal.entries.push('server closed');
          resolve();
        });
      });
      peer.resume();
      client.end();
      await closed;
      expect(journal.entries).toContain('end');
    },
    '`passive`, `udpTransport`, `udpPeer`': async () => {
      const sctp = { remoteUdpEncapsPort: { port: 9899 } };
      const server = closing(createServer({ sctp }));
      await once(server.listen(0, HOST), 'listening');
    },
  });
});
