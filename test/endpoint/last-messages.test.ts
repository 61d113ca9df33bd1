/** The last messages of an association: those that say so, and those that come too late. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AssociationEnd, EndpointAssociation, EndpointSendInfo } from 'kernel-sctp';

import { startPython } from '../support/child';
import { readCounters, since } from '../stalls/counters';
import { describeSctp } from '../support/sctp';
import {
  associate,
  associatedEndpoints,
  endOf,
  endpointFor,
  HOST,
  listeningEndpoint,
  nextTexts,
  portOf,
  textsOf,
} from '../support/endpoints';
import { PythonPeer } from '../support/python-peers';

const IN_ORDER: AssociationEnd = { reason: 'shutdown', causes: [] };

/** More than are read at a time. */
const COUNT = 500;
/** Sends so many and shuts down, before it reads. */
const SEND_AND_END = `
import socket, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
peer = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
peer.connect(('127.0.0.1', port))
sys.stdin.readline()
for i in range(count):
    peer.send(str(i).encode())
peer.shutdown(socket.SHUT_WR)
print('ended')
sys.stdin.readline()
length = 0
try:
    while data := peer.recv(65536):
        length += len(data)
except OSError:
    pass  # it is over
print('read', length)
`;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** What the callback of a message gets. */
function outcomeOf(association: EndpointAssociation, data: Buffer): Promise<unknown> {
  return new Promise((resolve) => {
    association.send(data, resolve);
  });
}

describeSctp('a message that says it is the last', () => {
  test('eof: what was sent arrives, and the association ends in order', async () => {
    const { near, far } = await associatedEndpoints();
    const texts = textsOf(far);
    const ends = Promise.all([endOf(near), endOf(far)]);
    near.send(Buffer.from('first'));
    const accepted = new Promise((resolve) => {
      near.send(Buffer.from('last'), { sid: 2, eof: true }, resolve);
    });
    expect(near.writable).toBe(false);
    expect(() => near.send(Buffer.from('more'))).toThrow(
      expect.objectContaining({ code: 'ERR_SCTP_ASSOCIATION_ENDING' }) as Error,
    );
    expect(await accepted).toBeUndefined();
    expect(await ends).toEqual([IN_ORDER, IN_ORDER]);
    expect(texts).toEqual(['first', 'last']);
  });

  test("abort: it is the peer's reason, and is not delivered", async () => {
    const { near, far } = await associatedEndpoints();
    const texts = textsOf(far);
    const ends = Promise.all([endOf(near), endOf(far)]);
    const called = new Promise((resolve) => {
      expect(near.send(Buffer.from('out of order'), { abort: true }, resolve)).toBe(false);
    });
    expect(await called).toBeUndefined();
    const [ours, theirs] = await ends;
    expect(ours).toEqual({ reason: 'local', causes: [] });
    expect(theirs).toMatchObject({ reason: 'aborted', causes: [{ text: 'out of order' }] });
    expect(texts).toEqual([]);
  });

  test('to all: every association ends', async () => {
    const server = listeningEndpoint();
    const pairs = [];
    for (let i = 0; i < 3; i++) pairs.push(await associate(endpointFor(), server));
    const texts = pairs.map(({ near }) => textsOf(near));
    const ends = Promise.all(pairs.map(({ near }) => endOf(near)));
    expect(server.sendAll(Buffer.from('bye'), { eof: true })).toEqual([]);
    expect(await ends).toEqual(pairs.map(() => IN_ORDER));
    expect(texts).toEqual(pairs.map(() => ['bye']));
  });

  test('to all, as a reason: every association ends with it', async () => {
    const server = listeningEndpoint();
    const pairs = [];
    for (let i = 0; i < 3; i++) pairs.push(await associate(endpointFor(), server));
    const ends = Promise.all(pairs.map(({ near }) => endOf(near)));
    const tooLong = Buffer.alloc(65_001);
    expect(() => server.sendAll(tooLong, { abort: true })).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }) as Error,
    );
    expect(server.associations).toHaveLength(3);
    expect(server.sendAll(Buffer.from('maintenance'), { abort: true })).toEqual([]);
    expect(server.associations).toEqual([]);
    const reasons = (await ends).map(({ reason, causes }) => [reason, causes[0]?.text]);
    expect(reasons).toEqual(pairs.map(() => ['aborted', 'maintenance']));
  });

  test('to all: those that do not take it go on', async () => {
    const server = listeningEndpoint({ sendBufferLimit: 2000 });
    const few = await associate(endpointFor({ MIS: 2 }), server);
    const many = await associate(endpointFor(), server);
    const end = endOf(many.near);
    expect(server.sendAll(Buffer.from('bye'), { sid: 5, eof: true })).toEqual([few.far]);
    expect(await end).toEqual(IN_ORDER);
    expect(few.far.writable).toBe(true);
    const texts = nextTexts(few.near, 1);
    few.far.send(Buffer.from('still here'));
    expect(await texts).toEqual(['still here']);
  });

  test('to all: what it says is read once', async () => {
    const server = listeningEndpoint();
    const pairs = [];
    for (let i = 0; i < 3; i++) pairs.push(await associate(endpointFor(), server));
    const texts = pairs.map(({ near }) => nextTexts(near, 1));
    let reads = 0;
    const info = {
      get sid() {
        return ++reads;
      },
    };
    expect(server.sendAll(Buffer.from('once'), info)).toEqual([]);
    expect(await Promise.all(texts)).toEqual(pairs.map(() => ['once']));
    expect(reads).toBe(1);
  });

  test('that is refused leaves the association open', async () => {
    const { near, far } = await associatedEndpoints();
    expect(() => near.send(Buffer.from('x'), { sid: 60_000, eof: true })).toThrow(/stream/);
    expect(near.writable).toBe(true);
    const texts = nextTexts(far, 1);
    const end = endOf(far);
    expect(near.send(Buffer.from('last'), { eof: true })).toBe(true);
    expect(await texts).toEqual(['last']);
    expect(await end).toEqual(IN_ORDER);
  });

  const wrong: [EndpointSendInfo, string, RegExp][] = [
    [{ eof: 1 } as never, 'ERR_INVALID_ARG_TYPE', /info\.eof/],
    [{ abort: 'now' } as never, 'ERR_INVALID_ARG_TYPE', /info\.abort/],
    [{ eof: true, abort: true }, 'ERR_INVALID_ARG_VALUE', /must not go with info\.eof/],
  ];
  test.each(wrong)('%o is refused', async (info, code, message) => {
    const { server, near, far } = await associatedEndpoints();
    const refused = expect.objectContaining({
      code,
      message: expect.stringMatching(message) as string,
    }) as Error;
    expect(() => near.send(Buffer.from('x'), info)).toThrow(refused);
    expect(() => server.sendAll(Buffer.from('x'), info)).toThrow(refused);
    expect([near.closed, far.closed]).toEqual([false, false]);
  });
});

describeSctp('the reason of an ABORT', () => {
  test('is refused if it fits into no packet; the association goes on', async () => {
    const { near, far } = await associatedEndpoints();
    const refused = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }) as Error;
    const LONG = 65_001;
    expect(() => {
      near.abort('x'.repeat(LONG));
    }).toThrow(refused);
    expect(() => near.send(Buffer.alloc(LONG), { abort: true })).toThrow(refused);
    const texts = nextTexts(far, 1);
    near.send(Buffer.from('still here'));
    expect(await texts).toEqual(['still here']);
    const end = endOf(far);
    near.abort('x'.repeat(LONG - 1));
    expect((await end).reason).toBe('aborted');
  });

  test('keeps no association alive that has no room to send it', async () => {
    const { near, far } = await associatedEndpoints({ client: { sctp: { sndBuf: 4608 } } });
    const ends = Promise.all([endOf(near), endOf(far)]);
    near.abort('x'.repeat(60_000));
    expect((await ends).map(({ reason }) => reason)).toEqual(['local', 'aborted']);
  });

  test('of destroy(error) is cut short', async () => {
    const { client, far } = await associatedEndpoints();
    const end = endOf(far);
    client.destroy(new Error('x'.repeat(100_000)));
    expect((await end).reason).toBe('aborted');
  });
});

describeSctp("calls in the listeners of 'end'", () => {
  test('find an association that is over, or nearly', async () => {
    const { near, far } = await associatedEndpoints();
    const found: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      far.on('end', () => {
        try {
          far.send(Buffer.from('late'));
        } catch (error) {
          found.push(codeOf(error));
        }
        void Promise.all([far.shutdown(), far.dry()]).then(() => {
          found.push(far.closed);
          resolve();
        });
      });
    });
    await near.shutdown();
    await all;
    expect(found).toEqual(['EPIPE', true]);
  });

  test('may wait for the end many times', async () => {
    const { near } = await associatedEndpoints();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    await Promise.all(Array.from({ length: 20 }, () => near.shutdown()));
    await sleep(1);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});

describeSctp('messages before an end', () => {
  test('shutdown() right after one does not wait for a delayed acknowledgement', async () => {
    const server = listeningEndpoint();
    const client = endpointFor();
    const before = readCounters();
    for (let i = 0; i < 30; i++) {
      const { near } = await associate(client, server);
      near.send(Buffer.from('first')); // this one is acknowledged at once, always
      await near.dry();
      near.send(Buffer.from('last'));
      await near.shutdown();
    }
    expect(since(before, readCounters()).DelaySackExpireds).toBeLessThan(10);
  });

  test("answers come too late if the peer has shut down, and cost nothing of the peer's", async () => {
    const server = listeningEndpoint();
    const peer = startPython(SEND_AND_END, [String(portOf(server)), String(COUNT)]);
    const [association] = (await once(server, 'association')) as [EndpointAssociation];
    // It takes little, and cannot end before it has read it.
    for (let i = 0; i < 4; i++) association.send(Buffer.alloc(10_000));
    const end = endOf(association);
    server.pause();
    peer.say('send');
    await peer.printed(/ended/);
    const texts: string[] = [];
    const answers: Promise<unknown>[] = [];
    association.on('message', (data) => {
      texts.push(String(data));
      if (association.writable) answers.push(outcomeOf(association, data));
    });
    server.resume();
    await once(association, 'end');
    peer.say('read');
    expect(await end).toEqual(IN_ORDER);
    expect(texts).toEqual(Array.from({ length: COUNT }, (_, i) => String(i)));
    const codes = (await Promise.all(answers)).map((error) => codeOf(error ?? {}));
    expect(new Set(codes)).toEqual(new Set(['EPIPE']));
    const { stdout } = await peer.ended;
    expect(stdout).toBe('ended\nread 40000\n');
  });

  test.each([10, 10_000])(
    "one that finds the peer's ABORT before it was read does not hide its reason (%d bytes)",
    async (length) => {
      const { near, far } = await associatedEndpoints();
      const end = endOf(near);
      far.abort('overloaded');
      const error = await outcomeOf(near, Buffer.alloc(length));
      expect(['ECONNRESET', 'ERR_SCTP_ASSOCIATION_OVER']).toContain(codeOf(error));
      expect(await end).toMatchObject({
        reason: 'aborted',
        error: { code: 'ECONNRESET' },
        causes: [{ text: 'overloaded' }],
      });
    },
  );

  test('one that waits for the end of its tick is reported if the association is lost in it', async () => {
    const { near, far } = await associatedEndpoints();
    const failed: string[] = [];
    near.on('sendFailed', ({ data, sent }) => failed.push(`${String(data)} ${String(sent)}`));
    const outcome = new Promise((resolve) => {
      near.on('message', () => near.send(Buffer.from('answer'), resolve));
    });
    const end = endOf(near);
    far.send(Buffer.alloc(10_000)); // leaves at once
    far.abort('no time');
    expect((await end).reason).toBe('aborted');
    expect(codeOf(await outcome)).toBeDefined();
    expect(failed).toEqual(['answer false']);
  });
});

describeSctp('the lifetime of messages by default', () => {
  test('holds for those that leave together', async () => {
    const peer = await PythonPeer.open({ rcvBuf: 20_000, reading: false });
    const endpoint = endpointFor({ sctp: { defaultPrInfo: { policy: 'ttl', value: 100 } } });
    const association = await endpoint.connect({ host: HOST, port: peer.port });
    const failed: number[] = [];
    association.on('sendFailed', ({ data }) => failed.push(data.length));
    for (let i = 0; i < 60; i++) association.send(Buffer.alloc(1000));
    await sleep(300);
    await peer.read(true); // the kernel looks at lifetimes when it could send
    association.send(Buffer.from('after'), { pr: { policy: 'none' } });
    await peer.waitFor({ event: 'message', head: Buffer.from('after').toString('base64') });
    expect(new Set(failed)).toEqual(new Set([1000]));
  });
});
