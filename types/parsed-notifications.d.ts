/** Notifications as the kernel's structs, under the names of RFC 6458 and RFC 6525. */
import type { Address } from './address';

/** What every struct begins with (RFC 6458 §6.1). */
export interface SctpNotificationHeader {
  /** The kernel's number of the type. */
  sn_type: number;
  /** The header's flags. */
  sn_flags: number;
  /** Bytes of the whole notification. */
  sn_length: number;
}

/** 'assocChange': struct sctp_assoc_change (RFC 6458 §6.1.1). */
export interface SctpAssocChange {
  /** The kernel's number of the type. */
  sac_type: number;
  /** The header's flags. */
  sac_flags: number;
  /** Bytes of the whole notification. */
  sac_length: number;
  /** What has happened: a number of `constants`, SCTP_COMM_UP and others. */
  sac_state: number;
  /** Code of the error cause, or 0. */
  sac_error: number;
  /** Streams to the peer. */
  sac_outbound_streams: number;
  /** Streams from the peer. */
  sac_inbound_streams: number;
  /** The kernel's number of the association. */
  sac_assoc_id: number;
  /** The error causes of the peer's ABORT, as they came; empty without one. */
  sac_info: Buffer;
}

/** 'peerAddrChange': struct sctp_paddr_change (RFC 6458 §6.1.2). */
export interface SctpPaddrChange {
  /** The kernel's number of the type. */
  spc_type: number;
  /** The header's flags. */
  spc_flags: number;
  /** Bytes of the whole notification. */
  spc_length: number;
  /** The peer's end of the path; missing as `address` is. */
  spc_aaddr?: Address;
  /** What has happened: a number of `constants`, SCTP_ADDR_AVAILABLE and others. */
  spc_state: number;
  /** Why: a number of `constants`, SCTP_HEARTBEAT_SUCCESS and others, or 0. */
  spc_error: number;
  /** The kernel's number of the association. */
  spc_assoc_id: number;
}

/** 'remoteError': struct sctp_remote_error (RFC 6458 §6.1.3). */
export interface SctpRemoteError {
  /** The kernel's number of the type. */
  sre_type: number;
  /** The header's flags. */
  sre_flags: number;
  /** Bytes of the whole notification. */
  sre_length: number;
  /** Code of the error cause. */
  sre_error: number;
  /** The kernel's number of the association. */
  sre_assoc_id: number;
  /** What goes with the cause. */
  sre_data: Buffer;
}

/** 'sendFailed': struct sctp_send_failed, deprecated (RFC 6458 §6.1.4). */
export interface SctpSendFailed {
  /** The kernel's number of the type. */
  ssf_type: number;
  /** The header's flags. */
  ssf_flags: number;
  /** Bytes of the whole notification. */
  ssf_length: number;
  /** Code of the error cause, or 0. */
  ssf_error: number;
  /** How the message was sent (RFC 6458 §5.3.2). */
  ssf_info: Record<
    | 'sinfo_stream'
    | 'sinfo_ssn'
    | 'sinfo_flags'
    | 'sinfo_ppid'
    | 'sinfo_context'
    | 'sinfo_timetolive'
    | 'sinfo_tsn'
    | 'sinfo_cumtsn'
    | 'sinfo_assoc_id',
    number
  >;
  /** The kernel's number of the association. */
  ssf_assoc_id: number;
  /** The fragment's bytes. */
  ssf_data: Buffer;
}

/** 'shutdown': struct sctp_shutdown_event (RFC 6458 §6.1.5). */
export interface SctpShutdownEvent {
  /** The kernel's number of the type. */
  sse_type: number;
  /** The header's flags. */
  sse_flags: number;
  /** Bytes of the whole notification. */
  sse_length: number;
  /** The kernel's number of the association. */
  sse_assoc_id: number;
}

/** 'adaptation': struct sctp_adaptation_event (RFC 6458 §6.1.6). */
export interface SctpAdaptationEvent {
  /** The kernel's number of the type. */
  sai_type: number;
  /** The header's flags. */
  sai_flags: number;
  /** Bytes of the whole notification. */
  sai_length: number;
  /** The peer's number. */
  sai_adaptation_ind: number;
  /** The kernel's number of the association. */
  sai_assoc_id: number;
}

/** 'partialDelivery': struct sctp_pdapi_event (RFC 6458 §6.1.7). */
export interface SctpPdapiEvent {
  /** The kernel's number of the type. */
  pdapi_type: number;
  /** The header's flags. */
  pdapi_flags: number;
  /** Bytes of the whole notification. */
  pdapi_length: number;
  /** What has happened: SCTP_PARTIAL_DELIVERY_ABORTED of `constants`. */
  pdapi_indication: number;
  /** The kernel's number of the association. */
  pdapi_assoc_id: number;
  /** Stream. */
  pdapi_stream: number;
  /** The message's sequence number on its stream. */
  pdapi_seq: number;
}

/** 'authentication': struct sctp_authkey_event (RFC 6458 §6.1.8). */
export interface SctpAuthkeyEvent {
  /** The kernel's number of the type. */
  auth_type: number;
  /** The header's flags. */
  auth_flags: number;
  /** Bytes of the whole notification. */
  auth_length: number;
  /** The key it is about. */
  auth_keynumber: number;
  /** Another key that goes with it; Linux has 0. */
  auth_altkeynumber: number;
  /** What has happened: a number of `constants`, SCTP_AUTH_NEW_KEY and others. */
  auth_indication: number;
  /** The kernel's number of the association. */
  auth_assoc_id: number;
}

/** 'senderDry': struct sctp_sender_dry_event (RFC 6458 §6.1.9). */
export interface SctpSenderDryEvent {
  /** The kernel's number of the type. */
  sender_dry_type: number;
  /** The header's flags. */
  sender_dry_flags: number;
  /** Bytes of the whole notification. */
  sender_dry_length: number;
  /** The kernel's number of the association. */
  sender_dry_assoc_id: number;
}

/** 'sendFailed': struct sctp_send_failed_event (RFC 6458 §6.1.11). */
export interface SctpSendFailedEvent {
  /** The kernel's number of the type. */
  ssf_type: number;
  /** The header's flags. */
  ssf_flags: number;
  /** Bytes of the whole notification. */
  ssf_length: number;
  /** Code of the error cause, or 0. */
  ssf_error: number;
  /** How the message was sent (RFC 6458 §5.3.4). */
  ssfe_info: Record<'snd_sid' | 'snd_flags' | 'snd_ppid' | 'snd_context' | 'snd_assoc_id', number>;
  /** The kernel's number of the association. */
  ssf_assoc_id: number;
  /** The fragment's bytes. */
  ssf_data: Buffer;
}

/** 'streamReset': struct sctp_stream_reset_event (RFC 6525 §6.1.1). */
export interface SctpStreamResetEvent {
  /** The kernel's number of the type. */
  strreset_type: number;
  /** The header's flags. */
  strreset_flags: number;
  /** Bytes of the whole notification. */
  strreset_length: number;
  /** The kernel's number of the association. */
  strreset_assoc_id: number;
  /** Which streams; empty for all. */
  strreset_stream_list: number[];
}

/** 'assocReset': struct sctp_assoc_reset_event (RFC 6525 §6.1.2). */
export interface SctpAssocResetEvent {
  /** The kernel's number of the type. */
  assocreset_type: number;
  /** The header's flags. */
  assocreset_flags: number;
  /** Bytes of the whole notification. */
  assocreset_length: number;
  /** The kernel's number of the association. */
  assocreset_assoc_id: number;
  /** The local transmission sequence number. */
  assocreset_local_tsn: number;
  /** The remote transmission sequence number. */
  assocreset_remote_tsn: number;
}

/** 'streamChange': struct sctp_stream_change_event (RFC 6525 §6.1.3). */
export interface SctpStreamChangeEvent {
  /** The kernel's number of the type. */
  strchange_type: number;
  /** The header's flags. */
  strchange_flags: number;
  /** Bytes of the whole notification. */
  strchange_length: number;
  /** The kernel's number of the association. */
  strchange_assoc_id: number;
  /** How many more streams from the peer. */
  strchange_instrms: number;
  /** How many more streams to the peer. */
  strchange_outstrms: number;
}

/** Which struct there is depends on the type, `sn_type`. */
export interface ParsedNotification {
  /** The kernel's number of the type. */
  sn_type: number;
  /** What 'assocChange' reports. */
  sn_assoc_change: SctpAssocChange;
  /** What 'peerAddrChange' reports. */
  sn_paddr_change: SctpPaddrChange;
  /** What 'remoteError' reports. */
  sn_remote_error: SctpRemoteError;
  /** What 'shutdown' reports. */
  sn_shutdown_event: SctpShutdownEvent;
  /** What 'partialDelivery' reports. */
  sn_pdapi_event: SctpPdapiEvent;
  /** What 'adaptation' reports. */
  sn_adaptation_event: SctpAdaptationEvent;
  /** What 'authentication' reports. */
  sn_authkey_event: SctpAuthkeyEvent;
  /** What 'senderDry' reports. */
  sn_sender_dry_event: SctpSenderDryEvent;
  /** What 'streamReset' reports. */
  sn_strreset_event: SctpStreamResetEvent;
  /** What 'assocReset' reports. */
  sn_assocreset_event: SctpAssocResetEvent;
  /** What 'streamChange' reports. */
  sn_strchange_event: SctpStreamChangeEvent;
  /** What 'unknown' reports. */
  sn_header: SctpNotificationHeader;
  /** What 'sendFailed' reports, in its deprecated form. */
  sn_send_failed: SctpSendFailed;
  /** What 'sendFailed' reports. */
  sn_send_failed_event: SctpSendFailedEvent;
}
