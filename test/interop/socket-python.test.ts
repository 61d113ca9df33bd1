/** Python's one-to-one sockets talk to ours: everything a message can be, every way to end. */
import { once } from 'node:events';

import {
  connect,
  type ConnectOptions,
  type Message,
  type ServerOptions,
  type Socket,
} from 'kernel-sctp';

import { noise } from '../support/collect';
import { type PythonOptions, PythonPeer, sha256, textOf } from '../support/python-peers';
import { describeSctp } from '../support/sctp';
import { destroying, listening, portOf } from '../support/sockets';

const HOST = '127.0.0.1';

interface Meeting {
  peer: PythonPeer;
  ours: Socket;
}

interface Options {
  ours?: ServerOptions & Partial<ConnectOptions>;
  python?: PythonOptions;
}

async function weConnect({ ours: options, python }: Options = {}): Promise<Meeting> {
  const peer = await PythonPeer.open({ style: 'stream', ...python });
  const ours = destroying(connect({ host: HOST, port: peer.port, ...options }));
  await Promise.all([once(ours, 'connect'), peer.waitFor({ event: 'accepted' })]);
  return { peer, ours };
}

async function weAccept({ ours: options, python }: Options = {}): Promise<Meeting> {
  const server = await listening(options);
  const peer = await PythonPeer.open({ style: 'stream', listen: false, ...python });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  await peer.connect(HOST, portOf(server));
  const [ours] = await accepted;
  return { peer, ours };
}

async function messages(socket: Socket, count: number): Promise<Message[]> {
  const arrived: Message[] = [];
  for await (const message of socket.iterator({ destroyOnReturn: false })) {
    arrived.push(message as Message);
    if (arrived.length === count) break;
  }
  return arrived;
}

describeSctp('a SOCK_STREAM socket of Python', () => {
  describe.each([
    ['that we connect to', weConnect],
    ['that connects to us', weAccept],
  ])('%s', (_, meet) => {
    const STREAMS = 20;
    const many = {
      ours: { OS: STREAMS, MIS: STREAMS },
      python: { streams: [STREAMS, STREAMS] },
    } as const;

    test('gets every stream, order and identifier', async () => {
      const { peer, ours } = await meet(many);
      const sent = Array.from({ length: STREAMS }, (_value, sid) => ({
        ...{ sid, ppid: 0xffffffff - sid, unordered: sid % 2 === 1 },
        text: `stream ${String(sid)}`,
      }));
      for (const { text, ...info } of sent) ours.send(Buffer.from(text), info);
      const received = await peer.waitForMessages(STREAMS);
      const seen = received.map((message) => {
        const { sid, ppid, unordered } = message;
        return { sid, ppid, unordered, text: textOf(message) };
      });
      expect(seen.sort((a, b) => a.sid - b.sid)).toEqual(sent);
      expect(() => ours.send(Buffer.from('x'), { sid: STREAMS })).toThrow(/"sid"/);
    });

    test('sends on every stream, ordered and unordered', async () => {
      const { peer, ours } = await meet(many);
      const arriving = messages(ours, STREAMS);
      const sent = [];
      for (let sid = 0; sid < STREAMS; sid++) {
        const info = { sid, ppid: 0xffffffff - sid, unordered: sid % 2 === 1 };
        sent.push({ ...info, text: `stream ${String(sid)}` });
        await peer.send(`stream ${String(sid)}`, info);
      }
      const seen = (await arriving).map((message) => {
        const { sid, ppid, unordered } = message;
        return { sid, ppid, unordered, text: message.toString() };
      });
      expect(seen.sort((a, b) => a.sid - b.sid)).toEqual(sent);
    });

    test('big messages both ways', async () => {
      const { peer, ours } = await meet({ python: { sndBuf: 2_000_000, rcvBuf: 2_000_000 } });
      const sizes = [1, 65_535, 65_536, 65_537, 1_048_576];
      for (const size of sizes) ours.send(noise(size));
      const received = await peer.waitForMessages(sizes.length);
      expect(received.map(({ sha256: sum }) => sum)).toEqual(
        sizes.map((size) => sha256(noise(size))),
      );
      const arriving = messages(ours, sizes.length);
      for (const size of sizes) await peer.send(noise(size));
      expect((await arriving).map(sha256)).toEqual(sizes.map((size) => sha256(noise(size))));
    });

    test('shuts down: everything before that, then the end', async () => {
      const { peer, ours } = await meet();
      for (const text of ['one', 'two', 'three']) await peer.send(text);
      await peer.shutdown();
      const texts: string[] = [];
      for await (const message of ours) texts.push(String(message));
      expect(texts).toEqual(['one', 'two', 'three']);
      await peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
      expect(ours.errored).toBeNull();
    });

    test('is shut down: everything before that, then the end', async () => {
      const { peer, ours } = await meet();
      for (const text of ['one', 'two']) ours.write(text);
      ours.resume();
      const closed = once(ours, 'close');
      ours.end('three');
      expect((await peer.waitForMessages(3)).map(textOf)).toEqual(['one', 'two', 'three']);
      await peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
      expect(await closed).toEqual([false]);
    });

    test('aborts: what came before that is read, then ECONNRESET', async () => {
      const { peer, ours } = await meet();
      ours.pause();
      for (const text of ['one', 'two']) await peer.send(text);
      const arriving: string[] = [];
      await peer.close({ abort: true });
      let code: string | undefined;
      try {
        for await (const message of ours) arriving.push(String(message));
      } catch (error) {
        ({ code } = error as NodeJS.ErrnoException);
      }
      expect([arriving, code]).toEqual([['one', 'two'], 'ECONNRESET']);
    });

    test('is aborted', async () => {
      const { peer, ours } = await meet();
      ours.destroy();
      const lost = await peer.waitFor({ event: 'assoc', state: 'commLost' });
      expect(lost).toMatchObject({ error: 12 }); // user-initiated abort
      await peer.waitFor({ event: 'error', code: 'ECONNRESET' });
    });
  });
});
