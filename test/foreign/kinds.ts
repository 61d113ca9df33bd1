/** Channels and messages of every kind, exchanged with each of the other implementations. */
import { createHash } from 'node:crypto';

import type { DataChannel, DataChannelAssociation, DataChannelInit } from 'kernel-sctp/channels';

import { pattern, pause } from '../channels/link';

export type Message = string | Buffer;

export const LONGEST = 262_144;

export const MESSAGES: Message[] = [
  'text: åß∂ 🦆',
  '',
  Buffer.alloc(0),
  pattern(1, 1),
  pattern(2, 1200),
  'long'.repeat(40_000),
  pattern(3, LONGEST),
];

export const KINDS: [string, DataChannelInit][] = [
  ['ordered', {}],
  ['unordered', { ordered: false }],
  ['retransmitted never', { maxRetransmits: 0 }],
  ['retransmitted seldom', { ordered: false, maxRetransmits: 3 }],
  ['short-lived', { maxPacketLifeTime: 5000 }],
  ['short-lived, unordered', { ordered: false, maxPacketLifeTime: 5000 }],
  ['with a protocol', { protocol: 'text/1' }],
  ['żółw 🦆', { protocol: 'ß' }],
];

/** What a channel's properties are at either end. */
export const described = (label: string, init: DataChannelInit): object => ({
  label,
  protocol: '',
  ordered: true,
  maxRetransmits: null,
  maxPacketLifeTime: null,
  negotiated: false,
  ...init,
});

/** Jest takes seconds to compare long Buffers. */
const digest = (message: Message): string =>
  `${typeof message} ${createHash('sha256').update(message).digest('hex')}`;

/** What was sent has arrived: in this order if the channel keeps it. */
export function expectSame(
  got: Message[],
  sent: Message[],
  { ordered = true }: { ordered?: boolean } = {},
): void {
  const digests = (list: Message[]): string[] =>
    ordered ? list.map(digest) : list.map(digest).sort();
  expect(digests(got)).toEqual(digests(sent));
}

/** What has arrived since the last call. */
export type Take = () => Message[] | Promise<Message[]>;

/** Messages that arrive on a channel of ours. */
export function taking(channel: DataChannel): Take {
  const arrived: Message[] = [];
  channel.on('message', (data) => arrived.push(data));
  return () => arrived.splice(0);
}

interface Limits {
  ordered?: boolean;
  maxRetransmits?: number | null;
  maxPacketLifeTime?: number | null;
}

/**
 * Each of MESSAGES is sent and arrives. A channel with a limit may give up some of them: on a busy
 * machine an acknowledgement that is late is enough. These are sent again.
 */
export async function expectArrival(
  init: Limits,
  send: (messages: Message[]) => unknown,
  take: Take,
): Promise<void> {
  const isLimited = (init.maxRetransmits ?? init.maxPacketLifeTime ?? null) !== null;
  if (!isLimited) {
    await send(MESSAGES);
    const got: Message[] = [];
    while (got.length < MESSAGES.length) {
      got.push(...(await take()));
      await pause(5);
    }
    expectSame(got, MESSAGES, init);
    return;
  }
  const missing = new Map(MESSAGES.map((message) => [digest(message), message]));
  const known = new Set(missing.keys());
  while (missing.size > 0) {
    await send([...missing.values()]);
    for (let waits = 0; waits < 100 && missing.size > 0; waits++) {
      for (const message of await take()) {
        expect(known).toContain(digest(message));
        missing.delete(digest(message));
      }
      await pause(10);
    }
  }
}

/** A channel of the peer's with this label, as soon as there is one. */
export function announcement(
  association: DataChannelAssociation,
  label: string,
): Promise<DataChannel> {
  return new Promise((resolve) => {
    association.on('datachannel', (channel) => {
      if (channel.label === label) resolve(channel);
    });
  });
}
