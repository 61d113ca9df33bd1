// Options: how associations start, how they are timed and watched.
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr Field kInitMsg[] = {
    {"numOstreams", offsetof(sctp_initmsg, sinit_num_ostreams), FieldType::kU16},
    {"maxInstreams", offsetof(sctp_initmsg, sinit_max_instreams), FieldType::kU16},
    {"maxAttempts", offsetof(sctp_initmsg, sinit_max_attempts), FieldType::kU16},
    {"maxInitTimeo", offsetof(sctp_initmsg, sinit_max_init_timeo), FieldType::kU16},
};

constexpr Field kRtoInfo[] = {
    {"assocId", offsetof(sctp_rtoinfo, srto_assoc_id), FieldType::kI32},
    {"initial", offsetof(sctp_rtoinfo, srto_initial), FieldType::kU32},
    {"max", offsetof(sctp_rtoinfo, srto_max), FieldType::kU32},
    {"min", offsetof(sctp_rtoinfo, srto_min), FieldType::kU32},
};

constexpr Field kAssocInfo[] = {
    {"assocId", offsetof(sctp_assocparams, sasoc_assoc_id), FieldType::kI32},
    {"asocMaxRxt", offsetof(sctp_assocparams, sasoc_asocmaxrxt), FieldType::kU16},
    {"numberPeerDestinations", offsetof(sctp_assocparams, sasoc_number_peer_destinations),
     FieldType::kU16},
    {"peerRwnd", offsetof(sctp_assocparams, sasoc_peer_rwnd), FieldType::kU32},
    {"localRwnd", offsetof(sctp_assocparams, sasoc_local_rwnd), FieldType::kU32},
    {"cookieLife", offsetof(sctp_assocparams, sasoc_cookie_life), FieldType::kU32},
};

constexpr Field kAdaptationLayer[] = {
    {"value", offsetof(sctp_setadaptation, ssb_adaptation_ind), FieldType::kU32},
};

constexpr OptionLayout kOptions[] = {
    {"initMsg", IPPROTO_SCTP, SCTP_INITMSG, sizeof(sctp_initmsg), kInitMsg},
    {"rtoInfo", IPPROTO_SCTP, SCTP_RTOINFO, sizeof(sctp_rtoinfo), kRtoInfo},
    {"assocInfo", IPPROTO_SCTP, SCTP_ASSOCINFO, sizeof(sctp_assocparams), kAssocInfo},
    {"adaptationLayer", IPPROTO_SCTP, SCTP_ADAPTATION_LAYER, sizeof(sctp_setadaptation),
     kAdaptationLayer},
    IntegerOption("autoClose", IPPROTO_SCTP, SCTP_AUTOCLOSE),
    IntegerOption("noDelay", IPPROTO_SCTP, SCTP_NODELAY),
    AssocValueOption("maxBurst", SCTP_MAX_BURST),
    IntegerOption("mappedV4Addr", IPPROTO_SCTP, SCTP_I_WANT_MAPPED_V4_ADDR),
};

}  // namespace

std::span<const OptionLayout> AssociationOptions() { return kOptions; }

}  // namespace sctp
