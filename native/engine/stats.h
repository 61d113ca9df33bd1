// What an association knows about itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/time.h"

namespace sctp::engine {

// RFC 9260 §4. kNew is CLOSED before the association; kClosed is CLOSED after it, for good.
enum class State : uint8_t {
  kNew,
  kCookieWait,
  kCookieEchoed,
  kEstablished,
  kShutdownPending,
  kShutdownSent,
  kShutdownReceived,
  kShutdownAckSent,
  kClosed,
};

struct Counters {
  uint64_t packets_sent = 0;
  uint64_t packets_received = 0;
  uint64_t packets_discarded = 0;  // malformed, bad checksum, wrong tag or port
  uint64_t bytes_sent = 0;         // whole packets
  uint64_t bytes_received = 0;
  uint64_t messages_sent = 0;  // accepted by Send()
  uint64_t messages_received = 0;
  uint64_t messages_abandoned = 0;
  uint64_t chunks_sent = 0;  // DATA and I-DATA, retransmissions included
  uint64_t chunks_received = 0;
  uint64_t chunks_retransmitted = 0;
  uint64_t chunks_duplicate = 0;  // received twice
  uint64_t chunks_dropped = 0;    // received, but there was no room
  uint64_t sacks_sent = 0;
  uint64_t sacks_received = 0;
  uint64_t fast_recoveries = 0;
  uint64_t t3_timeouts = 0;
  uint64_t heartbeats_sent = 0;
  uint64_t forward_tsns_sent = 0;
};

struct Stats {
  State state = State::kNew;
  size_t mtu = 0;
  size_t cwnd = 0;
  size_t ssthresh = 0;
  size_t flight_size = 0;
  size_t peer_rwnd = 0;             // what the peer can take beyond what is in flight
  size_t unsent_bytes = 0;          // queued, never sent
  size_t unsent_messages = 0;       // not sent, or not completely
  size_t unacknowledged_bytes = 0;  // sent, neither acknowledged nor abandoned
  size_t receive_window = 0;        // what our next SACK announces
  size_t reassembly_bytes = 0;
  size_t undelivered_bytes = 0;  // complete, but not consumed
  std::optional<Duration> srtt;
  Duration rto{};
  int error_count = 0;  // consecutive timeouts
  uint16_t outbound_streams = 0;
  uint16_t inbound_streams = 0;
  Counters counters;
};

}  // namespace sctp::engine
