/** Drops an association beyond `maxConnections`. */
import type { Address } from '../../types/address';
import type { NativeStreamSocket } from '../../types/native';
import type { DropInfo } from '../../types/server';

/**
 * @param peer the address it was set up from, in case it is already over
 * @param inOrder whether the peer is to see an orderly end, and no ABORT
 * @returns where its two ends were
 */
export function dropped(
  native: NativeStreamSocket,
  peer: Address | undefined,
  inOrder: boolean,
): DropInfo {
  const local = native.localAddress();
  const remote = native.peerAddress(0) ?? peer;
  if (inOrder) native.close();
  else native.abort(0);
  return {
    localAddress: local?.address,
    localPort: local?.port,
    localFamily: local?.family,
    remoteAddress: remote?.address,
    remotePort: remote?.port,
    remoteFamily: remote?.family,
  };
}
