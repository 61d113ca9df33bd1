/** The one-call API that users of the older datagram addon rely on. */
import { createSocket } from 'node:dgram';

import { open } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { Inbox } from '../support/inbox';
import { describeSctp } from '../support/sctp';

function openInbox(host = '127.0.0.1', port = 0) {
  const inbox = new Inbox();
  const handle = closing(open(host, port, 65536, inbox.onRecv));
  return { inbox, handle, port: handle.address().port };
}

describeSctp('open(bindHost, bindPort, recvMaxlen, onRecv)', () => {
  test('delivers [data, host, port] and returns the bytes sent', async () => {
    const a = openInbox();
    const b = openInbox();
    expect(a.handle.send(Buffer.from('hello'), '127.0.0.1', b.port)).toBe(5);
    const { data, host, port } = await b.inbox.nextMessage();
    expect(data).toEqual(Buffer.from('hello'));
    expect(Buffer.isBuffer(data)).toBe(true);
    expect([host, port]).toEqual(['127.0.0.1', a.port]);
  });

  test('port 0 becomes a real port, reported by address()', () => {
    const a = openInbox();
    expect(a.handle.address()).toEqual({
      address: '127.0.0.1',
      family: 'IPv4',
      port: expect.any(Number) as number,
    });
    expect(a.port).toBeGreaterThan(0);
  });

  test('a given port is the one bound', () => {
    const { port, handle } = openInbox();
    handle.close();
    expect(openInbox('127.0.0.1', port).port).toBe(port);
  });

  test('0.0.0.0 is reached over IPv4, and starts associations too', async () => {
    const all = openInbox('0.0.0.0');
    const peer = openInbox('127.0.0.1');
    peer.handle.send(Buffer.from('to all'), '127.0.0.1', all.port);
    expect((await all.inbox.nextMessage()).data.toString()).toBe('to all');

    const other = openInbox('127.0.0.1');
    all.handle.send(Buffer.from('from all'), '127.0.0.1', other.port);
    const { data, port } = await other.inbox.nextMessage();
    expect([data.toString(), port]).toEqual(['from all', all.port]);
  });

  test(':: is reached over IPv6 and over IPv4, whose addresses look like IPv4', async () => {
    const all = openInbox('::');
    const v4 = openInbox('127.0.0.1');
    const v6 = openInbox('::1');
    v4.handle.send(Buffer.from('from v4'), '127.0.0.1', all.port);
    const first = await all.inbox.nextMessage();
    expect([first.host, first.port]).toEqual(['127.0.0.1', v4.port]);

    v6.handle.send(Buffer.from('from v6'), '::1', all.port);
    const second = (await all.inbox.waitForMessages(2))[1];
    expect([second?.host, second?.port]).toEqual(['::1', v6.port]);

    all.handle.send(Buffer.from('to v4'), '127.0.0.1', v4.port);
    all.handle.send(Buffer.from('to v6'), '::1', v6.port);
    expect((await v4.inbox.nextMessage()).data.toString()).toBe('to v4');
    expect((await v6.inbox.nextMessage()).data.toString()).toBe('to v6');
  });

  test('an IPv6 handle can start an association with an IPv4 peer', async () => {
    const v6 = openInbox('::');
    const v4 = openInbox('127.0.0.1');
    v6.handle.send(Buffer.from('hi'), '127.0.0.1', v4.port);
    const { data, port } = await v4.inbox.nextMessage();
    expect([data.toString(), port]).toEqual(['hi', v6.port]);
  });

  test('the address stays reusable after close', () => {
    for (let round = 0; round < 3; round++) {
      const { handle, port } = openInbox();
      handle.close();
      const again = openInbox('127.0.0.1', port);
      again.handle.close();
    }
  });

  test('is set up for a LAN: RTO 250/200/5000, no delay, address reuse', () => {
    const { handle } = openInbox();
    expect(handle.getOption('rtoInfo')).toEqual({ initial: 250, min: 200, max: 5000 });
    expect(handle.getOption('noDelay')).toBe(true);
    expect(handle.getOption('reuseAddr')).toBe(true);
    expect(openInbox('::').handle.getOption('v6Only')).toBe(false);
  });

  test('sends unordered, with a lifetime of 30 s', async () => {
    const a = openInbox();
    const b = openInbox();
    expect(a.handle.getOption('defaultSndInfo').unordered).toBe(true);
    expect(a.handle.getOption('defaultPrInfo')).toEqual({ policy: 'ttl', value: 30000 });
    a.handle.send(Buffer.from('x'), '127.0.0.1', b.port);
    expect((await b.inbox.nextMessage()).info.unordered).toBe(true);
  });

  test('close() may be called again and stops receiving', async () => {
    const a = openInbox();
    const b = openInbox();
    a.handle.send(Buffer.from('one'), '127.0.0.1', b.port);
    await b.inbox.waitForMessages(1);
    a.handle.send(Buffer.from('two'), '127.0.0.1', b.port);
    b.handle.close();
    b.handle.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(b.inbox.texts()).toEqual(['one']);
  });

  test('messages of a busy peer do not starve the event loop', async () => {
    const a = openInbox();
    const b = openInbox();
    const COUNT = 500;
    for (let i = 0; i < COUNT; i++) a.handle.send(Buffer.alloc(100), '127.0.0.1', b.port);
    let turnsBeforeAll = 0;
    while (b.inbox.messages.length < COUNT) {
      await new Promise((resolve) => setImmediate(resolve));
      turnsBeforeAll++;
    }
    // At most 64 messages a turn.
    expect(turnsBeforeAll).toBeGreaterThanOrEqual(Math.floor(COUNT / 64));
  });

  test('shares a port number with UDP', async () => {
    const udp = createSocket('udp4');
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    try {
      expect(openInbox('127.0.0.1', udp.address().port).port).toBe(udp.address().port);
    } finally {
      udp.close();
    }
  });
});
