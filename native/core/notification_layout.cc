#include "core/notification_layout.h"

#include <algorithm>
#include <bit>

#include "core/abi.h"

namespace sctp {
namespace {

using NotificationHeader = decltype(sctp_notification::sn_header);

// A field that is called as in the kernel's header.
#define FIELD(type_name, field, field_type) \
  { #field, offsetof(type_name, field), FieldType::field_type }

// The kernel widens a 16-bit cause code after it has put it into network order.
constexpr size_t kCauseOffset = std::endian::native == std::endian::little ? 0 : 2;
#define CAUSE_FIELD(type_name, field) \
  { #field, offsetof(type_name, field) + kCauseOffset, FieldType::kBigEndian16 }

constexpr Field kHeader[] = {
    FIELD(NotificationHeader, sn_type, kU16),
    FIELD(NotificationHeader, sn_flags, kU16),
    FIELD(NotificationHeader, sn_length, kU32),
};

constexpr Field kAssocChange[] = {
    FIELD(sctp_assoc_change, sac_type, kU16),
    FIELD(sctp_assoc_change, sac_flags, kU16),
    FIELD(sctp_assoc_change, sac_length, kU32),
    FIELD(sctp_assoc_change, sac_state, kU16),
    FIELD(sctp_assoc_change, sac_error, kBigEndian16),
    FIELD(sctp_assoc_change, sac_outbound_streams, kU16),
    FIELD(sctp_assoc_change, sac_inbound_streams, kU16),
    FIELD(sctp_assoc_change, sac_assoc_id, kI32),
};

constexpr Field kPeerAddrChange[] = {
    FIELD(sctp_paddr_change, spc_type, kU16),     FIELD(sctp_paddr_change, spc_flags, kU16),
    FIELD(sctp_paddr_change, spc_length, kU32),   FIELD(sctp_paddr_change, spc_aaddr, kAddress),
    FIELD(sctp_paddr_change, spc_state, kI32),    FIELD(sctp_paddr_change, spc_error, kI32),
    FIELD(sctp_paddr_change, spc_assoc_id, kI32),
};

constexpr Field kSendFailed[] = {
    FIELD(sctp_send_failed, ssf_type, kU16),
    FIELD(sctp_send_failed, ssf_flags, kU16),
    FIELD(sctp_send_failed, ssf_length, kU32),
    CAUSE_FIELD(sctp_send_failed, ssf_error),
    FIELD(sctp_send_failed, ssf_info.sinfo_stream, kU16),
    FIELD(sctp_send_failed, ssf_info.sinfo_ssn, kU16),
    FIELD(sctp_send_failed, ssf_info.sinfo_flags, kU16),
    FIELD(sctp_send_failed, ssf_info.sinfo_ppid, kBigEndian32),
    FIELD(sctp_send_failed, ssf_info.sinfo_context, kU32),
    FIELD(sctp_send_failed, ssf_info.sinfo_timetolive, kU32),
    FIELD(sctp_send_failed, ssf_info.sinfo_tsn, kU32),
    FIELD(sctp_send_failed, ssf_info.sinfo_cumtsn, kU32),
    FIELD(sctp_send_failed, ssf_info.sinfo_assoc_id, kI32),
    FIELD(sctp_send_failed, ssf_assoc_id, kI32),
};

constexpr Field kSendFailedEvent[] = {
    FIELD(sctp_send_failed_event, ssf_type, kU16),
    FIELD(sctp_send_failed_event, ssf_flags, kU16),
    FIELD(sctp_send_failed_event, ssf_length, kU32),
    CAUSE_FIELD(sctp_send_failed_event, ssf_error),
    FIELD(sctp_send_failed_event, ssfe_info.snd_sid, kU16),
    FIELD(sctp_send_failed_event, ssfe_info.snd_flags, kU16),
    FIELD(sctp_send_failed_event, ssfe_info.snd_ppid, kBigEndian32),
    FIELD(sctp_send_failed_event, ssfe_info.snd_context, kU32),
    FIELD(sctp_send_failed_event, ssfe_info.snd_assoc_id, kI32),
    FIELD(sctp_send_failed_event, ssf_assoc_id, kI32),
};

constexpr Field kRemoteError[] = {
    FIELD(sctp_remote_error, sre_type, kU16),     FIELD(sctp_remote_error, sre_flags, kU16),
    FIELD(sctp_remote_error, sre_length, kU32),   FIELD(sctp_remote_error, sre_error, kBigEndian16),
    FIELD(sctp_remote_error, sre_assoc_id, kI32),
};

constexpr Field kShutdownEvent[] = {
    FIELD(sctp_shutdown_event, sse_type, kU16),
    FIELD(sctp_shutdown_event, sse_flags, kU16),
    FIELD(sctp_shutdown_event, sse_length, kU32),
    FIELD(sctp_shutdown_event, sse_assoc_id, kI32),
};

constexpr Field kPartialDelivery[] = {
    FIELD(sctp_pdapi_event, pdapi_type, kU16),     FIELD(sctp_pdapi_event, pdapi_flags, kU16),
    FIELD(sctp_pdapi_event, pdapi_length, kU32),   FIELD(sctp_pdapi_event, pdapi_indication, kU32),
    FIELD(sctp_pdapi_event, pdapi_assoc_id, kI32), FIELD(sctp_pdapi_event, pdapi_stream, kU32),
    FIELD(sctp_pdapi_event, pdapi_seq, kU32),
};

constexpr Field kAdaptation[] = {
    FIELD(sctp_adaptation_event, sai_type, kU16),
    FIELD(sctp_adaptation_event, sai_flags, kU16),
    FIELD(sctp_adaptation_event, sai_length, kU32),
    FIELD(sctp_adaptation_event, sai_adaptation_ind, kU32),
    FIELD(sctp_adaptation_event, sai_assoc_id, kI32),
};

constexpr Field kAuthentication[] = {
    FIELD(sctp_authkey_event, auth_type, kU16),
    FIELD(sctp_authkey_event, auth_flags, kU16),
    FIELD(sctp_authkey_event, auth_length, kU32),
    FIELD(sctp_authkey_event, auth_keynumber, kU16),
    FIELD(sctp_authkey_event, auth_altkeynumber, kU16),
    FIELD(sctp_authkey_event, auth_indication, kU32),
    FIELD(sctp_authkey_event, auth_assoc_id, kI32),
};

constexpr Field kSenderDry[] = {
    FIELD(sctp_sender_dry_event, sender_dry_type, kU16),
    FIELD(sctp_sender_dry_event, sender_dry_flags, kU16),
    FIELD(sctp_sender_dry_event, sender_dry_length, kU32),
    FIELD(sctp_sender_dry_event, sender_dry_assoc_id, kI32),
};

constexpr Field kStreamReset[] = {
    FIELD(sctp_stream_reset_event, strreset_type, kU16),
    FIELD(sctp_stream_reset_event, strreset_flags, kU16),
    FIELD(sctp_stream_reset_event, strreset_length, kU32),
    FIELD(sctp_stream_reset_event, strreset_assoc_id, kI32),
};

constexpr Field kAssocReset[] = {
    FIELD(sctp_assoc_reset_event, assocreset_type, kU16),
    FIELD(sctp_assoc_reset_event, assocreset_flags, kU16),
    FIELD(sctp_assoc_reset_event, assocreset_length, kU32),
    FIELD(sctp_assoc_reset_event, assocreset_assoc_id, kI32),
    FIELD(sctp_assoc_reset_event, assocreset_local_tsn, kU32),
    FIELD(sctp_assoc_reset_event, assocreset_remote_tsn, kU32),
};

constexpr Field kStreamChange[] = {
    FIELD(sctp_stream_change_event, strchange_type, kU16),
    FIELD(sctp_stream_change_event, strchange_flags, kU16),
    FIELD(sctp_stream_change_event, strchange_length, kU32),
    FIELD(sctp_stream_change_event, strchange_assoc_id, kI32),
    FIELD(sctp_stream_change_event, strchange_instrms, kU16),
    FIELD(sctp_stream_change_event, strchange_outstrms, kU16),
};

using Rest = NotificationLayout::Rest;

constexpr NotificationLayout kLayouts[] = {
    {"sn_assoc_change", sizeof(sctp_assoc_change), kAssocChange, "sac_info", Rest::kBytes,
     SCTP_ASSOC_CHANGE},
    {"sn_paddr_change",
     sizeof(sctp_paddr_change),
     kPeerAddrChange,
     {},
     Rest::kNothing,
     SCTP_PEER_ADDR_CHANGE},
    {"sn_send_failed", sizeof(sctp_send_failed), kSendFailed, "ssf_data", Rest::kBytes,
     SCTP_SEND_FAILED},
    {"sn_send_failed_event", sizeof(sctp_send_failed_event), kSendFailedEvent, "ssf_data",
     Rest::kBytes, SCTP_SEND_FAILED_EVENT},
    {"sn_remote_error", sizeof(sctp_remote_error), kRemoteError, "sre_data", Rest::kBytes,
     SCTP_REMOTE_ERROR},
    {"sn_shutdown_event",
     sizeof(sctp_shutdown_event),
     kShutdownEvent,
     {},
     Rest::kNothing,
     SCTP_SHUTDOWN_EVENT},
    {"sn_pdapi_event",
     sizeof(sctp_pdapi_event),
     kPartialDelivery,
     {},
     Rest::kNothing,
     SCTP_PARTIAL_DELIVERY_EVENT},
    {"sn_adaptation_event",
     sizeof(sctp_adaptation_event),
     kAdaptation,
     {},
     Rest::kNothing,
     SCTP_ADAPTATION_INDICATION},
    {"sn_authkey_event",
     sizeof(sctp_authkey_event),
     kAuthentication,
     {},
     Rest::kNothing,
     SCTP_AUTHENTICATION_EVENT},
    {"sn_sender_dry_event",
     sizeof(sctp_sender_dry_event),
     kSenderDry,
     {},
     Rest::kNothing,
     SCTP_SENDER_DRY_EVENT},
    {"sn_strreset_event", sizeof(sctp_stream_reset_event), kStreamReset, "strreset_stream_list",
     Rest::kStreams, SCTP_STREAM_RESET_EVENT},
    {"sn_assocreset_event",
     sizeof(sctp_assoc_reset_event),
     kAssocReset,
     {},
     Rest::kNothing,
     SCTP_ASSOC_RESET_EVENT},
    {"sn_strchange_event",
     sizeof(sctp_stream_change_event),
     kStreamChange,
     {},
     Rest::kNothing,
     SCTP_STREAM_CHANGE_EVENT},
};

}  // namespace

std::span<const Field> NotificationHeaderFields() { return kHeader; }

const NotificationLayout* FindNotification(uint16_t type) {
  const auto found = std::ranges::find(kLayouts, type, &NotificationLayout::type);
  return found == std::end(kLayouts) ? nullptr : found;
}

}  // namespace sctp
