// The bytes of a message that JavaScript hands to the engine.
#pragma once

#include <napi.h>

#include <optional>

#include "engine/message.h"

namespace sctp::node {

// The bytes of a string (UTF-8) or a view, copied: whoever sends may change them afterwards.
std::optional<engine::Payload> ToPayload(const Napi::Value& value);

}  // namespace sctp::node
