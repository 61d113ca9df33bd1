// DecodeReceiveInfo: what the kernel says about a received message.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/time.h>

#include "core/control.h"
#include "native/control_messages.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::operator+;
using test::ControlMessage;
using test::HeapBytes;

std::optional<ReceiveInfo> Decode(std::span<const std::byte> control) {
  const HeapBytes bytes(control);
  msghdr message{};
  message.msg_control = bytes.data();
  message.msg_controllen = bytes.size();
  return DecodeReceiveInfo(message);
}

ByteVector RcvInfo() {
  sctp_rcvinfo rcvinfo{};
  rcvinfo.rcv_sid = 0x0102;
  rcvinfo.rcv_ssn = 0x0304;
  rcvinfo.rcv_flags = SCTP_UNORDERED;
  rcvinfo.rcv_ppid = htonl(0x05060708);
  rcvinfo.rcv_tsn = 0x090a0b0c;
  rcvinfo.rcv_cumtsn = 0x0d0e0f10;
  rcvinfo.rcv_context = 0x11121314;
  rcvinfo.rcv_assoc_id = 0x15161718;
  return ControlMessage(IPPROTO_SCTP, SCTP_RCVINFO, rcvinfo);
}

void ExpectRcvInfo(const std::optional<ReceiveInfo>& info) {
  ASSERT_TRUE(info);
  EXPECT_EQ(info->stream, 0x0102);
  EXPECT_EQ(info->ssn, 0x0304);
  EXPECT_EQ(info->flags, SCTP_UNORDERED);
  EXPECT_EQ(info->ppid, 0x05060708u);
  EXPECT_EQ(info->tsn, 0x090a0b0cu);
  EXPECT_EQ(info->cumulative_tsn, 0x0d0e0f10u);
  EXPECT_EQ(info->context, 0x11121314u);
  EXPECT_EQ(info->assoc_id, 0x15161718);
}

ByteVector TimeStamp() { return ControlMessage(SOL_SOCKET, SO_TIMESTAMP, timeval{1, 2}); }

ByteVector NxtInfo() { return ControlMessage(IPPROTO_SCTP, SCTP_NXTINFO, sctp_nxtinfo{}); }

// Sets the length that the first control message claims to have.
ByteVector WithLength(ByteVector control, size_t length) {
  std::memcpy(control.data() + offsetof(cmsghdr, cmsg_len), &length, sizeof length);
  return control;
}

TEST(ReceiveInfo, Alone) { ExpectRcvInfo(Decode(RcvInfo())); }

TEST(ReceiveInfo, AfterOthers) {
  ExpectRcvInfo(Decode(TimeStamp() + RcvInfo()));
  ExpectRcvInfo(Decode(NxtInfo() + RcvInfo()));
  // A length that is no multiple of the alignment: SO_RXQ_OVFL.
  ExpectRcvInfo(Decode(ControlMessage(SOL_SOCKET, SO_RXQ_OVFL, uint32_t{7}) + RcvInfo()));
  ExpectRcvInfo(Decode(TimeStamp() + NxtInfo() + RcvInfo()));
}

TEST(ReceiveInfo, BeforeOthers) { ExpectRcvInfo(Decode(RcvInfo() + TimeStamp())); }

// The kernel counts no padding after the last control message.
TEST(ReceiveInfo, WithoutPaddingAtTheEnd) {
  const ByteVector control = RcvInfo();
  ExpectRcvInfo(Decode(std::span(control).first(sizeof(cmsghdr) + sizeof(sctp_rcvinfo))));
}

TEST(ReceiveInfo, NoControlData) {
  EXPECT_FALSE(DecodeReceiveInfo(msghdr{}));
  EXPECT_FALSE(Decode({}));
}

TEST(ReceiveInfo, CutAtEveryLength) {
  const ByteVector control = TimeStamp() + RcvInfo();
  const size_t needed = TimeStamp().size() + sizeof(cmsghdr) + sizeof(sctp_rcvinfo);
  for (size_t length = 0; length < needed; ++length) {
    EXPECT_FALSE(Decode(std::span(control).first(length))) << length;
  }
  for (size_t length = needed; length <= control.size(); ++length) {
    ExpectRcvInfo(Decode(std::span(control).first(length)));
  }
}

// Cut by the kernel, which then also shortens the last cmsg_len (put_cmsg, MSG_CTRUNC).
TEST(ReceiveInfo, CutByTheKernel) {
  for (size_t length = sizeof(cmsghdr); length < sizeof(cmsghdr) + sizeof(sctp_rcvinfo); ++length) {
    const ByteVector control = WithLength(RcvInfo(), length);
    EXPECT_FALSE(Decode(std::span(control).first(length))) << length;
    EXPECT_FALSE(Decode(control + RcvInfo())) << length;
  }
}

TEST(ReceiveInfo, AnotherLevel) {
  EXPECT_FALSE(Decode(ControlMessage(SOL_SOCKET, SCTP_RCVINFO, sctp_rcvinfo{})));
  EXPECT_FALSE(Decode(ControlMessage(IPPROTO_IP, SCTP_RCVINFO, sctp_rcvinfo{})));
}

TEST(ReceiveInfo, AnotherType) {
  EXPECT_FALSE(Decode(TimeStamp()));
  EXPECT_FALSE(Decode(NxtInfo()));
  EXPECT_FALSE(Decode(ControlMessage(IPPROTO_SCTP, SCTP_SNDRCV, sctp_sndrcvinfo{})));
}

TEST(ReceiveInfo, LengthBeyondTheEnd) {
  const size_t size = sizeof(cmsghdr) + sizeof(sctp_rcvinfo);
  for (const size_t length : {RcvInfo().size() + 1, size_t{4096}, SIZE_MAX / 2, SIZE_MAX - size,
                              SIZE_MAX - 7, SIZE_MAX}) {
    EXPECT_FALSE(Decode(WithLength(RcvInfo(), length))) << length;
    EXPECT_FALSE(Decode(TimeStamp() + WithLength(RcvInfo(), length))) << length;
    EXPECT_FALSE(Decode(WithLength(TimeStamp(), length) + RcvInfo())) << length;
  }
}

TEST(ReceiveInfo, LengthBelowItsOwnHeader) {
  for (size_t length = 0; length < sizeof(cmsghdr); ++length) {
    EXPECT_FALSE(Decode(WithLength(RcvInfo(), length))) << length;
    // Must end, too: a step of 0 would find the same item for ever.
    EXPECT_FALSE(Decode(WithLength(TimeStamp(), length) + RcvInfo())) << length;
  }
}

// Longer than this kernel's struct: a newer kernel may append fields.
TEST(ReceiveInfo, LongerThanKnown) {
  struct {
    sctp_rcvinfo known;
    uint32_t unknown;
  } longer{};
  longer.known.rcv_sid = 9;
  const auto info = Decode(ControlMessage(IPPROTO_SCTP, SCTP_RCVINFO, longer));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->stream, 9);
}

}  // namespace
}  // namespace sctp
