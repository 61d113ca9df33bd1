// Options: how messages are sent and delivered.
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

constexpr Field kPartialDeliveryPoint[] = {{"value", 0, FieldType::kU32}};

constexpr Field kStreamSchedulerValue[] = {
    {"assocId", offsetof(sctp_stream_value, assoc_id), FieldType::kI32},
    {"sid", offsetof(sctp_stream_value, stream_id), FieldType::kU16},
    {"value", offsetof(sctp_stream_value, stream_value), FieldType::kU16},
};

constexpr OptionLayout kOptions[] = {
    IntegerOption("disableFragments", IPPROTO_SCTP, SCTP_DISABLE_FRAGMENTS),
    AssocValueOption("maxSeg", SCTP_MAXSEG),
    {"partialDeliveryPoint", IPPROTO_SCTP, SCTP_PARTIAL_DELIVERY_POINT, sizeof(uint32_t),
     kPartialDeliveryPoint},
    AssocValueOption("context", SCTP_CONTEXT),
    AssocValueOption("streamScheduler", SCTP_STREAM_SCHEDULER),
    {"streamSchedulerValue", IPPROTO_SCTP, SCTP_STREAM_SCHEDULER_VALUE, sizeof(sctp_stream_value),
     kStreamSchedulerValue},
    {"defaultSndInfo", IPPROTO_SCTP, SCTP_DEFAULT_SNDINFO, sizeof(sctp_sndinfo), kDefaultSndInfo},
    {"defaultPrInfo", IPPROTO_SCTP, SCTP_DEFAULT_PRINFO, sizeof(sctp_default_prinfo),
     kDefaultPrInfo},
};

}  // namespace

std::span<const OptionLayout> MessageOptions() { return kOptions; }

}  // namespace sctp
