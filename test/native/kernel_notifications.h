// Notifications as the kernel makes them (net/sctp/ulpevent.c).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp::test {

using NotificationHeader = decltype(sctp_notification::sn_header);

// `event`, with its header filled in, and what follows it.
template <typename Event>
ByteVector NotificationBytes(uint16_t type, uint16_t flags, const Event& event,
                             const ByteVector& rest = {}) {
  ByteVector bytes = BytesOf(event) + rest;
  const NotificationHeader header{type, flags, static_cast<uint32_t>(bytes.size())};
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

// Sets the length that the header claims.
inline ByteVector WithLength(ByteVector notification, uint32_t length) {
  std::memcpy(notification.data() + offsetof(NotificationHeader, sn_length), &length,
              sizeof length);
  return notification;
}

struct SampleNotification {
  uint16_t type;
  size_t fixed_size;  // without less than this nothing can be said about it
  ByteVector bytes;
};

// One of each type.
inline std::vector<SampleNotification> SampleNotifications() {
  const ByteVector cause = TextBytes(std::string_view("\0\x0c\0\7bye\0", 8));
  const ByteVector data = TextBytes("payload");
  const ByteVector streams = BytesOf(uint16_t{1}) + BytesOf(uint16_t{65535});
  std::vector<SampleNotification> samples;
  const auto add = [&samples]<typename Event>(uint16_t type, size_t fixed_size, const Event& event,
                                              const ByteVector& rest = {}) {
    samples.push_back({type, fixed_size, NotificationBytes(type, 0, event, rest)});
  };
  add(SCTP_ASSOC_CHANGE, 20, sctp_assoc_change{}, cause);
  add(SCTP_PEER_ADDR_CHANGE, 148, sctp_paddr_change{});
  add(SCTP_SEND_FAILED, 48, sctp_send_failed{}, data);
  add(SCTP_REMOTE_ERROR, 16, sctp_remote_error{}, data);
  add(SCTP_SHUTDOWN_EVENT, 12, sctp_shutdown_event{});
  add(SCTP_PARTIAL_DELIVERY_EVENT, 24, sctp_pdapi_event{});
  add(SCTP_ADAPTATION_INDICATION, 16, sctp_adaptation_event{});
  add(SCTP_AUTHENTICATION_EVENT, 20, sctp_authkey_event{});
  add(SCTP_SENDER_DRY_EVENT, 12, sctp_sender_dry_event{});
  add(SCTP_STREAM_RESET_EVENT, 12, sctp_stream_reset_event{}, streams);
  add(SCTP_ASSOC_RESET_EVENT, 20, sctp_assoc_reset_event{});
  add(SCTP_STREAM_CHANGE_EVENT, 16, sctp_stream_change_event{});
  add(SCTP_SEND_FAILED_EVENT, 32, sctp_send_failed_event{}, data);
  return samples;
}

}  // namespace sctp::test
