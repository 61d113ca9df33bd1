/** aiortc and pion, over plain UDP: their programs in `peers` send back what they receive. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createDataChannelAssociation,
  type DataChannel,
  type DataChannelAssociation,
  type PacketTransport,
} from 'kernel-sctp/channels';

import { event, messages, pattern } from '../channels/link';
import { CHUNK, chunkTypes } from '../channels/packets';
import { type Program, projectRoot, start } from '../support/child';
import { defer } from '../support/cleanup';
import {
  announcement,
  described,
  expectArrival,
  expectSame,
  KINDS,
  type Message,
  taking,
} from './kinds';

const peers = join(projectRoot, 'test', 'foreign', 'peers');
const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

beforeAll(() => {
  // Debian has Go's libraries as source text in one GOPATH.
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' };
  const cache = process.env['GOCACHE'] ?? join(projectRoot, 'build', 'go');
  const args = ['build', '-o', join(folder, 'pion'), join(peers, 'with_pion.go')];
  execFileSync('go', args, { env: { ...env, GOCACHE: cache }, stdio: 'pipe' });
}, 300_000);

const STACKS: Record<string, (...args: string[]) => Program> = {
  aiortc: (...args) => start('/usr/bin/python3', [join(peers, 'with_aiortc.py'), ...args]),
  pion: (...args) => start(join(folder, 'pion'), args),
};

interface Meeting {
  association: DataChannelAssociation;
  program: Program;
  /** To the peer: { open } or { close }. */
  command: (what: object) => void;
}

type Beginner = 'we' | 'the peer' | 'both';

/** @param begins who sends an INIT; if both do, they pass each other on the way */
async function meet(stack: string, begins: Beginner): Promise<Meeting> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  defer(() => socket.close());
  const [way, role] =
    begins === 'we' ? (['wait', 'server'] as const) : (['begin', 'client'] as const);
  const program = STACKS[stack]?.(String(socket.address().port), way) as Program;
  const first = once(socket, 'message');
  const early: Buffer[] = [];
  let isLate = false;
  socket.on('message', (packet) => {
    if (isLate) transport.onPacket?.(packet);
    else early.push(packet);
  });
  const [, port] = await program.printed(/port (\d+)/);

  const transport: PacketTransport = {
    send: (packet) => {
      socket.send(packet, Number(port), '127.0.0.1');
    },
  };
  const association = createDataChannelAssociation({ role, transport });
  defer(() => {
    association.abort();
  });
  const up = once(association, 'connect');
  if (begins === 'both') {
    const [theirs] = (await first) as [Buffer];
    expect(chunkTypes(theirs)).toEqual([CHUNK.INIT]);
  }
  if (begins !== 'the peer') void association.connect();
  await new Promise(setImmediate); // ours leaves first
  expect(association.stats().counters.packetsSent).toBe(begins === 'the peer' ? 0 : 1);
  isLate = true;
  for (const packet of early) transport.onPacket?.(packet);
  await up;
  const commands = association.createDataChannel('commands');
  await event(commands, 'open');
  const command = (what: object): void => {
    commands.send(JSON.stringify(what));
  };
  return { association, program, command };
}

async function exchange(channel: DataChannel): Promise<void> {
  const send = (list: Message[]): void => {
    for (const message of list) channel.send(message);
  };
  await expectArrival(channel, send, taking(channel));
}

describe.each(Object.keys(STACKS))('%s', (stack) => {
  test.each(['we', 'the peer', 'both'] as const)(
    'channels of every kind, of both ends; %s begin(s)',
    async (begins) => {
      const { association, command } = await meet(stack, begins);
      for (const [label, init] of KINDS) {
        const ours = association.createDataChannel(label, init);
        await event(ours, 'open');
        await exchange(ours);
        // aiortc 1.4 counts characters where bytes are to be counted, and is refused.
        if (stack === 'aiortc' && /[^ -~]/.test(label)) continue;
        const arrived = announcement(association, `their ${label}`);
        command({ open: { label: `their ${label}`, ...init } });
        const theirs = await arrived;
        expect(theirs).toMatchObject(described(`their ${label}`, init));
        await exchange(theirs);
      }
    },
  );

  test('either end closes channels, after what was sent, and their ids are used again', async () => {
    const { association, command } = await meet(stack, 'the peer');
    const ids = new Set<number | null>();
    for (const closer of ['we', 'the peer', 'we', 'we', 'the peer']) {
      const ours = association.createDataChannel('ours');
      await event(ours, 'open');
      ids.add(ours.id);
      const echoed = messages(ours, 2);
      ours.send(pattern(1, 100_000));
      ours.send('after it');
      expectSame(await echoed, [pattern(1, 100_000), 'after it']);
      const closed = event(ours, 'close');
      if (closer === 'we') ours.close();
      else command({ close: 'ours' });
      await closed;
    }
    expect(ids.size).toBe(1);
  });

  test('megabytes, both ways at once', async () => {
    const { association } = await meet(stack, 'we');
    const channel = association.createDataChannel('bulk');
    await event(channel, 'open');
    const many = Array.from({ length: 200 }, (_, i) => pattern(i, 16_384));
    const echoed = messages(channel, many.length);
    for (const message of many) channel.send(message);
    expectSame(await echoed, many);
  });

  test('close() ends the association in order', async () => {
    const { association } = await meet(stack, 'we');
    const channel = association.createDataChannel('last');
    await event(channel, 'open');
    const echoed = messages(channel, 20);
    for (let i = 0; i < 20; i++) channel.send(pattern(i, 10_000));
    await echoed;
    await association.close();
    expect(association.state).toBe('closed');
  });
});
