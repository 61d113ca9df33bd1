/** What the kernel's SCTP counts when something has to wait, or is thrown away. */
import { readFileSync } from 'node:fs';

const names = [
  /** A retransmission timer has expired: a second or more without progress. */
  'T3RtxExpireds',
  /** A timer for a delayed SACK has expired: 200 ms, in which the sender may have waited. */
  'DelaySackExpireds',
  /** DATA thrown away, for there was no room, or it was there already. */
  'InDataChunkDiscards',
  /** Packets thrown away, which came while the socket was in a call. */
  'InPktDiscards',
] as const;

export type Counters = Record<(typeof names)[number], number>;

/** Of this network namespace, since it began. */
export function readCounters(): Counters {
  const text = readFileSync('/proc/net/sctp/snmp', 'ascii');
  const entries = names.map((name) => {
    const value = new RegExp(`^Sctp${name}\\s+([0-9]+)$`, 'm').exec(text)?.[1];
    return [name, Number(value)] as const;
  });
  return Object.fromEntries(entries) as Counters;
}

export function combined(
  a: Counters,
  b: Counters,
  combine: (a: number, b: number) => number,
): Counters {
  return Object.fromEntries(names.map((name) => [name, combine(a[name], b[name])])) as Counters;
}

export const since = (before: Counters, now: Counters): Counters =>
  combined(now, before, (a, b) => a - b);
