// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104): what signs cookies.
#pragma once

#include <array>
#include <cstdint>

#include "engine/bytes.h"

namespace sctp::engine {

using Digest = std::array<std::byte, 32>;

class Sha256 {
 public:
  Sha256& Update(ByteView bytes);
  Digest Finish();

 private:
  static constexpr size_t kBlockSize = 64;
  void Compress(ByteView block);

  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, kBlockSize> pending_{};
  uint64_t length_ = 0;
};

// The hash of two texts in a row, so that what is signed need not be copied together.
Digest HmacSha256(ByteView key, ByteView first, ByteView second = {});

// Takes as long for equal digests as for different ones.
bool EqualInConstantTime(ByteView left, ByteView right);

}  // namespace sctp::engine
