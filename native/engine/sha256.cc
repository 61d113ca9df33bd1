#include "engine/sha256.h"

namespace sctp::engine {
namespace {

constexpr std::array<uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

}  // namespace

void Sha256::Compress(ByteView block) {
  std::array<uint32_t, 64> schedule{};
  for (size_t i = 0; i < 16; ++i) schedule[i] = Load32(block, i * 4);
  for (size_t i = 16; i < schedule.size(); ++i) {
    const uint32_t a = schedule[i - 15];
    const uint32_t b = schedule[i - 2];
    schedule[i] = schedule[i - 16] + schedule[i - 7] +
                  (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) +
                  (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (size_t i = 0; i < schedule.size(); ++i) {
    const uint32_t choice = (e & f) ^ (~e & g);
    const uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
    const uint32_t first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + choice +
                           kRound[i] + schedule[i];
    const uint32_t second = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + majority;
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  const std::array<uint32_t, 8> added = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < state_.size(); ++i) state_[i] += added[i];
}

Sha256& Sha256::Update(ByteView bytes) {
  while (!bytes.empty()) {
    const size_t used = length_ % kBlockSize;
    const size_t taken = std::min(bytes.size(), kBlockSize - used);
    Copy(bytes.first(taken), ByteSpan(pending_).subspan(used));
    length_ += taken;
    bytes = bytes.subspan(taken);
    if (length_ % kBlockSize == 0) Compress(pending_);
  }
  return *this;
}

Digest Sha256::Finish() {
  const uint64_t bits = length_ * 8;
  const std::array<std::byte, kBlockSize> padding = {std::byte{0x80}};
  // One bit, zeros, and the length in the last eight bytes of a block.
  const size_t used = length_ % kBlockSize;
  Update(ByteView(padding).first(used < kBlockSize - 8 ? kBlockSize - 8 - used
                                                       : 2 * kBlockSize - 8 - used));
  std::array<std::byte, 8> length{};
  Store(ByteSpan(length), 0, bits);
  Update(length);
  Digest digest{};
  for (size_t i = 0; i < state_.size(); ++i) Store(ByteSpan(digest), i * 4, state_[i]);
  return digest;
}

Digest HmacSha256(ByteView key, ByteView first, ByteView second) {
  std::array<std::byte, 64> inner{};
  if (key.size() > inner.size()) {
    Copy(Sha256().Update(key).Finish(), inner);
  } else {
    Copy(key, inner);
  }
  std::array<std::byte, 64> outer = inner;
  for (std::byte& byte : inner) byte ^= std::byte{0x36};
  for (std::byte& byte : outer) byte ^= std::byte{0x5c};
  const Digest digest = Sha256().Update(inner).Update(first).Update(second).Finish();
  return Sha256().Update(outer).Update(digest).Finish();
}

bool EqualInConstantTime(ByteView left, ByteView right) {
  if (left.size() != right.size()) return false;
  std::byte difference{0};
  for (size_t i = 0; i < left.size(); ++i) difference |= left[i] ^ right[i];
  return difference == std::byte{0};
}

}  // namespace sctp::engine
