/** Why the kernel calls an address invalid, as far as the address itself shows it. */
import { BlockList, isIP } from 'node:net';

const notOnePeer = new BlockList();
notOnePeer.addAddress('0.0.0.0');
notOnePeer.addSubnet('224.0.0.0', 4);
notOnePeer.addAddress('255.255.255.255');
notOnePeer.addAddress('::', 'ipv6');
notOnePeer.addSubnet('ff00::', 8, 'ipv6');

const linkLocal = new BlockList();
linkLocal.addSubnet('fe80::', 10, 'ipv6');

/** For EINVAL on an address that has passed `checkIp`; empty if nothing is wrong with it. */
export function addressHint(host: string): string {
  const [literal = '', scope] = host.split('%');
  if (scope !== undefined) return `is there an interface ${scope}?`;
  const family = isIP(literal) === 6 ? 'ipv6' : 'ipv4';
  if (notOnePeer.check(literal, family)) return 'it is not the address of one peer';
  if (linkLocal.check(literal, family)) {
    return `a link-local address needs its interface, as in ${literal}%eth0`;
  }
  return '';
}
