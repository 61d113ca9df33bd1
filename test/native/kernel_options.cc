#include "native/kernel_options.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "native/kernel_abi.h"

namespace sctp::test {
namespace {

KernelOption RtoInfo() {
  auto info = Zeroed<sctp_rtoinfo>();
  info.srto_assoc_id = -2;
  info.srto_initial = 3000;
  info.srto_max = 0xffffffff;
  info.srto_min = 1000;
  return {"rtoInfo",
          IPPROTO_SCTP,
          0,
          BytesOf(info),
          {{"assocId", -2}, {"initial", 3000}, {"max", 0xffffffff}, {"min", 1000}}};
}

KernelOption InitMsg() {
  auto msg = Zeroed<sctp_initmsg>();
  msg.sinit_num_ostreams = 10;
  msg.sinit_max_instreams = 65535;
  msg.sinit_max_attempts = 8;
  msg.sinit_max_init_timeo = 60000;
  return {
      "initMsg",
      IPPROTO_SCTP,
      2,
      BytesOf(msg),
      {{"numOstreams", 10}, {"maxInstreams", 65535}, {"maxAttempts", 8}, {"maxInitTimeo", 60000}}};
}

KernelOption DelayedSack() {
  auto info = Zeroed<sctp_sack_info>();
  info.sack_assoc_id = 3;
  info.sack_delay = 200;
  info.sack_freq = 2;
  return {"delayedSack",
          IPPROTO_SCTP,
          16,
          BytesOf(info),
          {{"assocId", 3}, {"delay", 200}, {"freq", 2}}};
}

KernelOption DefaultSndInfo() {
  auto info = Zeroed<sctp_sndinfo>();
  info.snd_sid = 65535;
  info.snd_flags = SCTP_UNORDERED;
  info.snd_ppid = htonl(60);
  info.snd_context = 7;
  info.snd_assoc_id = 2;
  return {
      "defaultSndInfo",
      IPPROTO_SCTP,
      34,
      BytesOf(info),
      {{"sid", 65535}, {"flags", SCTP_UNORDERED}, {"ppid", 60}, {"context", 7}, {"assocId", 2}}};
}

KernelOption DefaultPrInfo() {
  auto info = Zeroed<sctp_default_prinfo>();
  info.pr_assoc_id = 1;
  info.pr_value = 30000;
  info.pr_policy = SCTP_PR_SCTP_TTL;
  return {"defaultPrInfo",
          IPPROTO_SCTP,
          114,
          BytesOf(info),
          {{"assocId", 1}, {"value", 30000}, {"policy", SCTP_PR_SCTP_TTL}}};
}

// 2001:db8::1, port 3868.
sockaddr_storage SampleStorage() {
  sockaddr_storage storage{};
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(3868);
  in6.sin6_addr.s6_addr[0] = 0x20;
  in6.sin6_addr.s6_addr[1] = 0x01;
  in6.sin6_addr.s6_addr[2] = 0x0d;
  in6.sin6_addr.s6_addr[3] = 0xb8;
  in6.sin6_addr.s6_addr[15] = 1;
  std::memcpy(&storage, &in6, sizeof in6);
  return storage;
}

Address SampleAddress() { return Address::Parse("2001:db8::1", 3868).value(); }

KernelOption AssocInfo() {
  auto params = Zeroed<sctp_assocparams>();
  params.sasoc_assoc_id = 1;
  params.sasoc_asocmaxrxt = 10;
  params.sasoc_number_peer_destinations = 2;
  params.sasoc_peer_rwnd = 3;
  params.sasoc_local_rwnd = 4;
  params.sasoc_cookie_life = 60000;
  return {"assocInfo",
          IPPROTO_SCTP,
          1,
          BytesOf(params),
          {{"assocId", 1},
           {"asocMaxRxt", 10},
           {"numberPeerDestinations", 2},
           {"peerRwnd", 3},
           {"localRwnd", 4},
           {"cookieLife", 60000}}};
}

KernelOption PeerAddrParams() {
  auto params = Zeroed<sctp_paddrparams>();
  static_assert(sizeof params == 156, "packed");
  params.spp_assoc_id = 1;
  params.spp_address = SampleStorage();
  params.spp_hbinterval = 30000;
  params.spp_pathmaxrxt = 5;
  params.spp_pathmtu = 1500;
  params.spp_sackdelay = 200;
  params.spp_flags = SPP_HB_ENABLE | SPP_DSCP;
  params.spp_ipv6_flowlabel = 0xfffff;
  params.spp_dscp = 0xb8;
  return {"peerAddrParams",
          IPPROTO_SCTP,
          9,
          BytesOf(params),
          {{"assocId", 1},
           {"address", SampleAddress()},
           {"hbInterval", 30000},
           {"pathMaxRxt", 5},
           {"pathMtu", 1500},
           {"sackDelay", 200},
           {"flags", SPP_HB_ENABLE | SPP_DSCP},
           {"ipv6FlowLabel", 0xfffff},
           {"dscp", 0xb8}}};
}

KernelOption PrimaryAddr() {
  auto prim = Zeroed<sctp_prim>();
  prim.ssp_assoc_id = 1;
  prim.ssp_addr = SampleStorage();
  return {
      "primaryAddr", IPPROTO_SCTP, 6, BytesOf(prim), {{"assocId", 1}, {"value", SampleAddress()}}};
}

sctp_paddrinfo PathInfo() {
  auto info = Zeroed<sctp_paddrinfo>();
  info.spinfo_address = SampleStorage();
  info.spinfo_state = SCTP_UNCONFIRMED;
  info.spinfo_cwnd = 4380;
  info.spinfo_srtt = 5;
  info.spinfo_rto = 1000;
  info.spinfo_mtu = 1500;
  return info;
}

KernelOption PeerAddrInfo() {
  sctp_paddrinfo info = PathInfo();
  info.spinfo_assoc_id = 1;
  return {"peerAddrInfo",
          IPPROTO_SCTP,
          15,
          BytesOf(info),
          {{"assocId", 1},
           {"address", SampleAddress()},
           {"state", 3},
           {"cwnd", 4380},
           {"srtt", 5},
           {"rto", 1000},
           {"mtu", 1500}}};
}

KernelOption Status() {
  auto status = Zeroed<sctp_status>();
  status.sstat_assoc_id = 1;
  status.sstat_state = SCTP_SHUTDOWN_ACK_SENT;
  status.sstat_rwnd = 2;
  status.sstat_unackdata = 3;
  status.sstat_penddata = 4;
  status.sstat_instrms = 5;
  status.sstat_outstrms = 6;
  status.sstat_fragmentation_point = 7;
  status.sstat_primary = PathInfo();
  return {"status",
          IPPROTO_SCTP,
          14,
          BytesOf(status),
          {{"assocId", 1},
           {"state", 8},
           {"rwnd", 2},
           {"unackData", 3},
           {"pendData", 4},
           {"inStreams", 5},
           {"outStreams", 6},
           {"fragmentationPoint", 7},
           {"primaryAddress", SampleAddress()},
           {"primaryState", 3},
           {"primaryCwnd", 4380},
           {"primarySrtt", 5},
           {"primaryRto", 1000},
           {"primaryMtu", 1500}}};
}

KernelOption AssocStats() {
  auto stats = Zeroed<sctp_assoc_stats>();
  stats.sas_assoc_id = 1;
  stats.sas_obs_rto_ipaddr = SampleStorage();
  stats.sas_maxrto = 2;
  stats.sas_isacks = 3;
  stats.sas_osacks = 4;
  stats.sas_opackets = 5;
  stats.sas_ipackets = 6;
  stats.sas_rtxchunks = 7;
  stats.sas_outofseqtsns = 8;
  stats.sas_idupchunks = 9;
  stats.sas_gapcnt = 10;
  stats.sas_ouodchunks = 11;
  stats.sas_iuodchunks = 12;
  stats.sas_oodchunks = 13;
  stats.sas_iodchunks = 14;
  stats.sas_octrlchunks = 15;
  stats.sas_ictrlchunks = INT64_MAX;
  return {"assocStats",
          IPPROTO_SCTP,
          112,
          BytesOf(stats),
          {{"assocId", 1},
           {"obsRtoIpaddr", SampleAddress()},
           {"maxRto", 2},
           {"iSacks", 3},
           {"oSacks", 4},
           {"oPackets", 5},
           {"iPackets", 6},
           {"rtxChunks", 7},
           {"outOfSeqTsns", 8},
           {"iDupChunks", 9},
           {"gapCnt", 10},
           {"oUodChunks", 11},
           {"iUodChunks", 12},
           {"oOdChunks", 13},
           {"iOdChunks", 14},
           {"oCtrlChunks", 15},
           {"iCtrlChunks", INT64_MAX}}};
}

KernelOption Dscp() {
  auto params = Zeroed<sctp_paddrparams>();
  params.spp_assoc_id = 1;
  params.spp_flags = SPP_DSCP;
  params.spp_dscp = 0xb8;
  return {"dscp",
          IPPROTO_SCTP,
          9,
          BytesOf(params),
          {{"assocId", 1}, {"flags", SPP_DSCP}, {"value", 0xb8}}};
}

KernelOption SetPeerPrimaryAddr() {
  auto prim = Zeroed<sctp_setpeerprim>();
  prim.sspp_assoc_id = 1;
  prim.sspp_addr = SampleStorage();
  return {"setPeerPrimaryAddr",
          IPPROTO_SCTP,
          5,
          BytesOf(prim),
          {{"assocId", 1}, {"value", SampleAddress()}}};
}

KernelOption PeerAddrThresholds() {
  auto thresholds = Zeroed<sctp_paddrthlds_v2>();
  thresholds.spt_assoc_id = 1;
  thresholds.spt_address = SampleStorage();
  thresholds.spt_pathmaxrxt = 5;
  thresholds.spt_pathpfthld = 2;
  thresholds.spt_pathcpthld = 65535;
  return {"peerAddrThresholds",
          IPPROTO_SCTP,
          37,
          BytesOf(thresholds),
          {{"assocId", 1},
           {"address", SampleAddress()},
           {"pathMaxRxt", 5},
           {"pathPfThreshold", 2},
           {"pathCpThreshold", 65535}}};
}

KernelOption PeerAddrThresholdsV1() {
  auto thresholds = Zeroed<sctp_paddrthlds>();
  thresholds.spt_assoc_id = 1;
  thresholds.spt_address = SampleStorage();
  thresholds.spt_pathmaxrxt = 5;
  thresholds.spt_pathpfthld = 2;
  return {
      "peerAddrThresholdsV1",
      IPPROTO_SCTP,
      31,
      BytesOf(thresholds),
      {{"assocId", 1}, {"address", SampleAddress()}, {"pathMaxRxt", 5}, {"pathPfThreshold", 2}}};
}

KernelOption RemoteUdpEncapsPort() {
  auto encaps = Zeroed<sctp_udpencaps>();
  encaps.sue_assoc_id = 1;
  encaps.sue_address = SampleStorage();
  encaps.sue_port = htons(9899);
  return {"remoteUdpEncapsPort",
          IPPROTO_SCTP,
          132,
          BytesOf(encaps),
          {{"assocId", 1}, {"address", SampleAddress()}, {"port", 9899}}};
}

KernelOption PlpmtudProbeInterval() {
  auto probe = Zeroed<sctp_probeinterval>();
  probe.spi_assoc_id = 1;
  probe.spi_address = SampleStorage();
  probe.spi_interval = 5000;
  return {"plpmtudProbeInterval",
          IPPROTO_SCTP,
          133,
          BytesOf(probe),
          {{"assocId", 1}, {"address", SampleAddress()}, {"interval", 5000}}};
}

KernelOption StreamSchedulerValue() {
  auto value = Zeroed<sctp_stream_value>();
  value.assoc_id = 1;
  value.stream_id = 2;
  value.stream_value = 65535;
  return {"streamSchedulerValue",
          IPPROTO_SCTP,
          124,
          BytesOf(value),
          {{"assocId", 1}, {"sid", 2}, {"value", 65535}}};
}

KernelOption PrStreamStatus() {
  auto status = Zeroed<sctp_prstatus>();
  status.sprstat_assoc_id = 1;
  status.sprstat_sid = 2;
  status.sprstat_policy = SCTP_PR_SCTP_ALL;
  status.sprstat_abandoned_unsent = 3;
  status.sprstat_abandoned_sent = INT64_MAX;
  return {"prStreamStatus",
          IPPROTO_SCTP,
          116,
          BytesOf(status),
          {{"assocId", 1},
           {"policy", SCTP_PR_SCTP_ALL},
           {"abandonedUnsent", 3},
           {"abandonedSent", INT64_MAX},
           {"sid", 2}}};
}

KernelOption PrAssocStatus() {
  auto status = Zeroed<sctp_prstatus>();
  status.sprstat_assoc_id = 1;
  status.sprstat_policy = SCTP_PR_SCTP_RTX;
  status.sprstat_abandoned_unsent = 3;
  status.sprstat_abandoned_sent = 4;
  return {
      "prAssocStatus",
      IPPROTO_SCTP,
      115,
      BytesOf(status),
      {{"assocId", 1}, {"policy", SCTP_PR_SCTP_RTX}, {"abandonedUnsent", 3}, {"abandonedSent", 4}}};
}

KernelOption BindToDevice() {
  std::array<char, IFNAMSIZ> name{};
  std::strcpy(name.data(), "eth0.100");
  return {"bindToDevice", SOL_SOCKET, 25, BytesOf(name), {{"value", std::string("eth0.100")}}};
}

KernelOption Unsigned(std::string_view name, int level, int number) {
  return {name, level, number, BytesOf(uint32_t{0xfedcba98}), {{"value", 0xfedcba98}}};
}

// `field` is what the number is called, where it stands for several switches.
KernelOption AssocValue(std::string_view name, int number, std::string_view field = "value") {
  auto value = Zeroed<sctp_assoc_value>();
  value.assoc_id = -3;
  value.assoc_value = 0xfedcba98;
  return {name, IPPROTO_SCTP, number, BytesOf(value), {{"assocId", -3}, {field, 0xfedcba98}}};
}

KernelOption Integer(std::string_view name, int level, int number, int privileged_number = 0) {
  return {name, level, number, BytesOf(int{-7}), {{"value", -7}}, privileged_number};
}

}  // namespace

// The numbers by hand: an option's number never changes, and a wrong one sets another option.
std::vector<KernelOption> KernelOptions() {
  std::vector<KernelOption> options = {
      RtoInfo(),
      InitMsg(),
      DelayedSack(),
      DefaultSndInfo(),
      DefaultPrInfo(),
      AssocInfo(),
      PeerAddrParams(),
      PrimaryAddr(),
      Status(),
      PeerAddrInfo(),
      AssocStats(),
      Dscp(),
      SetPeerPrimaryAddr(),
      PeerAddrThresholds(),
      PeerAddrThresholdsV1(),
      RemoteUdpEncapsPort(),
      PlpmtudProbeInterval(),
      StreamSchedulerValue(),
      PrStreamStatus(),
      PrAssocStatus(),
      BindToDevice(),
      AssocValue("authSupported", 129),
      AssocValue("asconfSupported", 128),
      AssocValue("reconfigSupported", 117),
      AssocValue("enableStreamReset", 118, "flags"),
      AssocValue("interleavingSupported", 125),
      AssocValue("prSupported", 113),
      AssocValue("ecnSupported", 130),
      AssocValue("exposePfState", 131),
      AssocValue("maxBurst", 20),
      AssocValue("maxSeg", 13),
      AssocValue("context", 17),
      AssocValue("streamScheduler", 123),
      Unsigned("adaptationLayer", IPPROTO_SCTP, 7),
      Unsigned("partialDeliveryPoint", IPPROTO_SCTP, 19),
      Unsigned("mark", SOL_SOCKET, 36),
      Integer("autoAsconf", IPPROTO_SCTP, 30),
      Integer("autoClose", IPPROTO_SCTP, 4),
      Integer("disableFragments", IPPROTO_SCTP, 8),
      Integer("mappedV4Addr", IPPROTO_SCTP, 12),
      Integer("reusePort", SOL_SOCKET, 15),
      Integer("noDelay", IPPROTO_SCTP, 3),
      Integer("fragmentInterleave", IPPROTO_SCTP, 18),
      Integer("reuseAddr", SOL_SOCKET, SO_REUSEADDR),
      Integer("v6Only", IPPROTO_IPV6, IPV6_V6ONLY),
      Integer("sndBuf", SOL_SOCKET, SO_SNDBUF, 32),
      Integer("rcvBuf", SOL_SOCKET, SO_RCVBUF, 33),
  };
  std::ranges::move(KernelAuthOptions(), std::back_inserter(options));
  return options;
}

}  // namespace sctp::test
