/** Which of its own addresses an association uses. */
import type { Address } from '../../../types/address';
import { binding } from '../../binding';
import type { Link } from '../link';

/**
 * The address that is used to reach the peer. The kernel does not report it: it is the route's
 * source, if the association has that, else its first one of the same family.
 */
export function sourceOf(own: readonly Address[], peer: Address): Address | undefined {
  const candidates = own.filter(({ family }) => family === peer.family);
  const [first = own[0]] = candidates;
  if (candidates.length < 2) return first;
  const source = binding.routeSource(peer.address, peer.port);
  if (typeof source === 'number') return first;
  return candidates.find(({ address }) => address === source.address) ?? first;
}

/** Whether a descriptor was opened for IPv6, and so takes addresses of both families. */
export function takesIPv6(link: Link): boolean {
  return typeof link.getOption('v6Only', {}) !== 'number';
}
