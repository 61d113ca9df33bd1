// An engine's configuration from an object of numbers and booleans.
#pragma once

#include <napi.h>

#include <optional>

#include "engine/config.h"

namespace sctp::node {

// Properties that are absent keep the engine's defaults. Nothing if one is of the wrong type.
std::optional<engine::Config> ToEngineConfig(const Napi::Value& value);

}  // namespace sctp::node
