// Puts messages together that the kernel delivers in pieces.
//
// The kernel splits a message when its receive window is exhausted (partial delivery), whatever
// the options say; only the last piece carries MSG_EOR.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "core/control.h"

namespace sctp {

class Reassembler {
 public:
  // Messages longer than `max_size` are counted, not kept.
  explicit Reassembler(size_t max_size) : max_size_(max_size) {}

  struct Message {
    ReceiveInfo info;  // of the first piece: only there all fields are valid
    std::vector<std::byte> data;
    size_t length = 0;  // the true length; more than data.size() if the message was too long
    bool too_long = false;
  };

  // No message has begun that still lacks its end: the usual case, and cheap to ask.
  bool idle() const { return partial_.empty(); }

  // True if this very piece has made the message too long.
  bool Append(const ReceiveInfo& info, std::span<const std::byte> piece);

  // Ends the message that `info` belongs to and hands it over.
  Message Finish(const ReceiveInfo& info);

  // Forgets what an association has begun: its rest will not come. Returns the lost messages.
  std::vector<Message> Drop(int32_t assoc_id);

  size_t max_size() const { return max_size_; }

 private:
  // Without interleaving one message at a time is in pieces per association; with it, one per
  // stream and order.
  using Key = std::pair<int32_t, uint32_t>;
  static Key KeyOf(const ReceiveInfo& info);

  size_t max_size_;
  std::map<Key, Message> partial_;
};

}  // namespace sctp
