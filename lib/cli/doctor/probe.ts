/** Whether a peer answers, from each of our addresses to each of its own. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

import { connect } from '../../net';
import type { HostAndPort } from '../values';
import { failure, ok, type Finding } from './check';

const isAbort = (error: unknown): boolean => (error as Error).name === 'AbortError';

/** @param timeout milliseconds for each pair */
export async function probePeer(
  { host, port }: HostAndPort,
  timeout: number,
  interrupted: AbortSignal,
): Promise<Finding[]> {
  const addresses = isIP(host) > 0 ? [host] : await resolve(host);
  if (addresses.length === 0) return [failure('peer', `${host} has no address`)];
  const findings: Finding[] = [];
  for (const remote of addresses) {
    for (const local of localAddresses(remote)) {
      if (interrupted.aborted) return findings;
      findings.push(await probe(local, remote, port, timeout, interrupted));
    }
  }
  return findings;
}

async function resolve(host: string): Promise<string[]> {
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch {
    return [];
  }
}

/** Those of the same family and reach: loopback addresses reach loopback addresses only. */
function localAddresses(remote: string): string[] {
  const family = isIP(remote) === 6 ? 'IPv6' : 'IPv4';
  const isLoopback = remote === '::1' || remote.startsWith('127.');
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family: its, internal, address }) => {
      const isLinkLocal = /^fe80:/i.test(address);
      return its === family && internal === isLoopback && !isLinkLocal;
    })
    .map(({ address }) => address);
}

async function probe(
  local: string,
  remote: string,
  port: number,
  timeout: number,
  signal: AbortSignal,
): Promise<Finding> {
  const name = `${local} → ${remote}`;
  const begin = performance.now();
  const socket = connect({
    port,
    remoteAddresses: [remote],
    localAddresses: [local],
    connectTimeout: timeout,
    signal,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const took = (performance.now() - begin).toFixed(1);
    const { remoteAddresses } = socket;
    return ok(name, `answers in ${took} ms; its addresses: ${remoteAddresses.join(', ')}`);
  } catch (error) {
    if (isAbort(error)) return failure(name, 'interrupted');
    const { code, message } = error as NodeJS.ErrnoException;
    return failure(name, message, ...reasonsFor(code));
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

function reasonsFor(code: string | undefined): string[] {
  if (code === 'ECONNREFUSED') return ['the host answers, but nothing listens on that port'];
  if (code === 'ERR_SCTP_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return ['nothing answers: look for a firewall that drops protocol 132, or a wrong address'];
  }
  return [];
}
