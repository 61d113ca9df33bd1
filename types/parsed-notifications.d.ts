/** Notifications as the kernel's structs, under the names of RFC 6458 and RFC 6525. */
import type { Address } from './address';

export interface SctpNotificationHeader {
  sn_type: number;
  sn_flags: number;
  sn_length: number;
}

/** RFC 6458 §6.1.1 */
export interface SctpAssocChange {
  sac_type: number;
  sac_flags: number;
  sac_length: number;
  sac_state: number;
  sac_error: number;
  sac_outbound_streams: number;
  sac_inbound_streams: number;
  sac_assoc_id: number;
  sac_info: Buffer;
}

/** RFC 6458 §6.1.2 */
export interface SctpPaddrChange {
  spc_type: number;
  spc_flags: number;
  spc_length: number;
  spc_aaddr?: Address;
  spc_state: number;
  spc_error: number;
  spc_assoc_id: number;
}

/** RFC 6458 §6.1.3 */
export interface SctpRemoteError {
  sre_type: number;
  sre_flags: number;
  sre_length: number;
  sre_error: number;
  sre_assoc_id: number;
  sre_data: Buffer;
}

/** RFC 6458 §6.1.4 */
export interface SctpSendFailed {
  ssf_type: number;
  ssf_flags: number;
  ssf_length: number;
  ssf_error: number;
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
  ssf_assoc_id: number;
  ssf_data: Buffer;
}

/** RFC 6458 §6.1.5 */
export interface SctpShutdownEvent {
  sse_type: number;
  sse_flags: number;
  sse_length: number;
  sse_assoc_id: number;
}

/** RFC 6458 §6.1.6 */
export interface SctpAdaptationEvent {
  sai_type: number;
  sai_flags: number;
  sai_length: number;
  sai_adaptation_ind: number;
  sai_assoc_id: number;
}

/** RFC 6458 §6.1.7 */
export interface SctpPdapiEvent {
  pdapi_type: number;
  pdapi_flags: number;
  pdapi_length: number;
  pdapi_indication: number;
  pdapi_assoc_id: number;
  pdapi_stream: number;
  pdapi_seq: number;
}

/** RFC 6458 §6.1.8 */
export interface SctpAuthkeyEvent {
  auth_type: number;
  auth_flags: number;
  auth_length: number;
  auth_keynumber: number;
  auth_altkeynumber: number;
  auth_indication: number;
  auth_assoc_id: number;
}

/** RFC 6458 §6.1.9 */
export interface SctpSenderDryEvent {
  sender_dry_type: number;
  sender_dry_flags: number;
  sender_dry_length: number;
  sender_dry_assoc_id: number;
}

/** RFC 6458 §6.1.11 */
export interface SctpSendFailedEvent {
  ssf_type: number;
  ssf_flags: number;
  ssf_length: number;
  ssf_error: number;
  ssfe_info: Record<'snd_sid' | 'snd_flags' | 'snd_ppid' | 'snd_context' | 'snd_assoc_id', number>;
  ssf_assoc_id: number;
  ssf_data: Buffer;
}

/** RFC 6525 §6.1.1 */
export interface SctpStreamResetEvent {
  strreset_type: number;
  strreset_flags: number;
  strreset_length: number;
  strreset_assoc_id: number;
  strreset_stream_list: number[];
}

/** RFC 6525 §6.1.2 */
export interface SctpAssocResetEvent {
  assocreset_type: number;
  assocreset_flags: number;
  assocreset_length: number;
  assocreset_assoc_id: number;
  assocreset_local_tsn: number;
  assocreset_remote_tsn: number;
}

/** RFC 6525 §6.1.3 */
export interface SctpStreamChangeEvent {
  strchange_type: number;
  strchange_flags: number;
  strchange_length: number;
  strchange_assoc_id: number;
  strchange_instrms: number;
  strchange_outstrms: number;
}

/** Which struct there is depends on the type, `sn_type`. */
export interface ParsedNotification {
  sn_type: number;
  sn_assoc_change: SctpAssocChange;
  sn_paddr_change: SctpPaddrChange;
  sn_remote_error: SctpRemoteError;
  sn_shutdown_event: SctpShutdownEvent;
  sn_pdapi_event: SctpPdapiEvent;
  sn_adaptation_event: SctpAdaptationEvent;
  sn_authkey_event: SctpAuthkeyEvent;
  sn_sender_dry_event: SctpSenderDryEvent;
  sn_strreset_event: SctpStreamResetEvent;
  sn_assocreset_event: SctpAssocResetEvent;
  sn_strchange_event: SctpStreamChangeEvent;
  sn_header: SctpNotificationHeader;
  sn_send_failed: SctpSendFailed;
  sn_send_failed_event: SctpSendFailedEvent;
}
