/** How far an association has come in having its messages acknowledged. */
import type { Link } from './link';
import { type AssociationOptions, optionOf } from './options';

export interface Progress {
  /** DATA chunks that the peer has acknowledged so far. */
  readonly acknowledged: number;
  /** Chunks that were sent and are not acknowledged. */
  readonly underWay: number;
  /** Bytes that the kernel holds for the peer, with its own overhead. */
  readonly unacknowledgedBytes: number;
  /** Bytes for which the peer has room, as far as is known. */
  readonly peerWindow: number;
}

/**
 * Neither the bytes in the send buffer nor the peer's window tell: the first change only when a
 * whole message is acknowledged, the second may be open while nothing arrives.
 * @returns nothing once the association is over
 */
export function progressOf(link: Link, options: AssociationOptions): Progress | undefined {
  try {
    // In this order: what leaves in between must not look acknowledged.
    const { oOdChunks, oUodChunks } = options.peekStats();
    const { unackData, rwnd } = optionOf(link, 'status');
    return {
      acknowledged: Number(oOdChunks) + Number(oUodChunks) - unackData,
      underWay: unackData,
      unacknowledgedBytes: link.unacknowledgedBytes(),
      peerWindow: rwnd,
    };
  } catch {
    return undefined; // over, which is yet to be reported
  }
}
