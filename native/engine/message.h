// Messages on their way out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace sctp::engine {

// Bytes and what keeps them alive. The engine reads them when it fills packets, so that a payload
// is copied once on its way out: they must not change before the payload is destroyed.
class Payload {
 public:
  using Owner = std::unique_ptr<void, void (*)(void*)>;

  Payload() = default;
  // Bytes that someone else holds; `owner` is released when they are no longer needed.
  Payload(std::span<const std::byte> bytes, Owner owner)
      : bytes_(bytes), owner_(std::move(owner)) {}

  explicit Payload(std::vector<std::byte> bytes) {
    auto holder = std::make_unique<std::vector<std::byte>>(std::move(bytes));
    bytes_ = *holder;
    owner_ = Owner(holder.release(),
                   [](void* held) { delete static_cast<std::vector<std::byte>*>(held); });
  }

  static Payload Copy(std::span<const std::byte> bytes) {
    if (bytes.empty()) return {};
    auto* copy = new std::byte[bytes.size()];
    std::memcpy(copy, bytes.data(), bytes.size());
    return {{copy, bytes.size()},
            Owner(copy, [](void* held) { delete[] static_cast<std::byte*>(held); })};
  }

  std::span<const std::byte> bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  Owner owner_{nullptr, [](void*) {}};
};

// How long a message is worth delivering (RFC 3758, RFC 7496).
struct Reliability {
  enum class Policy : uint8_t {
    kReliable,
    kTimed,        // value: milliseconds from Send() until it is abandoned
    kRetransmits,  // value: retransmissions before it is abandoned; 0 sends it once
    kPriority,     // value: priority, 0 the highest; abandoned when the send buffer is full and a
                   // message of higher priority needs the room
  };
  Policy policy = Policy::kReliable;
  uint32_t value = 0;
};

struct OutgoingMessage {
  uint16_t stream = 0;
  uint32_t ppid = 0;  // host byte order
  bool unordered = false;
  bool sack_immediately = false;  // sets the I-bit on the last chunk (RFC 7053)
  Reliability reliability;
  uint64_t context = 0;  // comes back in MessageFailed
  Payload data;
};

}  // namespace sctp::engine
