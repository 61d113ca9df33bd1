// What messages hold: bytes that follow from who sends them and which message it is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "engine/bytes.h"
#include "native/engine/pair.h"

namespace sctp::engine::simulation {

inline ByteVector Content(uint64_t key, size_t size) {
  test::SeededRandom random(key);
  ByteVector bytes(size);
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    const uint64_t word = random.Next64();
    std::memcpy(bytes.data() + at, &word, std::min(sizeof word, size - at));
  }
  return bytes;
}

inline bool HasContent(ByteView bytes, uint64_t key) {
  return std::ranges::equal(bytes, Content(key, bytes.size()));
}

}  // namespace sctp::engine::simulation
