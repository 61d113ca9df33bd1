#include "core/notification.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "core/abi.h"

namespace sctp {
namespace {

// Copies the kernel's struct from the start of `bytes`, if all of it is there.
// (Into a reference: these structs end in flexible arrays, which std::optional cannot hold.)
template <typename T>
bool Read(Bytes bytes, T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  return true;
}

AssocChange Decode(const sctp_assoc_change& event, Bytes rest) {
  return AssocChange{
      .state = event.sac_state,
      .error = ntohs(event.sac_error),
      .outbound_streams = event.sac_outbound_streams,
      .inbound_streams = event.sac_inbound_streams,
      .assoc_id = event.sac_assoc_id,
      .causes = DecodeErrorCauses(rest),
  };
}

PeerAddrChange Decode(const sctp_paddr_change& event, Bytes) {
  sockaddr_storage address;
  std::memcpy(&address, &event.spc_aaddr, sizeof address);  // the struct is packed
  return PeerAddrChange{
      .address = Address::FromSockaddr(address, sizeof address),
      .state = event.spc_state,
      .error = event.spc_error,
      .assoc_id = event.spc_assoc_id,
  };
}

SendFailed FromChunk(uint16_t event_flags, uint32_t error, uint16_t chunk_flags, Bytes data) {
  return SendFailed{
      .sent = (event_flags & SCTP_DATA_SENT) != 0,
      // The kernel widens a 16-bit cause code after it has put it into network order.
      .error = ntohs(static_cast<uint16_t>(error)),
      .unordered = (chunk_flags & kChunkUnordered) != 0,
      .first_fragment = (chunk_flags & kChunkFirstFragment) != 0,
      .last_fragment = (chunk_flags & kChunkLastFragment) != 0,
      .data = data,
  };
}

SendFailed Decode(const sctp_send_failed_event& event, Bytes rest) {
  SendFailed failed = FromChunk(event.ssf_flags, event.ssf_error, event.ssfe_info.snd_flags, rest);
  failed.stream = event.ssfe_info.snd_sid;
  failed.ppid = ntohl(event.ssfe_info.snd_ppid);
  failed.context = event.ssfe_info.snd_context;
  failed.assoc_id = event.ssf_assoc_id;
  return failed;
}

SendFailed Decode(const sctp_send_failed& event, Bytes rest) {
  SendFailed failed = FromChunk(event.ssf_flags, event.ssf_error, event.ssf_info.sinfo_flags, rest);
  failed.stream = event.ssf_info.sinfo_stream;
  failed.ppid = ntohl(event.ssf_info.sinfo_ppid);
  failed.context = event.ssf_info.sinfo_context;
  failed.assoc_id = event.ssf_assoc_id;
  return failed;
}

RemoteError Decode(const sctp_remote_error& event, Bytes rest) {
  return RemoteError{.error = ntohs(event.sre_error), .assoc_id = event.sre_assoc_id, .data = rest};
}

Shutdown Decode(const sctp_shutdown_event& event, Bytes) {
  return Shutdown{.assoc_id = event.sse_assoc_id};
}

PartialDelivery Decode(const sctp_pdapi_event& event, Bytes) {
  return PartialDelivery{
      .indication = event.pdapi_indication,
      .assoc_id = event.pdapi_assoc_id,
      .stream = event.pdapi_stream,
      .sequence = event.pdapi_seq,
      .unordered = (event.pdapi_flags & SCTP_UNORDERED) != 0,
  };
}

Adaptation Decode(const sctp_adaptation_event& event, Bytes) {
  return Adaptation{.indication = event.sai_adaptation_ind, .assoc_id = event.sai_assoc_id};
}

Authentication Decode(const sctp_authkey_event& event, Bytes) {
  return Authentication{
      .key_number = event.auth_keynumber,
      .alternate_key_number = event.auth_altkeynumber,
      .indication = event.auth_indication,
      .assoc_id = event.auth_assoc_id,
  };
}

SenderDry Decode(const sctp_sender_dry_event& event, Bytes) {
  return SenderDry{.assoc_id = event.sender_dry_assoc_id};
}

StreamReset Decode(const sctp_stream_reset_event& event, Bytes rest) {
  StreamReset reset{
      .assoc_id = event.strreset_assoc_id,
      .incoming = (event.strreset_flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0,
      .outgoing = (event.strreset_flags & SCTP_STREAM_RESET_OUTGOING_SSN) != 0,
      .denied = (event.strreset_flags & SCTP_STREAM_RESET_DENIED) != 0,
      .failed = (event.strreset_flags & SCTP_STREAM_RESET_FAILED) != 0,
      .streams = std::vector<uint16_t>(rest.size() / sizeof(uint16_t)),
  };
  if (!reset.streams.empty()) {
    std::memcpy(reset.streams.data(), rest.data(), reset.streams.size() * sizeof(uint16_t));
  }
  return reset;
}

AssocReset Decode(const sctp_assoc_reset_event& event, Bytes) {
  return AssocReset{
      .assoc_id = event.assocreset_assoc_id,
      .denied = (event.assocreset_flags & SCTP_ASSOC_RESET_DENIED) != 0,
      .failed = (event.assocreset_flags & SCTP_ASSOC_RESET_FAILED) != 0,
      .local_tsn = event.assocreset_local_tsn,
      .remote_tsn = event.assocreset_remote_tsn,
  };
}

StreamChange Decode(const sctp_stream_change_event& event, Bytes) {
  return StreamChange{
      .assoc_id = event.strchange_assoc_id,
      .denied = (event.strchange_flags & SCTP_STREAM_CHANGE_DENIED) != 0,
      .failed = (event.strchange_flags & SCTP_STREAM_CHANGE_FAILED) != 0,
      .inbound_streams = event.strchange_instrms,
      .outbound_streams = event.strchange_outstrms,
  };
}

template <typename T>
void DecodeBody(Notification& notification) {
  T event{};
  if (!Read(notification.raw, event)) return;
  notification.body = Decode(event, notification.raw.subspan(sizeof event));
}

}  // namespace

Notification DecodeNotification(Bytes bytes) {
  Notification notification;
  notification.raw = bytes;
  struct Header {
    uint16_t type;
    uint16_t flags;
    uint32_t length;
  };
  Header header;
  if (!Read(bytes, header)) return notification;
  notification.type = header.type;
  notification.flags = header.flags;
  // Believe whichever length is shorter: the header's, or what was received.
  if (header.length >= sizeof header) {
    notification.raw = bytes.first(std::min<size_t>(bytes.size(), header.length));
  }

  switch (header.type) {
    case SCTP_ASSOC_CHANGE: DecodeBody<sctp_assoc_change>(notification); break;
    case SCTP_PEER_ADDR_CHANGE: DecodeBody<sctp_paddr_change>(notification); break;
    case SCTP_SEND_FAILED: DecodeBody<sctp_send_failed>(notification); break;
    case SCTP_SEND_FAILED_EVENT: DecodeBody<sctp_send_failed_event>(notification); break;
    case SCTP_REMOTE_ERROR: DecodeBody<sctp_remote_error>(notification); break;
    case SCTP_SHUTDOWN_EVENT: DecodeBody<sctp_shutdown_event>(notification); break;
    case SCTP_PARTIAL_DELIVERY_EVENT: DecodeBody<sctp_pdapi_event>(notification); break;
    case SCTP_ADAPTATION_INDICATION: DecodeBody<sctp_adaptation_event>(notification); break;
    case SCTP_AUTHENTICATION_EVENT: DecodeBody<sctp_authkey_event>(notification); break;
    case SCTP_SENDER_DRY_EVENT: DecodeBody<sctp_sender_dry_event>(notification); break;
    case SCTP_STREAM_RESET_EVENT: DecodeBody<sctp_stream_reset_event>(notification); break;
    case SCTP_ASSOC_RESET_EVENT: DecodeBody<sctp_assoc_reset_event>(notification); break;
    case SCTP_STREAM_CHANGE_EVENT: DecodeBody<sctp_stream_change_event>(notification); break;
    default: break;
  }
  return notification;
}

int32_t Notification::assoc_id() const {
  return std::visit(
      [](const auto& known) -> int32_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(known)>, UnknownNotification>) {
          return 0;
        } else {
          return known.assoc_id;
        }
      },
      body);
}

std::vector<ErrorCause> DecodeErrorCauses(Bytes bytes) {
  struct CauseHeader {
    uint16_t code;
    uint16_t length;  // header included, padding not
  };
  std::vector<ErrorCause> causes;
  CauseHeader header;
  while (causes.size() < kMostErrorCauses && Read(bytes, header)) {
    const size_t length = ntohs(header.length);
    if (length < sizeof header || length > bytes.size()) break;
    causes.push_back(
        {.code = ntohs(header.code), .info = bytes.subspan(sizeof header, length - sizeof header)});
    bytes = bytes.subspan(std::min((length + 3) & ~size_t{3}, bytes.size()));
  }
  return causes;
}

}  // namespace sctp
