/** Why the kernel calls an address invalid, as far as the address itself shows it. */
import { BlockList, isIP } from 'node:net';

import { errnoName } from './errors';
import { rememberingLast } from './last-answer';
import { canonical, splitScope, withoutScope } from './validate';

const notOneHost = new BlockList();
notOneHost.addAddress('0.0.0.0');
notOneHost.addSubnet('224.0.0.0', 4);
notOneHost.addAddress('255.255.255.255');
notOneHost.addAddress('::', 'ipv6');
notOneHost.addSubnet('ff00::', 8, 'ipv6');

const everyAddress: readonly string[] = ['0.0.0.0', '::'];

const linkLocal = new BlockList();
linkLocal.addSubnet('fe80::', 10, 'ipv6');

/** Whether it stands for all addresses of a machine. */
export function isEveryAddress(host: string): boolean {
  return everyAddress.includes(canonical(host));
}

/** Whether an address means nothing without its interface. */
export function isLinkLocal(host: string): boolean {
  const literal = withoutScope(host);
  return isIP(literal) === 6 && linkLocal.check(literal, 'ipv6');
}

/** For EINVAL on an address that has passed `checkIp`; empty if nothing is wrong with it. */
export const addressHint = rememberingLast((host: string): string => {
  const [literal, scope] = splitScope(host);
  if (scope !== undefined) return `is there an interface ${scope}?`;
  const family = isIP(literal) === 6 ? 'ipv6' : 'ipv4';
  if (notOneHost.check(literal, family)) return 'it is not the address of one host';
  if (isLinkLocal(host)) {
    return `a link-local address needs its interface, as in ${literal}%eth0`;
  }
  return '';
});

/** For an errno of binding `host`, one of `hosts`. */
export function bindHint(errno: number, host: string, hosts: readonly string[]): string {
  if (!['EINVAL', 'EADDRNOTAVAIL'].includes(errnoName(errno))) return '';
  const every = hosts.find((one) => everyAddress.includes(one));
  if (every !== undefined && hosts.length > 1) {
    return `${every} is every address: it cannot be one of several`;
  }
  return addressHint(host);
}
