// Options: how messages are sent and delivered.
#include "core/abi.h"
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr Field kDefaultSndInfo[] = {
    {"sid", offsetof(sctp_sndinfo, snd_sid), FieldType::kU16},
    {"flags", offsetof(sctp_sndinfo, snd_flags), FieldType::kU16},
    {"ppid", offsetof(sctp_sndinfo, snd_ppid), FieldType::kBigEndian32},
    {"context", offsetof(sctp_sndinfo, snd_context), FieldType::kU32},
    {"assocId", offsetof(sctp_sndinfo, snd_assoc_id), FieldType::kI32},
};

constexpr Field kDefaultPrInfo[] = {
    {"assocId", offsetof(sctp_default_prinfo, pr_assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_default_prinfo, pr_value), FieldType::kU32},
    {"policy", offsetof(sctp_default_prinfo, pr_policy), FieldType::kU16},
};

constexpr OptionLayout kOptions[] = {
    {"defaultSndInfo", IPPROTO_SCTP, SCTP_DEFAULT_SNDINFO, sizeof(sctp_sndinfo), kDefaultSndInfo},
    {"defaultPrInfo", IPPROTO_SCTP, SCTP_DEFAULT_PRINFO, sizeof(sctp_default_prinfo),
     kDefaultPrInfo},
};

}  // namespace

std::span<const OptionLayout> MessageOptions() { return kOptions; }

}  // namespace sctp
