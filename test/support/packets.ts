import { readFileSync } from 'node:fs';

/** SCTP packets that this kernel has sent. */
export function packetsSent(): number {
  const counters = readFileSync('/proc/net/sctp/snmp', 'latin1');
  return Number(/^SctpOutSCTPPacks\s+(\d+)/m.exec(counters)?.[1]);
}
