#include "engine/error_causes.h"

#include "engine/packet.h"

namespace sctp::engine {
namespace {

constexpr size_t kMaxCauses = 16;

}  // namespace

std::string_view CauseName(uint16_t code) {
  switch (code) {
    case cause::kInvalidStream: return "Invalid Stream Identifier";
    case cause::kMissingParameter: return "Missing Mandatory Parameter";
    case cause::kStaleCookie: return "Stale Cookie";
    case cause::kOutOfResource: return "Out of Resource";
    case cause::kUnresolvableAddress: return "Unresolvable Address";
    case cause::kUnrecognizedChunk: return "Unrecognized Chunk Type";
    case cause::kInvalidParameter: return "Invalid Mandatory Parameter";
    case cause::kUnrecognizedParameters: return "Unrecognized Parameters";
    case cause::kNoUserData: return "No User Data";
    case cause::kCookieWhileShuttingDown: return "Cookie Received While Shutting Down";
    case cause::kRestartWithNewAddresses: return "Restart of an Association with New Addresses";
    case cause::kUserInitiatedAbort: return "User-Initiated Abort";
    case cause::kProtocolViolation: return "Protocol Violation";
    default: return "Unknown";
  }
}

std::string_view CauseText(const ErrorCause& cause) {
  if (cause.code != cause::kUserInitiatedAbort && cause.code != cause::kProtocolViolation) {
    return {};
  }
  return {reinterpret_cast<const char*>(cause.info.data()), cause.info.size()};
}

std::vector<ErrorCause> ParseCauses(ByteView value) {
  std::vector<ErrorCause> causes;
  TlvReader reader(value);
  while (causes.size() < kMaxCauses) {
    const auto tlv = reader.Next();
    if (!tlv) break;
    causes.push_back(MakeCause(tlv->type, tlv->value));
  }
  return causes;
}

ByteVector BuildCauses(const std::vector<ErrorCause>& causes) {
  ByteVector value;
  for (const ErrorCause& cause : causes) AppendTlv(value, cause.code, cause.info);
  return value;
}

ErrorCause MakeCause(uint16_t code, ByteView info) { return {code, {info.begin(), info.end()}}; }

ErrorCause MakeCause(uint16_t code, std::string_view text) {
  return MakeCause(code, std::as_bytes(std::span(text)));
}

ErrorCause InvalidStreamCause(uint16_t stream) {
  ErrorCause cause{cause::kInvalidStream, {}};
  Appender(cause.info).U16(stream).U16(0);
  return cause;
}

ErrorCause MissingParameterCause(uint16_t parameter) {
  ErrorCause cause{cause::kMissingParameter, {}};
  Appender(cause.info).U32(1).U16(parameter);
  return cause;
}

ErrorCause StaleCookieCause(uint32_t microseconds) {
  ErrorCause cause{cause::kStaleCookie, {}};
  Appender(cause.info).U32(microseconds);
  return cause;
}

ErrorCause NoUserDataCause(uint32_t tsn) {
  ErrorCause cause{cause::kNoUserData, {}};
  Appender(cause.info).U32(tsn);
  return cause;
}

}  // namespace sctp::engine
