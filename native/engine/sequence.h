// Sequence numbers that wrap on the wire and never do inside: TSNs, SSNs, MIDs, request numbers.
#pragma once

#include <cstdint>
#include <type_traits>

namespace sctp::engine {

// An unwrapped TSN. Numbers of different directions or generations have nothing in common.
using Tsn = uint64_t;

// Room to be below the first number, for the peer's nonsense.
inline constexpr uint64_t kSequenceBase = uint64_t{1} << 40;

// The number nearest to `near` that looks like `wire` (RFC 1982 arithmetic).
template <typename Wire>
uint64_t Unwrap(uint64_t near, Wire wire) {
  using Signed = std::make_signed_t<Wire>;
  const auto difference = static_cast<Signed>(static_cast<Wire>(wire - static_cast<Wire>(near)));
  return near + static_cast<uint64_t>(static_cast<int64_t>(difference));
}

inline Tsn FirstTsn(uint32_t wire) { return kSequenceBase + wire; }
inline uint32_t Wire32(uint64_t number) { return static_cast<uint32_t>(number); }
inline uint16_t Wire16(uint64_t number) { return static_cast<uint16_t>(number); }

}  // namespace sctp::engine
