// Puts messages together that the kernel delivers in pieces.
//
// The kernel splits a message when its receive window is exhausted (partial delivery), whatever
// the options say; only the last piece carries MSG_EOR. Where an association interleaves messages
// (I-DATA, RFC 8260), it may have one in pieces on each stream, ordered and unordered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/control.h"

namespace sctp {

class Reassembler {
 public:
  // What the pieces of one association may hold together, in longest messages: with interleaving
  // a peer could else begin one on each of 65536 streams, and end none.
  static constexpr size_t kLongestAtOnce = 4;

  // Messages longer than `max_size` are counted, not kept; nor are those that there is no room for.
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

  // Forgets the message that the kernel has given up. With interleaving `info` says which; without
  // it the kernel names stream 0 whichever it was, and there is only one.
  std::optional<Message> DropOne(const ReceiveInfo& info);

  size_t max_size() const { return max_size_; }

 private:
  // Without interleaving one message at a time is in pieces per association; with it, one per
  // stream and order.
  using Key = std::pair<int32_t, uint32_t>;
  using Partial = std::map<Key, Message>;
  static Key KeyOf(const ReceiveInfo& info);

  bool HasRoom(int32_t assoc_id, size_t length) const;
  void Release(Message& message);
  Message Take(Partial::iterator entry);

  size_t max_size_;
  Partial partial_;
  std::map<int32_t, size_t> held_;  // bytes of the unfinished messages of each association
};

}  // namespace sctp
