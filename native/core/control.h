// Ancillary data of a message, for sendmsg and from recvmsg (RFC 6458 §5.3).
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sctp {

// Attributes of one outgoing message: SCTP_SNDINFO, SCTP_PRINFO, SCTP_AUTHINFO.
struct SendInfo {
  uint16_t stream = 0;
  uint16_t flags = 0;  // SCTP_UNORDERED, SCTP_SACK_IMMEDIATELY, SCTP_ADDR_OVER, SCTP_EOF, …
  uint32_t ppid = 0;   // host order
  uint32_t context = 0;
  int32_t assoc_id = 0;
  uint16_t pr_policy = 0;  // SCTP_PR_SCTP_NONE, _TTL, _RTX, _PRIO
  uint32_t pr_value = 0;   // ms, retransmissions or priority
  std::optional<uint16_t> auth_key = std::nullopt;

  // For messages that may be sent before the association is up: a lifetime that begins when it
  // is. Under SCTP_PR_SCTP_TTL the kernel computes the expiry of such a message as "0", finds it
  // long past as soon as the peer has answered, and drops every message that started the
  // association. RFC 6458's older lifetime without a policy (sinfo_timetolive) treats 0 as none;
  // it differs in not being counted by SCTP_PR_ASSOC_STATUS.
  bool may_start_association = false;

  // What of it the socket's own defaults say already. The kernel need not be told: control messages
  // cost it as much as a fifth of a short message.
  enum class Default : uint8_t {
    kNothing,
    kLifetime,  // no policy, and the default value is 0
    kAll,       // only where the socket has just one association
  };
  Default is_default = Default::kNothing;

  bool operator==(const SendInfo&) const = default;
};

// SCTP_RCVINFO of one incoming message.
struct ReceiveInfo {
  uint16_t stream = 0;
  uint16_t ssn = 0;
  uint16_t flags = 0;  // SCTP_UNORDERED
  uint32_t ppid = 0;   // host order
  uint32_t tsn = 0;
  uint32_t cumulative_tsn = 0;
  uint32_t context = 0;
  int32_t assoc_id = 0;
};

// Room for everything EncodeSendInfo can write. Aligned as a cmsghdr must be.
struct alignas(std::max_align_t) SendControl {
  std::byte bytes[128];
};

// Room for everything the kernel sends along: RCVINFO, and time stamps should they be enabled.
struct alignas(std::max_align_t) ReceiveControl {
  std::byte bytes[192];
};

// Writes the control messages and returns their length.
// PRINFO is left out only where it says nothing: without it the kernel would take the policy from
// SNDINFO but the value from the socket's default, and "3 retransmissions" would become "3
// milliseconds".
size_t EncodeSendInfo(const SendInfo& info, SendControl& control);

// Finds SCTP_RCVINFO in the control data of a received message; unknown items are skipped.
std::optional<ReceiveInfo> DecodeReceiveInfo(const msghdr& message);

}  // namespace sctp
