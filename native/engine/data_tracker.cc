#include "engine/data_tracker.h"

#include <algorithm>
#include <iterator>

namespace sctp::engine {
namespace {

constexpr size_t kFixedSize = 12;
constexpr size_t kEntrySize = 4;  // of a gap ack block and of a duplicate

}  // namespace

bool DataTracker::HasReceived(Tsn tsn) const {
  if (tsn <= cumulative_) return true;
  const auto after = ranges_.upper_bound(tsn);
  return after != ranges_.begin() && std::prev(after)->second >= tsn;
}

bool DataTracker::CanAccept(Tsn tsn) const {
  if (tsn == cumulative_ + 1) return true;
  if (tsn > cumulative_ + kMaxDistance) return false;
  return ranges_.size() < kMaxRanges || ranges_.contains(tsn + 1) || HasReceived(tsn - 1);
}

void DataTracker::Accept(Tsn tsn) {
  if (tsn == cumulative_ + 1) {
    cumulative_ = tsn;
    if (!ranges_.empty()) Absorb();
    return;
  }
  const auto after = ranges_.upper_bound(tsn);
  Tsn last = tsn;
  if (after != ranges_.end() && after->first == tsn + 1) last = after->second;
  if (after != ranges_.begin() && std::prev(after)->second + 1 == tsn) {
    std::prev(after)->second = last;
  } else {
    ranges_.emplace_hint(after, tsn, last);
  }
  if (last != tsn) ranges_.erase(after);
}

void DataTracker::AddDuplicate(Tsn tsn) {
  if (duplicates_.size() < kMaxDuplicates) duplicates_.push_back(Wire32(tsn));
}

void DataTracker::ForwardTo(Tsn tsn) {
  if (tsn <= cumulative_) return;
  cumulative_ = tsn;
  Absorb();
}

// Ranges that the cumulative TSN has reached become part of what is below it.
void DataTracker::Absorb() {
  while (!ranges_.empty() && ranges_.begin()->first <= cumulative_ + 1) {
    cumulative_ = std::max(cumulative_, ranges_.begin()->second);
    ranges_.erase(ranges_.begin());
  }
}

size_t DataTracker::SackSize(size_t max_size) const {
  const size_t entries = ranges_.size() + duplicates_.size();
  const size_t room = max_size > kFixedSize ? (max_size - kFixedSize) / kEntrySize : 0;
  return kFixedSize + std::min(entries, room) * kEntrySize;
}

void DataTracker::WriteSack(ByteSpan value, uint32_t a_rwnd) {
  const size_t room = (value.size() - kFixedSize) / kEntrySize;
  const size_t gaps = std::min(ranges_.size(), room);
  const size_t duplicates = std::min(duplicates_.size(), room - gaps);
  Store(value, 0, Wire32(cumulative_));
  Store(value, 4, a_rwnd);
  Store(value, 8, static_cast<uint16_t>(gaps));
  Store(value, 10, static_cast<uint16_t>(duplicates));
  size_t at = kFixedSize;
  auto range = ranges_.begin();
  for (size_t i = 0; i < gaps; ++i, ++range, at += kEntrySize) {
    Store(value, at, static_cast<uint16_t>(range->first - cumulative_));
    Store(value, at + 2, static_cast<uint16_t>(range->second - cumulative_));
  }
  for (size_t i = 0; i < duplicates; ++i, at += kEntrySize) Store(value, at, duplicates_[i]);
  duplicates_.clear();
}

}  // namespace sctp::engine
