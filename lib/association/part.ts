/** What the parts of an Association take part in. Each part implements what concerns it. */
import type { NativeNotification } from '../../types/native';

export interface Part {
  /** The association is up. */
  onUp?(): void;
  /** Whoever waited for that has had the chance to listen. */
  onSettled?(): void;
  /** An event of the owner's has gained or lost listeners. */
  onListeners?(event: string | symbol): void;
  /** The kernel reports something. What follows from it for the association comes later. */
  onNotification?(notification: NativeNotification): void;
  /** The owner wants no more of it. The Link may still be open, to end in order. */
  onDismissed?(error: Error | null): void;
  /** The association is over and the Link closed. */
  onOver?(): void;
}
