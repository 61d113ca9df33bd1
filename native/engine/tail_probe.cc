// Tail loss probes, as RACK-TLP has them (RFC 8985 §7).
//
// If the last packets of a flight are lost, or the one SACK for all of it, nothing that is sent
// later shows it, and T3-rtx takes an RTO.Min at least. So after two round trips without an answer
// the last chunk is sent once more: the SACK for it says what else is missing.
#include <algorithm>

#include "engine/impl.h"

namespace sctp::engine {
namespace {

// Less would be the caller's own delays rather than the network's.
constexpr Duration kMinTimeout = std::chrono::milliseconds(10);

}  // namespace

void Association::Impl::RestartTailTimer(Time now) {
  tail_timer_.Stop();
  // The SACK of a single packet may be delayed by what T3 would wait. One probe in a row.
  if (tail_probed_ || probing_ || !rto_.srtt() || !outstanding_.several_packets_in_flight()) return;
  const Duration timeout = std::max(*rto_.srtt() * 2, kMinTimeout);
  if (timeout < rto_.rto()) tail_timer_.Start(now, timeout);
}

void Association::Impl::ProbeTail() {
  if (!MayTransferData() || !outstanding_.ProbeTail()) return;
  tail_probed_ = true;
  fast_retransmit_ = true;
  burst_ = std::max(burst_, 1);
}

}  // namespace sctp::engine
