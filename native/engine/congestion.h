// The congestion window (RFC 9260 §7.2).
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/sequence.h"
#include "engine/time.h"

namespace sctp::engine {

class Congestion {
 public:
  Congestion(size_t mtu, size_t peer_rwnd);

  // A SACK has moved the cumulative TSN ack point. `flight_before`: bytes in flight before it.
  void OnAdvance(Tsn cumulative, size_t acked_bytes, size_t flight_before, bool all_acked);
  // Chunks are missing by three reports. Returns true if this begins a fast recovery.
  bool OnFastRetransmit(Tsn highest_sent);
  // T3-rtx has expired.
  void OnTimeout();
  // Nothing has been sent for so many RTOs.
  void OnIdle(int64_t rtos);
  void SetMtu(size_t mtu);

  bool recovering() const { return recovering_; }
  size_t cwnd() const { return cwnd_; }
  size_t ssthresh() const { return ssthresh_; }

 private:
  bool slow_start() const { return cwnd_ <= ssthresh_; }
  void Halve();

  size_t mtu_;
  size_t cwnd_;
  size_t ssthresh_;
  size_t partial_bytes_acked_ = 0;
  bool recovering_ = false;
  Tsn recovery_exit_ = 0;
};

}  // namespace sctp::engine
