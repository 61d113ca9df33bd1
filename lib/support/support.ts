/** What this kernel can do. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';

import type { Support } from '../../types/support';
import { addonProblem, binding } from '../binding';
import { authRemedy, cookieRemedy, errnoName, isNotSupported, notSupportedRemedy } from '../errors';
import { readFeatures } from './features';
import { DEFAULT_RCV_BUF } from '../options/receive-window';
import { readSysctl, sysctlPath } from '../sysctl';

const RCV_BUF_MAX = 'net.core.rmem_max';

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

/** Without what Sockets ask for, peers on this machine may have to wait: see docs/tuning.md. */
function limits(rcvBufMax: number | undefined): Pick<Support['buffers'], 'inTheWay'> {
  if (rcvBufMax === undefined || rcvBufMax >= DEFAULT_RCV_BUF) return {};
  const remedy = `sysctl -w ${RCV_BUF_MAX}=${String(DEFAULT_RCV_BUF)}`;
  const state = { name: RCV_BUF_MAX, path: sysctlPath(RCV_BUF_MAX), value: rcvBufMax };
  return { inTheWay: { ...state, remedy } };
}

function remedyFor(errno: number): string[] {
  if (isNotSupported(errno)) return [...notSupportedRemedy];
  if (errnoName(errno) === 'ENOMEM') return [...authRemedy];
  return [`see socket(2) for what ${errnoName(errno)} means`];
}

/** Whether a server could listen: it needs more than a socket. */
function listening(): NonNullable<Support['listening']> {
  const socket = new binding.StreamSocket(1);
  try {
    const opened = socket.open(4);
    // A network namespace begins without the loopback address.
    const bound = opened < 0 ? opened : socket.bind('127.0.0.1', 0) && socket.bind('0.0.0.0', 0);
    const errno = bound < 0 ? bound : socket.listen(1);
    if (errno === 0) return { available: true };
    const reason = `listen() failed with ${errnoName(errno)}`;
    const isHashMissing = errnoName(errno) === 'ENOSYS';
    return { available: false, reason, ...(isHashMissing && { remedy: cookieRemedy() }) };
  } finally {
    socket.close();
  }
}

/** Whether there is SCTP now, and whether servers can listen; or why not. */
function availability(): Pick<Support, 'sctp' | 'reason' | 'remedy' | 'listening'> {
  const problem = addonProblem();
  if (problem) return { sctp: false, reason: problem.reason, remedy: [...problem.remedy] };
  const errno = binding.probe();
  if (errno === 0) return { sctp: true, listening: listening() };
  const reason = `socket() failed with ${errnoName(errno)}`;
  return { sctp: false, reason, remedy: remedyFor(errno) };
}

/** Queries the kernel at each call: modules can be loaded in between. */
export function support(): Support {
  const sndBufMax = readSysctl('net.core.wmem_max');
  const rcvBufMax = readSysctl(RCV_BUF_MAX);
  const unlimited = hasNetAdmin();
  return {
    ...availability(),
    kernel: release(),
    buffers: {
      ...(sndBufMax !== undefined && { sndBufMax }),
      ...(rcvBufMax !== undefined && { rcvBufMax }),
      unlimited,
      ...(!unlimited && limits(rcvBufMax)),
    },
    features: readFeatures(),
  };
}
