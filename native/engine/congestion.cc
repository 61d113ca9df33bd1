#include "engine/congestion.h"

#include <algorithm>

namespace sctp::engine {
namespace {

size_t InitialWindow(size_t mtu) { return std::min(4 * mtu, std::max<size_t>(2 * mtu, 4404)); }

}  // namespace

Congestion::Congestion(size_t mtu, size_t peer_rwnd)
    : mtu_(mtu), cwnd_(InitialWindow(mtu)), ssthresh_(std::max(peer_rwnd, 4 * mtu)) {}

void Congestion::OnAdvance(Tsn cumulative, size_t acked_bytes, size_t flight_before,
                           bool all_acked) {
  if (recovering_ && cumulative >= recovery_exit_) recovering_ = false;
  // One packet may have been short of the window by less than it is long.
  const bool was_full = flight_before + mtu_ > cwnd_;
  if (slow_start()) {
    if (was_full && !recovering_) cwnd_ += std::min(acked_bytes, mtu_);
  } else {
    partial_bytes_acked_ += acked_bytes;
    if (partial_bytes_acked_ >= cwnd_ && was_full) {
      partial_bytes_acked_ -= cwnd_;
      if (!recovering_) cwnd_ += mtu_;
    }
    // A window that is not in use must not save up growth.
    partial_bytes_acked_ = std::min(partial_bytes_acked_, cwnd_);
  }
  if (all_acked) partial_bytes_acked_ = 0;
}

bool Congestion::OnFastRetransmit(Tsn highest_sent) {
  if (recovering_) return false;
  Halve();
  cwnd_ = ssthresh_;
  recovering_ = true;
  recovery_exit_ = highest_sent;
  return true;
}

void Congestion::OnTimeout() {
  Halve();
  cwnd_ = mtu_;
  recovering_ = false;
}

void Congestion::OnIdle(int64_t rtos) {
  const size_t floor = std::min(cwnd_, 4 * mtu_);
  if (cwnd_ == floor) return;
  ssthresh_ = cwnd_;  // slow start may take it back to what it was
  for (; rtos > 0 && cwnd_ > floor; --rtos) cwnd_ = std::max(cwnd_ / 2, floor);
}

void Congestion::SetMtu(size_t mtu) { mtu_ = mtu; }

void Congestion::Halve() {
  ssthresh_ = std::max(cwnd_ / 2, 4 * mtu_);
  partial_bytes_acked_ = 0;
}

}  // namespace sctp::engine
