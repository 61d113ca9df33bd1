// The retransmission timeout (RFC 9260 §6.3).
#pragma once

#include <optional>

#include "engine/config.h"
#include "engine/time.h"

namespace sctp::engine {

class Rto {
 public:
  explicit Rto(const Config& config)
      : min_(config.rto_min), max_(config.rto_max), rto_(config.rto_initial) {}

  // Only of what was sent once (Karn's algorithm).
  void Measure(Duration rtt);
  // After a timeout.
  void BackOff() { rto_ = std::min(rto_ * 2, max_); }
  // What the measurements say, without backing off: for when the peer turns out to be alive.
  void Recover();

  void SetBounds(Duration min, Duration max);

  Duration rto() const { return rto_; }
  Duration max() const { return max_; }
  std::optional<Duration> srtt() const { return srtt_; }

 private:
  Duration min_;
  Duration max_;
  Duration rto_;
  std::optional<Duration> srtt_;
  Duration rttvar_{};
};

}  // namespace sctp::engine
