// INIT and INIT ACK, and the extensions that they offer (RFC 9260 §3.3.2, 3.3.3; RFC 5061 §4.2.7).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/bytes.h"
#include "engine/config.h"

namespace sctp::engine {

// What an endpoint says it can do.
struct Capabilities {
  bool forward_tsn = false;
  bool reconfig = false;
  bool i_data = false;
  bool i_forward_tsn = false;
  // RFC 9653: it accepts packets without checksum where this method detects errors; 0 for none.
  uint32_t zero_checksum_method = 0;
};

// What both ends can do and want.
struct Features {
  bool partial_reliability = false;
  bool interleaving = false;
  bool reconfiguration = false;
  bool send_zero_checksum = false;
};

struct InitChunk {
  uint32_t tag = 0;
  uint32_t a_rwnd = 0;
  uint16_t outbound_streams = 0;
  uint16_t inbound_streams = 0;
  uint32_t initial_tsn = 0;
  Capabilities capabilities;
  std::optional<ByteView> cookie;  // INIT ACK; a view of what was parsed
  // To be reported to the sender: whole parameters, padded.
  ByteVector unrecognized;
  bool host_name = false;  // deprecated and refused (RFC 9260 §3.3.2.1.4)
};

// None if fixed fields are missing or parameters impossible.
std::optional<InitChunk> ParseInit(ByteView value);
// The value of an INIT or INIT ACK. A cookie makes it an INIT ACK.
ByteVector BuildInit(const InitChunk& init);

Capabilities OwnCapabilities(const Config& config);
Features Negotiate(const Config& config, const Capabilities& peer);

inline constexpr uint32_t kMinInitialRwnd = 1500;

}  // namespace sctp::engine
