/** From a host's name to the addresses of one association. */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';

import type { ConnectConfig } from './connect-arguments';

/** `address` is what `lookup` has found, one call for each. */
export type LookupReport = (
  error: Error | null,
  address: string,
  family: number,
  host: string,
) => void;

/**
 * Calls back with at least one numeric address; at once if no name has to be looked up.
 */
export function resolve(
  { host, family, hints, lookup = dnsLookup }: ConnectConfig,
  report: LookupReport,
  callback: (error: Error | null, addresses: readonly string[]) => void,
): void {
  if (typeof host !== 'string') {
    callback(null, host.map(reachable));
    return;
  }
  const options = { all: true, family, ...(hints !== undefined && { hints }) } as const;
  lookup(host, options, (error, found, foundFamily) => {
    const results = toResults(found, foundFamily);
    if (!error && results.length > 0) {
      for (const result of results) report(null, result.address, result.family, host);
      callback(null, [...new Set(results.map(({ address }) => reachable(address)))]);
    } else {
      const failure = error ?? notFound(host);
      report(failure, '', 0, host);
      callback(failure, []);
    }
  });
}

/** A user's own `lookup` may know nothing of `all`. */
function toResults(found: string | LookupAddress[], family: number | undefined): LookupAddress[] {
  if (Array.isArray(found)) return found;
  return typeof found === 'string' ? [{ address: found, family: family ?? 0 }] : [];
}

function notFound(hostname: string): Error {
  const message = `getaddrinfo ENOTFOUND ${hostname}`;
  return Object.assign(new Error(message), {
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  });
}

/** "Any address" as a destination means this machine, as TCP has it; SCTP refuses it. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
