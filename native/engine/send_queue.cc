#include "engine/send_queue.h"

#include <algorithm>
#include <utility>

namespace sctp::engine {

void SendQueue::Push(const MessageRef& message) {
  const uint16_t id = message->stream();
  Stream& stream = streams_[id];
  message->arrival = ++arrivals_;
  message->queued = true;
  message->previous = stream.last;
  (stream.last != nullptr ? stream.last->next : stream.first) = message.get();
  stream.last = message.get();
  stream.buffered += message->size();
  buffered_ += message->size();
  ++messages_;
  if (message->expires != Time::max()) {
    message->in_expiry = by_expiry_.emplace(message->expires, message.get());
  }
  const Reliability& reliability = message->message.reliability;
  if (reliability.policy == Reliability::Policy::kPriority) {
    message->in_priority = by_priority_.emplace(reliability.value, message.get());
  }
  ++message->references;  // the queue's own, by plain pointers
  Reschedule(id, stream);
}

bool SendQueue::MaySend(const Stream& stream) const {
  return stream.first != nullptr &&
         (!stream.resetting || stream.first->arrival < stream.reset_from);
}

void SendQueue::Reschedule(uint16_t id, Stream& stream) {
  if (MaySend(stream)) {
    scheduler_.Add(id, stream.turn, stream.first->arrival);
  } else {
    scheduler_.Remove(id, stream.turn);
  }
}

QueuedMessage* SendQueue::Next() const {
  if (begun_ != nullptr) return begun_;
  const auto id = scheduler_.Next();
  return id ? streams_.Find(*id)->first : nullptr;
}

void SendQueue::Number(Stream& stream, QueuedMessage& message) const {
  const bool unordered = message.message.unordered;
  if (interleaving_) {
    message.number = unordered ? stream.next_unordered_mid++ : stream.next_ordered_mid++;
  } else {
    message.number = unordered ? 0 : stream.next_ssn++;
  }
  message.numbered = true;
  ++stream.unfinished;
}

Fragment SendQueue::Split(QueuedMessage& message, size_t max_length) {
  const uint16_t id = message.stream();
  Stream& stream = streams_[id];
  if (!message.numbered) Number(stream, message);
  Fragment fragment;
  fragment.message = MessageRef(&message);
  fragment.offset = message.split;
  fragment.length = std::min(max_length, message.unsent());
  fragment.fsn = message.next_fsn++;
  fragment.begin = message.split == 0;
  message.split += fragment.length;
  fragment.end = message.unsent() == 0;
  if (fragment.end) {
    Unlink(stream, message);
    begun_ = nullptr;
  } else if (!interleaving_) {
    begun_ = &message;
  }
  if (begun_ == nullptr) {
    Reschedule(id, stream);
    if (stream.first != nullptr) {
      const size_t bytes = interleaving_ ? fragment.length : message.size();
      scheduler_.Served(id, stream.turn, stream.first->arrival, bytes);
    }
  }
  Shrink(id, stream, fragment.length);
  return fragment;
}

void SendQueue::LeaveIndexes(QueuedMessage& message) {
  ForgetExpiry(message);
  if (message.in_priority) by_priority_.erase(*std::exchange(message.in_priority, std::nullopt));
}

// The caller holds a reference: the queue's own is dropped here.
void SendQueue::Unlink(Stream& stream, QueuedMessage& message) {
  (message.previous != nullptr ? message.previous->next : stream.first) = message.next;
  (message.next != nullptr ? message.next->previous : stream.last) = message.previous;
  message.previous = nullptr;
  message.next = nullptr;
  message.queued = false;
  LeaveIndexes(message);
  --message.references;
  --messages_;
}

void SendQueue::Shrink(uint16_t id, Stream& stream, size_t bytes) {
  const auto falls = [bytes](size_t& amount, std::optional<size_t> threshold) {
    const bool was_above = threshold && amount > *threshold;
    amount -= bytes;
    return was_above && amount <= *threshold;
  };
  if (falls(stream.buffered, stream.low_threshold)) events_.Push(BufferedAmountLow{id});
  if (falls(buffered_, low_threshold_)) events_.Push(BufferedAmountLow{});
}

void SendQueue::Remove(QueuedMessage& message) {
  if (!message.queued) return;
  const uint16_t id = message.stream();
  Stream& stream = streams_[id];
  const MessageRef keep(&message);
  const size_t left = message.unsent();
  // First come, first served is in line by its first message, which may be this one.
  scheduler_.Remove(id, stream.turn);
  Unlink(stream, message);
  if (begun_ == &message) begun_ = nullptr;
  Reschedule(id, stream);
  Shrink(id, stream, left);
}

std::vector<MessageRef> SendQueue::TakeFrom(uint16_t first) {
  std::vector<MessageRef> taken;
  streams_.ForEach([&](uint16_t id, Stream& stream) {
    if (id < first) return;
    while (stream.first != nullptr) {
      taken.emplace_back(stream.first);
      Remove(*stream.first);
    }
  });
  std::ranges::sort(taken, {}, [](const MessageRef& message) { return message->arrival; });
  return taken;
}

std::vector<MessageRef> SendQueue::TakeAll() { return TakeFrom(0); }

std::optional<Time> SendQueue::next_expiry() const {
  if (by_expiry_.empty()) return std::nullopt;
  return by_expiry_.begin()->first;
}

QueuedMessage* SendQueue::Expired(Time now) const {
  if (by_expiry_.empty() || by_expiry_.begin()->first > now) return nullptr;
  return by_expiry_.begin()->second;
}

void SendQueue::ForgetExpiry(QueuedMessage& message) {
  if (message.in_expiry) by_expiry_.erase(*std::exchange(message.in_expiry, std::nullopt));
}

QueuedMessage* SendQueue::LeastImportant(uint32_t above) const {
  if (by_priority_.empty() || by_priority_.rbegin()->first <= above) return nullptr;
  return by_priority_.rbegin()->second;
}

size_t SendQueue::buffered(uint16_t stream) const {
  const Stream* found = streams_.Find(stream);
  return found != nullptr ? found->buffered : 0;
}

void SendQueue::SetScheduler(Scheduler scheduler) {
  streams_.ForEach([&](uint16_t id, Stream& stream) { scheduler_.Remove(id, stream.turn); });
  scheduler_ = StreamScheduler(scheduler);
  streams_.ForEach([&](uint16_t id, Stream& stream) {
    stream.turn.served = 0;
    Reschedule(id, stream);
  });
}

void SendQueue::SetPriority(uint16_t stream, uint16_t priority) {
  Stream& changed = streams_[stream];
  scheduler_.Remove(stream, changed.turn);
  changed.turn.priority = priority;
  Reschedule(stream, changed);
}

void SendQueue::SetWeight(uint16_t stream, uint16_t weight) {
  streams_[stream].turn.weight = std::max<uint16_t>(weight, 1);
}

SendQueue::~SendQueue() { TakeAll(); }

}  // namespace sctp::engine
