// Numbers of the protocol (the IANA registries of SCTP), as far as the engine knows them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sctp::engine {

inline constexpr size_t kCommonHeaderSize = 12;
inline constexpr size_t kChunkHeaderSize = 4;
inline constexpr size_t kDataHeaderSize = 16;   // chunk header included
inline constexpr size_t kIDataHeaderSize = 20;  // chunk header included

// Plain numbers, as a peer may send any.
namespace chunk {
inline constexpr uint8_t kData = 0;
inline constexpr uint8_t kInit = 1;
inline constexpr uint8_t kInitAck = 2;
inline constexpr uint8_t kSack = 3;
inline constexpr uint8_t kHeartbeat = 4;
inline constexpr uint8_t kHeartbeatAck = 5;
inline constexpr uint8_t kAbort = 6;
inline constexpr uint8_t kShutdown = 7;
inline constexpr uint8_t kShutdownAck = 8;
inline constexpr uint8_t kError = 9;
inline constexpr uint8_t kCookieEcho = 10;
inline constexpr uint8_t kCookieAck = 11;
inline constexpr uint8_t kEcne = 12;
inline constexpr uint8_t kCwr = 13;
inline constexpr uint8_t kShutdownComplete = 14;
inline constexpr uint8_t kIData = 64;
inline constexpr uint8_t kReconfig = 130;
inline constexpr uint8_t kForwardTsn = 192;
inline constexpr uint8_t kIForwardTsn = 194;
}  // namespace chunk

namespace flag {
inline constexpr uint8_t kEnd = 0x01;
inline constexpr uint8_t kBegin = 0x02;
inline constexpr uint8_t kUnordered = 0x04;
inline constexpr uint8_t kImmediate = 0x08;     // RFC 7053
inline constexpr uint8_t kTagReflected = 0x01;  // the T-bit of ABORT and SHUTDOWN COMPLETE
}  // namespace flag

namespace parameter {
inline constexpr uint16_t kHeartbeatInfo = 1;
inline constexpr uint16_t kIpv4Address = 5;
inline constexpr uint16_t kIpv6Address = 6;
inline constexpr uint16_t kStateCookie = 7;
inline constexpr uint16_t kUnrecognized = 8;
inline constexpr uint16_t kCookiePreservative = 9;
inline constexpr uint16_t kHostName = 11;
inline constexpr uint16_t kSupportedAddressTypes = 12;
inline constexpr uint16_t kOutgoingReset = 13;
inline constexpr uint16_t kIncomingReset = 14;
inline constexpr uint16_t kSsnTsnReset = 15;
inline constexpr uint16_t kReconfigResponse = 16;
inline constexpr uint16_t kAddOutgoing = 17;
inline constexpr uint16_t kAddIncoming = 18;
inline constexpr uint16_t kEcnCapable = 0x8000;
inline constexpr uint16_t kZeroChecksum = 0x8001;
inline constexpr uint16_t kRandom = 0x8002;
inline constexpr uint16_t kAuthChunks = 0x8003;
inline constexpr uint16_t kHmacAlgorithms = 0x8004;
inline constexpr uint16_t kPadding = 0x8005;
inline constexpr uint16_t kSupportedExtensions = 0x8008;
inline constexpr uint16_t kForwardTsnSupported = 0xC000;
inline constexpr uint16_t kAdaptationLayer = 0xC006;
}  // namespace parameter

namespace cause {
inline constexpr uint16_t kInvalidStream = 1;
inline constexpr uint16_t kMissingParameter = 2;
inline constexpr uint16_t kStaleCookie = 3;
inline constexpr uint16_t kOutOfResource = 4;
inline constexpr uint16_t kUnresolvableAddress = 5;
inline constexpr uint16_t kUnrecognizedChunk = 6;
inline constexpr uint16_t kInvalidParameter = 7;
inline constexpr uint16_t kUnrecognizedParameters = 8;
inline constexpr uint16_t kNoUserData = 9;
inline constexpr uint16_t kCookieWhileShuttingDown = 10;
inline constexpr uint16_t kRestartWithNewAddresses = 11;
inline constexpr uint16_t kUserInitiatedAbort = 12;
inline constexpr uint16_t kProtocolViolation = 13;
}  // namespace cause

namespace reconfig {
inline constexpr uint32_t kNothingToDo = 0;
inline constexpr uint32_t kPerformed = 1;
inline constexpr uint32_t kDenied = 2;
inline constexpr uint32_t kWrongSsn = 3;
inline constexpr uint32_t kAlreadyInProgress = 4;
inline constexpr uint32_t kBadSequenceNumber = 5;
inline constexpr uint32_t kInProgress = 6;
}  // namespace reconfig

// What to do with a chunk or parameter that nobody knows is in its two high bits (RFC 9260 §3.2).
constexpr bool SkipsUnknownChunk(uint8_t type) { return (type & 0x80) != 0; }
constexpr bool ReportsUnknownChunk(uint8_t type) { return (type & 0x40) != 0; }
constexpr bool SkipsUnknownParameter(uint16_t type) { return (type & 0x8000) != 0; }
constexpr bool ReportsUnknownParameter(uint16_t type) { return (type & 0x4000) != 0; }

}  // namespace sctp::engine
