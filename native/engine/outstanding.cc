#include "engine/outstanding.h"

#include <algorithm>
#include <functional>

namespace sctp::engine {
namespace {

constexpr size_t kInitialRing = 16;

}  // namespace

void Outstanding::Grow() {
  std::vector<SentChunk> larger(ring_.empty() ? kInitialRing : ring_.size() * 2);
  for (Tsn tsn = first_; tsn != next_; ++tsn) {
    larger[tsn & (larger.size() - 1)] = std::move(At(tsn));
  }
  ring_ = std::move(larger);
}

SentChunk& Outstanding::Append(Fragment&& fragment) {
  if (next_ - first_ == ring_.size()) Grow();
  const Tsn tsn = next_++;
  SentChunk& chunk = At(tsn);
  chunk.message = std::move(fragment.message);
  chunk.offset = fragment.offset;
  chunk.length = fragment.length;
  chunk.fsn = fragment.fsn;
  chunk.begin = fragment.begin;
  chunk.end = fragment.end;
  chunk.misses = 0;
  chunk.transmissions = 0;
  chunk.tsn = tsn;
  chunk.next_of_message = 0;
  QueuedMessage& message = *chunk.message;
  if (message.chunks++ == 0) {
    message.first_tsn = tsn;
  } else {
    At(message.last_tsn).next_of_message = tsn;
  }
  message.last_tsn = tsn;
  unacked_bytes_ += chunk.length;
  return chunk;
}

SentChunk& Outstanding::Send(Fragment&& fragment, Time now) {
  SentChunk& chunk = Append(std::move(fragment));
  Link(chunk);
  if (timed_ == 0) {
    timed_ = chunk.tsn;
    timed_at_ = now;
  }
  return chunk;
}

// Counts the chunk as sent just now.
void Outstanding::Link(SentChunk& chunk) {
  chunk.state = State::kInFlight;
  chunk.misses = 0;
  chunk.packet = packet_;
  chunk.previous_sent = latest_sent_;
  chunk.next_sent = 0;
  (latest_sent_ != 0 ? At(latest_sent_).next_sent : oldest_sent_) = chunk.tsn;
  latest_sent_ = chunk.tsn;
  flight_size_ += chunk.length;
  ++chunk.transmissions;
}

void Outstanding::Unlink(SentChunk& chunk) {
  (chunk.previous_sent != 0 ? At(chunk.previous_sent).next_sent : oldest_sent_) = chunk.next_sent;
  (chunk.next_sent != 0 ? At(chunk.next_sent).previous_sent : latest_sent_) = chunk.previous_sent;
  flight_size_ -= chunk.length;
}

// Takes the chunk out of what it is counted in, for another state.
void Outstanding::Leave(SentChunk& chunk) {
  if (chunk.state == State::kInFlight) Unlink(chunk);
  if (chunk.state == State::kLost && --lost_ == 0) lost_heap_.clear();
  if (chunk.state == State::kInFlight || chunk.state == State::kLost) {
    unacked_bytes_ -= chunk.length;
  }
}

void Outstanding::Lose(SentChunk& chunk) {
  Unlink(chunk);
  chunk.state = State::kLost;
  ++lost_;
  lost_heap_.push_back(chunk.tsn);
  std::ranges::push_heap(lost_heap_, std::greater<>());
  newly_lost_.push_back(chunk.tsn);
  if (timed_ == chunk.tsn) timed_ = 0;  // Karn: an answer could be to either transmission
}

void Outstanding::LoseAll() {
  while (oldest_sent_ != 0) Lose(At(oldest_sent_));
}

SentChunk* Outstanding::Find(Tsn tsn) { return tsn >= first_ && tsn < next_ ? &At(tsn) : nullptr; }

SentChunk* Outstanding::NextLost() {
  while (!lost_heap_.empty()) {
    SentChunk* chunk = Find(lost_heap_.front());
    if (chunk != nullptr && chunk->state == State::kLost) return chunk;
    std::ranges::pop_heap(lost_heap_, std::greater<>());
    lost_heap_.pop_back();
  }
  return nullptr;
}

void Outstanding::Retransmit(SentChunk& chunk, Time) {
  if (--lost_ == 0) lost_heap_.clear();
  Link(chunk);
}

void Outstanding::Abandon(QueuedMessage& message, MessageRef holder) {
  if (message.unsent() > 0) {
    Fragment rest;
    rest.message = std::move(holder);
    rest.offset = message.split;
    rest.fsn = message.next_fsn++;
    rest.end = true;
    message.split = message.size();
    Append(std::move(rest)).state = State::kAbandoned;
  }
  for (Tsn tsn = message.first_tsn; tsn != 0; tsn = At(tsn).next_of_message) {
    SentChunk& chunk = At(tsn);
    Leave(chunk);
    chunk.state = State::kAbandoned;
  }
  AdvanceForward();
}

void Outstanding::AdvanceForward() {
  forward_ = std::max(forward_, first_ - 1);
  while (forward_ + 1 < next_ && At(forward_ + 1).state == State::kAbandoned) ++forward_;
}

std::pair<Tsn, std::vector<Outstanding::Skipped>> Outstanding::Forward(size_t max_streams,
                                                                       bool interleaving) const {
  std::vector<Skipped> skipped;
  // Where each stream stands in `skipped`, by stream and order.
  std::map<uint32_t, size_t> places;
  Tsn tsn = first_;
  for (; tsn <= forward_; ++tsn) {
    const QueuedMessage& message = *At(tsn).message;
    const bool unordered = message.message.unordered;
    if (unordered && !interleaving) continue;
    const uint32_t key = uint32_t{message.stream()} << 1 | (unordered ? 1 : 0);
    const auto place = places.find(key);
    if (place != places.end()) {
      skipped[place->second].number = std::max(skipped[place->second].number, message.number);
      continue;
    }
    if (skipped.size() == max_streams) break;
    places.emplace(key, skipped.size());
    skipped.push_back({message.stream(), unordered, message.number});
  }
  return {tsn - 1, std::move(skipped)};
}

std::vector<MessageRef> Outstanding::TakeAll() {
  std::vector<MessageRef> messages;
  for (; first_ != next_; ++first_) {
    SentChunk& chunk = At(first_);
    if (chunk.message->first_tsn == first_ && !chunk.message->abandoned) {
      messages.push_back(chunk.message);
    }
    chunk.message = MessageRef();
  }
  flight_size_ = unacked_bytes_ = lost_ = 0;
  oldest_sent_ = latest_sent_ = timed_ = 0;
  forward_ = first_ - 1;
  lost_heap_.clear();
  newly_lost_.clear();
  return messages;
}

}  // namespace sctp::engine
