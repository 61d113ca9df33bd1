// Reassembles messages that the kernel delivers in parts.
//
// The kernel splits a message when its receive window is exhausted (partial delivery), whatever
// the options say; only the last part carries MSG_EOR. Where an association interleaves messages
// (I-DATA, RFC 8260), each stream may have one unfinished ordered message and one unordered.
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
  // Limit on the unfinished messages of one association together, in multiples of the longest
  // message: otherwise a peer that interleaves could begin one on each of 65536 streams and finish
  // none.
  static constexpr size_t kLongestAtOnce = 4;

  // What keeping a message costs beside its bytes, so that many tiny ones are bounded too.
  static constexpr size_t kOverhead = 256;

  // Messages longer than `max_size`, or that there is no room for, are counted but not kept. All
  // associations together may hold `max_held` bytes, and one of them as many as it leaves free for
  // the others: none can take all.
  explicit Reassembler(size_t max_size, size_t max_held = SIZE_MAX)
      : max_size_(max_size), max_held_(max_held) {}

  struct Message {
    ReceiveInfo info;  // of the first part: only there all fields are valid
    std::vector<std::byte> data;
    size_t length = 0;  // the true length; more than data.size() if the message was too large
    bool too_large = false;
  };

  // No message is unfinished: the usual case, and cheap to check.
  bool idle() const { return partial_.empty(); }

  // True if this part makes the message too large.
  bool Append(const ReceiveInfo& info, std::span<const std::byte> part);

  // How much of the message that `info` belongs to has come.
  size_t LengthOf(const ReceiveInfo& info) const;

  // Finishes the message that `info` belongs to and returns it.
  Message Finish(const ReceiveInfo& info);

  // Drops an association's unfinished messages, whose rest will not come, and returns them.
  std::vector<Message> Drop(int32_t assoc_id);

  // Drops the message that the kernel has abandoned. With interleaving `info` says which; without,
  // the kernel reports stream 0 whatever the stream, and there is only one.
  std::optional<Message> DropOne(const ReceiveInfo& info);

  // Hands an association's unfinished messages to another reassembler, where their rest will come.
  void Move(int32_t assoc_id, Reassembler& to);

  size_t max_size() const { return max_size_; }
  size_t max_held() const { return max_held_; }

 private:
  // Without interleaving an association has one unfinished message at a time; with it, one per
  // stream and order.
  using Key = std::pair<int32_t, uint32_t>;
  using Partial = std::map<Key, Message>;
  static Key KeyOf(const ReceiveInfo& info);

  bool HasRoom(int32_t assoc_id, size_t length) const;
  void Release(Message& message);
  Message Take(Partial::iterator entry);

  size_t max_size_;
  size_t max_held_;
  size_t total_ = 0;  // bytes of all unfinished messages, with their overhead
  Partial partial_;
  std::map<int32_t, size_t> held_;  // bytes of the unfinished messages of each association
};

}  // namespace sctp
