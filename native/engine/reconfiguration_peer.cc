// Requests of the peer's.
#include <algorithm>
#include <utility>

#include "engine/reconfiguration.h"

namespace sctp::engine {
namespace {

// Answers kept until they are sent; a peer that repeats itself gets the rest later.
constexpr size_t kMaxAnswers = 8;

std::vector<uint16_t> StreamsIn(ByteView list) {
  std::vector<uint16_t> streams;
  for (size_t at = 0; at + 2 <= list.size(); at += 2) streams.push_back(Load16(list, at));
  std::ranges::sort(streams);
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

}  // namespace

void Reconfiguration::Receive(ByteView value, Tsn cumulative) {
  TlvReader parameters(value);
  while (const auto tlv = parameters.Next()) {
    switch (tlv->type) {
      case parameter::kReconfigResponse:
        if (tlv->value.size() >= 8) HandleAnswer(Load32(tlv->value, 0), Load32(tlv->value, 4));
        break;
      case parameter::kOutgoingReset:
      case parameter::kIncomingReset:
      case parameter::kSsnTsnReset:
      case parameter::kAddOutgoing:
      case parameter::kAddIncoming: HandleRequest(*tlv, cumulative); break;
      default: break;
    }
  }
}

void Reconfiguration::HandleRequest(const Tlv& request, Tsn cumulative) {
  if (request.value.size() < 4) return;
  const uint32_t number = Load32(request.value, 0);
  for (const Answered& answered : answered_) {
    if (answered.valid && answered.number == number) return Answer(number, answered.result);
  }
  if (number != peer_next_) return Answer(number, reconfig::kBadSequenceNumber);
  ++peer_next_;
  answered_[0] = answered_[1];
  answered_[1] = {number, reconfig::kInProgress, true};
  answered_[1].result = Perform(request, cumulative);
  // A wish that can be granted at once is answered by our own request, which goes out next.
  const bool granted = request.type == parameter::kIncomingReset && peer_wish_ &&
                       peer_wish_->number == number && peer_wish_->busy == 0;
  if (!granted) Answer(number, answered_[1].result);
}

uint32_t Reconfiguration::Perform(const Tlv& request, Tsn cumulative) {
  switch (request.type) {
    case parameter::kOutgoingReset: return PeerResets(request.value, cumulative);
    case parameter::kIncomingReset: return PeerWantsReset(request.value);
    case parameter::kAddOutgoing: return PeerAdds(Load16(request.value, 4));
    case parameter::kAddIncoming: return PeerWantsMore(Load16(request.value, 4));
    // Moving the TSNs themselves is permitted to be refused, and nobody needs it.
    default: return reconfig::kDenied;
  }
}

uint32_t Reconfiguration::PeerResets(ByteView value, Tsn cumulative) {
  if (value.size() < 12) return reconfig::kDenied;
  if (deferred_) return reconfig::kAlreadyInProgress;
  std::vector<uint16_t> streams = StreamsIn(value.subspan(12));
  // Sorted: the last is the highest.
  if (!streams.empty() && streams.back() >= counts_.inbound) return reconfig::kWrongSsn;
  // The answer to a wish of ours.
  const uint32_t answers_to = Load32(value, 4);
  if (request_ && request_->kind == Kind::kResetIncoming && request_->number == answers_to) {
    HandleAnswer(answers_to, reconfig::kPerformed);
  }
  const Tsn last_tsn = Unwrap(cumulative, Load32(value, 8));
  if (last_tsn > cumulative) {
    deferred_ = Deferred{Load32(value, 0), last_tsn, std::move(streams)};
    return reconfig::kInProgress;
  }
  ResetIncoming(std::move(streams));
  return reconfig::kPerformed;
}

void Reconfiguration::ResetIncoming(std::vector<uint16_t> streams) {
  reassembly_.Reset(streams);
  events_.Push(IncomingStreamsReset{std::move(streams)});
}

// Says so without waiting to be asked again.
void Reconfiguration::PerformDeferred() {
  const Deferred deferred = *std::exchange(deferred_, std::nullopt);
  ResetIncoming(deferred.streams);
  for (Answered& answered : answered_) {
    if (answered.valid && answered.number == deferred.number) {
      answered.result = reconfig::kPerformed;
    }
  }
  Answer(deferred.number, reconfig::kPerformed);
}

uint32_t Reconfiguration::PeerWantsReset(ByteView value) {
  if (peer_wish_) return reconfig::kAlreadyInProgress;
  std::vector<uint16_t> streams = StreamsIn(value.subspan(4));
  if (!streams.empty() && streams.back() >= counts_.outbound) return reconfig::kWrongSsn;
  if (streams.empty()) {
    for (uint32_t id = 0; id < counts_.outbound; ++id) streams.push_back(static_cast<uint16_t>(id));
  }
  // Those that are being reset anyway need no second time.
  std::erase_if(streams, [this](uint16_t id) { return send_queue_.resetting(id); });
  if (streams.empty()) return reconfig::kNothingToDo;
  std::vector<uint16_t> ready;
  for (const uint16_t id : streams) Begin(id, ready);
  const size_t busy = streams.size() - ready.size();
  peer_wish_ = PeerWish{Load32(value, 0), std::move(streams), busy};
  return reconfig::kInProgress;
}

uint32_t Reconfiguration::PeerAdds(uint16_t count) {
  if (count == 0) return reconfig::kNothingToDo;
  if (count > counts_.max_inbound - counts_.inbound) return reconfig::kDenied;
  counts_.inbound = static_cast<uint16_t>(counts_.inbound + count);
  events_.Push(StreamsAdded{ResetResult::kPerformed, true, counts_.outbound, counts_.inbound});
  return reconfig::kPerformed;
}

// We add them by a request of our own.
uint32_t Reconfiguration::PeerWantsMore(uint16_t count) {
  if (count == 0) return reconfig::kNothingToDo;
  const ResetStatus status = AddStreams(count, 0);
  if (status == ResetStatus::kBusy) return reconfig::kAlreadyInProgress;
  return status == ResetStatus::kStarted ? reconfig::kPerformed : reconfig::kDenied;
}

void Reconfiguration::Answer(uint32_t number, uint32_t result) {
  if (answers_.size() >= kMaxAnswers) return;
  ByteVector value;
  Appender(value).U32(number).U32(result);
  ByteVector parameter;
  AppendTlv(parameter, parameter::kReconfigResponse, value);
  answers_.push_back(MakeChunk(chunk::kReconfig, 0, parameter));
}

}  // namespace sctp::engine
