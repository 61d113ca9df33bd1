// Coming up (RFC 9260 §5.1, 5.2): INIT, INIT ACK, COOKIE ACK.
#include <algorithm>

#include "engine/error_causes.h"
#include "engine/impl.h"

namespace sctp::engine {

uint32_t Association::Impl::NewTag() {
  uint32_t tag = 0;
  while (tag == 0) tag = random_.Next();
  return tag;
}

void Association::Impl::Connect(Time now) {
  if (state_ != State::kNew) return;
  local_tag_ = NewTag();
  state_ = State::kCookieWait;
  SendInit(now);
}

void Association::Impl::SendInit(Time now) {
  InitChunk init;
  init.tag = local_tag_;
  init.a_rwnd = Window();
  init.outbound_streams = config_.outbound_streams;
  init.inbound_streams = config_.inbound_streams;
  init.initial_tsn = local_initial_tsn_;
  init.capabilities = OwnCapabilities(config_);
  QueuePacket(0, MakeChunk(chunk::kInit, 0, BuildInit(init)));
  t1_.Start(now, rto_.rto());
}

void Association::Impl::HandleInit(Time now, const CommonHeader& header, const Chunk& chunk) {
  const auto init = ParseInit(chunk.value);
  if (!init || init->tag == 0) return;
  const auto refuse = [&](ErrorCause cause) {
    QueuePacket(init->tag, MakeChunk(chunk::kAbort, 0, BuildCauses({std::move(cause)})));
  };
  if (state_ == State::kClosed) return refuse(MakeCause(cause::kUserInitiatedAbort));
  if (state_ == State::kShutdownAckSent) {
    shutdown_ack_due_ = true;
    return;
  }
  if (init->outbound_streams == 0 || init->inbound_streams == 0) {
    return refuse(MakeCause(cause::kInvalidParameter));
  }
  if (init->host_name) return refuse(MakeCause(cause::kUnresolvableAddress));

  Cookie cookie;
  cookie.created = now;
  cookie.local_port = header.destination_port;
  cookie.remote_port = header.source_port;
  cookie.peer_tag = init->tag;
  cookie.peer_initial_tsn = init->initial_tsn;
  cookie.peer_rwnd = init->a_rwnd;
  cookie.peer_outbound_streams = init->outbound_streams;
  cookie.peer_inbound_streams = init->inbound_streams;
  cookie.peer = init->capabilities;
  if (state_ == State::kCookieWait || state_ == State::kCookieEchoed) {
    // INITs that cross: ours stays what it is (§5.2.1).
    cookie.local_tag = local_tag_;
    cookie.local_initial_tsn = local_initial_tsn_;
  } else {
    cookie.local_tag = NewTag();
    cookie.local_initial_tsn = random_.Next();
  }
  if (state_ != State::kNew && state_ != State::kCookieWait) {
    cookie.local_tie_tag = local_tag_;
    cookie.peer_tie_tag = peer_tag_;
  }

  const ByteVector sealed = SealCookie(cookie, secret_, origin_);
  InitChunk answer;
  answer.tag = cookie.local_tag;
  answer.a_rwnd = Window();
  answer.outbound_streams = config_.outbound_streams;
  answer.inbound_streams = config_.inbound_streams;
  answer.initial_tsn = cookie.local_initial_tsn;
  answer.capabilities = OwnCapabilities(config_);
  answer.cookie = sealed;
  answer.unrecognized = init->unrecognized;
  QueuePacket(init->tag, MakeChunk(chunk::kInitAck, 0, BuildInit(answer)));
}

void Association::Impl::HandleInitAck(Time now, const Chunk& chunk) {
  if (state_ != State::kCookieWait) return;
  const auto init = ParseInit(chunk.value);
  if (!init) return;
  peer_tag_ = init->tag;
  const auto refuse = [this](ErrorCause cause) {
    AbortWith(Closed::Reason::kProtocolViolation, std::move(cause));
  };
  if (init->tag == 0 || init->outbound_streams == 0 || init->inbound_streams == 0) {
    return refuse(MakeCause(cause::kInvalidParameter));
  }
  if (init->host_name) return refuse(MakeCause(cause::kUnresolvableAddress));
  if (!init->cookie) return refuse(MissingParameterCause(parameter::kStateCookie));
  if (init->cookie->size() > mtu_ - kCommonHeaderSize - 2 * kChunkHeaderSize) {
    return refuse(MakeCause(cause::kOutOfResource));  // it does not fit a packet
  }
  SetUp(init->tag, init->initial_tsn, init->a_rwnd, init->outbound_streams, init->inbound_streams,
        init->capabilities);
  cookie_ = MakeChunk(chunk::kCookieEcho, 0, *init->cookie);
  cookie_due_ = true;
  if (!init->unrecognized.empty()) {
    QueueControl(MakeChunk(
        chunk::kError, 0,
        BuildCauses({MakeCause(cause::kUnrecognizedParameters, ByteView(init->unrecognized))})));
  }
  state_ = State::kCookieEchoed;
  t1_.Stop();
  t1_.Start(now, rto_.rto());
}

void Association::Impl::SetUp(uint32_t peer_tag, uint32_t peer_tsn, uint32_t peer_rwnd,
                              uint16_t peer_outbound, uint16_t peer_inbound,
                              const Capabilities& peer) {
  peer_tag_ = peer_tag;
  peer_a_rwnd_ = peer_rwnd;
  const bool interleaved = features_.interleaving;
  const uint16_t streams = counts_.outbound;
  features_ = Negotiate(config_, peer);
  counts_.outbound = std::min(config_.outbound_streams, peer_inbound);
  counts_.inbound = std::min(config_.inbound_streams, peer_outbound);
  counts_.max_inbound = config_.inbound_streams;
  // What has left with another COOKIE ECHO was meant for a peer that could do something else.
  const bool differs = interleaved != features_.interleaving || counts_.outbound < streams;
  if (differs && !outstanding_.empty()) {
    FailMessages(MessageFailed::Reason::kRestarted);
    send_queue_.ResetNumbers();
    outstanding_ = Outstanding(Wire32(outstanding_.next_tsn()));
  }
  for (const MessageRef& message : send_queue_.TakeFrom(counts_.outbound)) {
    FailMessage(*message, MessageFailed::Reason::kInvalidStream);
  }
  if (outstanding_.empty()) congestion_ = Congestion(mtu_, peer_rwnd);
  send_queue_.SetInterleaving(features_.interleaving);
  in_.emplace(*this, peer_tsn);
}

Association::Impl::Inbound::Inbound(Impl& association, uint32_t peer_tsn)
    : tracker(peer_tsn),
      reassembly(association.features_.interleaving, association.config_.max_receive_message_size,
                 association.events_),
      reconfiguration(association.local_initial_tsn_, peer_tsn, association.send_queue_, reassembly,
                      association.events_, association.counts_) {}

Connected Association::Impl::Agreed() const {
  return {counts_.outbound,       counts_.inbound,           features_.partial_reliability,
          features_.interleaving, features_.reconfiguration, features_.send_zero_checksum};
}

void Association::Impl::Establish(Time now) {
  state_ = State::kEstablished;
  t1_.Stop();
  cookie_.clear();
  cookie_due_ = false;
  error_count_ = 0;
  burst_ = std::max(burst_, config_.max_burst);
  if (!outstanding_.empty()) t3_.StartIfStopped(now, rto_.rto());
  StartHeartbeats(now);
  if (shutdown_requested_) Shutdown(now);
}

void Association::Impl::HandleCookieAck(Time now) {
  if (state_ != State::kCookieEchoed) return;
  events_.Push(Agreed());
  Establish(now);
}

}  // namespace sctp::engine
