/** Where an association's two ends are. */
import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import { binding } from '../binding';

/**
 * The address that is used to reach the peer. The kernel does not tell it: it is that of the
 * route, if the association has it, else its first one.
 */
export function localAddressOf(native: NativeStreamSocket): Address | undefined {
  const own = native.localAddresses();
  const peer = native.peerAddress();
  const source = peer && binding.routeSource(peer.address, peer.port)?.address;
  const found = own.find(({ address }) => address === source) ?? own[0] ?? native.localAddress();
  const port = native.localAddress()?.port;
  return found && { ...found, port: found.port || (port ?? 0) };
}
