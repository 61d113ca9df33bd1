// Where tags, initial TSNs, nonces and keys come from.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sctp::engine {

// Must be unpredictable in production (getrandom and the like): a verification tag that can be
// guessed protects nothing. A simulator supplies a seeded one. Outlives whoever was given it.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void Fill(std::span<std::byte> out) = 0;

  uint32_t Next() {
    std::array<std::byte, sizeof(uint32_t)> bytes{};
    Fill(bytes);
    return std::bit_cast<uint32_t>(bytes);
  }
};

}  // namespace sctp::engine
