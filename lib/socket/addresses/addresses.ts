/** Which of its own addresses an association uses. */
import { isIPv6 } from 'node:net';

import type { Address } from '../../../types/address';
import type { NativeStreamSocket } from '../../../types/native';
import { binding } from '../../binding';

/**
 * The address that is used to reach the peer. The kernel does not tell it: it is that of the
 * route, if the association has it, else its first one of the same family.
 */
export function sourceOf(native: NativeStreamSocket, peer: Address): Address | undefined {
  const own = native.localAddresses();
  const candidates = own.filter(({ family }) => family === peer.family);
  const [first = own[0]] = candidates;
  if (candidates.length < 2) return first;
  const source = binding.routeSource(peer.address, peer.port);
  return candidates.find(({ address }) => address === source?.address) ?? first;
}

/** Whether a socket was opened for IPv6, and so takes addresses of both families. */
export function takesIPv6(native: NativeStreamSocket): boolean {
  return typeof native.getOption('v6Only', {}) !== 'number';
}

export function familyName(address: string): 'IPv4' | 'IPv6' {
  return isIPv6(address.split('%')[0] ?? '') ? 'IPv6' : 'IPv4';
}
