#include "engine/stream_scheduler.h"

#include <algorithm>
#include <utility>

namespace sctp::engine {
namespace {

// Bytes are counted in this many parts, so that dividing by a weight keeps some precision.
constexpr uint64_t kPartsPerByte = 65536;

}  // namespace

void StreamScheduler::SetKey(Turn& turn, uint64_t arrival) {
  turn.tie = 0;
  switch (scheduler_) {
    case Scheduler::kFirstComeFirstServed: turn.key = arrival; break;
    case Scheduler::kRoundRobin: turn.key = ++turns_; break;
    case Scheduler::kPriority:
      turn.key = turn.priority;
      turn.tie = ++turns_;
      break;
    case Scheduler::kWeightedFair:
      turn.key = turn.served;
      turn.tie = ++turns_;
      break;
  }
}

void StreamScheduler::Add(uint16_t stream, Turn& turn, uint64_t arrival) {
  if (turn.waiting) return;
  // Silence earns no credit.
  turn.served = std::max(turn.served, virtual_time_);
  SetKey(turn, arrival);
  waiting_.insert(EntryOf(stream, turn));
  turn.waiting = true;
}

void StreamScheduler::Remove(uint16_t stream, Turn& turn) {
  if (!turn.waiting) return;
  waiting_.erase(EntryOf(stream, turn));
  turn.waiting = false;
}

void StreamScheduler::Served(uint16_t stream, Turn& turn, uint64_t arrival, size_t bytes) {
  if (!turn.waiting) return;
  auto node = waiting_.extract(EntryOf(stream, turn));
  virtual_time_ = turn.served;
  turn.served += bytes * kPartsPerByte / std::max<uint16_t>(turn.weight, 1);
  SetKey(turn, arrival);
  node.value() = EntryOf(stream, turn);
  waiting_.insert(std::move(node));
}

}  // namespace sctp::engine
