/** How much may wait to be sent by default. */
import { getDefaultHighWaterMark } from 'node:stream';

/** The default of streams before Node 22, and since then. */
const BEFORE = 16_384;
const SINCE = 65_536;

const [major = '0'] = process.versions.node.split('.');
const isBefore = Number(major) < 22;

/**
 * Node's own, of version 22 and later: messages that are written together leave together, and the
 * more there are of them the less each costs.
 */
export function defaultWriteMark(): number {
  const own = getDefaultHighWaterMark(false);
  return isBefore && own === BEFORE ? SINCE : own; // another one was set by the program
}
