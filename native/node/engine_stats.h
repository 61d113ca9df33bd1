// The engine's statistics for JavaScript.
#pragma once

#include <napi.h>

#include "engine/stats.h"

namespace sctp::node {

Napi::Object ToObject(Napi::Env env, const engine::Stats& stats);

}  // namespace sctp::node
