// The State Cookie: all that a listener would have to remember of an INIT, signed and left to the
// peer to keep (RFC 9260 §5.1.3).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/association.h"
#include "engine/bytes.h"
#include "engine/init_chunk.h"

namespace sctp::engine {

struct Cookie {
  Time created{};
  uint16_t local_port = 0;
  uint16_t remote_port = 0;
  uint32_t local_tag = 0;
  uint32_t peer_tag = 0;
  // Tags of the association that existed when the cookie was made; 0 if there was none.
  uint32_t local_tie_tag = 0;
  uint32_t peer_tie_tag = 0;
  uint32_t local_initial_tsn = 0;
  uint32_t peer_initial_tsn = 0;
  uint32_t peer_rwnd = 0;
  uint16_t peer_outbound_streams = 0;  // as the peer's INIT said
  uint16_t peer_inbound_streams = 0;
  Capabilities peer;
};

// `origin`: where the INIT came from. Signed, not contained: the verifier must know it too.
ByteVector SealCookie(const Cookie& cookie, const CookieSecret& secret, ByteView origin);
// None if the signature is not ours. Says nothing about the age.
std::optional<Cookie> OpenCookie(ByteView sealed, const CookieSecret& secret, ByteView origin);

// How long ago a cookie went stale; none if it is fresh.
std::optional<Duration> Staleness(const Cookie& cookie, Time now, Duration lifetime);

}  // namespace sctp::engine
