#include "core/option_layout.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "core/abi.h"

namespace sctp {
namespace {

constexpr Field kRtoInfo[] = {
    {"assocId", offsetof(sctp_rtoinfo, srto_assoc_id), FieldType::kI32},
    {"initial", offsetof(sctp_rtoinfo, srto_initial), FieldType::kU32},
    {"max", offsetof(sctp_rtoinfo, srto_max), FieldType::kU32},
    {"min", offsetof(sctp_rtoinfo, srto_min), FieldType::kU32},
};

constexpr Field kInitMsg[] = {
    {"numOstreams", offsetof(sctp_initmsg, sinit_num_ostreams), FieldType::kU16},
    {"maxInstreams", offsetof(sctp_initmsg, sinit_max_instreams), FieldType::kU16},
    {"maxAttempts", offsetof(sctp_initmsg, sinit_max_attempts), FieldType::kU16},
    {"maxInitTimeo", offsetof(sctp_initmsg, sinit_max_init_timeo), FieldType::kU16},
};

constexpr Field kDelayedSack[] = {
    {"assocId", offsetof(sctp_sack_info, sack_assoc_id), FieldType::kI32},
    {"delay", offsetof(sctp_sack_info, sack_delay), FieldType::kU32},
    {"freq", offsetof(sctp_sack_info, sack_freq), FieldType::kU32},
};

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

constexpr Field kAssocInfo[] = {
    {"assocId", offsetof(sctp_assocparams, sasoc_assoc_id), FieldType::kI32},
    {"asocMaxRxt", offsetof(sctp_assocparams, sasoc_asocmaxrxt), FieldType::kU16},
    {"numberPeerDestinations", offsetof(sctp_assocparams, sasoc_number_peer_destinations),
     FieldType::kU16},
    {"peerRwnd", offsetof(sctp_assocparams, sasoc_peer_rwnd), FieldType::kU32},
    {"localRwnd", offsetof(sctp_assocparams, sasoc_local_rwnd), FieldType::kU32},
    {"cookieLife", offsetof(sctp_assocparams, sasoc_cookie_life), FieldType::kU32},
};

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

constexpr Field kPrimaryAddr[] = {
    {"assocId", offsetof(sctp_prim, ssp_assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_prim, ssp_addr), FieldType::kAddress},
};

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

// An option that is one int.
constexpr Field kInteger[] = {{"value", 0, FieldType::kI32}};

constexpr OptionLayout kOptions[] = {
    {"rtoInfo", IPPROTO_SCTP, SCTP_RTOINFO, sizeof(sctp_rtoinfo), kRtoInfo},
    {"initMsg", IPPROTO_SCTP, SCTP_INITMSG, sizeof(sctp_initmsg), kInitMsg},
    {"noDelay", IPPROTO_SCTP, SCTP_NODELAY, sizeof(int), kInteger},
    {"fragmentInterleave", IPPROTO_SCTP, SCTP_FRAGMENT_INTERLEAVE, sizeof(int), kInteger},
    {"delayedSack", IPPROTO_SCTP, SCTP_DELAYED_SACK, sizeof(sctp_sack_info), kDelayedSack},
    {"defaultSndInfo", IPPROTO_SCTP, SCTP_DEFAULT_SNDINFO, sizeof(sctp_sndinfo), kDefaultSndInfo},
    {"defaultPrInfo", IPPROTO_SCTP, SCTP_DEFAULT_PRINFO, sizeof(sctp_default_prinfo),
     kDefaultPrInfo},
    {"assocInfo", IPPROTO_SCTP, SCTP_ASSOCINFO, sizeof(sctp_assocparams), kAssocInfo},
    {"peerAddrParams", IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, sizeof(sctp_paddrparams),
     kPeerAddrParams},
    {"primaryAddr", IPPROTO_SCTP, SCTP_PRIMARY_ADDR, sizeof(sctp_prim), kPrimaryAddr},
    {"status", IPPROTO_SCTP, SCTP_STATUS, sizeof(sctp_status), kStatus},
    {"peerAddrInfo", IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, sizeof(sctp_paddrinfo), kPeerAddrInfo},
    {"assocStats", IPPROTO_SCTP, SCTP_GET_ASSOC_STATS, sizeof(sctp_assoc_stats), kAssocStats},
    {"reuseAddr", SOL_SOCKET, SO_REUSEADDR, sizeof(int), kInteger},
    {"v6Only", IPPROTO_IPV6, IPV6_V6ONLY, sizeof(int), kInteger},
    {"sndBuf", SOL_SOCKET, SO_SNDBUF, sizeof(int), kInteger, SO_SNDBUFFORCE},
    {"rcvBuf", SOL_SOCKET, SO_RCVBUF, sizeof(int), kInteger, SO_RCVBUFFORCE},
};

size_t FieldSize(FieldType type) {
  switch (type) {
    case FieldType::kU8: return 1;
    case FieldType::kU16:
    case FieldType::kBigEndian16: return 2;
    case FieldType::kU32:
    case FieldType::kI32:
    case FieldType::kBigEndian32: return 4;
    case FieldType::kU64: return 8;
    case FieldType::kAddress: return sizeof(sockaddr_storage);
  }
  return 0;
}

template <typename T>
bool Store(int64_t value, std::byte* target, T (*order)(T) = nullptr) {
  if (!std::in_range<T>(value)) return false;
  T narrow = static_cast<T>(value);
  if (order != nullptr) narrow = order(narrow);
  std::memcpy(target, &narrow, sizeof narrow);
  return true;
}

template <typename T>
int64_t Load(const std::byte* source, T (*order)(T) = nullptr) {
  T value;
  std::memcpy(&value, source, sizeof value);
  if (order != nullptr) value = order(value);
  return std::in_range<int64_t>(value) ? static_cast<int64_t>(value)
                                       : std::numeric_limits<int64_t>::max();
}

bool StoreInteger(FieldType type, int64_t value, std::byte* target) {
  switch (type) {
    case FieldType::kU8: return Store<uint8_t>(value, target);
    case FieldType::kU16: return Store<uint16_t>(value, target);
    case FieldType::kU32: return Store<uint32_t>(value, target);
    case FieldType::kI32: return Store<int32_t>(value, target);
    case FieldType::kU64: return Store<uint64_t>(value, target);
    case FieldType::kBigEndian16: return Store<uint16_t>(value, target, htons);
    case FieldType::kBigEndian32: return Store<uint32_t>(value, target, htonl);
    case FieldType::kAddress: return false;
  }
  return false;
}

}  // namespace

std::span<const OptionLayout> OptionLayouts() { return kOptions; }

const OptionLayout* FindOption(std::string_view name) {
  const auto* found = std::ranges::find(kOptions, name, &OptionLayout::name);
  return found == std::end(kOptions) ? nullptr : found;
}

std::optional<std::vector<std::byte>> EncodeOption(const OptionLayout& layout,
                                                   std::span<const NamedValue> values) {
  std::vector<std::byte> bytes(layout.size);
  for (const auto& [name, value] : values) {
    const auto field = std::ranges::find(layout.fields, name, &Field::name);
    if (field == layout.fields.end()) return std::nullopt;
    std::byte* target = bytes.data() + field->offset;
    if (const auto* integer = std::get_if<int64_t>(&value)) {
      if (!StoreInteger(field->type, *integer, target)) return std::nullopt;
    } else if (field->type == FieldType::kAddress) {
      const auto& address = std::get<Address>(value);
      std::memcpy(target, address.data(), address.size());
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

std::optional<FieldValue> DecodeField(const Field& field, std::span<const std::byte> bytes) {
  if (field.offset + FieldSize(field.type) > bytes.size()) return std::nullopt;
  const std::byte* source = bytes.data() + field.offset;
  switch (field.type) {
    case FieldType::kU8: return Load<uint8_t>(source);
    case FieldType::kU16: return Load<uint16_t>(source);
    case FieldType::kU32: return Load<uint32_t>(source);
    case FieldType::kI32: return Load<int32_t>(source);
    case FieldType::kU64: return Load<uint64_t>(source);
    case FieldType::kBigEndian16: return Load<uint16_t>(source, ntohs);
    case FieldType::kBigEndian32: return Load<uint32_t>(source, ntohl);
    case FieldType::kAddress: return Address::FromBytes(bytes.subspan(field.offset));
  }
  return std::nullopt;
}

}  // namespace sctp
