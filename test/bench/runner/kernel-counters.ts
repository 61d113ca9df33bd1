/** What the kernel's SCTP counts for all associations together: it explains slow repetitions. */
import { readFileSync } from 'node:fs';

export interface KernelCounters {
  /** Retransmission timers that ran out: the association stood still for that long. */
  timeouts: number;
  /** DATA chunks thrown away, as the receive buffer was full. */
  discards: number;
}

export function readKernelCounters(): KernelCounters {
  const text = readFileSync('/proc/net/sctp/snmp', 'ascii');
  const read = (name: string): number =>
    Number(new RegExp(`^${name}\\s+([0-9]+)$`, 'm').exec(text)?.[1] ?? NaN);
  return { timeouts: read('SctpT3RtxExpireds'), discards: read('SctpInDataChunkDiscards') };
}

export function addDifference(
  sum: KernelCounters,
  before: KernelCounters,
  after: KernelCounters,
): void {
  sum.timeouts += after.timeouts - before.timeouts;
  sum.discards += after.discards - before.discards;
}
