// What an association is created with. The defaults suit WebRTC data channels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/time.h"

namespace sctp::engine {

// Which stream is served next (RFC 8260 §3). With I-DATA a turn is one fragment; without it a turn
// is one message, because DATA cannot interleave.
enum class Scheduler : uint8_t {
  kFirstComeFirstServed,  // in the order of Send, whatever the stream
  kRoundRobin,
  kPriority,      // the lowest priority value first; round robin among equals
  kWeightedFair,  // bandwidth in proportion to weights
};

struct Config {
  uint16_t local_port = 5000;
  uint16_t remote_port = 5000;

  // Streams asked for; the peer may grant fewer. Inbound: the most that we let the peer use.
  uint16_t outbound_streams = 1024;
  uint16_t inbound_streams = 65535;

  // Longest SCTP packet, common header included. At least 512 (kMinMtu) is used.
  size_t mtu = 1200;

  // Bytes of received data kept, in reassembly and until consumed; what a_rwnd starts from.
  uint32_t receive_window = 2 * 1024 * 1024;
  // If set, received messages occupy the window until Consume() is called for them; if not, only
  // until PollEvent() has returned them.
  bool explicit_consume = false;
  // A longer message from the peer aborts the association: nothing else would bound reassembly.
  size_t max_receive_message_size = 16 * 1024 * 1024;

  // Bytes that Send() may leave unacknowledged or unsent; beyond that it returns kBufferFull.
  size_t send_buffer = 16 * 1024 * 1024;
  size_t max_send_message_size = 16 * 1024 * 1024;

  // Extensions to offer. Each is used only if the peer offers it too.
  bool partial_reliability = true;  // RFC 3758
  bool interleaving = true;         // RFC 8260, I-DATA
  bool reconfiguration = true;      // RFC 6525
  // RFC 9653. Set only where the transport itself detects errors and the method is the one named.
  bool zero_checksum = false;
  uint32_t error_detection_method = 1;  // 1: SCTP over DTLS

  Scheduler scheduler = Scheduler::kRoundRobin;

  Duration rto_initial = std::chrono::seconds(1);
  Duration rto_min = std::chrono::milliseconds(200);
  Duration rto_max = std::chrono::seconds(60);

  Duration sack_delay = std::chrono::milliseconds(20);
  int sack_frequency = 2;  // packets with data until a SACK leaves at once

  // Zero turns heartbeats off.
  Duration heartbeat_interval = std::chrono::seconds(30);

  int max_init_retransmits = 8;
  // Consecutive timeouts of the association before it fails.
  int max_retransmits = 10;
  // Data packets sent at one opportunity; 0 for no limit.
  int max_burst = 4;

  Duration cookie_lifetime = std::chrono::seconds(60);
};

inline constexpr size_t kMinMtu = 512;

}  // namespace sctp::engine
