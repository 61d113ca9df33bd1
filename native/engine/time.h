// Time as the engine sees it: handed in with every call, never read from a clock.
#pragma once

#include <chrono>

namespace sctp::engine {

using Duration = std::chrono::microseconds;

// Only gives time points a type of their own; nobody can ask it for the time.
struct CallersClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<CallersClock, Duration>;
  static constexpr bool is_steady = true;
};

// Any monotonic origin will do. Times of one association must not go backwards.
using Time = CallersClock::time_point;

}  // namespace sctp::engine
