/** From a host's name to the addresses of one association. */
import { ADDRCONFIG, lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';

import { invalidAddressFamily, invalidIpAddress } from '../../errors';
import { isObject, withoutScope } from '../../validate';
import type { ConnectConfig } from './connect-arguments';

/**
 * `address` is what `lookup` has found, one call for each.
 * @returns whether the result is still wanted
 */
export type LookupReport = (
  error: Error | null,
  address: string | undefined,
  family: number | undefined,
  host: string,
) => boolean;

/**
 * Calls back with at least one numeric address; at once if no name has to be looked up. Not any
 * longer once `report` has returned false.
 */
export function resolve(
  { host, port, family, hints, lookup = dnsLookup }: ConnectConfig,
  report: LookupReport,
  callback: (error: Error | null, addresses: readonly string[]) => void,
): void {
  if (typeof host !== 'string') {
    callback(null, host);
    return;
  }
  const fail = (error: Error): void => {
    callback(error, []);
  };
  // As `net`: no addresses of a family that this machine has none of.
  const options = {
    all: true,
    family: family === 0 ? undefined : family,
    hints: hints || (family === 0 ? ADDRCONFIG : 0),
  } as const;
  lookup(host, options, (error, found, foundFamily) => {
    const results = toResults(found, foundFamily);
    const failure = error ?? (results.length === 0 ? notFound(host) : null);
    if (failure) {
      if (report(failure, undefined, undefined, host)) fail(failure);
      return;
    }
    if (!results.every(({ address, family: kind }) => report(null, address, kind, host))) return;
    const usable = results.filter(
      ({ address }: { address: unknown }) => isIP(withoutScope(String(address))) !== 0,
    );
    const known = usable.filter(({ family: kind }) => kind === 4 || kind === 6);
    if (usable.length === 0) fail(invalidIpAddress(String(results[0]?.address)));
    else if (known.length === 0) fail(invalidAddressFamily(usable[0]?.family, host, port));
    else
      callback(
        null,
        known.map(({ address }) => address),
      );
  });
}

/** A user's own `lookup` may ignore `all`, and return anything. */
function toResults(found: string | LookupAddress[], family: number | undefined): LookupAddress[] {
  if (Array.isArray(found)) {
    return found.map((one: unknown) =>
      isObject(one) ? (one as unknown as LookupAddress) : { address: String(one), family: 0 },
    );
  }
  if (typeof found !== 'string') return [];
  return [{ address: found, family: family ?? isIP(withoutScope(found)) }];
}

function notFound(hostname: string): Error {
  const message = `getaddrinfo ENOTFOUND ${hostname}`;
  return Object.assign(new Error(message), {
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  });
}
