/** The events in an Association's life; each part implements those that concern it. */
import type { NativeNotification } from '../../types/native-values';
import type { Addresses } from './addresses/addresses';
import type { AssociationConfig } from './config';
import type { Link, StreamCounts } from './link';
import type { Owner, OwnerCalls } from './owner';
import type { Progress } from './progress';
import type { Subscriptions } from './subscriptions';

export interface Part {
  /** The association is up. */
  onUp?(): void;
  /** Code that waited for that has had the chance to add listeners. */
  onSettled?(): void;
  /** An event of the owner's that the part has named has gained or lost listeners. */
  onListeners?(event: string): void;
  /** The kernel reports something. What follows from it for the association comes later. */
  onNotification?(notification: NativeNotification): void;
  /** The owner no longer needs it. The Link may stay open for an orderly end. */
  onDismissed?(error: Error | null): void;
  /** The association is over and the Link closed. */
  onOver?(): void;
}

/** What parts know of their association. */
export interface PartHost {
  readonly link: Link;
  readonly owner: Owner;
  readonly calls: OwnerCalls;
  readonly config: AssociationConfig;
  readonly subscriptions: Subscriptions;
  readonly addresses: Addresses;
  /** Whether it is established. */
  readonly isUp: boolean;
  readonly wasUp: boolean;
  /** Whether the Link is closed, or somebody else's. */
  readonly isClosed: boolean;
  /** How many streams it began with, as its start was reported, if it was. */
  readonly begunWith: StreamCounts | undefined;
  /** Whether what comes in is read. */
  readonly isReading: boolean;
  /** Whether the peer has shut down. */
  readonly peerEnded: boolean;
  /** How far it has come; nothing once it is over. */
  progress(): Progress | undefined;
}
