/** How our side ends an association, and what becomes of messages under way. */
import { once } from 'node:events';

import { connect, type Server, type Socket } from 'kernel-sctp';

import { journalOf } from '../../support/journal';
import { PythonPeer, textOf } from '../../support/python-peers';
import { describeSctp } from '../../support/sctp';
import { destroying, listening, portOf } from '../../support/sockets';

const COUNT = 189;
const NUMBERS = Array.from({ length: COUNT }, (_, i) => `${String(i)} `.padEnd(1000, 'x'));

interface Meeting {
  server?: Server;
  socket: Socket;
  peer: PythonPeer;
}

/** We connect to a peer that does not read. */
async function weConnect(): Promise<Meeting> {
  const peer = await PythonPeer.open({ style: 'stream', reading: false });
  const socket = destroying(connect(peer.port, '127.0.0.1'));
  await once(socket, 'connect');
  return { socket, peer };
}

/** A peer that does not read connects, and sends messages that our side leaves unread. */
async function peerConnects(): Promise<Meeting> {
  const server = await listening();
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const peer = await PythonPeer.open({ style: 'stream', listen: false, reading: false });
  await peer.connect('127.0.0.1', portOf(server));
  for (let i = 0; i < 5; i++) await peer.send('never read'.repeat(1000));
  const [socket] = await accepted;
  while (socket.readAheadBytes === 0) await new Promise(setImmediate);
  return { server, socket, peer };
}

/** Resolves when the kernel has accepted the last of them. */
async function writeAll(socket: Socket): Promise<void> {
  for (const text of NUMBERS) socket.write(text);
  await new Promise<void>((resolve, reject) => {
    socket.write('last', (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

const expectAll = async ({ peer }: Meeting): Promise<void> => {
  await peer.read(true);
  const texts = (await peer.waitForMessages(COUNT + 1)).map(textOf);
  expect(texts).toEqual([...NUMBERS.map((text) => text.slice(0, 64)), 'last']);
};

/** A peer must not take for handled what nobody has read. */
const expectAbort = async ({ peer }: Meeting): Promise<void> => {
  await peer.waitFor({ event: 'assoc', state: 'commLost' });
};

/** 'end' or SHUTDOWN_COMP, whichever the kernel reports: not COMM_LOST. */
const expectGracefulEnd = async ({ peer }: Meeting): Promise<void> => {
  await peer.waitFor({ event: 'assoc', state: 'shutdownComp' });
  expect(peer.events).not.toContainEqual(expect.objectContaining({ state: 'commLost' }));
};

describeSctp('accepted messages', () => {
  describe.each([
    ['a peer that we connected to', weConnect, expectGracefulEnd],
    ['a peer that connected, with its messages unread here', peerConnects, expectAbort],
  ] as const)('with %s', (_, meet, expectEnd) => {
    test('arrive after end()', async () => {
      const meeting = await meet();
      const { entries, closed } = journalOf(meeting.socket, { read: false });
      await writeAll(meeting.socket);
      meeting.socket.end();
      await expectAll(meeting);
      await expectGracefulEnd(meeting);
      meeting.socket.resume();
      expect(await closed).toBe(entries);
      expect(entries.at(-1)).toBe('close false');
    });

    test.each<[string, (socket: Socket) => void]>([
      [
        'end() and destroy()',
        (socket) => {
          socket.end();
          socket.destroy();
        },
      ],
      [
        'end() and, later, destroy()',
        (socket) => {
          socket.end(() => socket.destroy());
        },
      ],
      [
        'destroySoon()',
        (socket) => {
          socket.destroySoon();
        },
      ],
      [
        'end() and destroySoon()',
        (socket) => {
          socket.end();
          socket.destroySoon();
        },
      ],
      [
        'end() and destroy(), each twice',
        (socket) => {
          socket.end();
          socket.end();
          socket.destroy();
          socket.destroy();
        },
      ],
    ])('arrive after %s', async (_name, end) => {
      const meeting = await meet();
      const { entries, closed } = journalOf(meeting.socket, { read: false });
      await writeAll(meeting.socket);
      end(meeting.socket);
      await expectAll(meeting);
      await expectEnd(meeting);
      meeting.socket.resume();
      expect(await closed).toBe(entries);
      expect(entries.at(-1)).toBe('close false');
    });
  });
});
