/** `metrics()`: what this process has of SCTP, read when it is asked for. */
import type { Metrics } from '../types/metrics';
import { totals } from './diagnostics/associations';
import { hostAssociations } from './proc/associations';
import { hostCounters } from './proc/counters';
import { hostListeners } from './proc/listeners';
import { ownSockets } from './proc/own-sockets';
import { type HostPath, hostPaths } from './proc/paths';

/**
 * Numbers for monitoring, as plain data that can be turned into JSON. Each call reads
 * `/proc/net/sctp` and the list of this process's descriptors: some milliseconds with thousands.
 */
export function metrics(): Metrics {
  const own = ownSockets();
  const paths = pathsByAssociation();
  return {
    totals: { ...totals },
    associations: hostAssociations()
      .filter(({ inode }) => own.has(inode))
      .map((association) => ({
        ...association,
        paths: paths.get(association.assocId) ?? [],
      })),
    listeners: hostListeners().filter(({ inode }) => own.has(inode)),
    counters: hostCounters(),
  };
}

function pathsByAssociation(): Map<number, HostPath[]> {
  const found = new Map<number, HostPath[]>();
  for (const path of hostPaths()) {
    const others = found.get(path.assocId);
    if (others) others.push(path);
    else found.set(path.assocId, [path]);
  }
  return found;
}
