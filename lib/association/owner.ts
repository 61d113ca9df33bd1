/** What an Association knows of its owner. */
import type { ReceivedInfo } from '../../types/messages';
import type { StallInfo } from '../../types/association';

/** Something that emits the association's events, as far as anybody listens. */
export interface Owner {
  emit(event: string, ...args: unknown[]): boolean;
  listenerCount(event: string): number;
  /** Those that may have listeners. */
  eventNames(): readonly (string | symbol)[];
  /** Its user wants no more; what the kernel reports until the end may still be emitted. */
  readonly destroyed: boolean;
  /** Why it was destroyed, if for an error. */
  readonly errored: Error | null;
}

/** What an Association asks of its owner. */
export interface OwnerCalls {
  /** What users see of it. */
  readonly user: object;
  onUp(): void;
  onMessage(data: Buffer, info: ReceivedInfo): void;
  /** As LinkListener has it. */
  onTooLarge(length: number): void;
  /** Everything that one wake-up brought was handed over. */
  onBatchEnd(): void;
  /** There may be room for another message. */
  onWritable(): void;
  /** The peer has shut down: no more messages will come, and none can be sent. */
  onPeerEnded(): void;
  /**
   * The peer has restarted the association: what waits to be sent has failed.
   * @returns whether anything waited
   */
  onRestart(error: Error): boolean;
  /** Messages were lost, and no listener was informed. */
  onSilentLoss(error: Error): void;
  /** Nothing is acknowledged any more, and that is to end the association. */
  onStalled(info: StallInfo): void;
  /** The peer has, or may have, an address that is blocked: for owners that have a list of those. */
  onBlocked?(error: Error): void;
  /** The association does not end: nothing has been acknowledged for `closeTimeout`. */
  onStuck(): void;
  /** The association is over, and its Link closed. `errno` is negative, 0 after a shutdown. */
  onOver(errno: number): void;
}

export function isHeard(owner: Owner, ...events: string[]): boolean {
  return events.some((event) => owner.listenerCount(event) > 0);
}

/** Node's emitters count their events: cheaper than the list of them. */
export function mayHaveListeners(owner: Owner): boolean {
  return (owner as { _eventsCount?: number })._eventsCount !== 0;
}
