// Error causes of ABORT and ERROR chunks (RFC 9260 §3.3.10).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/events.h"

namespace sctp::engine {

// Reads what it can; a peer may send many, so only so many are kept.
std::vector<ErrorCause> ParseCauses(ByteView value);
ByteVector BuildCauses(const std::vector<ErrorCause>& causes);

ErrorCause MakeCause(uint16_t code, ByteView info = {});
ErrorCause MakeCause(uint16_t code, std::string_view text);
ErrorCause InvalidStreamCause(uint16_t stream);
ErrorCause MissingParameterCause(uint16_t parameter);
ErrorCause StaleCookieCause(uint32_t microseconds);
ErrorCause NoUserDataCause(uint32_t tsn);

}  // namespace sctp::engine
