// What one Node environment (the main thread, or a worker) shares among its sockets.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "node/batch.h"
#include "node/receive_slots.h"

namespace sctp::node {

// Memory that JavaScript owns and short messages are copied into, one after another. Each message
// is a view on it: one allocation serves many messages.
class Slab {
 public:
  static constexpr size_t kSize = 256 * 1024;
  // A kept message keeps its whole slab alive: longer messages get a Buffer of their own.
  static constexpr size_t kLongestMessage = 8 * 1024;

  // Where the bytes now lie; nothing if the slab is full, or if there is none (see Attach).
  std::optional<size_t> Store(std::span<const std::byte> bytes);
  void Renew(Napi::Env env);
  // Also finds out whether somebody has detached the memory. undefined while the environment ends.
  Napi::Value Attach(Napi::Env env);

 private:
  Napi::Reference<Napi::ArrayBuffer> buffer_;
  std::byte* bytes_ = nullptr;
  size_t size_ = 0;
  size_t used_ = 0;
};

class Environment {
 public:
  explicit Environment(Napi::Env env);
  static Environment& Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Slab& slab() { return slab_; }
  ReceiveSlots& slots();
  uint32_t* row_words() { return row_words_; }
  Napi::Value rows() const { return rows_.Value(); }

 private:
  Slab slab_;
  std::unique_ptr<ReceiveSlots> slots_;
  Napi::Reference<Napi::Uint32Array> rows_;
  uint32_t* row_words_;
};

}  // namespace sctp::node
