// An engine's configuration from an object of numbers and booleans.
#pragma once

#include <napi.h>

#include <optional>

#include "engine/config.h"

namespace sctp::node {

// Properties that are absent keep the engine's defaults. Nothing if one is of the wrong type, or if
// a getter has thrown.
std::optional<engine::Config> ToEngineConfig(const Napi::Value& value);

// For those that need one: throws, unless a getter has.
void ThrowIllegalConfiguration(Napi::Env env);

}  // namespace sctp::node
