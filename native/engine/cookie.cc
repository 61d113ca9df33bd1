#include "engine/cookie.h"

#include "engine/sha256.h"

namespace sctp::engine {
namespace {

constexpr size_t kContentSize = 49;

enum CapabilityBit : uint8_t {
  kForwardTsn = 1,
  kReconfig = 2,
  kIData = 4,
  kIForwardTsn = 8,
};

}  // namespace

ByteVector SealCookie(const Cookie& cookie, const CookieSecret& secret, ByteView origin) {
  ByteVector sealed;
  const Capabilities& peer = cookie.peer;
  const int bits = (peer.forward_tsn ? kForwardTsn : 0) | (peer.reconfig ? kReconfig : 0) |
                   (peer.i_data ? kIData : 0) | (peer.i_forward_tsn ? kIForwardTsn : 0);
  Appender(sealed)
      .U64(static_cast<uint64_t>(cookie.created.time_since_epoch().count()))
      .U16(cookie.local_port)
      .U16(cookie.remote_port)
      .U32(cookie.local_tag)
      .U32(cookie.peer_tag)
      .U32(cookie.local_tie_tag)
      .U32(cookie.peer_tie_tag)
      .U32(cookie.local_initial_tsn)
      .U32(cookie.peer_initial_tsn)
      .U32(cookie.peer_rwnd)
      .U16(cookie.peer_outbound_streams)
      .U16(cookie.peer_inbound_streams)
      .U32(peer.zero_checksum_method)
      .U8(static_cast<uint8_t>(bits))
      .Bytes(origin);
  const Digest signature = HmacSha256(secret, sealed);
  sealed.resize(sealed.size() - origin.size());
  Appender(sealed).Bytes(signature);
  return sealed;
}

std::optional<Cookie> OpenCookie(ByteView sealed, const CookieSecret& secret, ByteView origin) {
  constexpr size_t kSignatureSize = std::tuple_size_v<Digest>;
  if (sealed.size() != kContentSize + kSignatureSize) return std::nullopt;
  const ByteView content = sealed.first(kContentSize);
  const Digest signature = HmacSha256(secret, content, origin);
  if (!EqualInConstantTime(signature, sealed.subspan(kContentSize))) return std::nullopt;
  Cookie cookie;
  cookie.created = Time(Duration(static_cast<Duration::rep>(Load64(content, 0))));
  cookie.local_port = Load16(content, 8);
  cookie.remote_port = Load16(content, 10);
  cookie.local_tag = Load32(content, 12);
  cookie.peer_tag = Load32(content, 16);
  cookie.local_tie_tag = Load32(content, 20);
  cookie.peer_tie_tag = Load32(content, 24);
  cookie.local_initial_tsn = Load32(content, 28);
  cookie.peer_initial_tsn = Load32(content, 32);
  cookie.peer_rwnd = Load32(content, 36);
  cookie.peer_outbound_streams = Load16(content, 40);
  cookie.peer_inbound_streams = Load16(content, 42);
  cookie.peer.zero_checksum_method = Load32(content, 44);
  const uint8_t bits = Load8(content, 48);
  cookie.peer.forward_tsn = (bits & kForwardTsn) != 0;
  cookie.peer.reconfig = (bits & kReconfig) != 0;
  cookie.peer.i_data = (bits & kIData) != 0;
  cookie.peer.i_forward_tsn = (bits & kIForwardTsn) != 0;
  return cookie;
}

std::optional<Duration> Staleness(const Cookie& cookie, Time now, Duration lifetime) {
  // A cookie from the future was signed before the clock was turned back, or never.
  if (now < cookie.created) return cookie.created - now;
  if (now - cookie.created <= lifetime) return std::nullopt;
  return now - cookie.created - lifetime;
}

}  // namespace sctp::engine
