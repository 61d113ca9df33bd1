/** The kernel's settings, as numbers. */
import { readFileSync } from 'node:fs';

/** `net.sctp.auth_enable` → `/proc/sys/net/sctp/auth_enable` */
export function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}

/** Nothing if it is not there: SCTP not loaded, a kernel without it, or hidden from this process. */
export function readSysctl(name: string): number | undefined {
  try {
    return Number(readFileSync(sysctlPath(name), 'ascii'));
  } catch {
    return undefined;
  }
}
