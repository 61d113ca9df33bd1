// COOKIE ECHO: coming up, INITs that crossed, restarts (RFC 9260 §5.1.5, 5.2.4).
#include <algorithm>

#include "engine/error_causes.h"
#include "engine/impl.h"

namespace sctp::engine {

void Association::Impl::SetUpFrom(const Cookie& cookie) {
  SetUp(cookie.peer_tag, cookie.peer_initial_tsn, cookie.peer_rwnd, cookie.peer_outbound_streams,
        cookie.peer_inbound_streams, cookie.peer);
}

// Returns whether the rest of the packet is to be read.
bool Association::Impl::HandleCookieEcho(Time now, const CommonHeader& header, const Chunk& chunk) {
  const auto cookie = OpenCookie(chunk.value, secret_, origin_);
  if (!cookie || cookie->local_tag != header.tag || cookie->local_port != config_.local_port ||
      cookie->remote_port != config_.remote_port || state_ == State::kClosed) {
    return false;
  }
  const bool same_tags =
      state_ != State::kNew && cookie->local_tag == local_tag_ && cookie->peer_tag == peer_tag_;
  const auto stale = Staleness(*cookie, now, config_.cookie_lifetime);
  if (stale && !same_tags) {
    const auto microseconds = static_cast<uint32_t>(std::min<int64_t>(stale->count(), UINT32_MAX));
    QueuePacket(cookie->peer_tag,
                MakeChunk(chunk::kError, 0, BuildCauses({StaleCookieCause(microseconds)})));
    return false;
  }
  if (state_ == State::kNew) {
    local_tag_ = cookie->local_tag;
    local_initial_tsn_ = cookie->local_initial_tsn;
    outstanding_ = Outstanding(local_initial_tsn_);
    SetUpFrom(*cookie);
    events_.Push(Agreed());
    Establish(now);
  } else if (!same_tags) {
    return HandleCookieOfOther(now, *cookie);
  } else if (state_ == State::kCookieEchoed) {  // action D
    events_.Push(Agreed());
    Establish(now);
  }
  // Action D otherwise: our COOKIE ACK was lost.
  QueueControl(MakeChunk(chunk::kCookieAck, 0, {}));
  return true;
}

// A cookie that does not belong to the association as we know it (§5.2.4, table 12).
bool Association::Impl::HandleCookieOfOther(Time now, const Cookie& cookie) {
  if (cookie.local_tag == local_tag_) {  // action B: both ends began
    if (!is_starting()) return false;
    outstanding_.LoseAll();
    outstanding_.TakeNewlyLost();
    SetUpFrom(cookie);
    events_.Push(Agreed());
    Establish(now);
    QueueControl(MakeChunk(chunk::kCookieAck, 0, {}));
    return true;
  }
  const bool ties_match = cookie.local_tie_tag == local_tag_ && cookie.peer_tie_tag == peer_tag_;
  // Action C and everything that the table does not list: late, or made up.
  if (cookie.peer_tag == peer_tag_ || !ties_match || is_starting()) return false;
  if (state_ == State::kShutdownAckSent) {
    shutdown_ack_due_ = true;
    QueueControl(
        MakeChunk(chunk::kError, 0, BuildCauses({MakeCause(cause::kCookieWhileShuttingDown)})));
    return false;
  }
  Restart(now, cookie);  // action A
  return true;
}

void Association::Impl::Restart(Time now, const Cookie& cookie) {
  shutdown_requested_ = state_ == State::kShutdownPending || state_ == State::kShutdownSent;
  in_->reconfiguration.Fail();
  FailMessages(MessageFailed::Reason::kRestarted);
  send_queue_.ResetNumbers();
  for (Timer* timer : {&t2_, &t3_, &t5_, &tail_timer_, &sack_timer_, &reconfig_timer_})
    timer->Stop();
  control_.clear();
  shutdown_due_ = forward_due_ = fast_retransmit_ = sack_due_ = false;
  packets_unacknowledged_ = 0;
  rto_ = Rto(config_);
  local_tag_ = cookie.local_tag;
  local_initial_tsn_ = cookie.local_initial_tsn;
  outstanding_ = Outstanding(local_initial_tsn_);
  forward_sent_ = 0;
  SetUpFrom(cookie);
  events_.Push(Restarted{Agreed()});
  QueueControl(MakeChunk(chunk::kCookieAck, 0, {}));
  Establish(now);
}

}  // namespace sctp::engine
