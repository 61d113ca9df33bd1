/** Where an association's two ends are. */
import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import { binding } from '../binding';

/**
 * The address that is used to reach the peer. The kernel does not tell it: it is that of the
 * route, if the association has it, else its first one of the same family.
 */
export function localAddressOf(native: NativeStreamSocket): Address | undefined {
  const own = native.localAddresses();
  const peer = peerAddressOf(native);
  const source = peer && binding.routeSource(peer.address, peer.port);
  const found =
    own.find(({ address }) => address === source?.address) ??
    own.find(({ family }) => family === peer?.family) ??
    own[0] ??
    native.localAddress();
  const port = native.localAddress()?.port;
  return found && { ...found, port: port ?? found.port };
}

/**
 * The peer's primary address. getpeername() tells the last of those that were given to connect;
 * without an association there is nothing better.
 */
export function peerAddressOf(native: NativeStreamSocket): Address | undefined {
  const primary = native.getOption('primaryAddr', {});
  const found = typeof primary === 'number' ? undefined : (primary['value'] as Address);
  return found ?? native.peerAddress();
}
