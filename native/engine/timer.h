// A deadline and how often it has passed.
#pragma once

#include <algorithm>
#include <optional>

#include "engine/time.h"

namespace sctp::engine {

class Timer {
 public:
  void Start(Time now, Duration after) { deadline_ = now + after; }
  void StartIfStopped(Time now, Duration after) {
    if (!deadline_) Start(now, after);
  }
  // Also forgets the expirations.
  void Stop() {
    deadline_.reset();
    expirations_ = 0;
  }

  // True once for each deadline; the timer then is stopped.
  bool Expire(Time now) {
    if (!deadline_ || now < *deadline_) return false;
    deadline_.reset();
    ++expirations_;
    return true;
  }

  bool running() const { return deadline_.has_value(); }
  std::optional<Time> deadline() const { return deadline_; }
  // Since the last Stop().
  int expirations() const { return expirations_; }

 private:
  std::optional<Time> deadline_;
  int expirations_ = 0;
};

}  // namespace sctp::engine
