// What an association reports, in the order in which it happened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/message.h"

namespace sctp::engine {

// An error cause of an ABORT or ERROR chunk (RFC 9260 §3.3.10).
struct ErrorCause {
  uint16_t code = 0;
  std::vector<std::byte> info;  // what follows code and length, undecoded
};

// The RFC's name, for example "Protocol Violation"; "Unknown" for codes of no RFC.
std::string_view CauseName(uint16_t code);
// The readable part of a User-Initiated Abort or Protocol Violation; empty for other causes.
std::string_view CauseText(const ErrorCause& cause);

struct Connected {
  uint16_t outbound_streams = 0;
  uint16_t inbound_streams = 0;
  bool partial_reliability = false;
  bool interleaving = false;
  bool reconfiguration = false;
  bool zero_checksum = false;  // our packets carry no checksum
};

struct MessageReceived {
  uint16_t stream = 0;
  uint32_t ppid = 0;
  bool unordered = false;
  std::vector<std::byte> data;
};

// A message that the peer may not have received, with its data. Each accepted message ends in
// silence (acknowledged) or in one of these.
struct MessageFailed {
  enum class Reason : uint8_t {
    kExpired,        // kTimed
    kRetransmitted,  // kRetransmits: too often
    kPreempted,      // kPriority
    kInvalidStream,  // the peer granted fewer streams
    kRestarted,      // the peer restarted
    kClosed,
  };
  Reason reason = Reason::kClosed;
  bool sent = false;  // some of it has left, so the peer may have it
  OutgoingMessage message;
};

// Everything sent so far is acknowledged or abandoned, and nothing is queued.
struct Drained {};

// The peer reset its outgoing streams: their messages start from sequence number 0 again.
struct IncomingStreamsReset {
  std::vector<uint16_t> streams;  // empty: all
};

enum class ResetResult : uint8_t {
  kPerformed,  // or there was nothing to do
  kDenied,
  kFailed,  // the peer reported an error, or the association ended
};

// The answer to ResetStreams, for each of its streams once.
struct OutgoingStreamsReset {
  ResetResult result = ResetResult::kPerformed;
  std::vector<uint16_t> streams;
};

// The answer to RequestReset: whether the peer will reset its streams.
struct ResetRequestAnswered {
  ResetResult result = ResetResult::kPerformed;
  std::vector<uint16_t> streams;
};

// The answer to AddStreams, or streams that the peer added. The counts are the new totals.
struct StreamsAdded {
  ResetResult result = ResetResult::kPerformed;
  bool by_peer = false;
  uint16_t outbound_streams = 0;
  uint16_t inbound_streams = 0;
};

// The peer lost its state and began anew (RFC 9260 §5.2.4, action A). Sequence numbers and partial
// messages are gone; what was not acknowledged has been reported by MessageFailed.
struct Restarted {
  Connected now;
};

// The peer began a graceful shutdown: it accepts no new messages, but still sends.
struct PeerShutdown {};

struct ErrorReceived {
  std::vector<ErrorCause> causes;
};

// The last event of an association.
struct Closed {
  enum class Reason : uint8_t {
    kShutdown,           // gracefully
    kAborted,            // by us: Abort()
    kPeerAborted,        // causes say why
    kSetupFailed,        // INIT or COOKIE ECHO unanswered
    kTimedOut,           // too many retransmissions
    kProtocolViolation,  // we aborted because of what the peer sent; causes as sent to it
    kResources,  // a message or its fragments exceeded our limits; causes as sent to the peer
  };
  Reason reason = Reason::kShutdown;
  std::vector<ErrorCause> causes;
};

// The unsent bytes of a stream, or of all (no stream), have fallen to the threshold.
struct BufferedAmountLow {
  std::optional<uint16_t> stream;
};

using Event = std::variant<Connected, MessageReceived, MessageFailed, Drained, IncomingStreamsReset,
                           OutgoingStreamsReset, ResetRequestAnswered, StreamsAdded, Restarted,
                           PeerShutdown, ErrorReceived, Closed, BufferedAmountLow>;

}  // namespace sctp::engine
