/** The events in an Association's life; each part implements those that concern it. */
import type { NativeNotification } from '../../types/native-values';

export interface Part {
  /** The association is up. */
  onUp?(): void;
  /** Code that waited for that has had the chance to add listeners. */
  onSettled?(): void;
  /** An event of the owner's has gained or lost listeners. */
  onListeners?(event: string | symbol): void;
  /** The kernel reports something. What follows from it for the association comes later. */
  onNotification?(notification: NativeNotification): void;
  /** The owner no longer needs it. The Link may stay open for an orderly end. */
  onDismissed?(error: Error | null): void;
  /** The association is over and the Link closed. */
  onOver?(): void;
}
