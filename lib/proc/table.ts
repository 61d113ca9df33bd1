/** The kernel's tables in /proc/net/sctp (of this process's network namespace). */
import { existsSync, readFileSync } from 'node:fs';
import { isIPv6, SocketAddress } from 'node:net';

export type ProcFile = 'assocs' | 'eps' | 'remaddr' | 'snmp';

const FOLDER = '/proc/net/sctp';

/** Whether this kernel has SCTP now: a module that is not loaded yet does not count. */
export function hasTables(): boolean {
  return existsSync(FOLDER);
}

/** The rows without their heading, in columns. None where SCTP is not loaded. */
export function readRows(file: ProcFile): string[][] {
  let text: string;
  try {
    text = readFileSync(`${FOLDER}/${file}`, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n').filter((line) => line !== '');
  return (file === 'snmp' ? lines : lines.slice(1)).map((line) => line.trim().split(/\s+/));
}

/** The kernel writes all eight groups of an IPv6 address, and a star before a primary one. */
export function addressOf(text: string): string {
  const address = text.replace(/^\*/, '');
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}
