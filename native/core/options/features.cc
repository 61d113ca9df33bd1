// Options: extensions that both sides must support.
#include "core/options/layouts.h"

namespace sctp {
namespace {

// Three switches in one number.
constexpr Field kStreamReset[] = {
    {"assocId", offsetof(sctp_assoc_value, assoc_id), FieldType::kI32},
    {"flags", offsetof(sctp_assoc_value, assoc_value), FieldType::kU32},
};

constexpr OptionLayout kOptions[] = {
    AssocValueOption("authSupported", SCTP_AUTH_SUPPORTED),
    AssocValueOption("asconfSupported", SCTP_ASCONF_SUPPORTED),
    IntegerOption("autoAsconf", IPPROTO_SCTP, SCTP_AUTO_ASCONF),
    AssocValueOption("reconfigSupported", SCTP_RECONFIG_SUPPORTED),
    {"enableStreamReset", IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, sizeof(sctp_assoc_value),
     kStreamReset},
    IntegerOption("fragmentInterleave", IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE),
    AssocValueOption("interleavingSupported", SCTP_INTERLEAVING_SUPPORTED),
    AssocValueOption("prSupported", SCTP_PR_SUPPORTED),
    AssocValueOption("ecnSupported", SCTP_ECN_SUPPORTED),
    AssocValueOption("exposePfState", SCTP_EXPOSE_PF_STATE),
};

}  // namespace

std::span<const OptionLayout> FeatureOptions() { return kOptions; }

}  // namespace sctp
