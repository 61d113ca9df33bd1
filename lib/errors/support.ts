/** A kernel that lacks what is needed. */
import { readSysctlText } from '../sysctl';
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

const COOKIE_HASH = 'net.sctp.cookie_hmac_alg';

/** Why a kernel that has SCTP cannot listen: the cookie's signature. */
export function cookieRemedy(): string[] {
  const present = readSysctlText(COOKIE_HASH);
  const setting = present === undefined ? COOKIE_HASH : `${COOKIE_HASH}=${present}`;
  return [
    `the kernel cannot load the hash that signs cookies (${setting}), as in FIPS mode or on ` +
      'minimal hosts: load the modules, modprobe hmac md5 sha1 (as root)',
    ...(present === 'sha1' ? [] : [`or choose another: sysctl -w ${COOKIE_HASH}=sha1`]),
    `or, where nobody can forge packets, leave cookies unsigned: sysctl -w ${COOKIE_HASH}=none`,
  ];
}

/** Why a kernel that has SCTP cannot open a socket, or switch SCTP-AUTH on. */
export const authRemedy = [
  'the kernel cannot load hmac(sha1), which SCTP-AUTH needs, or is out of memory: load the modules, ' +
    'modprobe hmac sha1 (as root)',
  'or leave SCTP-AUTH off: sysctl -w net.sctp.auth_enable=0',
];

/** For a failed listen(). */
export function listenHint(errno: number): string {
  return errnoName(errno) === 'ENOSYS' ? cookieRemedy().join('; ') : '';
}

/** The error for a failed socket(). */
export function socketError(errno: number): Error {
  if (isNotSupported(errno)) return notSupported(errno);
  if (errnoName(errno) === 'ENOPROTOOPT') {
    return systemError('setsockopt', errno, {}, 'kernel-sctp needs Linux 5.0 or later');
  }
  if (errnoName(errno) === 'ENOMEM') {
    return systemError('socket', errno, {}, authRemedy.join('; '));
  }
  return systemError('socket', errno);
}
