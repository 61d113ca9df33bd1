// Options: the peer's addresses and the paths to them.
#include "core/abi.h"
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr Field kPeerAddrParams[] = {
    {"assocId", offsetof(sctp_paddrparams, spp_assoc_id), FieldType::kI32},
    {"address", offsetof(sctp_paddrparams, spp_address), FieldType::kAddress},
    {"hbInterval", offsetof(sctp_paddrparams, spp_hbinterval), FieldType::kU32},
    {"pathMaxRxt", offsetof(sctp_paddrparams, spp_pathmaxrxt), FieldType::kU16},
    {"pathMtu", offsetof(sctp_paddrparams, spp_pathmtu), FieldType::kU32},
    {"sackDelay", offsetof(sctp_paddrparams, spp_sackdelay), FieldType::kU32},
    {"flags", offsetof(sctp_paddrparams, spp_flags), FieldType::kU32},
    {"ipv6FlowLabel", offsetof(sctp_paddrparams, spp_ipv6_flowlabel), FieldType::kU32},
    {"dscp", offsetof(sctp_paddrparams, spp_dscp), FieldType::kU8},
};

constexpr Field kDelayedSack[] = {
    {"assocId", offsetof(sctp_sack_info, sack_assoc_id), FieldType::kI32},
    {"delay", offsetof(sctp_sack_info, sack_delay), FieldType::kU32},
    {"freq", offsetof(sctp_sack_info, sack_freq), FieldType::kU32},
};

constexpr Field kPrimaryAddr[] = {
    {"assocId", offsetof(sctp_prim, ssp_assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_prim, ssp_addr), FieldType::kAddress},
};

constexpr OptionLayout kOptions[] = {
    {"peerAddrParams", IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, sizeof(sctp_paddrparams),
     kPeerAddrParams},
    {"delayedSack", IPPROTO_SCTP, SCTP_DELAYED_SACK, sizeof(sctp_sack_info), kDelayedSack},
    {"primaryAddr", IPPROTO_SCTP, SCTP_PRIMARY_ADDR, sizeof(sctp_prim), kPrimaryAddr},
};

}  // namespace

std::span<const OptionLayout> PathOptions() { return kOptions; }

}  // namespace sctp
