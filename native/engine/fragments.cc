#include "engine/fragments.h"

#include <iterator>
#include <utility>

namespace sctp::engine {

FragmentRun::FragmentRun(const DataChunk& chunk, uint64_t position, size_t expected_size)
    : stream(chunk.stream),
      unordered(chunk.unordered),
      begin(chunk.begin),
      end(chunk.end),
      number(chunk.number),
      ppid(chunk.ppid),
      last(position),
      size_(chunk.payload.size()) {
  block_.reserve(std::max(chunk.payload.size(), expected_size));
  block_.assign(chunk.payload.begin(), chunk.payload.end());
}

void FragmentRun::Append(const DataChunk& chunk) {
  ++last;
  end = chunk.end;
  size_ += chunk.payload.size();
  ByteVector& block = more_.empty() ? block_ : more_.back();
  block.insert(block.end(), chunk.payload.begin(), chunk.payload.end());
}

void FragmentRun::Join(FragmentRun&& following) {
  last = following.last;
  end = following.end;
  size_ += following.size_;
  more_.push_back(std::move(following.block_));
  more_.splice(more_.end(), following.more_);
}

ByteVector FragmentRun::TakeBytes() {
  if (!more_.empty()) {
    block_.reserve(size_);
    for (const ByteVector& block : more_) {
      block_.insert(block_.end(), block.begin(), block.end());
    }
    more_.clear();
  }
  return std::move(block_);
}

FragmentRuns::Added FragmentRuns::Add(const DataChunk& chunk, uint64_t position,
                                      size_t expected_size) {
  auto following = runs_.upper_bound(position);
  auto run = following != runs_.begin() ? std::prev(following) : runs_.end();
  if (run != runs_.end() && run->second.last >= position) return Added::kViolation;

  const bool touches = run != runs_.end() && run->second.last + 1 == position;
  if (touches && run->second.end != chunk.begin) return Added::kViolation;
  const bool continues = touches && !chunk.begin;
  if (continues && !run->second.SameMessage(chunk)) return Added::kViolation;
  const bool meets = following != runs_.end() && following->first == position + 1;
  if (meets && following->second.begin != chunk.end) return Added::kViolation;
  const bool joins = meets && !chunk.end;
  if (joins && !following->second.SameMessage(chunk)) return Added::kViolation;

  if (continues) {
    cost_ -= run->second.cost();
    run->second.Append(chunk);
  } else {
    run = runs_.emplace_hint(following, position, FragmentRun(chunk, position, expected_size));
  }
  if (joins) {
    cost_ -= following->second.cost();
    run->second.Join(std::move(following->second));
    runs_.erase(following);
  }
  cost_ += run->second.cost();
  changed_size_ = run->second.size();
  if (!run->second.complete()) return Added::kKept;
  completed_ = run;
  return Added::kComplete;
}

FragmentRun FragmentRuns::Take() {
  cost_ -= completed_->second.cost();
  FragmentRun run = std::move(completed_->second);
  runs_.erase(completed_);
  return run;
}

bool FragmentRuns::ends_before(uint64_t position) const {
  return !runs_.empty() && runs_.rbegin()->second.end && runs_.rbegin()->second.last < position;
}

bool FragmentRuns::reaches_beyond(uint64_t position) const {
  return !runs_.empty() && runs_.rbegin()->second.last > position;
}

}  // namespace sctp::engine
