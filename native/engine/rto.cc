#include "engine/rto.h"

#include <algorithm>

namespace sctp::engine {
namespace {

// The caller's clock may be coarse; a variance of 0 would make any jitter a timeout.
constexpr Duration kGranularity = std::chrono::milliseconds(1);

}  // namespace

void Rto::Measure(Duration rtt) {
  rtt = std::max(rtt, Duration(0));
  if (!srtt_) {
    srtt_ = rtt;
    rttvar_ = rtt / 2;
  } else {
    const Duration difference = *srtt_ > rtt ? *srtt_ - rtt : rtt - *srtt_;
    rttvar_ = (rttvar_ * 3 + difference) / 4;
    srtt_ = (*srtt_ * 7 + rtt) / 8;
  }
  Recover();
}

void Rto::SetBounds(Duration min, Duration max) {
  min_ = min;
  max_ = max;
  rto_ = std::clamp(rto_, min_, max_);
}

void Rto::Recover() {
  if (!srtt_) return;
  rto_ = std::clamp(*srtt_ + std::max(rttvar_ * 4, kGranularity), min_, max_);
}

}  // namespace sctp::engine
