/** Notifications of the kernel (RFC 6458 §6), as 'notification' events deliver them. */
import type { Address } from './address';

interface Common {
  /** The kernel's number of the type. */
  number: number;
  /** The kernel's number of the association; 0 where it is unknown. */
  assocId: number;
  /** The header's flags; 0 for most types. */
  flags: number;
  /** The bytes as the kernel wrote them, in this machine's byte order. */
  raw: Buffer;
}

export type AssocChangeState =
  'commUp' | 'commLost' | 'restart' | 'shutdownComp' | 'cantStrAssoc' | 'unknown';

/** An error cause of an ABORT or ERROR chunk (RFC 9260 §3.3.10). */
export interface ErrorCause {
  code: number;
  info: Buffer;
}

/** An association has come up, ended or restarted (RFC 6458 §6.1.1). */
export interface AssocChangeNotification extends Common {
  type: 'assocChange';
  state: AssocChangeState;
  /** Code of the error cause, or 0. */
  error: number;
  outboundStreams: number;
  inboundStreams: number;
  /** Of the peer's ABORT. */
  causes: ErrorCause[];
}

export type PeerAddrChangeState =
  | 'available'
  | 'unreachable'
  | 'removed'
  | 'added'
  | 'madePrim'
  | 'confirmed'
  | 'potentiallyFailed'
  | 'unknown';

/** A path to the peer has changed (RFC 6458 §6.1.2). */
export interface PeerAddrChangeNotification extends Common {
  type: 'peerAddrChange';
  address?: Address;
  state: PeerAddrChangeState;
  error: number;
}

/** A fragment of a message could not be delivered (RFC 6458 §6.1.11). 'sendFailed' has it whole. */
export interface SendFailedNotification extends Common {
  type: 'sendFailed';
  /** It was on the wire: whether it has arrived is unknown. */
  sent: boolean;
  /** Code of the error cause, or 0. */
  error: number;
  sid: number;
  ppid: number;
  context: number;
  unordered: boolean;
  firstFragment: boolean;
  lastFragment: boolean;
  data: Buffer;
}

/** The peer has sent an ERROR chunk (RFC 6458 §6.1.3). */
export interface RemoteErrorNotification extends Common {
  type: 'remoteError';
  error: number;
  data: Buffer;
}

/** The peer has shut the association down (RFC 6458 §6.1.5). */
export interface ShutdownNotification extends Common {
  type: 'shutdown';
}

/** The rest of a message will not come (RFC 6458 §6.1.7). */
export interface PartialDeliveryNotification extends Common {
  type: 'partialDelivery';
  indication: number;
  sid: number;
  sequence: number;
  unordered: boolean;
}

/** The peer's adaptation layer indication (RFC 6458 §6.1.6). */
export interface AdaptationNotification extends Common {
  type: 'adaptation';
  indication: number;
}

/** Of SCTP-AUTH's keys (RFC 6458 §6.1.8). */
export interface AuthenticationNotification extends Common {
  type: 'authentication';
  keyNumber: number;
  alternateKeyNumber: number;
  indication: number;
}

/** The peer has acknowledged everything (RFC 6458 §6.1.9). */
export interface SenderDryNotification extends Common {
  type: 'senderDry';
}

/** Streams were reset (RFC 6525 §6.1.1). */
export interface StreamResetNotification extends Common {
  type: 'streamReset';
  incoming: boolean;
  outgoing: boolean;
  denied: boolean;
  failed: boolean;
  /** Empty: all. */
  streams: number[];
}

/** The association's sequence numbers were reset (RFC 6525 §6.1.2). */
export interface AssocResetNotification extends Common {
  type: 'assocReset';
  denied: boolean;
  failed: boolean;
  localTsn: number;
  remoteTsn: number;
}

/** Streams were added (RFC 6525 §6.1.3): how many more there are. */
export interface StreamChangeNotification extends Common {
  type: 'streamChange';
  denied: boolean;
  failed: boolean;
  inboundStreams: number;
  outboundStreams: number;
}

/** A type that this version does not know. */
export interface UnknownNotification extends Common {
  type: 'unknown';
}

export type Notification =
  | AssocChangeNotification
  | PeerAddrChangeNotification
  | SendFailedNotification
  | RemoteErrorNotification
  | ShutdownNotification
  | PartialDeliveryNotification
  | AdaptationNotification
  | AuthenticationNotification
  | SenderDryNotification
  | StreamResetNotification
  | AssocResetNotification
  | StreamChangeNotification
  | UnknownNotification;
