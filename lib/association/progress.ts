/** How far an association has come in having its messages acknowledged. */
import type { Link } from './link';

export interface Progress {
  /** DATA chunks that the peer has acknowledged so far. Any change is progress. */
  readonly acknowledged: number;
  /** Chunks that were sent and are not acknowledged. */
  readonly underWay: number;
  /** Bytes that the kernel holds for the peer, with its own overhead. */
  readonly unacknowledgedBytes: number;
  /** Bytes for which the peer has room, as far as is known. */
  readonly peerWindow: number;
}

export interface ChunkCounter {
  /** DATA chunks sent so far, if the kernel counts them. */
  chunksSent(): number | undefined;
}

/**
 * Neither the bytes in the send buffer nor the peer's window are enough: the first change only when a
 * whole message is acknowledged, the second may be open while nothing arrives.
 * @returns nothing once the association is over
 */
export function progressOf(link: Link, options: ChunkCounter): Progress | undefined {
  const unacknowledgedBytes = link.unacknowledgedBytes();
  // In this order: what leaves in between must not look acknowledged.
  const sent = options.chunksSent();
  const status = link.getOption('status', undefined, ['unackData', 'rwnd']);
  if (typeof status === 'number') return undefined; // over, which was not reported yet
  const [underWay, peerWindow] = [Number(status['unackData']), Number(status['rwnd'])];
  // The engine in user space does not count chunks; its bytes change with each.
  const acknowledged = sent === undefined ? -unacknowledgedBytes : sent - underWay;
  return { acknowledged, underWay, unacknowledgedBytes, peerWindow };
}
