// How an association ends (RFC 9260 §9).
#include <algorithm>
#include <utility>

#include "engine/error_causes.h"
#include "engine/impl.h"

namespace sctp::engine {

void Association::Impl::Shutdown(Time now) {
  switch (state_) {
    case State::kNew: return Close(Closed::Reason::kShutdown);
    case State::kCookieWait:
    case State::kCookieEchoed: shutdown_requested_ = true; return;
    case State::kEstablished:
      shutdown_requested_ = false;
      state_ = State::kShutdownPending;
      return AdvanceShutdown(now);
    default: return;
  }
}

// Nothing is left to be sent or acknowledged: the next step.
void Association::Impl::AdvanceShutdown(Time now) {
  if (state_ != State::kShutdownPending && state_ != State::kShutdownReceived) return;
  if (!outstanding_.empty() || !send_queue_.empty()) return;
  t3_.Stop();
  if (state_ == State::kShutdownPending) {
    state_ = State::kShutdownSent;
    shutdown_due_ = true;
    t5_.Start(now, 5 * rto_.max());
  } else {
    state_ = State::kShutdownAckSent;
    shutdown_ack_due_ = true;
  }
  t2_.Start(now, rto_.rto());
}

void Association::Impl::HandleShutdown(Time now, const Chunk& chunk) {
  if (chunk.value.size() < 4) return;
  switch (state_) {
    case State::kEstablished:
    case State::kShutdownPending:
    case State::kShutdownReceived: {
      const bool is_first = state_ != State::kShutdownReceived;
      if (is_first) {
        state_ = State::kShutdownReceived;
        events_.Push(PeerShutdown{});
      }
      Acknowledge(now, Load32(chunk.value, 0), std::nullopt);
      return AdvanceShutdown(now);
    }
    case State::kShutdownSent:  // both ends at once
      state_ = State::kShutdownAckSent;
      shutdown_due_ = false;
      shutdown_ack_due_ = true;
      t2_.Stop();
      t2_.Start(now, rto_.rto());
      return;
    case State::kShutdownAckSent: shutdown_ack_due_ = true; return;
    default: return;
  }
}

void Association::Impl::HandleShutdownAck() {
  if (state_ != State::kShutdownSent && state_ != State::kShutdownAckSent) return;
  QueuePacket(peer_tag_, MakeChunk(chunk::kShutdownComplete, 0, {}));
  Close(Closed::Reason::kShutdown);
}

void Association::Impl::HandleAbort(const CommonHeader& header, const Chunk& chunk) {
  const bool reflected = (chunk.flags & flag::kTagReflected) != 0;
  if (header.tag != (reflected ? peer_tag_ : local_tag_)) return;
  Close(Closed::Reason::kPeerAborted, ParseCauses(chunk.value));
}

void Association::Impl::Abort(std::string_view reason) {
  if (state_ == State::kClosed) return;
  const size_t room = mtu_ - kCommonHeaderSize - 2 * kChunkHeaderSize;
  AbortWith(Closed::Reason::kAborted,
            MakeCause(cause::kUserInitiatedAbort, reason.substr(0, room & ~size_t{3})));
}

void Association::Impl::AbortWith(Closed::Reason reason, ErrorCause cause) {
  if (peer_tag_ != 0) {
    packets_.clear();  // the last word must not be crowded out
    QueuePacket(peer_tag_, MakeChunk(chunk::kAbort, 0, BuildCauses({cause})));
  }
  Close(reason, {std::move(cause)});
}

void Association::Impl::Violation(std::string_view what) {
  AbortWith(Closed::Reason::kProtocolViolation, MakeCause(cause::kProtocolViolation, what));
}

void Association::Impl::Close(Closed::Reason reason, std::vector<ErrorCause> causes) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  ended_gracefully_ = reason == Closed::Reason::kShutdown;
  for (Timer* timer : {&t1_, &t2_, &t3_, &t5_, &tail_timer_, &sack_timer_, &heartbeat_timer_,
                       &heartbeat_timeout_, &reconfig_timer_}) {
    timer->Stop();
  }
  control_.clear();
  cookie_due_ = false;
  if (in_) in_->reconfiguration.Fail();
  FailMessages(MessageFailed::Reason::kClosed);
  events_.Push(Closed{reason, std::move(causes)});
}

void Association::Impl::FailMessages(MessageFailed::Reason reason) {
  std::vector<MessageRef> messages = outstanding_.TakeAll();
  const std::vector<MessageRef> queued = send_queue_.TakeAll();
  messages.insert(messages.end(), queued.begin(), queued.end());
  std::ranges::stable_sort(messages, {}, [](const MessageRef& m) { return m->arrival; });
  for (const MessageRef& message : messages) FailMessage(*message, reason);
  draining_ = false;
}

// The message has left all queues, or will with what stands for it.
void Association::Impl::FailMessage(QueuedMessage& message, MessageFailed::Reason reason) {
  if (std::exchange(message.abandoned, true)) return;
  retained_ -= message.size();
  OutgoingMessage& failed = message.message;
  OutgoingMessage copy{failed.stream,           failed.ppid,        failed.unordered,
                       failed.sack_immediately, failed.reliability, failed.context,
                       std::move(failed.data)};
  failed.data = Payload();
  message.split = 0;
  events_.Push(MessageFailed{reason, message.numbered, std::move(copy)});
}

}  // namespace sctp::engine
