/** Notifications of the kernel (RFC 6458 §6), as 'notification' events deliver them. */
import type { Address } from './address';
import type * as Parsed from './parsed-notifications';

/** What every notification has. */
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

/** What has become of an association (RFC 6458 §6.1.1). */
export type AssocChangeState =
  'commUp' | 'commLost' | 'restart' | 'shutdownComp' | 'cantStrAssoc' | 'unknown';

/** An error cause of an ABORT or ERROR chunk (RFC 9260 §3.3.10). */
export interface ErrorCause {
  /** The cause's number. */
  code: number;
  /** Its name in IANA's registry, as 'user-initiated abort'; 'unknown' for others. */
  name: string;
  /** What goes with it, if that is text of up to 200 bytes; else empty. */
  text: string;
  /** What goes with it; empty for none. */
  info: Buffer;
}

/** An association has come up, ended or restarted (RFC 6458 §6.1.1). */
export interface AssocChangeNotification extends Common<{
  sn_assoc_change: Parsed.SctpAssocChange;
}> {
  /** Comes for every association, first and last. */
  type: 'assocChange';
  /** What has happened; 'unknown' is a state that this version does not know. */
  state: AssocChangeState;
  /** Code of the error cause, or 0. */
  error: number;
  /** Streams to the peer, as negotiated; 0 where none were. */
  outboundStreams: number;
  /** Streams from the peer, as negotiated; 0 where none were. */
  inboundStreams: number;
  /** The error causes in the peer's ABORT, the first 64 at most; empty without one. */
  causes: ErrorCause[];
}

/** What has become of a path (RFC 6458 §6.1.2, RFC 7829 §7.1). */
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
  /** Comes for each change of a path; as an event of its own, 'path' reports it. */
  type: 'peerAddrChange';
  /**
   * The peer's end of the path. Linux always has it; missing only if the kernel's struct holds
   * neither an IPv4 nor an IPv6 address.
   */
  address?: Address;
  /** What has happened; 'unknown' is a state that this version does not know. */
  state: PeerAddrChangeState;
  /**
   * Why, or 0: Linux has SCTP_RECEIVED_SACK, SCTP_HEARTBEAT_SUCCESS and SCTP_FAILED_THRESHOLD of
   * `constants`.
   */
  error: number;
}

/** A fragment of a message could not be delivered (RFC 6458 §6.1.11). 'sendFailed' has it whole. */
export interface SendFailedNotification extends Common<
  { sn_send_failed_event: Parsed.SctpSendFailedEvent } | { sn_send_failed: Parsed.SctpSendFailed }
> {
  /** Comes once for each fragment; the socket's 'sendFailed' comes once for each message. */
  type: 'sendFailed';
  /** It was on the wire: whether it has arrived is unknown. */
  sent: boolean;
  /** Code of the error cause, or 0. */
  error: number;
  /** Stream it was for. */
  sid: number;
  /** Payload protocol identifier, in host order. */
  ppid: number;
  /** The number that was given when it was sent. */
  context: number;
  /** It was to be delivered as soon as it arrived. */
  unordered: boolean;
  /** Its message begins with it. */
  firstFragment: boolean;
  /** Its message ends with it. */
  lastFragment: boolean;
  /** The fragment's bytes. */
  data: Buffer;
}

/** The peer has sent an ERROR chunk (RFC 6458 §6.1.3). */
export interface RemoteErrorNotification extends Common<{
  sn_remote_error: Parsed.SctpRemoteError;
}> {
  /** Comes for each error cause in such a chunk; the association lasts. */
  type: 'remoteError';
  /** Code of the error cause. */
  error: number;
  /** What goes with the cause. */
  data: Buffer;
}

/** The peer has shut the association down (RFC 6458 §6.1.5). */
export interface ShutdownNotification extends Common<{
  sn_shutdown_event: Parsed.SctpShutdownEvent;
}> {
  /** Comes once, and 'end' once everything before it is read. */
  type: 'shutdown';
}

/** Why the rest of a message will not come (RFC 6458 §6.1.7). */
export type PartialDeliveryIndication = 'aborted' | 'unknown';

/** The rest of a message will not come (RFC 6458 §6.1.7). */
export interface PartialDeliveryNotification extends Common<{
  sn_pdapi_event: Parsed.SctpPdapiEvent;
}> {
  /** Comes for a message that has been received in part. */
  type: 'partialDelivery';
  /** Why; 'unknown' is a number that this version does not know. */
  indication: PartialDeliveryIndication;
  /** Stream. */
  sid: number;
  /** The message's sequence number on its stream. */
  sequence: number;
  /** The message was unordered. */
  unordered: boolean;
}

/** The peer's adaptation layer indication (RFC 6458 §6.1.6). */
export interface AdaptationNotification extends Common<{
  sn_adaptation_event: Parsed.SctpAdaptationEvent;
}> {
  /** Comes as the association begins, if the peer has sent one. */
  type: 'adaptation';
  /** The peer's number: its option `adaptationLayer`. */
  indication: number;
}

/** What has become of a key (RFC 6458 §6.1.8). */
export type AuthenticationIndication = 'newKey' | 'freeKey' | 'noAuth' | 'unknown';

/** A key of SCTP-AUTH is used or no longer used (RFC 6458 §6.1.8). */
export interface AuthenticationNotification extends Common<{
  sn_authkey_event: Parsed.SctpAuthkeyEvent;
}> {
  /** Comes with SCTP-AUTH only. */
  type: 'authentication';
  /** The key it is about. */
  keyNumber: number;
  /** Another key that goes with it; Linux has 0. */
  alternateKeyNumber: number;
  /**
   * 'newKey': the peer has begun to use the key. 'freeKey': nothing needs the key any longer.
   * 'noAuth': the peer does not authenticate chunks. 'unknown' is a number that this version does
   * not know.
   */
  indication: AuthenticationIndication;
}

/** The peer has acknowledged everything (RFC 6458 §6.1.9). */
export interface SenderDryNotification extends Common<{
  sn_sender_dry_event: Parsed.SctpSenderDryEvent;
}> {
  /** Comes whenever nothing is unacknowledged any longer; see the option `notifications`. */
  type: 'senderDry';
}

/** Streams were reset (RFC 6525 §6.1.1). */
export interface StreamResetNotification extends Common<{
  sn_strreset_event: Parsed.SctpStreamResetEvent;
}> {
  /** Comes for requests of either side. */
  type: 'streamReset';
  /** Streams from the peer were reset. */
  incoming: boolean;
  /** Streams to the peer were reset. */
  outgoing: boolean;
  /** Nothing was reset: the peer has denied it. */
  denied: boolean;
  /** Nothing was reset: it has failed. */
  failed: boolean;
  /** Which streams; empty for all. */
  streams: number[];
}

/** The association's sequence numbers were reset (RFC 6525 §6.1.2). */
export interface AssocResetNotification extends Common<{
  sn_assocreset_event: Parsed.SctpAssocResetEvent;
}> {
  /** Comes for requests of either side. */
  type: 'assocReset';
  /** Nothing was reset: the peer has denied it. */
  denied: boolean;
  /** Nothing was reset: it has failed. */
  failed: boolean;
  /** The local transmission sequence number, as the kernel reports it. */
  localTsn: number;
  /** The remote transmission sequence number, as the kernel reports it. */
  remoteTsn: number;
}

/** Streams were added (RFC 6525 §6.1.3): how many more there are. */
export interface StreamChangeNotification extends Common<{
  sn_strchange_event: Parsed.SctpStreamChangeEvent;
}> {
  /** Comes for requests of either side. */
  type: 'streamChange';
  /** Nothing was added: the peer has denied it. */
  denied: boolean;
  /** Nothing was added: it has failed. */
  failed: boolean;
  /** How many more streams from the peer. */
  inboundStreams: number;
  /** How many more streams to the peer. */
  outboundStreams: number;
}

/** A type that this version does not know. */
export interface UnknownNotification extends Common<{ sn_header: Parsed.SctpNotificationHeader }> {
  /** What it is, `number` and `raw` say. */
  type: 'unknown';
}

/** Types that can be chosen. */
export type NotificationType = Exclude<Notification['type'], 'unknown'>;

/** A notification, by `type`. */
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

export {};
