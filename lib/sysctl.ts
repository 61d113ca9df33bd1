/** The kernel's settings. */
import { readFileSync } from 'node:fs';

/** `net.sctp.auth_enable` → `/proc/sys/net/sctp/auth_enable` */
export function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}

/** Nothing if it is not there: SCTP not loaded, a kernel without it, or hidden from this process. */
export function readSysctlText(name: string): string | undefined {
  try {
    return readFileSync(sysctlPath(name), 'ascii').trim();
  } catch {
    return undefined;
  }
}

/** The same as a number. */
export function readSysctl(name: string): number | undefined {
  const text = readSysctlText(name);
  return text === undefined ? undefined : Number(text);
}
