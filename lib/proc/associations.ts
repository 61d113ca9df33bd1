/** Every association of the host (network namespace), whichever process has it. */
import type { AssociationMetrics } from '../../types/metrics';
import { addressOf, readRows } from './table';

/** The kernel's numbers of states, in its order. */
const states = [
  'closed',
  'cookie-wait',
  'cookie-echoed',
  'established',
  'shutdown-pending',
  'shutdown-sent',
  'shutdown-received',
  'shutdown-ack-sent',
] as const;
const styles = ['one-to-many', 'peeled-off', 'one-to-one'] as const;

export type HostAssociation = AssociationMetrics;

/** Columns before the addresses, whose number varies, and after them. */
const BEFORE = 13;
const AFTER = 11;

export function hostAssociations(): HostAssociation[] {
  return readRows('assocs').map(association);
}

function association(row: readonly string[]): HostAssociation {
  const number = (at: number): number => Number(row.at(at));
  const addresses = row.slice(BEFORE, -AFTER);
  const middle = addresses.indexOf('<->');
  const remote = addresses.slice(middle + 1);
  const primary = remote.find((address) => address.startsWith('*'));
  return {
    assocId: number(6),
    state: states[number(4)] ?? 'unknown',
    style: styles[number(2)] ?? 'unknown',
    localPort: number(11),
    remotePort: number(12),
    localAddresses: addresses.slice(0, middle).map(addressOf),
    remoteAddresses: remote.map(addressOf),
    primary: primary && addressOf(primary),
    sendQueue: number(7),
    receiveQueue: number(8),
    inStreams: number(-10),
    outStreams: number(-9),
    retransmissions: number(-5),
    sndBuf: number(-2),
    rcvBuf: number(-1),
    uid: number(9),
    inode: number(10),
  };
}
