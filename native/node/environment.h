// What one Node environment (the main thread, or a worker) shares among its sockets.
#pragma once

#include <napi.h>

#include <cstdint>
#include <initializer_list>
#include <memory>

#include "node/batch.h"
#include "node/landings.h"
#include "node/outgoing.h"
#include "node/receive_slots.h"
#include "node/slab.h"

namespace sctp::node {

class Environment {
 public:
  explicit Environment(Napi::Env env);
  static Environment& Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Slab& slab() { return slab_; }
  Landings& landings() { return landings_; }
  ReceiveSlots& slots();
  uint32_t* row_words() { return row_words_; }
  Napi::Value rows() const { return rows_.Value(); }
  Outgoing& outgoing() { return outgoing_; }

  // Make the JavaScript objects of associations that were accepted, or peeled off.
  Napi::FunctionReference& stream_socket() { return stream_socket_; }
  Napi::FunctionReference& seqpacket_socket() { return seqpacket_socket_; }

  // Makes the JavaScript object of an address. Nothing while the environment ends.
  napi_value NewAddress(std::initializer_list<napi_value> host_is_ipv4_port) const;

  // Slots and rows are shared: while one socket delivers, no other may.
  bool delivering = false;

 private:
  Slab slab_;
  Landings landings_;
  std::unique_ptr<ReceiveSlots> slots_;
  Napi::Reference<Napi::Uint32Array> rows_;
  uint32_t* row_words_;
  Outgoing outgoing_;
  Napi::FunctionReference new_address_;
  Napi::FunctionReference stream_socket_;
  Napi::FunctionReference seqpacket_socket_;
};

}  // namespace sctp::node
