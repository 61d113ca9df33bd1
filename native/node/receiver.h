// Turns what a socket has received into rows of a batch: whole messages, notifications, losses.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/peer_table.h"
#include "core/reassembler.h"
#include "node/batch.h"
#include "node/environment.h"

namespace sctp::node {

class Receiver {
 public:
  // `max_held`: what unfinished messages may hold together.
  Receiver(size_t max_message_size, size_t max_held, bool is_one_to_one)
      : is_one_to_one_(is_one_to_one), reassembler_(max_message_size, max_held) {}

  struct Outcome {
    int error;  // the socket's pending error as negative errno, or 0: it belongs after the rows
    bool more;  // the limit was reached, there may be more to read
  };

  // Reads up to `limit` messages, at most as many as there are slots.
  Outcome Read(int fd, size_t limit, Environment& environment, Batch& batch, Napi::Env env);

  size_t max_message_size() const { return reassembler_.max_size(); }

 private:
  class Reading;  // one call of Read

  bool is_one_to_one_;
  Reassembler reassembler_;
  PeerTable peers_;
  std::vector<std::byte> partial_notification_;
  std::unordered_map<int32_t, uint32_t> scopes_;  // of associations with link-local peers
};

}  // namespace sctp::node
