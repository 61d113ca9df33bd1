// Options: the peer's addresses and the paths to them.
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

constexpr Field kSetPeerPrimaryAddr[] = {
    {"assocId", offsetof(sctp_setpeerprim, sspp_assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_setpeerprim, sspp_addr), FieldType::kAddress},
};

// One field of kPeerAddrParams.
constexpr Field kDscp[] = {
    {"assocId", offsetof(sctp_paddrparams, spp_assoc_id), FieldType::kI32},
    {"flags", offsetof(sctp_paddrparams, spp_flags), FieldType::kU32},
    {"value", offsetof(sctp_paddrparams, spp_dscp), FieldType::kU8},
};

constexpr Field kPeerAddrThresholds[] = {
    {"assocId", offsetof(sctp_paddrthlds_v2, spt_assoc_id), FieldType::kI32},
    {"address", offsetof(sctp_paddrthlds_v2, spt_address), FieldType::kAddress},
    {"pathMaxRxt", offsetof(sctp_paddrthlds_v2, spt_pathmaxrxt), FieldType::kU16},
    {"pathPfThreshold", offsetof(sctp_paddrthlds_v2, spt_pathpfthld), FieldType::kU16},
    {"pathCpThreshold", offsetof(sctp_paddrthlds_v2, spt_pathcpthld), FieldType::kU16},
};
static_assert(offsetof(sctp_paddrthlds_v2, spt_pathpfthld) ==
              offsetof(sctp_paddrthlds, spt_pathpfthld));

constexpr Field kRemoteUdpEncapsPort[] = {
    {"assocId", offsetof(sctp_udpencaps, sue_assoc_id), FieldType::kI32},
    {"address", offsetof(sctp_udpencaps, sue_address), FieldType::kAddress},
    {"port", offsetof(sctp_udpencaps, sue_port), FieldType::kBigEndian16},
};

constexpr Field kPlpmtudProbeInterval[] = {
    {"assocId", offsetof(sctp_probeinterval, spi_assoc_id), FieldType::kI32},
    {"address", offsetof(sctp_probeinterval, spi_address), FieldType::kAddress},
    {"interval", offsetof(sctp_probeinterval, spi_interval), FieldType::kU32},
};

constexpr OptionLayout kOptions[] = {
    {"peerAddrParams", IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, sizeof(sctp_paddrparams),
     kPeerAddrParams},
    {"delayedSack", IPPROTO_SCTP, SCTP_DELAYED_SACK, sizeof(sctp_sack_info), kDelayedSack},
    {"primaryAddr", IPPROTO_SCTP, SCTP_PRIMARY_ADDR, sizeof(sctp_prim), kPrimaryAddr},
    {"setPeerPrimaryAddr", IPPROTO_SCTP, SCTP_SET_PEER_PRIMARY_ADDR, sizeof(sctp_setpeerprim),
     kSetPeerPrimaryAddr},
    {"dscp", IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, sizeof(sctp_paddrparams), kDscp},
    {"peerAddrThresholds", IPPROTO_SCTP, SCTP_PEER_ADDR_THLDS_V2, sizeof(sctp_paddrthlds_v2),
     kPeerAddrThresholds},
    // As kernels before 5.5 have it, without the last field.
    {"peerAddrThresholdsV1", IPPROTO_SCTP, SCTP_PEER_ADDR_THLDS, sizeof(sctp_paddrthlds),
     std::span(kPeerAddrThresholds).first(std::size(kPeerAddrThresholds) - 1)},
    {"remoteUdpEncapsPort", IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, sizeof(sctp_udpencaps),
     kRemoteUdpEncapsPort},
    {"plpmtudProbeInterval", IPPROTO_SCTP, SCTP_PLPMTUD_PROBE_INTERVAL, sizeof(sctp_probeinterval),
     kPlpmtudProbeInterval},
};

}  // namespace

std::span<const OptionLayout> PathOptions() { return kOptions; }

}  // namespace sctp
