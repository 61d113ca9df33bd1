// SACKs from the peer: what they acknowledge, report missing and allow (RFC 9260 §6.2.1, 6.3.2,
// 7.2), and messages that are given up (RFC 3758 §3.5).
#include <algorithm>
#include <utility>

#include "engine/impl.h"

namespace sctp::engine {

void Association::Impl::HandleSack(Time now, const Chunk& chunk) {
  if (state_ != State::kEstablished && state_ != State::kShutdownPending &&
      state_ != State::kShutdownReceived) {
    return;
  }
  constexpr size_t kFixedSize = 12;
  const size_t gaps = Load16(chunk.value, 8);
  if (chunk.value.size() < kFixedSize + gaps * 4) return;
  ++counters_.sacks_received;
  const uint32_t a_rwnd = Load32(chunk.value, 4);
  // An old SACK knows only an old window.
  if (!Acknowledge(now, Load32(chunk.value, 0), chunk.value.subspan(kFixedSize, gaps * 4))) return;
  peer_a_rwnd_ = a_rwnd;
  sack_since_t3_ = true;
  // The window has opened, and what probed it was not taken: no reason to wait for T3.
  if (probing_ && a_rwnd > 0) {
    probing_ = false;
    outstanding_.LoseAll();
    SettleLost(now);
  }
}

// Returns whether the acknowledgement was worth anything.
bool Association::Impl::Acknowledge(Time now, uint32_t cumulative, std::optional<ByteView> gaps) {
  const size_t flight_before = outstanding_.flight_size();
  const Outstanding::Acked acked = outstanding_.HandleSack(cumulative, gaps, now);
  if (!acked.valid) {
    Violation("acknowledges a TSN that was never sent");
    return false;
  }
  if (acked.old) return false;
  if (acked.rtt) rto_.Measure(*acked.rtt);
  if (acked.bytes > 0 || acked.advanced) error_count_ = 0;
  if (acked.advanced) {
    congestion_.OnAdvance(outstanding_.cumulative(), acked.bytes, flight_before,
                          outstanding_.empty());
  }
  if (acked.any_missing && congestion_.OnFastRetransmit(outstanding_.next_tsn() - 1)) {
    ++counters_.fast_recoveries;
    fast_retransmit_ = true;
  }
  if (acked.bytes > 0) probing_ = false;
  burst_ += config_.max_burst;
  SettleLost(now);
  SettleFinished();
  if (outstanding_.empty()) {
    t3_.Stop();
  } else if (acked.advanced) {
    t3_.Stop();
    t3_.Start(now, rto_.rto());
  } else {
    t3_.StartIfStopped(now, rto_.rto());
  }
  UpdateForward(now, true);
  AdvanceShutdown(now);
  return true;
}

// Whether a chunk that is lost is not worth sending again.
bool Association::Impl::IsWorthless(const SentChunk& chunk, Time now) const {
  const Reliability& reliability = chunk.message->message.reliability;
  switch (reliability.policy) {
    case Reliability::Policy::kTimed: return now >= chunk.message->expires;
    case Reliability::Policy::kRetransmits: return chunk.transmissions > reliability.value;
    default: return false;
  }
}

void Association::Impl::SettleLost(Time now) {
  for (const Tsn tsn : outstanding_.TakeNewlyLost()) {
    const SentChunk* chunk = outstanding_.Find(tsn);
    if (chunk == nullptr || chunk->state != SentChunk::State::kLost) continue;
    if (!IsWorthless(*chunk, now) || !CanAbandon(*chunk->message)) continue;
    const bool expired = chunk->message->message.reliability.policy == Reliability::Policy::kTimed;
    Abandon(*chunk->message,
            expired ? MessageFailed::Reason::kExpired : MessageFailed::Reason::kRetransmitted);
  }
}

void Association::Impl::SettleFinished() {
  for (const MessageRef& message : outstanding_.finished()) {
    if (!message->abandoned) retained_ -= message->size();
    send_queue_.Finished(*message);
    if (in_) in_->reconfiguration.OnFinished(message->stream());
  }
  outstanding_.finished().clear();
  if (draining_ && outstanding_.empty() && send_queue_.empty()) {
    draining_ = false;
    events_.Push(Drained{});
  }
}

bool Association::Impl::CanAbandon(const QueuedMessage& message) const {
  // What has not left at all can be forgotten without the peer's help.
  return !message.numbered || features_.partial_reliability;
}

void Association::Impl::Abandon(QueuedMessage& message, MessageFailed::Reason reason) {
  if (message.abandoned) return;
  const MessageRef keep(&message);
  send_queue_.Remove(message);
  if (message.numbered) {
    outstanding_.Abandon(message, keep);
  } else if (in_) {
    in_->reconfiguration.OnFinished(message.stream());
  }
  ++counters_.messages_abandoned;
  FailMessage(message, reason);
}

void Association::Impl::ExpireQueued(Time now) {
  bool abandoned = false;
  while (QueuedMessage* message = send_queue_.Expired(now)) {
    if (CanAbandon(*message)) {
      Abandon(*message, MessageFailed::Reason::kExpired);
      abandoned = true;
    } else {
      send_queue_.ForgetExpiry(*message);
    }
  }
  if (abandoned) SettleAbandoned(now);
}

// The peer is to learn what has been given up, and nothing may be left to wait for.
void Association::Impl::SettleAbandoned(Time now) {
  UpdateForward(now, false);
  if (!outstanding_.empty()) t3_.StartIfStopped(now, rto_.rto());
  SettleFinished();
  AdvanceShutdown(now);
}

// Gives up less important messages until there is room in the send buffer (RFC 7496 §3.4).
bool Association::Impl::MakeRoom(Time now, const OutgoingMessage& message) {
  const auto fits = [&] { return retained_ + message.data.size() <= config_.send_buffer; };
  // One message may exceed the buffer: it could never be sent otherwise.
  if (fits() || retained_ == 0) return true;
  if (message.reliability.policy != Reliability::Policy::kPriority) return false;
  while (!fits()) {
    QueuedMessage* least = send_queue_.LeastImportant(message.reliability.value);
    if (least == nullptr || !CanAbandon(*least)) break;
    Abandon(*least, MessageFailed::Reason::kPreempted);
  }
  SettleAbandoned(now);
  return fits();
}

// FORWARD TSN leaves when there is more to skip, and again when a SACK shows, a round trip later,
// that it was lost.
void Association::Impl::UpdateForward(Time now, bool repeat) {
  if (!outstanding_.needs_forward()) {
    forward_due_ = false;
    return;
  }
  const Duration round_trip = rto_.srtt().value_or(rto_.rto());
  if (outstanding_.forward_point() > forward_sent_ ||
      (repeat && now - forward_sent_at_ >= round_trip)) {
    forward_due_ = true;
  }
}

}  // namespace sctp::engine
