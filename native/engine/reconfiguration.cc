// Requests of our own.
#include "engine/reconfiguration.h"

#include <algorithm>
#include <utility>

namespace sctp::engine {
namespace {

constexpr size_t kMaxWaiting = 16;
// Streams that one request to the peer can name, in a packet of any MTU.
constexpr size_t kMaxNamed = 128;

ResetResult ResultOf(uint32_t result) {
  switch (result) {
    case reconfig::kNothingToDo:
    case reconfig::kPerformed: return ResetResult::kPerformed;
    case reconfig::kDenied: return ResetResult::kDenied;
    default: return ResetResult::kFailed;
  }
}

}  // namespace

ResetStatus Reconfiguration::ResetStreams(std::span<const uint16_t> streams) {
  std::vector<uint16_t> all;
  if (streams.empty()) {
    for (uint32_t stream = 0; stream < counts_.outbound; ++stream) {
      all.push_back(static_cast<uint16_t>(stream));
    }
    streams = all;
  }
  for (const uint16_t stream : streams) {
    if (stream >= counts_.outbound) return ResetStatus::kInvalidStream;
    if (send_queue_.resetting(stream)) return ResetStatus::kBusy;
  }
  for (const uint16_t stream : streams) {
    if (!send_queue_.resetting(stream)) Begin(stream, ready_);  // named twice: once is enough
  }
  return ResetStatus::kStarted;
}

void Reconfiguration::Begin(uint16_t stream, std::vector<uint16_t>& ready) {
  send_queue_.BeginReset(stream);
  if (send_queue_.ReadyToReset(stream)) {
    ready.push_back(stream);
  } else {
    draining_.insert(stream);
  }
}

void Reconfiguration::OnFinished(uint16_t stream) {
  if (!draining_.contains(stream) || !send_queue_.ReadyToReset(stream)) return;
  draining_.erase(stream);
  if (peer_wish_ && std::ranges::binary_search(peer_wish_->streams, stream)) {
    --peer_wish_->busy;
  } else {
    ready_.push_back(stream);
  }
}

ResetStatus Reconfiguration::RequestReset(std::span<const uint16_t> streams) {
  if (waiting_.size() >= kMaxWaiting || streams.size() > kMaxNamed) return ResetStatus::kBusy;
  for (const uint16_t stream : streams) {
    if (stream >= counts_.inbound) return ResetStatus::kInvalidStream;
  }
  waiting_.push_back({Kind::kResetIncoming, {streams.begin(), streams.end()}, 0});
  return ResetStatus::kStarted;
}

ResetStatus Reconfiguration::AddStreams(uint16_t outgoing, uint16_t incoming) {
  if (waiting_.size() + 1 >= kMaxWaiting) return ResetStatus::kBusy;
  if (outgoing == 0 && incoming == 0) return ResetStatus::kInvalidStream;
  if (outgoing > UINT16_MAX - counts_.outbound) return ResetStatus::kInvalidStream;
  if (incoming > UINT16_MAX - counts_.inbound) return ResetStatus::kInvalidStream;
  if (outgoing > 0) waiting_.push_back({Kind::kAddOutgoing, {}, outgoing});
  if (incoming > 0) waiting_.push_back({Kind::kAddIncoming, {}, incoming});
  return ResetStatus::kStarted;
}

std::vector<ByteVector> Reconfiguration::TakeChunks(uint32_t next_tsn, size_t max_streams) {
  std::vector<ByteVector> chunks = std::exchange(answers_, {});
  if (!request_ && HasRequest()) {
    BuildRequest(next_tsn, max_streams);
    chunks.push_back(request_->chunk);
  }
  return chunks;
}

std::optional<ByteVector> Reconfiguration::Repeat() const {
  if (!request_) return std::nullopt;
  return request_->chunk;
}

void Reconfiguration::BuildReset(std::vector<uint16_t> streams, uint32_t answers_to,
                                 uint32_t next_tsn) {
  ByteVector value;
  Appender append(value);
  append.U32(own_next_).U32(answers_to).U32(next_tsn - 1);
  // An empty list means every stream.
  if (streams.size() < counts_.outbound) {
    for (const uint16_t stream : streams) append.U16(stream);
  }
  ByteVector parameter;
  AppendTlv(parameter, parameter::kOutgoingReset, value);
  request_ = Request{Kind::kResetOutgoing, own_next_++, std::move(streams), 0,
                     MakeChunk(chunk::kReconfig, 0, parameter)};
}

// What the peer asked for; if that is more than a packet can name, the rest follows unasked.
void Reconfiguration::GrantWish(uint32_t next_tsn, size_t max_streams) {
  const PeerWish wish = *std::exchange(peer_wish_, std::nullopt);
  for (Answered& answered : answered_) {
    if (answered.valid && answered.number == wish.number) answered.result = reconfig::kPerformed;
  }
  const bool all = wish.streams.size() == counts_.outbound;
  const size_t taken = all ? wish.streams.size() : std::min(wish.streams.size(), max_streams);
  const auto rest = wish.streams.begin() + static_cast<ptrdiff_t>(taken);
  ready_.insert(ready_.end(), rest, wish.streams.end());
  BuildReset({wish.streams.begin(), rest}, wish.number, next_tsn);
}

void Reconfiguration::BuildRequest(uint32_t next_tsn, size_t max_streams) {
  if (peer_wish_ && peer_wish_->busy == 0) return GrantWish(next_tsn, max_streams);
  if (!ready_.empty()) {
    const bool all = ready_.size() == counts_.outbound;
    const size_t taken = all ? ready_.size() : std::min(ready_.size(), max_streams);
    const auto rest = ready_.begin() + static_cast<ptrdiff_t>(taken);
    std::vector<uint16_t> streams(ready_.begin(), rest);
    ready_.erase(ready_.begin(), rest);
    BuildReset(std::move(streams), peer_next_ - 1, next_tsn);
    return;
  }
  Waiting wish = std::move(waiting_.front());
  waiting_.pop_front();
  ByteVector value;
  Appender append(value);
  append.U32(own_next_);
  uint16_t type = parameter::kIncomingReset;
  if (wish.kind == Kind::kResetIncoming) {
    for (const uint16_t stream : wish.streams) append.U16(stream);
  } else {
    type = wish.kind == Kind::kAddOutgoing ? parameter::kAddOutgoing : parameter::kAddIncoming;
    append.U16(wish.added).U16(0);
  }
  ByteVector parameter;
  AppendTlv(parameter, type, value);
  request_ = Request{wish.kind, own_next_++, std::move(wish.streams), wish.added,
                     MakeChunk(chunk::kReconfig, 0, parameter)};
}

void Reconfiguration::HandleAnswer(uint32_t number, uint32_t result) {
  if (!request_ || request_->number != number) return;
  if (result == reconfig::kInProgress) {
    in_progress_ = true;
    return;
  }
  const Request request = std::move(*request_);
  request_.reset();
  Settle(request, ResultOf(result));
}

void Reconfiguration::Settle(const Request& request, ResetResult result) {
  const bool performed = result == ResetResult::kPerformed;
  switch (request.kind) {
    case Kind::kResetOutgoing:
      for (const uint16_t stream : request.streams) send_queue_.EndReset(stream, performed);
      events_.Push(OutgoingStreamsReset{result, request.streams});
      return;
    case Kind::kResetIncoming: events_.Push(ResetRequestAnswered{result, request.streams}); return;
    case Kind::kAddOutgoing:
      if (performed) counts_.outbound = static_cast<uint16_t>(counts_.outbound + request.added);
      break;
    // The peer adds them by a request of its own.
    case Kind::kAddIncoming: break;
  }
  events_.Push(StreamsAdded{result, false, counts_.outbound, counts_.inbound});
}

void Reconfiguration::Fail() {
  if (request_) {
    const Request request = std::move(*request_);
    request_.reset();
    Settle(request, ResetResult::kFailed);
  }
  std::vector<uint16_t> unsent;
  for (uint32_t stream = 0; stream < counts_.outbound; ++stream) {
    const auto id = static_cast<uint16_t>(stream);
    if (send_queue_.resetting(id)) unsent.push_back(id);
  }
  if (!unsent.empty()) {
    Settle({Kind::kResetOutgoing, 0, std::move(unsent), 0, {}}, ResetResult::kFailed);
  }
  for (Waiting& wish : std::exchange(waiting_, {})) {
    Settle({wish.kind, 0, std::move(wish.streams), wish.added, {}}, ResetResult::kFailed);
  }
  ready_.clear();
  draining_.clear();
  deferred_.reset();
  peer_wish_.reset();
  answers_.clear();
}

}  // namespace sctp::engine
