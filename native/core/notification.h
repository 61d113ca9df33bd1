// Notifications the kernel puts between the messages (RFC 6458 §6), as plain structs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "core/address.h"

namespace sctp {

using Bytes = std::span<const std::byte>;

// One error cause of an ABORT or ERROR chunk (RFC 9260 §3.3.10).
struct ErrorCause {
  uint16_t code = 0;
  Bytes info;
};

struct AssocChange {
  uint16_t state = 0;  // SCTP_COMM_UP, SCTP_COMM_LOST, …
  uint16_t error = 0;  // cause code, host order
  uint16_t outbound_streams = 0;
  uint16_t inbound_streams = 0;
  int32_t assoc_id = 0;
  std::vector<ErrorCause> causes;  // of the peer's ABORT
};

struct PeerAddrChange {
  std::optional<Address> address;
  int32_t state = 0;
  int32_t error = 0;
  int32_t assoc_id = 0;
};

// SCTP_SEND_FAILED and SCTP_SEND_FAILED_EVENT. The kernel reports each fragment of a message.
struct SendFailed {
  bool sent = false;   // it was on the wire; whether it arrived is unknown
  uint16_t error = 0;  // cause code, host order
  uint16_t stream = 0;
  uint32_t ppid = 0;
  uint32_t context = 0;
  int32_t assoc_id = 0;
  bool unordered = false;
  bool first_fragment = false;
  bool last_fragment = false;
  Bytes data;
};

struct RemoteError {
  uint16_t error = 0;
  int32_t assoc_id = 0;
  Bytes data;
};

struct Shutdown {
  int32_t assoc_id = 0;
};

struct PartialDelivery {
  uint32_t indication = 0;
  int32_t assoc_id = 0;
  uint32_t stream = 0;  // with interleaving only
  uint32_t sequence = 0;
  bool unordered = false;
};

struct Adaptation {
  uint32_t indication = 0;
  int32_t assoc_id = 0;
};

struct Authentication {
  uint16_t key_number = 0;
  uint16_t alternate_key_number = 0;
  uint32_t indication = 0;
  int32_t assoc_id = 0;
};

struct SenderDry {
  int32_t assoc_id = 0;
};

struct StreamReset {
  int32_t assoc_id = 0;
  bool incoming = false;
  bool outgoing = false;
  bool denied = false;
  bool failed = false;
  std::vector<uint16_t> streams;  // empty: all
};

struct AssocReset {
  int32_t assoc_id = 0;
  bool denied = false;
  bool failed = false;
  uint32_t local_tsn = 0;
  uint32_t remote_tsn = 0;
};

struct StreamChange {
  int32_t assoc_id = 0;
  bool denied = false;
  bool failed = false;
  uint16_t inbound_streams = 0;   // how many were added, not how many there are
  uint16_t outbound_streams = 0;  // likewise
};

// A type this code does not know, or a notification too short for its type.
struct UnknownNotification {};

struct Notification {
  uint16_t type = 0;
  uint16_t flags = 0;
  Bytes raw;  // views of the decoded bytes; they must outlive it
  std::variant<UnknownNotification, AssocChange, PeerAddrChange, SendFailed, RemoteError, Shutdown,
               PartialDelivery, Adaptation, Authentication, SenderDry, StreamReset, AssocReset,
               StreamChange>
      body;

  int32_t assoc_id() const;  // 0 where unknown
};

Notification DecodeNotification(Bytes bytes);

// An ABORT may carry some 16 000 empty causes, and each costs JavaScript an object: more than
// these say nothing about why.
inline constexpr size_t kMostErrorCauses = 64;

// The first causes in a list as an ABORT carries it. Stops at the first malformed one.
std::vector<ErrorCause> DecodeErrorCauses(Bytes bytes);

}  // namespace sctp
