// Turns what a socket has received into rows of a batch: whole messages, notifications, losses.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/address.h"
#include "core/notification.h"
#include "core/peer_table.h"
#include "core/reassembler.h"
#include "node/batch.h"
#include "node/environment.h"

namespace sctp::node {

class Receiver {
 public:
  explicit Receiver(size_t max_message_size) : reassembler_(max_message_size) {}

  // Reads as many messages as there are slots. Returns 0, or the negative errno of a failed read
  // (never EAGAIN), which has become a row too.
  int Read(int fd, Environment& environment, Batch& batch, Napi::Env env);

 private:
  void OnData(size_t slot, uint32_t peer);
  void OnNotification(size_t slot, uint32_t peer);
  void AddWhole(const ReceiveInfo& info, uint32_t peer, std::span<const std::byte> data);
  uint32_t PeerOf(size_t slot);
  Address SenderOf(size_t slot) const;
  void RememberScope(const AssocChange& change, const Address& sender);

  Reassembler reassembler_;
  PeerTable peers_;
  std::vector<std::byte> partial_notification_;
  std::unordered_map<int32_t, uint32_t> scopes_;  // of associations with link-local peers

  // Of the read under way.
  struct Context {
    Environment* environment = nullptr;
    Batch* batch = nullptr;
    napi_env env = nullptr;
  } now_;
};

}  // namespace sctp::node
