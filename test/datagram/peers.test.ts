/** Each peer of a handle by itself: its queue, its end, and what it cannot do to the others. */
import { open, type OpenOptions } from 'kernel-sctp';

import { closing } from '../support/cleanup';
import { peeledOff } from '../support/endpoints';
import { expectThrow } from '../support/errors';
import { Inbox } from '../support/inbox';
import { PythonPeer, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';

const LOCAL = '127.0.0.1';
const ORDERED: OpenOptions = { unordered: false, pr: { policy: 'none' } };

function openInbox(options: OpenOptions = {}) {
  const inbox = new Inbox();
  const handle = closing(open({ host: LOCAL, ...options }, inbox.onRecv));
  return { inbox, handle, port: handle.address().port };
}

/** Listens, and reads nothing until it is asked to. */
function stoppedPeer(): Promise<PythonPeer> {
  return PythonPeer.open({ reading: false, rcvBuf: 4096 });
}

function numbered(i: number): Buffer {
  return Buffer.from(String(i).padEnd(1000, '.'));
}

const numbersOf = (texts: readonly string[]): number[] => texts.map((text) => parseInt(text));
const counted = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describeSctp('peers that take nothing', () => {
  test('do not stop the others, and get everything once and in order when they read', async () => {
    const sctp = { sndBuf: 60_000 };
    const { handle, inbox } = openInbox({ ...ORDERED, sctp, sendBufferLimit: 1_000_000 });
    const well = openInbox();
    const stopped = [await stoppedPeer(), await stoppedPeer(), await stoppedPeer()];
    const COUNT = 100;
    for (const { port } of stopped) {
      for (let i = 0; i < COUNT; i++) handle.send(numbered(i), LOCAL, port);
    }
    // As many for one that reads: each is there before the next is sent.
    for (let i = 0; i < COUNT; i++) {
      handle.send(numbered(i), LOCAL, well.port);
      await well.inbox.waitForMessages(i + 1);
    }
    const waiting = handle.associations().filter(({ bufferedAmount }) => bufferedAmount > 0);
    expect(waiting.map(({ port }) => port).toSorted()).toEqual(
      stopped.map(({ port }) => port).toSorted(),
    );
    for (const peer of stopped) {
      await peer.read(true);
      await peer.waitForMessages(COUNT);
      expect(numbersOf(peer.messages.map(textOf))).toEqual(counted(COUNT));
    }
    expect(inbox.errors).toEqual([]);
  });

  test('fill their own queue, not that of the others', async () => {
    const { handle } = openInbox({ ...ORDERED, sendBufferLimit: 100_000 });
    const well = openInbox();
    const stopped = await stoppedPeer();
    const fill = (): void => {
      for (;;) handle.send(numbered(0), LOCAL, stopped.port);
    };
    const full = { code: 'ERR_SCTP_SEND_BUFFER_FULL', limit: 100_000 };
    expectThrow(fill, full);
    for (let i = 0; i < 50; i++) handle.send(numbered(i), LOCAL, well.port);
    await well.inbox.waitForMessages(50);
    // It is up by now, and its part of the kernel's buffer is full, too.
    expectThrow(fill, full);
    handle.send(numbered(50), LOCAL, well.port);
    await well.inbox.waitForMessages(51);
  });

  test('are moved to a descriptor of their own, and still answer to their address', async () => {
    const sctp = { sndBuf: 30_000 };
    const { handle, inbox } = openInbox({ ...ORDERED, sctp });
    const stopped = await stoppedPeer();
    const COUNT = 200;
    let sent = 0;
    while (peeledOff() === 0 || sent < COUNT) {
      handle.send(numbered(sent++), LOCAL, stopped.port);
      if (sent % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    handle.setOption('rtoInfo', { initial: 300, min: 150, max: 3000 });
    const path = handle.getOption('peerAddrInfo', {
      address: { address: LOCAL, port: stopped.port },
    });
    expect(path.mtu).toBeGreaterThan(0);
    await stopped.read(true);
    await stopped.waitForMessages(sent);
    handle.send(numbered(sent++), LOCAL, stopped.port);
    await stopped.waitForMessages(sent);
    expect(numbersOf(stopped.messages.map(textOf))).toEqual(counted(sent));
    await stopped.send('answer', { to: [LOCAL, handle.address().port] });
    const answer = await inbox.nextMessage();
    expect([answer.data.toString(), answer.host, answer.port]).toEqual([
      'answer',
      LOCAL,
      stopped.port,
    ]);
    expect(handle.associations()).toHaveLength(1);
    await expect(handle.shutdown(LOCAL, stopped.port)).resolves.toBe(true);
    expect(peeledOff()).toBe(0);
  });
});

describeSctp('associations()', () => {
  test('lists both those that we and that peers have begun', async () => {
    const a = openInbox();
    const b = openInbox();
    expect(a.handle.associations()).toEqual([]);
    a.handle.send(Buffer.from('x'), LOCAL, b.port);
    expect(a.handle.associations()).toEqual([
      {
        id: expect.any(Number) as number,
        address: LOCAL,
        family: 'IPv4',
        port: b.port,
        state: 'starting',
        bufferedAmount: 1,
      },
    ]);
    const { info } = await b.inbox.nextMessage();
    expect(b.handle.associations()).toMatchObject([
      { id: info.assocId, address: LOCAL, port: a.port, state: 'up', bufferedAmount: 0 },
    ]);
    expect(a.handle.associations()).toMatchObject([{ state: 'up', bufferedAmount: 0 }]);
  });

  test('both ends beginning at once make one', async () => {
    for (let round = 0; round < 10; round++) {
      const a = openInbox();
      const b = openInbox();
      a.handle.send(Buffer.from('from a'), LOCAL, b.port);
      b.handle.send(Buffer.from('from b'), LOCAL, a.port);
      await Promise.all([a.inbox.waitForMessages(1), b.inbox.waitForMessages(1)]);
      expect([a.inbox.texts(), b.inbox.texts()]).toEqual([['from b'], ['from a']]);
      expect(a.handle.associations()).toHaveLength(1);
      expect(b.handle.associations()).toHaveLength(1);
      expect([a.inbox.errors, b.inbox.errors]).toEqual([[], []]);
    }
  });

  test('a handle can send to itself', async () => {
    const { handle, inbox, port } = openInbox(ORDERED);
    for (let i = 0; i < 20; i++) handle.send(numbered(i), LOCAL, port);
    await inbox.waitForMessages(20);
    expect(numbersOf(inbox.texts())).toEqual(counted(20));
    expect(handle.associations()).toHaveLength(1);
  });
});

describeSctp('abort(host, port)', () => {
  test('ends one association, with a reason, and spares the others', async () => {
    const a = openInbox();
    const [b, c] = [openInbox(), openInbox()];
    for (const { port } of [b, c]) a.handle.send(Buffer.from('x'), LOCAL, port);
    await Promise.all([b.inbox.waitForMessages(1), c.inbox.waitForMessages(1)]);
    expect(a.handle.abort(LOCAL, b.port, 'enough')).toBe(true);
    expect(await b.inbox.waitForErrors(1)).toEqual([
      `association with 127.0.0.1:${String(a.port)} lost: aborted by the peer (user-initiated abort, error cause 12)`,
    ]);
    expect(a.handle.associations().map(({ port }) => port)).toEqual([c.port]);
    c.handle.send(Buffer.from('y'), LOCAL, a.port);
    expect((await a.inbox.nextMessage()).data.toString()).toBe('y');
    // The next message begins another.
    a.handle.send(Buffer.from('again'), LOCAL, b.port);
    await b.inbox.waitForMessages(2);
    expect([a.inbox.errors, a.handle.associations().length]).toEqual([[], 2]);
  });

  test('gives up what waits, of an association that is being set up, too', async () => {
    const { handle, inbox } = openInbox();
    const well = openInbox();
    handle.send(Buffer.from('x'), LOCAL, well.port);
    expect(handle.abort(LOCAL, well.port)).toBe(true);
    expect(handle.abort(LOCAL, well.port)).toBe(false);
    expect(handle.associations()).toEqual([]);
    handle.send(Buffer.from('y'), LOCAL, well.port);
    await well.inbox.waitForMessages(1);
    expect([well.inbox.texts(), inbox.errors]).toEqual([['y'], []]);
  });

  test.each<[string, unknown[], string]>([
    ['a name', ['localhost', 5], 'ERR_INVALID_IP_ADDRESS'],
    ['IPv6 from IPv4', ['::1', 5], 'ERR_INVALID_ARG_VALUE'],
    ['no port', [LOCAL], 'ERR_SOCKET_BAD_PORT'],
    ['a reason that is a number', [LOCAL, 5, 5], 'ERR_INVALID_ARG_TYPE'],
  ])('%s', async (_, args, code) => {
    const { handle } = openInbox();
    const anything = (call: unknown) => call as (...all: unknown[]) => unknown;
    expectThrow(() => anything(handle.abort)(...args), { code });
    if (args.length > 2) return;
    await expect(anything(handle.shutdown)(...args)).rejects.toMatchObject({ code });
  });

  test('after close', async () => {
    const { handle } = openInbox();
    handle.close();
    const code = 'ERR_SOCKET_DGRAM_NOT_RUNNING';
    expectThrow(() => handle.abort(LOCAL, 5), { code });
    expectThrow(() => handle.associations(), { code });
    await expect(handle.shutdown(LOCAL, 5)).rejects.toMatchObject({ code });
  });
});

describeSctp('shutdown(host, port)', () => {
  test('ends one association after all that was sent, and refuses what comes', async () => {
    const { handle, inbox } = openInbox(ORDERED);
    const well = openInbox();
    const COUNT = 100;
    for (let i = 0; i < COUNT; i++) handle.send(numbered(i), LOCAL, well.port);
    const ended = handle.shutdown(LOCAL, well.port);
    expectThrow(() => handle.send(numbered(0), LOCAL, well.port), {
      code: 'ESHUTDOWN',
      syscall: 'send',
      address: LOCAL,
      port: well.port,
    });
    await expect(ended).resolves.toBe(true);
    await well.inbox.waitForMessages(COUNT); // the last may still be with its kernel
    expect(numbersOf(well.inbox.texts())).toEqual(counted(COUNT));
    expect([inbox.errors, well.inbox.errors, handle.associations()]).toEqual([[], [], []]);
    handle.send(Buffer.from('again'), LOCAL, well.port);
    await well.inbox.waitForMessages(COUNT + 1);
  });

  test('without an association there is nothing to end', async () => {
    const { handle } = openInbox();
    await expect(handle.shutdown(LOCAL, 5)).resolves.toBe(false);
    expect(handle.associations()).toEqual([]);
  });
});

describeSctp('limits', () => {
  test('send to one peer more than maxAssociations throws, and begins nothing', async () => {
    const { handle } = openInbox({ maxAssociations: 1 });
    const [b, c] = [openInbox(), openInbox()];
    handle.send(Buffer.from('x'), LOCAL, b.port);
    expectThrow(() => handle.send(Buffer.from('x'), LOCAL, c.port), {
      code: 'ERR_SCTP_TOO_MANY_ASSOCIATIONS',
      limit: 1,
      address: LOCAL,
      port: c.port,
    });
    await b.inbox.waitForMessages(1);
    expect(await handle.shutdown(LOCAL, b.port)).toBe(true);
    handle.send(Buffer.from('y'), LOCAL, c.port);
    await c.inbox.waitForMessages(1);
    expect(c.inbox.texts()).toEqual(['y']);
  });

  test('autoClose is short for sctp.autoClose', () => {
    expect(openInbox({ autoClose: 7 }).handle.getOption('autoClose')).toBe(7);
  });

  test('nothing is begun for a message that cannot be sent', () => {
    const { handle } = openInbox();
    const longest = handle.getOption('sndBuf');
    expectThrow(() => handle.send(Buffer.alloc(longest + 1), LOCAL, 5), {
      code: 'ERR_SCTP_MESSAGE_TOO_LARGE',
    });
    expectThrow(() => handle.send(Buffer.from('x'), LOCAL, 5, { sid: 60_000 }), { code: 'EINVAL' });
    expect(handle.associations()).toEqual([]);
  });
});
