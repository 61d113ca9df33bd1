// Views of peer input and writers of our output, in network byte order and within bounds: what lies
// beyond the end reads as zero and is not written.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace sctp::engine {

using ByteView = std::span<const std::byte>;
using ByteSpan = std::span<std::byte>;
using ByteVector = std::vector<std::byte>;

inline uint16_t FromNetwork(uint16_t value) {
  return std::endian::native == std::endian::little ? __builtin_bswap16(value) : value;
}
inline uint32_t FromNetwork(uint32_t value) {
  return std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
}
inline uint64_t FromNetwork(uint64_t value) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

template <typename T>
T Load(ByteView bytes, size_t offset) {
  T value = 0;
  if (offset <= bytes.size() && bytes.size() - offset >= sizeof(T)) {
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
  }
  return FromNetwork(value);
}
inline uint8_t Load8(ByteView bytes, size_t offset) {
  return offset < bytes.size() ? std::to_integer<uint8_t>(bytes[offset]) : uint8_t{0};
}
inline uint16_t Load16(ByteView bytes, size_t offset) { return Load<uint16_t>(bytes, offset); }
inline uint32_t Load32(ByteView bytes, size_t offset) { return Load<uint32_t>(bytes, offset); }
inline uint64_t Load64(ByteView bytes, size_t offset) { return Load<uint64_t>(bytes, offset); }

// The bytes from `offset` on; none if it lies beyond the end.
inline ByteView From(ByteView bytes, size_t offset) {
  return bytes.subspan(std::min(offset, bytes.size()));
}

template <typename T>
void Store(ByteSpan bytes, size_t offset, T value) {
  const T wire = FromNetwork(value);
  if (offset <= bytes.size() && bytes.size() - offset >= sizeof(T)) {
    std::memcpy(bytes.data() + offset, &wire, sizeof(T));
  }
}

// std::ranges::copy of libstdc++ 12 goes byte by byte from a view of constants.
inline void Copy(ByteView from, ByteSpan to) {
  const size_t size = std::min(from.size(), to.size());
  if (size > 0) std::memcpy(to.data(), from.data(), size);
}

constexpr size_t PaddedTo4(size_t length) { return (length + 3) & ~size_t{3}; }

// Appends to a vector, for chunks and parameters that are built away from a packet.
class Appender {
 public:
  explicit Appender(ByteVector& out) : out_(out) {}

  Appender& U8(uint8_t value) {
    out_.push_back(std::byte{value});
    return *this;
  }
  Appender& U16(uint16_t value) { return Number(value); }
  Appender& U32(uint32_t value) { return Number(value); }
  Appender& U64(uint64_t value) { return Number(value); }
  Appender& Bytes(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Appender& Pad() {
    out_.resize(PaddedTo4(out_.size()));
    return *this;
  }

 private:
  template <typename T>
  Appender& Number(T value) {
    const size_t at = out_.size();
    out_.resize(at + sizeof(T));
    Store(ByteSpan(out_), at, value);
    return *this;
  }

  ByteVector& out_;
};

}  // namespace sctp::engine
