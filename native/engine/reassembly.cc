#include "engine/reassembly.h"

#include <limits>

namespace sctp::engine {

uint64_t Reassembly::NumberOf(Stream& stream, bool unordered, uint32_t wire) const {
  if (!interleaving_) return Unwrap(stream.next, static_cast<uint16_t>(wire));
  return Unwrap(unordered ? stream.unordered : stream.next, wire);
}

Reassembly::Added Reassembly::Add(const DataChunk& chunk) {
  Stream& stream = streams_[chunk.stream];
  if (chunk.payload.size() > max_message_size_) return Added::kTooLong;
  if (chunk.begin && chunk.end && (!interleaving_ || chunk.fsn == 0)) {
    MessageReceived message{
        chunk.stream, chunk.ppid, chunk.unordered, {chunk.payload.begin(), chunk.payload.end()}};
    if (chunk.unordered) {
      Deliver(std::move(message));
    } else {
      Arrange(NumberOf(stream, false, chunk.number), std::move(message), stream);
    }
    return Added::kDone;
  }
  return interleaving_ ? AddIData(chunk, stream) : AddData(chunk, stream);
}

Reassembly::Added Reassembly::AddData(const DataChunk& chunk, Stream& stream) {
  // The rest of a message that was given up.
  if (!chunk.unordered && NumberOf(stream, false, chunk.number) < stream.next) return Added::kDone;
  // Only one message at a time can be arriving in order: room for one may be made in advance.
  const size_t expected = runs_.empty() && chunk.begin ? expected_size_ : 0;
  switch (runs_.Add(chunk, chunk.tsn, expected)) {
    case FragmentRuns::Added::kViolation: return Added::kViolation;
    case FragmentRuns::Added::kKept:
      return runs_.longest() > max_message_size_ ? Added::kTooLong : Added::kDone;
    case FragmentRuns::Added::kComplete: break;
  }
  if (runs_.longest() > max_message_size_) return Added::kTooLong;
  Complete(runs_.Take(), stream);
  return Added::kDone;
}

Reassembly::Added Reassembly::AddIData(const DataChunk& chunk, Stream& stream) {
  const uint64_t number = NumberOf(stream, chunk.unordered, chunk.number);
  if (!chunk.unordered && number < stream.next) return Added::kDone;
  if (chunk.unordered) stream.unordered = std::max(stream.unordered, number);
  const MessageKey key{FlowOf(chunk.stream, chunk.unordered), number};
  const size_t expected = partials_.empty() && chunk.begin ? expected_size_ : 0;
  const auto [partial, is_new] = partials_.try_emplace(key);
  FragmentRuns& runs = partial->second;
  if (is_new) cost_ += FragmentRun::kOverhead;
  if (runs.ends_before(chunk.fsn) || (chunk.end && runs.reaches_beyond(chunk.fsn)) ||
      chunk.begin != (chunk.fsn == 0)) {
    return Added::kViolation;
  }
  cost_ -= runs.cost();
  const FragmentRuns::Added added = runs.Add(chunk, chunk.fsn, expected);
  cost_ += runs.cost();
  if (added == FragmentRuns::Added::kViolation) return Added::kViolation;
  if (runs.longest() > max_message_size_) return Added::kTooLong;
  if (added == FragmentRuns::Added::kComplete) {
    cost_ -= runs.cost() + FragmentRun::kOverhead;
    FragmentRun run = runs.Take();
    partials_.erase(partial);
    Complete(std::move(run), stream);
  }
  return Added::kDone;
}

void Reassembly::Complete(FragmentRun&& run, Stream& stream) {
  expected_size_ = run.size();
  MessageReceived message{run.stream, run.ppid, run.unordered, run.TakeBytes()};
  if (run.unordered) {
    Deliver(std::move(message));
  } else {
    Arrange(NumberOf(stream, false, run.number), std::move(message), stream);
  }
}

void Reassembly::Arrange(uint64_t number, MessageReceived&& message, Stream& stream) {
  if (number == stream.next) {
    ++stream.next;
    Deliver(std::move(message));
    if (stream.waiting) DeliverWaiting(stream);
    return;
  }
  if (number < stream.next) return;  // given up before it came
  if (!stream.waiting) stream.waiting = std::make_unique<std::map<uint64_t, Waiting>>();
  const size_t cost = message.data.size() + FragmentRun::kOverhead;
  // Two messages of one number: the peer reuses it within 65536, or makes it up. The first stays.
  if (stream.waiting->try_emplace(number, Waiting{std::move(message), cost}).second) cost_ += cost;
}

void Reassembly::DeliverWaiting(Stream& stream) {
  auto& waiting = *stream.waiting;
  while (!waiting.empty() && waiting.begin()->first <= stream.next) {
    stream.next = waiting.begin()->first + 1;
    cost_ -= waiting.begin()->second.cost;
    Deliver(std::move(waiting.begin()->second.message));
    waiting.erase(waiting.begin());
  }
  if (waiting.empty()) stream.waiting.reset();
}

void Reassembly::Deliver(MessageReceived&& message) {
  delivered_.bytes += message.data.size();
  ++delivered_.messages;
  events_.Push(std::move(message));
}

// Everything up to `number` has come or will not; what has come is delivered.
void Reassembly::SkipTo(Stream& stream, uint64_t number) {
  if (number < stream.next) return;
  while (stream.waiting && stream.waiting->begin()->first <= number) {
    stream.next = stream.waiting->begin()->first;
    DeliverWaiting(stream);
  }
  stream.next = std::max(stream.next, number + 1);
  if (stream.waiting) DeliverWaiting(stream);
}

void Reassembly::DropPartial(uint32_t flow, uint64_t last) {
  auto partial = partials_.lower_bound({flow, 0});
  while (partial != partials_.end() && partial->first.first == flow &&
         partial->first.second <= last) {
    cost_ -= partial->second.cost() + FragmentRun::kOverhead;
    partial = partials_.erase(partial);
  }
}

void Reassembly::Forward(Tsn cumulative, std::span<const Skipped> skipped) {
  for (const Skipped& skip : skipped) {
    Stream& stream = streams_[skip.stream];
    const uint64_t number = NumberOf(stream, skip.unordered, skip.number);
    if (interleaving_) DropPartial(FlowOf(skip.stream, skip.unordered), number);
    if (!skip.unordered) SkipTo(stream, number);
  }
  // Of DATA what lies below can no longer be completed, save an ordered message that was not
  // skipped and may still go on beyond.
  runs_.RemoveUpTo(cumulative, [&](const FragmentRun& run) {
    if (run.unordered || !run.begin || run.last < cumulative) return true;
    Stream& stream = streams_[run.stream];
    return NumberOf(stream, false, run.number) < stream.next;
  });
}

void Reassembly::ResetStream(uint16_t id, Stream& stream) {
  if (stream.waiting) {
    for (const auto& [number, message] : *stream.waiting) cost_ -= message.cost;
  }
  stream = Stream();
  DropPartial(FlowOf(id, false), std::numeric_limits<uint64_t>::max());
  DropPartial(FlowOf(id, true), std::numeric_limits<uint64_t>::max());
}

void Reassembly::Reset(std::span<const uint16_t> streams) {
  if (streams.empty()) {
    streams_.ForEach([this](uint16_t id, Stream& stream) { ResetStream(id, stream); });
  }
  for (const uint16_t id : streams) {
    if (Stream* stream = streams_.Find(id)) ResetStream(id, *stream);
  }
}

}  // namespace sctp::engine
