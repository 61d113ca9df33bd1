// A message from Send() until its last chunk is acknowledged, and who refers to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "engine/events.h"
#include "engine/message.h"
#include "engine/sequence.h"
#include "engine/time.h"

namespace sctp::engine {

struct QueuedMessage;

// What expires or can be preempted is found by these while it waits to be sent.
using ExpiryIndex = std::multimap<Time, QueuedMessage*>;
using PriorityIndex = std::multimap<uint32_t, QueuedMessage*>;

struct QueuedMessage {
  OutgoingMessage message;
  uint64_t arrival = 0;  // position among all messages
  Time expires = Time::max();

  size_t split = 0;  // bytes that have become chunks
  uint32_t next_fsn = 0;
  uint64_t number = 0;  // SSN or MID, given with the first chunk
  bool numbered = false;
  bool abandoned = false;
  MessageFailed::Reason why = MessageFailed::Reason::kClosed;

  // Chunks in the retransmission queue: how many, and the first and last still there.
  uint32_t chunks = 0;
  Tsn first_tsn = 0;
  Tsn last_tsn = 0;

  // Its place in the queue of its stream.
  QueuedMessage* previous = nullptr;
  QueuedMessage* next = nullptr;
  bool queued = false;
  std::optional<ExpiryIndex::iterator> in_expiry;
  std::optional<PriorityIndex::iterator> in_priority;

  size_t size() const { return message.data.size(); }
  size_t unsent() const { return size() - split; }
  uint16_t stream() const { return message.stream; }

  uint32_t references = 0;
};

// Shared by the send queue and the chunks in flight. Not atomic: an association has one thread.
class MessageRef {
 public:
  MessageRef() = default;
  explicit MessageRef(QueuedMessage* message) : message_(message) {
    if (message_ != nullptr) ++message_->references;
  }
  MessageRef(const MessageRef& other) : MessageRef(other.message_) {}
  MessageRef(MessageRef&& other) noexcept : message_(std::exchange(other.message_, nullptr)) {}
  MessageRef& operator=(MessageRef other) noexcept {
    std::swap(message_, other.message_);
    return *this;
  }
  ~MessageRef() {
    if (message_ != nullptr && --message_->references == 0) delete message_;
  }

  static MessageRef Make() { return MessageRef(new QueuedMessage); }

  QueuedMessage* operator->() const { return message_; }
  QueuedMessage& operator*() const { return *message_; }
  QueuedMessage* get() const { return message_; }
  explicit operator bool() const { return message_ != nullptr; }

 private:
  QueuedMessage* message_ = nullptr;
};

}  // namespace sctp::engine
