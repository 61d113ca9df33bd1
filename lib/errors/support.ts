/** A kernel that lacks what is needed. */
import { withCode } from './coded';
import { errnoName, systemError } from './system';

export const notSupportedRemedy = [
  'load the module: modprobe sctp (as root)',
  'if that is refused, look for "install sctp /bin/true" or "blacklist sctp" in /etc/modprobe.d',
  'if there is no such module: Fedora and RHEL have it in kernel-modules-extra',
  'WSL2, Docker Desktop and most CI containers run kernels without SCTP: use a virtual machine',
  "or do without the kernel's: connect and createServer take engine: 'user', SCTP in UDP (docs/engine.md)",
];

/** The kernel has no SCTP. EPROTONOSUPPORT and ESOCKTNOSUPPORT mean the same here. */
export function notSupported(errno: number): Error {
  const message = [
    `This kernel has no SCTP: socket() failed with ${errnoName(errno)}. What to do:`,
    ...notSupportedRemedy.map((line) => `  - ${line}`),
  ].join('\n');
  const fields = { errno, syscall: 'socket' };
  return withCode(new Error(message), 'ERR_SCTP_NOT_SUPPORTED', fields);
}

const protocolMissing = new Set(['EPROTONOSUPPORT', 'ESOCKTNOSUPPORT']);

export function isNotSupported(errno: number): boolean {
  return protocolMissing.has(errnoName(errno));
}

/** The error for a failed socket(). */
export function socketError(errno: number): Error {
  if (isNotSupported(errno)) return notSupported(errno);
  if (errnoName(errno) === 'ENOPROTOOPT') {
    return systemError('setsockopt', errno, {}, 'kernel-sctp needs Linux 5.0 or later');
  }
  return systemError('socket', errno);
}
