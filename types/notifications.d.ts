/** Notifications of the kernel (RFC 6458 §6), as 'notification' events deliver them. */
import type { Address } from './address';
import type * as Parsed from './parsed-notifications';

interface Common<Struct> {
  /** The kernel's number of the type. */
  number: number;
  /** The kernel's number of the association; 0 where it is unknown. */
  assocId: number;
  /** The header's flags; 0 for most types. */
  flags: number;
  /** The bytes as the kernel wrote them, in this machine's byte order. */
  raw: Buffer;
  /** The kernel's struct under its own names (RFC 6458), numbers in host order. */
  readonly parsed: { sn_type: number } & Struct;
  /** The same as one English sentence. */
  readonly interpreted: string;
}

export type AssocChangeState =
  'commUp' | 'commLost' | 'restart' | 'shutdownComp' | 'cantStrAssoc' | 'unknown';

/** An error cause of an ABORT or ERROR chunk (RFC 9260 §3.3.10). */
export interface ErrorCause {
  code: number;
  info: Buffer;
}

/** An association has come up, ended or restarted (RFC 6458 §6.1.1). */
export interface AssocChangeNotification extends Common<{
  sn_assoc_change: Parsed.SctpAssocChange;
}> {
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
export interface PeerAddrChangeNotification extends Common<{
  sn_paddr_change: Parsed.SctpPaddrChange;
}> {
  type: 'peerAddrChange';
  address?: Address;
  state: PeerAddrChangeState;
  error: number;
}

/** A fragment of a message could not be delivered (RFC 6458 §6.1.11). 'sendFailed' has it whole. */
export interface SendFailedNotification extends Common<
  { sn_send_failed_event: Parsed.SctpSendFailedEvent } | { sn_send_failed: Parsed.SctpSendFailed }
> {
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
export interface RemoteErrorNotification extends Common<{
  sn_remote_error: Parsed.SctpRemoteError;
}> {
  type: 'remoteError';
  error: number;
  data: Buffer;
}

/** The peer has shut the association down (RFC 6458 §6.1.5). */
export interface ShutdownNotification extends Common<{
  sn_shutdown_event: Parsed.SctpShutdownEvent;
}> {
  type: 'shutdown';
}

export type PartialDeliveryIndication = 'aborted' | 'unknown';

/** The rest of a message will not come (RFC 6458 §6.1.7). */
export interface PartialDeliveryNotification extends Common<{
  sn_pdapi_event: Parsed.SctpPdapiEvent;
}> {
  type: 'partialDelivery';
  indication: PartialDeliveryIndication;
  sid: number;
  sequence: number;
  unordered: boolean;
}

/** The peer's adaptation layer indication (RFC 6458 §6.1.6). */
export interface AdaptationNotification extends Common<{
  sn_adaptation_event: Parsed.SctpAdaptationEvent;
}> {
  type: 'adaptation';
  indication: number;
}

export type AuthenticationIndication = 'newKey' | 'freeKey' | 'noAuth' | 'unknown';

/** Of SCTP-AUTH's keys (RFC 6458 §6.1.8). */
export interface AuthenticationNotification extends Common<{
  sn_authkey_event: Parsed.SctpAuthkeyEvent;
}> {
  type: 'authentication';
  keyNumber: number;
  alternateKeyNumber: number;
  indication: AuthenticationIndication;
}

/** The peer has acknowledged everything (RFC 6458 §6.1.9). */
export interface SenderDryNotification extends Common<{
  sn_sender_dry_event: Parsed.SctpSenderDryEvent;
}> {
  type: 'senderDry';
}

/** Streams were reset (RFC 6525 §6.1.1). */
export interface StreamResetNotification extends Common<{
  sn_strreset_event: Parsed.SctpStreamResetEvent;
}> {
  type: 'streamReset';
  incoming: boolean;
  outgoing: boolean;
  denied: boolean;
  failed: boolean;
  /** Empty: all. */
  streams: number[];
}

/** The association's sequence numbers were reset (RFC 6525 §6.1.2). */
export interface AssocResetNotification extends Common<{
  sn_assocreset_event: Parsed.SctpAssocResetEvent;
}> {
  type: 'assocReset';
  denied: boolean;
  failed: boolean;
  localTsn: number;
  remoteTsn: number;
}

/** Streams were added (RFC 6525 §6.1.3): how many more there are. */
export interface StreamChangeNotification extends Common<{
  sn_strchange_event: Parsed.SctpStreamChangeEvent;
}> {
  type: 'streamChange';
  denied: boolean;
  failed: boolean;
  inboundStreams: number;
  outboundStreams: number;
}

/** A type that this version does not know. */
export interface UnknownNotification extends Common<{ sn_header: Parsed.SctpNotificationHeader }> {
  type: 'unknown';
}

/** Types that can be chosen. */
export type NotificationType = Exclude<Notification['type'], 'unknown'>;

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
