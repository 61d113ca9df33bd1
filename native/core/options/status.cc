// Options: what the kernel reports.
#include "core/options/layouts.h"

namespace sctp {
namespace {

constexpr Field kPeerAddrInfo[] = {
    {"assocId", offsetof(sctp_paddrinfo, spinfo_assoc_id), FieldType::kI32},
    {"address", offsetof(sctp_paddrinfo, spinfo_address), FieldType::kAddress},
    {"state", offsetof(sctp_paddrinfo, spinfo_state), FieldType::kI32},
    {"cwnd", offsetof(sctp_paddrinfo, spinfo_cwnd), FieldType::kU32},
    {"srtt", offsetof(sctp_paddrinfo, spinfo_srtt), FieldType::kU32},
    {"rto", offsetof(sctp_paddrinfo, spinfo_rto), FieldType::kU32},
    {"mtu", offsetof(sctp_paddrinfo, spinfo_mtu), FieldType::kU32},
};

constexpr size_t kPrimary = offsetof(sctp_status, sstat_primary);
constexpr Field kStatus[] = {
    {"assocId", offsetof(sctp_status, sstat_assoc_id), FieldType::kI32},
    {"state", offsetof(sctp_status, sstat_state), FieldType::kI32},
    {"rwnd", offsetof(sctp_status, sstat_rwnd), FieldType::kU32},
    {"unackData", offsetof(sctp_status, sstat_unackdata), FieldType::kU16},
    {"pendData", offsetof(sctp_status, sstat_penddata), FieldType::kU16},
    {"inStreams", offsetof(sctp_status, sstat_instrms), FieldType::kU16},
    {"outStreams", offsetof(sctp_status, sstat_outstrms), FieldType::kU16},
    {"fragmentationPoint", offsetof(sctp_status, sstat_fragmentation_point), FieldType::kU32},
    {"primaryAddress", kPrimary + offsetof(sctp_paddrinfo, spinfo_address), FieldType::kAddress},
    {"primaryState", kPrimary + offsetof(sctp_paddrinfo, spinfo_state), FieldType::kI32},
    {"primaryCwnd", kPrimary + offsetof(sctp_paddrinfo, spinfo_cwnd), FieldType::kU32},
    {"primarySrtt", kPrimary + offsetof(sctp_paddrinfo, spinfo_srtt), FieldType::kU32},
    {"primaryRto", kPrimary + offsetof(sctp_paddrinfo, spinfo_rto), FieldType::kU32},
    {"primaryMtu", kPrimary + offsetof(sctp_paddrinfo, spinfo_mtu), FieldType::kU32},
};

constexpr Field kAssocStats[] = {
    {"assocId", offsetof(sctp_assoc_stats, sas_assoc_id), FieldType::kI32},
    {"obsRtoIpaddr", offsetof(sctp_assoc_stats, sas_obs_rto_ipaddr), FieldType::kAddress},
    {"maxRto", offsetof(sctp_assoc_stats, sas_maxrto), FieldType::kU64},
    {"iSacks", offsetof(sctp_assoc_stats, sas_isacks), FieldType::kU64},
    {"oSacks", offsetof(sctp_assoc_stats, sas_osacks), FieldType::kU64},
    {"oPackets", offsetof(sctp_assoc_stats, sas_opackets), FieldType::kU64},
    {"iPackets", offsetof(sctp_assoc_stats, sas_ipackets), FieldType::kU64},
    {"rtxChunks", offsetof(sctp_assoc_stats, sas_rtxchunks), FieldType::kU64},
    {"outOfSeqTsns", offsetof(sctp_assoc_stats, sas_outofseqtsns), FieldType::kU64},
    {"iDupChunks", offsetof(sctp_assoc_stats, sas_idupchunks), FieldType::kU64},
    {"gapCnt", offsetof(sctp_assoc_stats, sas_gapcnt), FieldType::kU64},
    {"oUodChunks", offsetof(sctp_assoc_stats, sas_ouodchunks), FieldType::kU64},
    {"iUodChunks", offsetof(sctp_assoc_stats, sas_iuodchunks), FieldType::kU64},
    {"oOdChunks", offsetof(sctp_assoc_stats, sas_oodchunks), FieldType::kU64},
    {"iOdChunks", offsetof(sctp_assoc_stats, sas_iodchunks), FieldType::kU64},
    {"oCtrlChunks", offsetof(sctp_assoc_stats, sas_octrlchunks), FieldType::kU64},
    {"iCtrlChunks", offsetof(sctp_assoc_stats, sas_ictrlchunks), FieldType::kU64},
};

constexpr Field kPrStatus[] = {
    {"assocId", offsetof(sctp_prstatus, sprstat_assoc_id), FieldType::kI32},
    {"policy", offsetof(sctp_prstatus, sprstat_policy), FieldType::kU16},
    {"abandonedUnsent", offsetof(sctp_prstatus, sprstat_abandoned_unsent), FieldType::kU64},
    {"abandonedSent", offsetof(sctp_prstatus, sprstat_abandoned_sent), FieldType::kU64},
    {"sid", offsetof(sctp_prstatus, sprstat_sid), FieldType::kU16},
};

constexpr OptionLayout kOptions[] = {
    {"status", IPPROTO_SCTP, SCTP_STATUS, sizeof(sctp_status), kStatus},
    {"peerAddrInfo", IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, sizeof(sctp_paddrinfo), kPeerAddrInfo},
    {"assocStats", IPPROTO_SCTP, SCTP_GET_ASSOC_STATS, sizeof(sctp_assoc_stats), kAssocStats},
    {"prStreamStatus", IPPROTO_SCTP, SCTP_PR_STREAM_STATUS, sizeof(sctp_prstatus), kPrStatus},
    {"prAssocStatus", IPPROTO_SCTP, SCTP_PR_ASSOC_STATUS, sizeof(sctp_prstatus),
     std::span(kPrStatus).first(std::size(kPrStatus) - 1)},
};

}  // namespace

std::span<const OptionLayout> StatusOptions() { return kOptions; }

}  // namespace sctp
