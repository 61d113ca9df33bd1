/** Every socket of the host (network namespace) that listens for associations. */
import type { ListenerMetrics } from '../../types/metrics';
import { addressOf, readRows } from './table';

export type HostListener = ListenerMetrics;

/** TCP's number, which the kernel uses for SCTP's sockets too. */
const LISTENING = 10;

export function hostListeners(): HostListener[] {
  return readRows('eps')
    .filter((row) => Number(row[3]) === LISTENING)
    .map((row) => ({
      port: Number(row[5]),
      addresses: row.slice(8).map(addressOf),
      style: Number(row[2]) === 0 ? 'one-to-many' : 'one-to-one',
      uid: Number(row[6]),
      inode: Number(row[7]),
    }));
}
