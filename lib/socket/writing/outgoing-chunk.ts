/** A message as it leaves Writable's buffer for the kernel. */
import type { Outgoing } from '../../association/sending';
import type { PendingMessage } from './pending-message';

export interface OutgoingChunk extends Outgoing {
  readonly pending: PendingMessage | undefined;
  /** Writable no longer counts it: it was taken while earlier ones of the tick were on their way. */
  readonly isCollected: boolean;
  /** The end follows. */
  isLast: boolean;
}
