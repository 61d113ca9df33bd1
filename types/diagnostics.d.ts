/** What is published on the channels of `node:diagnostics_channel`. */
import type { AssociationMembers, RestartInfo, SendFailedError, StallInfo } from './association';
import type { AssociationEndReason } from './endpoint';
import type { ErrorCause } from './notifications';
import type { PathChange } from './paths';

/** The peer of an association, as every association has it. */
type PeerMembers = Pick<AssociationMembers, 'remoteAddress' | 'remoteFamily' | 'remotePort'>;

/**
 * A Socket, or an association of an Endpoint. For `open`, which has no object for each, an object
 * with the peer's address only.
 */
export type PublishedAssociation = PeerMembers & Partial<AssociationMembers>;

/** Something has happened to an association. */
export interface AssociationPublished {
  /** What it has happened to. */
  association: PublishedAssociation;
}

/** An association has not ended in order. */
export interface AssociationLost extends AssociationPublished {
  /** By the peer's ABORT, by one of ours, or as the peer no longer answered. */
  reason: Extract<AssociationEndReason, 'aborted' | 'lost' | 'local'>;
  /** As users get it; absent if none is reported, and for `open`. */
  error?: Error;
  /** The error causes in the peer's ABORT. */
  causes: ErrorCause[];
}

/** A message was not delivered. */
export interface SendFailedPublished extends AssociationPublished {
  /** As 'sendFailed' has it, with the message. */
  error: SendFailedError;
}

/** Nothing is acknowledged, or messages are again. */
export interface StallPublished extends AssociationPublished, Partial<StallInfo> {
  /** False once the peer acknowledges again. */
  stalled: boolean;
}

/** The messages by channel. */
export interface DiagnosticsMessages {
  /** `connect` has made a Socket, which is about to connect. */
  'kernel-sctp.client.socket': { socket: object };
  /** A Server has made a Socket of an association, and has emitted 'connection'. */
  'kernel-sctp.server.socket': { socket: object };
  /** An association is established. */
  'kernel-sctp:association:up': AssociationPublished;
  /** An established association is over, though not in order. */
  'kernel-sctp:association:lost': AssociationLost;
  /** The peer has restarted the association. */
  'kernel-sctp:association:restart': AssociationPublished & RestartInfo;
  /** An association has ended in order. */
  'kernel-sctp:association:shutdown': AssociationPublished;
  /** A path to the peer has changed. */
  'kernel-sctp:path:change': AssociationPublished & PathChange;
  /** A message that was accepted was not delivered. */
  'kernel-sctp:send:failed': SendFailedPublished;
  /** As 'stalled' and 'recovered'. */
  'kernel-sctp:stall': StallPublished;
}
