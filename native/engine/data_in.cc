// DATA, I-DATA, FORWARD TSN and I-FORWARD TSN from the peer, and when to acknowledge them
// (RFC 9260 §6.2; RFC 3758 §3.6).
#include <algorithm>

#include "engine/data_chunk.h"
#include "engine/error_causes.h"
#include "engine/impl.h"

namespace sctp::engine {

void Association::Impl::HandleData(const Chunk& chunk) {
  if (state_ != State::kEstablished && state_ != State::kShutdownPending &&
      state_ != State::kShutdownSent) {
    return;
  }
  if (features_.interleaving != (chunk.type == chunk::kIData)) {
    return Violation("DATA where I-DATA was agreed on");
  }
  auto data = ParseData(chunk);
  if (!data) return Violation("DATA chunk too short");
  ++counters_.chunks_received;
  packet_has_data_ = true;
  if (data->payload.empty()) {
    return AbortWith(Closed::Reason::kProtocolViolation, NoUserDataCause(Wire32(data->tsn)));
  }
  DataTracker& tracker = in_->tracker;
  data->tsn = tracker.UnwrapTsn(Wire32(data->tsn));
  if (data->immediate || tracker.has_gaps()) sack_due_ = true;
  if (tracker.HasReceived(data->tsn)) {
    ++counters_.chunks_duplicate;
    tracker.AddDuplicate(data->tsn);
    sack_due_ = true;
    return;
  }
  if (!tracker.CanAccept(data->tsn) || !HasRoomFor(*data)) {
    ++counters_.chunks_dropped;
    sack_due_ = true;
    if (IsStuck(*data)) AbortWith(Closed::Reason::kResources, MakeCause(cause::kOutOfResource));
    return;
  }
  if (data->stream >= counts_.inbound) {
    QueueControl(MakeChunk(chunk::kError, 0, BuildCauses({InvalidStreamCause(data->stream)})));
    tracker.Accept(data->tsn);
    return;
  }
  const Reassembly::Added added = in_->reassembly.Add(*data);
  if (added == Reassembly::Added::kViolation) return Violation("fragments contradict each other");
  if (added == Reassembly::Added::kTooLong) {
    return AbortWith(Closed::Reason::kResources, MakeCause(cause::kOutOfResource));
  }
  tracker.Accept(data->tsn);
  CountDelivered();
  if (tracker.has_gaps()) sack_due_ = true;
}

void Association::Impl::HandleForwardTsn(const Chunk& chunk) {
  if (state_ != State::kEstablished && state_ != State::kShutdownPending &&
      state_ != State::kShutdownSent) {
    return;
  }
  auto forward = ParseForwardTsn(chunk);
  if (!forward) return;
  packet_has_data_ = true;
  sack_due_ = true;
  const Tsn tsn = in_->tracker.UnwrapTsn(forward->cumulative);
  if (tsn <= in_->tracker.cumulative()) return;  // out of date; the SACK says so
  std::erase_if(forward->skipped, [this](const Reassembly::Skipped& skipped) {
    return skipped.stream >= counts_.inbound;
  });
  in_->tracker.ForwardTo(tsn);
  // Not up to the cumulative TSN, which may be further by what had come: that is not skipped.
  in_->reassembly.Forward(tsn, forward->skipped);
  CountDelivered();
}

void Association::Impl::CountDelivered() {
  const Reassembly::Delivered delivered = in_->reassembly.TakeDelivered();
  counters_.messages_received += delivered.messages;
  undelivered_messages_ += delivered.messages;
  unconsumed_ += delivered.bytes;
}

void Association::Impl::AfterPacketWithData(Time now) {
  in_->reconfiguration.OnCumulative(in_->tracker.cumulative());
  if (state_ == State::kShutdownSent) {  // §9.2: answer data with SACK and SHUTDOWN
    shutdown_due_ = true;
    sack_due_ = true;
    t2_.Stop();
    t2_.Start(now, rto_.rto());
  }
  ++packets_unacknowledged_;
  // A sender without gaps can wait for two packets; one with gaps counts SACKs.
  const int frequency = std::max(config_.sack_frequency, 1);
  if (packets_unacknowledged_ >= frequency) sack_due_ = true;
  // If packets come in bursts, one SACK stands for several. What those would have survived, it must
  // survive alone: it is sent twice.
  if (packets_unacknowledged_ >= 2 * frequency) repeat_sack_ = true;
  if (!sack_due_) {
    sack_timer_.StartIfStopped(now, config_.sack_delay);
  }
}

}  // namespace sctp::engine
