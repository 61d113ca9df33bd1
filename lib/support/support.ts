/** What this kernel can do. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';

import type { Support } from '../../types/support';
import { binding } from '../binding';
import { errnoName, isNotSupported, notSupportedRemedy } from '../errors';
import { readFeatures } from './features';
import { readSysctl } from '../sysctl';

/** A user namespace's capabilities do not count for buffers. Its ids are a map of others. */
function inUserNamespace(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'ascii'));
  } catch {
    return false; // a kernel without user namespaces
  }
}

/** CAP_NET_ADMIN is capability 12 (capabilities(7)). */
function hasNetAdmin(): boolean {
  if (inUserNamespace()) return false;
  try {
    const status = readFileSync('/proc/self/status', 'ascii');
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
    return ((BigInt(`0x${effective}`) >> 12n) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Queries the kernel at each call: modules can be loaded in between. */
export function support(): Support {
  const errno = binding.probe();
  const sndBufMax = readSysctl('net.core.wmem_max');
  const rcvBufMax = readSysctl('net.core.rmem_max');
  return {
    sctp: errno === 0,
    kernel: release(),
    ...(errno !== 0 && { reason: `socket() failed with ${errnoName(errno)}` }),
    ...(isNotSupported(errno) && { remedy: [...notSupportedRemedy] }),
    buffers: {
      ...(sndBufMax !== undefined && { sndBufMax }),
      ...(rcvBufMax !== undefined && { rcvBufMax }),
      unlimited: hasNetAdmin(),
    },
    features: readFeatures(),
  };
}
