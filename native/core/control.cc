#include "core/control.h"

#include <arpa/inet.h>

#include <cstring>

#include "core/abi.h"

namespace sctp {
namespace {

template <typename T>
size_t Append(SendControl& control, size_t offset, int type, const T& payload) {
  static_assert(alignof(SendControl) >= alignof(cmsghdr));
  auto* header = reinterpret_cast<cmsghdr*>(control.bytes + offset);
  header->cmsg_level = IPPROTO_SCTP;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(sizeof payload);
  std::memcpy(CMSG_DATA(header), &payload, sizeof payload);
  return offset + CMSG_SPACE(sizeof payload);
}

size_t AppendSndInfo(const SendInfo& info, SendControl& control) {
  sctp_sndinfo sndinfo{};
  sndinfo.snd_sid = info.stream;
  sndinfo.snd_flags = info.flags;
  sndinfo.snd_ppid = htonl(info.ppid);
  sndinfo.snd_context = info.context;
  sndinfo.snd_assoc_id = info.assoc_id;
  const size_t length = Append(control, 0, SCTP_SNDINFO, sndinfo);
  if (info.is_default != SendInfo::Default::kNothing) return length;

  sctp_prinfo prinfo{};
  prinfo.pr_policy = info.pr_policy;
  prinfo.pr_value = info.pr_value;
  return Append(control, length, SCTP_PRINFO, prinfo);
}

size_t AppendSndRcvInfo(const SendInfo& info, SendControl& control) {
  sctp_sndrcvinfo sndrcvinfo{};
  sndrcvinfo.sinfo_stream = info.stream;
  sndrcvinfo.sinfo_flags = info.flags;
  sndrcvinfo.sinfo_ppid = htonl(info.ppid);
  sndrcvinfo.sinfo_context = info.context;
  sndrcvinfo.sinfo_timetolive = info.pr_value;
  sndrcvinfo.sinfo_assoc_id = info.assoc_id;
  return Append(control, 0, SCTP_SNDRCV, sndrcvinfo);
}

}  // namespace

size_t EncodeSendInfo(const SendInfo& info, SendControl& control) {
  static_assert(CMSG_SPACE(sizeof(sctp_sndinfo)) + CMSG_SPACE(sizeof(sctp_prinfo)) +
                    CMSG_SPACE(sizeof(sctp_authinfo)) <=
                sizeof control.bytes);
  static_assert(CMSG_SPACE(sizeof(sctp_sndrcvinfo)) + CMSG_SPACE(sizeof(sctp_authinfo)) <=
                sizeof control.bytes);
  if (info.is_default == SendInfo::Default::kAll) return 0;
  // Padding between control messages goes to the kernel too: leave no stack content in it.
  std::memset(control.bytes, 0, sizeof control.bytes);

  const bool early_lifetime = info.may_start_association && info.pr_policy == SCTP_PR_SCTP_TTL;
  size_t length = early_lifetime ? AppendSndRcvInfo(info, control) : AppendSndInfo(info, control);
  if (info.auth_key) {
    sctp_authinfo authinfo{};
    authinfo.auth_keynumber = *info.auth_key;
    length = Append(control, length, SCTP_AUTHINFO, authinfo);
  }
  return length;
}

std::optional<ReceiveInfo> DecodeReceiveInfo(const msghdr& message) {
  auto* header_owner = const_cast<msghdr*>(&message);  // CMSG_NXTHDR takes no const
  for (cmsghdr* header = CMSG_FIRSTHDR(header_owner); header != nullptr;
       header = CMSG_NXTHDR(header_owner, header)) {
    // A truncated control buffer ends in an item whose length reaches past the end.
    const auto* start = reinterpret_cast<const std::byte*>(header);
    const auto* end = static_cast<const std::byte*>(message.msg_control) + message.msg_controllen;
    if (header->cmsg_len > static_cast<size_t>(end - start)) return std::nullopt;
    if (header->cmsg_level != IPPROTO_SCTP || header->cmsg_type != SCTP_RCVINFO) continue;
    if (header->cmsg_len < CMSG_LEN(sizeof(sctp_rcvinfo))) return std::nullopt;

    sctp_rcvinfo rcvinfo;
    std::memcpy(&rcvinfo, CMSG_DATA(header), sizeof rcvinfo);
    return ReceiveInfo{
        .stream = rcvinfo.rcv_sid,
        .ssn = rcvinfo.rcv_ssn,
        .flags = rcvinfo.rcv_flags,
        .ppid = ntohl(rcvinfo.rcv_ppid),
        .tsn = rcvinfo.rcv_tsn,
        .cumulative_tsn = rcvinfo.rcv_cumtsn,
        .context = rcvinfo.rcv_context,
        .assoc_id = rcvinfo.rcv_assoc_id,
    };
  }
  return std::nullopt;
}

}  // namespace sctp
