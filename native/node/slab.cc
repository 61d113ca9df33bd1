#include "node/slab.h"

#include <algorithm>
#include <cstring>

namespace sctp::node {

std::span<std::byte> Slab::Next() const {
  if (size_ - used_ < kLongestMessage) return {};
  return {bytes_ + used_, kLongestMessage};
}

std::optional<size_t> Slab::Store(std::span<const std::byte> bytes) {
  if (bytes.size() > size_ - used_) return std::nullopt;
  const size_t offset = used_;
  std::byte* place = bytes_ + offset;
  if (place != bytes.data()) std::memcpy(place, bytes.data(), bytes.size());
  // Aligned, as Node's own pool does it, so that typed arrays can be laid over a message.
  used_ = std::min(size_, (offset + bytes.size() + 7) & ~size_t{7});
  return offset;
}

void Slab::Renew(Napi::Env env) {
  bytes_ = nullptr;
  size_ = used_ = 0;
  // The memory of a Buffer, which nobody fills with zeros first.
  Napi::Buffer<uint8_t> owner = Napi::Buffer<uint8_t>::New(env, kSize);
  if (owner.IsEmpty()) {  // the environment is ending: nothing can be delivered
    buffer_.Reset();
    return;
  }
  Napi::ArrayBuffer buffer = owner.ArrayBuffer();
  buffer_ = Napi::Persistent(buffer);
  bytes_ = static_cast<std::byte*>(buffer.Data());
  size_ = buffer.ByteLength();
}

Napi::Value Slab::Attach(Napi::Env env) {
  if (buffer_.IsEmpty() || buffer_.Value().ByteLength() == 0) Renew(env);
  if (buffer_.IsEmpty()) return env.Undefined();
  return buffer_.Value();
}

}  // namespace sctp::node
