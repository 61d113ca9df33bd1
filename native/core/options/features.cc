// Options: extensions that both sides must support.
#include "core/abi.h"
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr OptionLayout kOptions[] = {
    {"fragmentInterleave", IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE, sizeof(int), kOneInteger},
};

}  // namespace

std::span<const OptionLayout> FeatureOptions() { return kOptions; }

}  // namespace sctp
