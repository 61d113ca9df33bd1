// Options: what any socket has.
#include <net/if.h>

#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr Field kMark[] = {{"value", 0, FieldType::kU32}};

constexpr Field kDevice[] = {{"value", 0, FieldType::kDeviceName}};

constexpr OptionLayout kOptions[] = {
    IntegerOption("reuseAddr", SOL_SOCKET, SO_REUSEADDR),
    IntegerOption("reusePort", SOL_SOCKET, SO_REUSEPORT),
    IntegerOption("v6Only", IPPROTO_IPV6, IPV6_V6ONLY),
    {"sndBuf", SOL_SOCKET, SO_SNDBUF, sizeof(int), kOneInteger, SO_SNDBUFFORCE},
    {"rcvBuf", SOL_SOCKET, SO_RCVBUF, sizeof(int), kOneInteger, SO_RCVBUFFORCE},
    {"mark", SOL_SOCKET, SO_MARK, sizeof(uint32_t), kMark},
    {"bindToDevice", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ, kDevice},
};

}  // namespace

std::span<const OptionLayout> GenericOptions() { return kOptions; }

}  // namespace sctp
