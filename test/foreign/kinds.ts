/** Channels and messages of every kind, exchanged with each of the other implementations. */
import { createHash } from 'node:crypto';

import type { DataChannel, DataChannelAssociation, DataChannelInit } from 'kernel-sctp/channels';

import { pattern } from '../channels/link';

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
