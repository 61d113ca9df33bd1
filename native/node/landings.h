// Memory that long messages are received straight into, and that then is theirs.
#pragma once

#include <napi.h>

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "core/length_forecast.h"

namespace sctp::node {

class Landings {
 public:
  // How many messages of one call can have some, and how much there is of it: one message, however
  // long it is, may have more.
  static constexpr size_t kCount = 8;
  static constexpr size_t kBytes = 256 * 1024;

  // So many long messages may be copied because the memory that was ready is far too long for them.
  // Sockets whose messages differ would otherwise throw away each other's at every wake-up.
  static constexpr unsigned kMostDeclined = 16;

  struct Memory {
    Napi::Reference<Napi::Buffer<uint8_t>> buffer;
    std::span<std::byte> bytes;
  };

  // Makes memory ready for messages as long as that; returns for how many.
  size_t Prepare(Napi::Env env, const LengthForecast& forecast);
  std::span<std::byte> memory(size_t index) const;
  // A Buffer that begins with the message that lies there, of this length; nothing if so much
  // memory would be wasted on it that a copy is better.
  Napi::Value Take(Napi::Env env, size_t index, size_t length);
  // The memory, for a message of which only a part lies there, and which will be as long as that.
  // Nothing if that is far less.
  std::optional<Memory> Release(size_t index, const LengthForecast& forecast);

 private:
  struct Landing {
    Memory memory;
    unsigned declined = 0;
  };

  std::array<Landing, kCount> landings_;
};

}  // namespace sctp::node
