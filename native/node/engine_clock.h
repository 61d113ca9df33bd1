// The time that associations of the engine live in: that of libuv's timers.
#pragma once

#include <uv.h>

#include <chrono>

#include "engine/time.h"

namespace sctp::node {

inline engine::Time EngineNow() {
  return engine::Time(
      std::chrono::duration_cast<engine::Duration>(std::chrono::nanoseconds(uv_hrtime())));
}

}  // namespace sctp::node
