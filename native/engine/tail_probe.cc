// Tail loss probes, as RACK-TLP has them (RFC 8985 §7).
//
// If the last packets of a flight are lost, or the one SACK for all of it, nothing that is sent
// later shows it, and T3-rtx takes an RTO.Min at least. So after two round trips without an answer
// the last chunk is sent once more: the SACK for it says what else is missing.
//
// The SACK of a single packet may be delayed, by as much as T3 would wait (Chromium: 200 ms). No
// answer is no congestion then: the packet is sent once more when T3 would be due, and T3 begins
// anew.
#include <algorithm>

#include "engine/impl.h"

namespace sctp::engine {
namespace {

// Less would be the caller's own delays rather than the network's.
constexpr Duration kMinTimeout = std::chrono::milliseconds(10);

}  // namespace

void Association::Impl::RestartTailTimer(Time now) {
  tail_timer_.Stop();
  // One probe in a row.
  if (tail_probed_ || probing_ || !rto_.srtt()) return;
  if (outstanding_.several_packets_in_flight()) {
    const Duration timeout = std::max(*rto_.srtt() * 2, kMinTimeout);
    if (timeout < rto_.rto()) tail_timer_.Start(now, timeout);
  } else if (const auto t3 = t3_.deadline(); t3 && outstanding_.flight_size() > 0) {
    tail_timer_.Start(*t3, Duration(0));
  }
}

void Association::Impl::ProbeTail(Time now) {
  if (!outstanding_.several_packets_in_flight()) {
    tail_probed_ = true;
    t3_.Start(now, rto_.rto());
  }
  if (!MayTransferData() || !outstanding_.ProbeTail()) return;
  tail_probed_ = true;
  fast_retransmit_ = true;
  burst_ = std::max(burst_, 1);
}

}  // namespace sctp::engine
