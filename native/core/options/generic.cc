// Options: what any socket has.
#include "core/abi.h"
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr OptionLayout kOptions[] = {
    {"reuseAddr", SOL_SOCKET, SO_REUSEADDR, sizeof(int), kOneInteger},
    {"v6Only", IPPROTO_IPV6, IPV6_V6ONLY, sizeof(int), kOneInteger},
    {"sndBuf", SOL_SOCKET, SO_SNDBUF, sizeof(int), kOneInteger, SO_SNDBUFFORCE},
    {"rcvBuf", SOL_SOCKET, SO_RCVBUF, sizeof(int), kOneInteger, SO_RCVBUFFORCE},
};

}  // namespace

std::span<const OptionLayout> GenericOptions() { return kOptions; }

}  // namespace sctp
