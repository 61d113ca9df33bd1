// Byte strings for tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sctp::test {

using ByteVector = std::vector<std::byte>;

// Padding included, which T{} does not promise.
template <typename T>
T Zeroed() {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memset(&value, 0, sizeof value);
  return value;
}

template <typename T>
ByteVector BytesOf(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  ByteVector bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

inline ByteVector TextBytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline ByteVector operator+(ByteVector left, const ByteVector& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline ByteVector ToVector(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

// A copy in a heap block of exactly the right size, so that AddressSanitizer sees the first byte
// read beyond it. Aligned as new aligns: enough for a cmsghdr.
class HeapBytes {
 public:
  explicit HeapBytes(std::span<const std::byte> bytes)
      : size_(bytes.size()), block_(new std::byte[size_]) {
    std::ranges::copy(bytes, block_.get());
  }

  std::byte* data() const { return block_.get(); }
  size_t size() const { return size_; }
  std::span<const std::byte> view() const { return {block_.get(), size_}; }

 private:
  size_t size_;
  std::unique_ptr<std::byte[]> block_;
};

}  // namespace sctp::test
