// Memory of received messages, for as long as JavaScript uses them.
#pragma once

#include <napi.h>

#include <cstddef>
#include <optional>
#include <span>

namespace sctp::node {

// Memory that JavaScript owns and short messages are copied into, one after another. Each message
// is a view on it: one allocation serves many messages.
class Slab {
 public:
  static constexpr size_t kSize = 256 * 1024;
  // A kept message keeps its whole slab alive: longer messages get a Buffer of their own.
  static constexpr size_t kLongestMessage = 8 * 1024;

  // Room for one message, to be received where `Store` will put the next one; none if the slab is
  // nearly full.
  std::span<std::byte> Next() const;
  // Where the bytes now lie; nothing if the slab is full, or if there is none (see Attach).
  std::optional<size_t> Store(std::span<const std::byte> bytes);
  void Renew(Napi::Env env);
  // Replaces memory that has been detached. undefined while the environment ends.
  Napi::Value Attach(Napi::Env env);

 private:
  Napi::Reference<Napi::ArrayBuffer> buffer_;
  std::byte* bytes_ = nullptr;
  size_t size_ = 0;
  size_t used_ = 0;
};

}  // namespace sctp::node
