/** Two associations in one process, and a link between them that can lose packets. */
import { once } from 'node:events';

import {
  createDataChannelAssociation,
  type DataChannel,
  type DataChannelAssociation,
  type DataChannelAssociationOptions,
  type DataChannelEvents,
} from 'kernel-sctp/channels';

import { defer } from '../support/cleanup';

/** What both kinds of associations have. */
export interface End {
  setSendCallback(send: (packet: Buffer) => unknown): void;
  handleIncoming(packet: Buffer): void;
}

export interface Faults {
  seed?: number;
  /** Shares of packets. */
  loss?: number;
  duplication?: number;
  reordering?: number;
  /** Milliseconds one way; 0 delivers at once. */
  delay?: number;
  /** Which packets to lose, by their number from 0 on. */
  drop?: (packet: Buffer, index: number) => boolean;
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Link {
  faults: Faults;
  /** Packets that were sent, lost ones included. */
  readonly packets: Buffer[] = [];
  readonly #next: () => number;
  #count = 0;

  constructor(faults: Faults = {}) {
    this.faults = faults;
    this.#next = random(faults.seed ?? 1);
  }

  join(a: End, b: End): void {
    a.setSendCallback((packet) => {
      this.#carry(packet, b);
    });
    b.setSendCallback((packet) => {
      this.#carry(packet, a);
    });
  }

  #carry(packet: Buffer, to: End): void {
    const { loss = 0, duplication = 0, reordering = 0, delay = 0, drop } = this.faults;
    if (this.packets.length < 10_000) this.packets.push(packet);
    if (drop?.(packet, this.#count++)) return;
    if (this.#next() < loss) return;
    const copies = this.#next() < duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const late = this.#next() < reordering ? 2 + this.#next() * 5 : 0;
      if (delay + late > 0)
        setTimeout(() => {
          to.handleIncoming(packet);
        }, delay + late);
      else to.handleIncoming(packet);
    }
  }
}

type Options = Partial<DataChannelAssociationOptions>;

export interface Pair {
  client: DataChannelAssociation;
  server: DataChannelAssociation;
  link: Link;
}

export function makePair(faults: Faults = {}, options: Options = {}, server: Options = {}): Pair {
  const pair = {
    client: createDataChannelAssociation({ role: 'client', ...options }),
    server: createDataChannelAssociation({ role: 'server', ...options, ...server }),
    link: new Link(faults),
  };
  pair.link.join(pair.client, pair.server);
  defer(() => {
    pair.client.abort();
    pair.server.abort();
  });
  return pair;
}

export async function connected(...args: Parameters<typeof makePair>): Promise<Pair> {
  const pair = makePair(...args);
  await Promise.all([pair.client.connect(), pair.server.connect()]);
  return pair;
}

export interface Channels extends Pair {
  /** The end that opened the channel. */
  ours: DataChannel;
  theirs: DataChannel;
}

/** A connected pair with a channel that the client has opened. */
export async function withChannel(
  init: Parameters<DataChannelAssociation['createDataChannel']>[1] = {},
  ...args: Parameters<typeof makePair>
): Promise<Channels> {
  const pair = makePair(...args);
  const ours = pair.client.createDataChannel('test', init);
  const theirs = announced(pair.server);
  await Promise.all([pair.client.connect(), pair.server.connect(), event(ours, 'open')]);
  return { ...pair, ours, theirs: await theirs };
}

export async function announced(association: DataChannelAssociation): Promise<DataChannel> {
  const [channel] = (await once(association, 'datachannel')) as [DataChannel];
  return channel;
}

export function event(channel: DataChannel, name: keyof DataChannelEvents): Promise<unknown[]> {
  return once(channel, name);
}

/** The next messages, as `on` has them. */
export function messages(channel: DataChannel, count: number): Promise<(string | Buffer)[]> {
  const received: (string | Buffer)[] = [];
  return new Promise((resolve) => {
    const listener = (data: string | Buffer): void => {
      received.push(data);
      if (received.length < count) return;
      channel.off('message', listener);
      resolve(received);
    };
    channel.on('message', listener);
  });
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Bytes that a number determines, so that no two messages are alike. */
export function pattern(number: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (number * 31 + i * 7 + (i >> 8)) & 0xff;
  return bytes;
}
