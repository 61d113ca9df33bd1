// What a SACK does to the retransmission queue.
#include <algorithm>

#include "engine/outstanding.h"

namespace sctp::engine {
namespace {

constexpr uint8_t kMissesUntilLost = 3;

}  // namespace

Outstanding::Acked Outstanding::HandleSack(uint32_t wire_cumulative, std::optional<ByteView> gaps,
                                           Time now) {
  Acked acked;
  const Tsn cumulative = Unwrap(first_ - 1, wire_cumulative);
  acked.old = cumulative < first_ - 1;
  acked.valid = cumulative < next_;
  if (acked.old || !acked.valid) return acked;
  acked_packets_.clear();
  acked.advanced = cumulative >= first_;
  PopTo(cumulative, acked, now);
  if (gaps) MarkGaps(*gaps, acked, now);
  CountMisses(acked);
  AdvanceForward();
  return acked;
}

void Outstanding::PopTo(Tsn cumulative, Acked& acked, Time now) {
  for (; first_ <= cumulative; ++first_) {
    SentChunk& chunk = At(first_);
    if (chunk.state != State::kAbandoned) Acknowledge(chunk, acked, now);
    QueuedMessage& message = *chunk.message;
    message.first_tsn = chunk.next_of_message;
    if (--message.chunks == 0 && message.unsent() == 0) {
      finished_.push_back(std::move(chunk.message));
    }
    chunk.message = MessageRef();
  }
}

void Outstanding::Acknowledge(SentChunk& chunk, Acked& acked, Time now) {
  if (chunk.state == State::kAcked) return;
  Leave(chunk);
  chunk.state = State::kAcked;
  acked.bytes += chunk.length;
  if (acked_packets_.empty() || acked_packets_.back() != chunk.packet) {
    acked_packets_.push_back(chunk.packet);
  }
  if (timed_ != 0 && chunk.tsn >= timed_ && chunk.transmissions == 1) {
    // A later chunk may be acknowledged first; only the timed one itself is a measurement.
    if (chunk.tsn == timed_) acked.rtt = now - timed_at_;
    timed_ = 0;
  }
}

// The peer has withdrawn a gap ack block (or an older SACK comes late). T3-rtx and the missing
// reports see to the chunk as if it had just been sent.
void Outstanding::Renege(SentChunk& chunk) {
  if (chunk.state != State::kAcked) return;
  Link(chunk);
  --chunk.transmissions;
  unacked_bytes_ += chunk.length;
}

void Outstanding::MarkGaps(ByteView gaps, Acked& acked, Time now) {
  std::swap(gaps_, previous_gaps_);
  gaps_.clear();
  const Tsn cumulative = first_ - 1;
  Tsn floor = first_;
  for (; gaps.size() >= 4; gaps = gaps.subspan(4)) {
    const Tsn start = cumulative + Load16(gaps, 0);
    const Tsn end = std::min(cumulative + Load16(gaps, 2), next_ - 1);
    // Out of order, overlapping or beyond what was sent: no honest peer does that.
    if (start < floor || end < start) continue;
    gaps_.emplace_back(start, end);
    floor = end + 1;
  }
  // Both lists are in order: what is only in the new one is acknowledged, what is only in the old
  // one is withdrawn.
  auto old = previous_gaps_.begin();
  for (const auto& [start, end] : gaps_) {
    Tsn at = start;
    while (at <= end) {
      while (old != previous_gaps_.end() && old->second < at) ++old;
      const Tsn known = old != previous_gaps_.end() ? std::min(old->first, end + 1) : end + 1;
      for (; at < known; ++at) {
        if (At(at).state != State::kAbandoned) Acknowledge(At(at), acked, now);
      }
      if (at <= end) at = old->second + 1;
    }
  }
  auto fresh = gaps_.begin();
  for (const auto& [start, end] : previous_gaps_) {
    Tsn at = std::max(start, first_);
    while (at <= end) {
      while (fresh != gaps_.end() && fresh->second < at) ++fresh;
      const Tsn confirmed = fresh != gaps_.end() ? std::min(fresh->first, end + 1) : end + 1;
      for (; at < confirmed; ++at) Renege(At(at));
      if (at <= end) at = fresh->second + 1;
    }
  }
}

void Outstanding::CountMisses(Acked& acked) {
  std::ranges::sort(acked_packets_);
  const auto repeated = std::ranges::unique(acked_packets_);
  acked_packets_.erase(repeated.begin(), repeated.end());
  // Both go from what was sent first to what was sent last.
  auto later = acked_packets_.begin();
  for (Tsn tsn = oldest_sent_; tsn != 0;) {
    SentChunk& chunk = At(tsn);
    while (later != acked_packets_.end() && *later <= chunk.packet) ++later;
    if (later == acked_packets_.end()) break;
    tsn = chunk.next_sent;
    const auto reports = static_cast<size_t>(acked_packets_.end() - later);
    if (chunk.misses + reports < kMissesUntilLost) {
      chunk.misses = static_cast<uint8_t>(chunk.misses + reports);
    } else {
      Lose(chunk);
      acked.any_missing = true;
    }
  }
}

}  // namespace sctp::engine
