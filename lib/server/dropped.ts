/** Drops an association beyond `maxConnections`. */
import type { NativeStreamSocket } from '../../types/native';
import type { DropInfo } from '../../types/server';

/** @returns where its two ends were */
export function dropped(native: NativeStreamSocket): DropInfo {
  const local = native.localAddress();
  const remote = native.peerAddress(0);
  native.abort(0);
  return {
    localAddress: local?.address,
    localPort: local?.port,
    localFamily: local?.family,
    remoteAddress: remote?.address,
    remotePort: remote?.port,
    remoteFamily: remote?.family,
  };
}
