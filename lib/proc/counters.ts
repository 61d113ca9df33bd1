/** The kernel's counters of SCTP, for the host (network namespace) since it began. */
import { readRows } from './table';

/** By the kernel's names without 'Sctp': `T3RtxExpireds`, `Aborteds` (RFC 3873 has some of them). */
export function hostCounters(): Record<string, number> {
  return Object.fromEntries(
    readRows('snmp').map(([name = '', value]) => [name.replace(/^Sctp/, ''), Number(value)]),
  );
}
