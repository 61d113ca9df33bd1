// What happens when time passes (RFC 9260 §6.3.3, 8.1, 8.3).
#include <algorithm>

#include "engine/error_causes.h"
#include "engine/impl.h"

namespace sctp::engine {

std::optional<Time> Association::Impl::NextDeadline() const {
  std::optional<Time> next;
  const auto consider = [&next](std::optional<Time> deadline) {
    if (deadline && (!next || *deadline < *next)) next = deadline;
  };
  for (const Timer* timer : {&t1_, &t2_, &t3_, &t5_, &tail_timer_, &sack_timer_, &heartbeat_timer_,
                             &heartbeat_timeout_, &reconfig_timer_}) {
    consider(timer->deadline());
  }
  consider(send_queue_.next_expiry());
  return next;
}

void Association::Impl::HandleTimeout(Time now) {
  if (state_ == State::kClosed) return;
  ExpireQueued(now);
  if (sack_timer_.Expire(now)) sack_due_ = true;
  if (t1_.Expire(now)) HandleT1(now);
  if (t2_.Expire(now)) HandleT2(now);
  if (tail_timer_.Expire(now)) ProbeTail(now);
  if (t3_.Expire(now)) HandleT3(now);
  if (t5_.Expire(now)) {
    AbortWith(Closed::Reason::kTimedOut,
              MakeCause(cause::kProtocolViolation, "shutdown takes too long"));
  }
  if (reconfig_timer_.Expire(now)) HandleReconfigTimer(now);
  HandleHeartbeatTimers(now);
}

// Returns true if the association has failed.
bool Association::Impl::CountError() {
  if (++error_count_ <= config_.max_retransmits) return false;
  AbortWith(Closed::Reason::kTimedOut,
            MakeCause(cause::kProtocolViolation, "too many retransmissions"));
  return true;
}

void Association::Impl::HandleT1(Time now) {
  if (t1_.expirations() > config_.max_init_retransmits) return Close(Closed::Reason::kSetupFailed);
  rto_.BackOff();
  if (state_ == State::kCookieWait) {
    SendInit(now);
  } else if (state_ == State::kCookieEchoed) {
    // What left with the COOKIE ECHO leaves with it again.
    outstanding_.LoseAll();
    SettleLost(now);
    cookie_due_ = true;
    burst_ = std::max(burst_, 1);
    t1_.Start(now, rto_.rto());
  }
}

void Association::Impl::HandleT2(Time now) {
  if (CountError()) return;
  rto_.BackOff();
  if (state_ == State::kShutdownSent) shutdown_due_ = true;
  if (state_ == State::kShutdownAckSent) shutdown_ack_due_ = true;
  t2_.Start(now, rto_.rto());
}

void Association::Impl::HandleT3(Time now) {
  ++counters_.t3_timeouts;
  // A peer that answers probes of its closed window is alive (RFC 9260 §6.1 A).
  const bool is_probe = peer_a_rwnd_ < mtu_ && sack_since_t3_;
  sack_since_t3_ = false;
  if (!is_probe && CountError()) return;
  congestion_.OnTimeout();
  rto_.BackOff();
  outstanding_.LoseAll();
  SettleLost(now);
  SettleFinished();
  fast_retransmit_ = false;
  tail_timer_.Stop();
  burst_ = 1;  // one packet of what was lost (§6.3.3 E3)
  forward_sent_ = 0;
  UpdateForward(now, true);
  if (!outstanding_.empty()) t3_.Start(now, rto_.rto());
}

void Association::Impl::StartHeartbeats(Time now) {
  if (config_.heartbeat_interval <= Duration(0)) return;
  // Up to half an RTO of jitter on top (§8.3).
  const Duration jitter = rto_.rto() / 2 * (random_.Next() % 1024) / 1024;
  heartbeat_timer_.Start(now, config_.heartbeat_interval + rto_.rto() + jitter);
}

void Association::Impl::HandleHeartbeatTimers(Time now) {
  if (heartbeat_timeout_.Expire(now) && heartbeat_nonce_ != 0) {
    heartbeat_nonce_ = 0;
    rto_.BackOff();
    if (CountError()) return;
  }
  if (!heartbeat_timer_.Expire(now)) return;
  if (state_ == State::kShutdownSent || state_ == State::kShutdownAckSent) return;
  StartHeartbeats(now);
  // Data finds out whether the path works, too.
  if (!outstanding_.empty() || now - last_data_sent_ < config_.heartbeat_interval) return;
  heartbeat_nonce_ = uint64_t{NewTag()} << 32 | random_.Next();
  heartbeat_sent_at_ = now;
  ByteVector nonce;
  Appender(nonce).U64(heartbeat_nonce_);
  ByteVector info;
  AppendTlv(info, parameter::kHeartbeatInfo, nonce);
  QueueControl(MakeChunk(chunk::kHeartbeat, 0, info));
  ++counters_.heartbeats_sent;
  heartbeat_timeout_.Start(now, rto_.rto());
}

void Association::Impl::HandleReconfigTimer(Time now) {
  const auto chunk = in_->reconfiguration.Repeat();
  if (!chunk) return;
  if (!in_->reconfiguration.TakeInProgress()) {
    if (CountError()) return;
    rto_.BackOff();
  }
  QueueControl(*chunk);
  reconfig_timer_.Start(now, rto_.rto());
}

}  // namespace sctp::engine
