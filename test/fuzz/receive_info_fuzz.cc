// Control data of a received message, any bytes.
#include "core/control.h"
#include "fuzz/require.h"
#include "native/bytes.h"
#include "native/kernel_abi.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const sctp::test::HeapBytes control(std::as_bytes(std::span(data, size)));
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto info = sctp::DecodeReceiveInfo(message);
  if (!info) return 0;

  // What it says must stand somewhere where a control message can be.
  for (size_t at = sizeof(cmsghdr); at + sizeof(sctp_rcvinfo) <= size; at += sizeof(size_t)) {
    sctp_rcvinfo rcvinfo;
    std::memcpy(&rcvinfo, control.data() + at, sizeof rcvinfo);
    if (rcvinfo.rcv_sid == info->stream && rcvinfo.rcv_ssn == info->ssn &&
        rcvinfo.rcv_flags == info->flags && ntohl(rcvinfo.rcv_ppid) == info->ppid &&
        rcvinfo.rcv_tsn == info->tsn && rcvinfo.rcv_cumtsn == info->cumulative_tsn &&
        rcvinfo.rcv_context == info->context && rcvinfo.rcv_assoc_id == info->assoc_id) {
      return 0;
    }
  }
  sctp::test::Require(false, "the RCVINFO was received");
  return 0;
}
