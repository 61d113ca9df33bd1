// A long message that the kernel delivers in parts, in the memory in which it will be handed over:
// each further part is received straight into its place.
#pragma once

#include <napi.h>

#include <cstddef>
#include <span>

#include "core/control.h"
#include "node/landings.h"
#include "node/receive_slots.h"

namespace sctp::node {

class ArrivingMessage {
 public:
  bool is_under_way() const { return !memory_.bytes.empty(); }

  // The first part lies at the beginning of this memory.
  void Begin(Landings::Memory&& memory, const ReceiveInfo& info, size_t length);

  // Whether a part belongs to it.
  bool IsContinuedBy(const ReceiveInfo& info) const;

  // Where its next part belongs.
  std::span<std::byte> room() const { return memory_.bytes.subspan(length_); }
  // Adds a part, which is copied unless it lies where it belongs; false if there is no room.
  bool Append(const ReceiveSlots::Data& part);

  const ReceiveInfo& info() const { return info_; }
  size_t length() const { return length_; }
  std::span<const std::byte> data() const { return memory_.bytes.first(length_); }
  // Whether it may keep its memory, which may be longer.
  bool is_filled() const { return LengthForecast::IsFilled(memory_.bytes.size(), length_); }

  // The memory, which is no longer kept. What lies there lives until the handle scope ends.
  Napi::Value Take(Napi::Env env);

 private:
  Landings::Memory memory_;
  ReceiveInfo info_;  // of the first part: only there all fields are valid
  size_t length_ = 0;
};

}  // namespace sctp::node
