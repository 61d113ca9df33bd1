/** docs/migrating.md, from sctp_napi and from net: each row. */
import { once } from 'node:events';

import { connect, createServer, open } from 'kernel-sctp';

import { closing } from '../../support/cleanup';
import { expectThrow } from '../../support/errors';
import { journalOf } from '../../support/journal';
import { describeSctp } from '../../support/sctp';
import { connectedPair } from '../../support/sockets';
import { shownIn, testRows } from './proofs';

const HOST = '127.0.0.1';
const ignore = (): void => undefined;

describeSctp('from sctp_napi', () => {
  testRows('From sctp_napi', {
    "`require('./build/Release/sctp_dgram.node')`": shownIn(
      'datagram/contract',
      'delivers [data, host, port] and returns the bytes sent',
    ),
    'messages get lost when the send buffer is full': () => {
      const handle = closing(open({ host: HOST, sendBufferLimit: 100_000 }, ignore));
      const silent = closing(open(HOST, 0, 1000, ignore));
      const { port } = silent.address();
      let sent = 0;
      expectThrow(
        () => {
          for (;;) sent += handle.send(Buffer.alloc(10_000), HOST, port);
        },
        { code: 'ERR_SCTP_SEND_BUFFER_FULL' },
      );
      expect(sent).toBeGreaterThanOrEqual(90_000); // each counts 256 bytes more
    },
    'a long message arrives as several': async () => {
      const reported: unknown[] = [];
      const all = new Promise<void>((resolve) => {
        const receiver = closing(
          open(HOST, 0, 1000, (result) => {
            reported.push(typeof result === 'string' ? result : result[0].length);
            if (reported.length === 2) resolve();
          }),
        );
        const { port } = receiver.address();
        const sender = closing(open({ host: HOST, unordered: false }, ignore));
        sender.send(Buffer.alloc(1001), HOST, port);
        sender.send(Buffer.alloc(1000), HOST, port);
      });
      await all;
      expect(reported).toEqual([expect.stringContaining('1000'), 1000]);
    },
    'a throwing `onRecv` ends the delivery': shownIn(
      'lifecycle/throwing',
      "process.on('uncaughtException') catches",
    ),
    '`const { send } = open(…)` crashes': shownIn(
      'lifecycle/methods',
      'every method works without its handle',
    ),
    'errors have no code': () => {
      expectThrow(() => open('192.0.2.1', 0, 1000, ignore), {
        code: 'EADDRNOTAVAIL',
        syscall: 'bind',
        errno: -99,
      });
    },
    'a wrong port or no Buffer goes unnoticed': () => {
      expectThrow(() => open(HOST, 70_000, 1000, ignore), { code: 'ERR_SOCKET_BAD_PORT' });
      const handle = closing(open(HOST, 0, 1000, ignore));
      expectThrow(() => handle.send('text' as unknown as Buffer, HOST, 1), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
    },
    'the port that 0 became is unknown': () => {
      expect(closing(open(HOST, 0, 1000, ignore)).address().port).toBeGreaterThan(0);
    },
  });
});

describeSctp('from net', () => {
  testRows('From net', {
    'bytes flow, and chunks mean nothing': async () => {
      const { client, peer } = await connectedPair();
      for (const text of ['a', 'bc', 'd']) client.write(text);
      client.end();
      expect((await peer.toArray()).map(String)).toEqual(['a', 'bc', 'd']);
    },
    'a chunk may have any length': async () => {
      const { client } = await connectedPair();
      const limit = client.getOption('sndBuf');
      expectThrow(() => client.write(Buffer.alloc(limit + 1)), {
        code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
        limit,
        message: /oversize: 'split'/,
      });
      shownIn('socket/net/http', "oversize: 'split'")();
      shownIn('socket/net/tls', 'byteStream: true')();
    },
    "after the peer's `end()` we can go on writing": async () => {
      const { client, peer } = await connectedPair({ client: { allowHalfOpen: true } });
      const journal = journalOf(client);
      peer.resume().end();
      await journal.until('end');
      const failed = new Promise((resolve) => client.write('x', resolve));
      expect(await failed).toMatchObject({ code: 'EPIPE' });
    },
    '`destroy()` sends what was written': shownIn(
      'socket/migrating/contract-lksctp',
      'destroy is an ABORT, unless end was called',
    ),
    "`'end'` without an answer of ours stays half open": async () => {
      const { client, peer } = await connectedPair({ server: { allowHalfOpen: true } });
      peer.resume();
      client.resume().end();
      await once(peer, 'end');
      expect(peer.writableEnded).toBe(false);
      await once(client, 'close'); // though we have not ended
    },
    '`path`, `fd`, sockets from other processes': () => {
      expectThrow(() => connect({ path: '/tmp/x' } as never), { code: 'ERR_INVALID_ARG_VALUE' });
      expectThrow(() => createServer().listen({ fd: 5 } as never), {
        code: 'ERR_INVALID_ARG_VALUE',
      });
    },
    '`setKeepAlive`': async () => {
      const { client } = await connectedPair();
      const path = () => client.getOption('peerAddrParams', { address: HOST }).hbEnable;
      expect(path()).toBe(true);
      client.setKeepAlive(false);
      expect(path()).toBe(false);
    },
  });
});
