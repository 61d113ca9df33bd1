#include "node/arriving_message.h"

#include <cstring>
#include <utility>

#include "core/abi.h"

namespace sctp::node {

void ArrivingMessage::Begin(Landings::Memory&& memory, const ReceiveInfo& info, size_t length) {
  memory_ = std::move(memory);
  info_ = info;
  length_ = length;
}

bool ArrivingMessage::IsContinuedBy(const ReceiveInfo& info) const {
  return info.assoc_id == info_.assoc_id && info.stream == info_.stream &&
         ((info.flags ^ info_.flags) & SCTP_UNORDERED) == 0;
}

bool ArrivingMessage::Append(const ReceiveSlots::Data& part) {
  if (part.size() > room().size()) return false;
  for (const std::span<const std::byte> bytes : {part.first, part.rest}) {
    std::byte* place = room().data();
    if (!bytes.empty() && place != bytes.data()) std::memcpy(place, bytes.data(), bytes.size());
    length_ += bytes.size();
  }
  return true;
}

Napi::Value ArrivingMessage::Take(Napi::Env env) {
  const Napi::Value buffer = memory_.buffer.Value();
  memory_ = {};
  length_ = 0;
  return {env, buffer};
}

}  // namespace sctp::node
