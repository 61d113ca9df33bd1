/** A thousand peers of one hub, of which some stop reading. */
import { setTimeout } from 'node:timers/promises';

import type { EndpointAssociation } from 'kernel-sctp';

import { endpointFor, HOST } from './endpoints';

/** What the peers are connected to. */
export interface Hub {
  readonly port: number;
  /** How many associations it has. */
  count(): number;
  /** Sends to a peer. @returns whether the message was taken */
  send(data: Buffer, member: Member): boolean;
}

const LENGTH = 1000;

/** Messages say who they are: "12" is the thirteenth for this peer. */
function numbered(i: number): Buffer {
  return Buffer.from(String(i).padEnd(LENGTH, '.'));
}

/** One peer: it checks that each message comes once, and in order. */
export class Member {
  readonly association: EndpointAssociation;
  /** So many were taken for it. */
  sent = 0;
  received = 0;
  /** What came at the wrong time, if anything. */
  misplaced: string | undefined;
  readonly #listener = (data: Buffer): void => {
    const number = parseInt(data.toString('latin1', 0, 20));
    if (number !== this.received || data.length !== LENGTH) {
      this.misplaced ??= `${String(number)} instead of ${String(this.received)}`;
    }
    this.received++;
    if (this.received === this.sent) this.#waiting?.();
  };
  #waiting: (() => void) | undefined;

  private constructor(association: EndpointAssociation) {
    this.association = association;
    this.read();
  }

  /** One with little room, whose kernel holds the hub back as soon as it does not read. */
  static async of(hub: Hub): Promise<Member> {
    const endpoint = endpointFor({ highWaterMark: 1, sctp: { rcvBuf: 4096 } });
    return new Member(await endpoint.connect({ host: HOST, port: hub.port }));
  }

  read(): void {
    this.association.on('message', this.#listener);
  }

  stop(): void {
    this.association.off('message', this.#listener);
  }

  /** Resolves when everything that was taken has come. */
  async all(): Promise<void> {
    if (this.received === this.sent) return;
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** @returns whether the hub has taken another message for it */
  feed(hub: Hub): boolean {
    if (!hub.send(numbered(this.sent), this)) return false;
    this.sent++;
    return true;
  }
}

export async function crowdOf(hub: Hub, size: number): Promise<Member[]> {
  const members: Member[] = [];
  while (members.length < size) {
    const more = Math.min(50, size - members.length);
    members.push(...(await Promise.all(Array.from({ length: more }, () => Member.of(hub)))));
  }
  while (hub.count() < size) await setTimeout(10);
  return members;
}

/**
 * Lets the first `count` stop, and sends so many messages to each: what those that read get must
 * not depend on the others.
 */
export async function stopReading(
  hub: Hub,
  members: readonly Member[],
  count: number,
  rounds: number,
): Promise<void> {
  const stopped = members.slice(0, count);
  const reading = members.slice(count);
  for (const member of stopped) member.stop();
  for (let round = 0; round < rounds; round++) {
    for (const member of stopped) member.feed(hub);
    for (const member of reading) {
      // It has room: everything before has arrived.
      if (!member.feed(hub)) throw new Error('a peer that reads was refused a message');
    }
    await Promise.all(reading.map((member) => member.all()));
  }
}

/**
 * What all of those that read nothing hold back, on both sides of their associations, in bytes.
 * @param waiting what the hub has for them
 */
export function heldBytes(members: readonly Member[], waiting: readonly number[]): number {
  const unread = members.map(({ association }) => association.readAheadBytes);
  return [...unread, ...waiting].reduce((sum, bytes) => sum + bytes, 0);
}

/** What came at the wrong time; nothing, if all is well. */
export function misplaced(members: readonly Member[]): string[] {
  return members.flatMap((member) => member.misplaced ?? []);
}
