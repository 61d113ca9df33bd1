// EncodeSendInfo: the control messages of a message to send, byte by byte.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "core/control.h"
#include "native/control_messages.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::ByteVector;
using test::operator+;
using test::ControlMessage;
using test::TextBytes;

// Encodes over a buffer full of junk, as a buffer on the stack is.
ByteVector Encode(const SendInfo& info) {
  SendControl control;
  std::memset(control.bytes, 0xee, sizeof control.bytes);
  const size_t length = EncodeSendInfo(info, control);
  EXPECT_LE(length, sizeof control.bytes);
  for (size_t i = length; i < sizeof control.bytes; ++i) {
    EXPECT_EQ(control.bytes[i], std::byte{0}) << "junk left at " << i;
  }
  return test::ToVector(std::span(control.bytes).first(length));
}

SendInfo SomeInfo() {
  return {
      .stream = 0x0102,
      .flags = SCTP_UNORDERED | SCTP_SACK_IMMEDIATELY,
      .ppid = 0x03040506,
      .context = 0x0708090a,
      .assoc_id = 0x0b0c0d0e,
      .pr_policy = SCTP_PR_SCTP_RTX,
      .pr_value = 0x0f101112,
      .auth_key = {},
  };
}

sctp_sndinfo SndInfoOf(const SendInfo& info) {
  auto sndinfo = test::Zeroed<sctp_sndinfo>();
  sndinfo.snd_sid = info.stream;
  sndinfo.snd_flags = info.flags;
  sndinfo.snd_ppid = htonl(info.ppid);
  sndinfo.snd_context = info.context;
  sndinfo.snd_assoc_id = info.assoc_id;
  return sndinfo;
}

sctp_prinfo PrInfoOf(const SendInfo& info) {
  auto prinfo = test::Zeroed<sctp_prinfo>();
  prinfo.pr_policy = info.pr_policy;
  prinfo.pr_value = info.pr_value;
  return prinfo;
}

sctp_sndrcvinfo SndRcvInfoOf(const SendInfo& info) {
  auto sndrcvinfo = test::Zeroed<sctp_sndrcvinfo>();
  sndrcvinfo.sinfo_stream = info.stream;
  sndrcvinfo.sinfo_flags = info.flags;
  sndrcvinfo.sinfo_ppid = htonl(info.ppid);
  sndrcvinfo.sinfo_context = info.context;
  sndrcvinfo.sinfo_timetolive = info.pr_value;
  sndrcvinfo.sinfo_assoc_id = info.assoc_id;
  return sndrcvinfo;
}

ByteVector AuthInfo(uint16_t key) {
  auto authinfo = test::Zeroed<sctp_authinfo>();
  authinfo.auth_keynumber = key;
  return ControlMessage(IPPROTO_SCTP, SCTP_AUTHINFO, authinfo);
}

TEST(SendInfo, SndInfoAndPrInfo) {
  const SendInfo info = SomeInfo();
  EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) +
                              ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, PrInfoOf(info)));
}

// Left out, the kernel would take its value from the socket's default.
TEST(SendInfo, PrInfoEvenWithoutPolicy) {
  const SendInfo info;
  EXPECT_EQ(Encode(info),
            ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, test::Zeroed<sctp_sndinfo>()) +
                ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, test::Zeroed<sctp_prinfo>()));
}

// The kernel would copy them for each message, only to learn what it does anyway.
TEST(SendInfo, NothingOfWhatIsTheDefault) {
  SendInfo info = SomeInfo();
  info.is_default = SendInfo::Default::kAll;
  SendControl control;
  EXPECT_EQ(EncodeSendInfo(info, control), 0U);
}

TEST(SendInfo, NoLifetimeThatIsTheDefault) {
  SendInfo info = SomeInfo();
  info.is_default = SendInfo::Default::kLifetime;
  info.auth_key = 6;
  EXPECT_EQ(Encode(info),
            ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) + AuthInfo(6));
}

TEST(SendInfo, AuthInfo) {
  SendInfo info = SomeInfo();
  info.auth_key = 0x1314;
  EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) +
                              ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, PrInfoOf(info)) +
                              AuthInfo(0x1314));
}

TEST(SendInfo, AuthInfoOfKeyZero) {
  SendInfo info = SomeInfo();
  info.auth_key = 0;
  EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) +
                              ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, PrInfoOf(info)) +
                              AuthInfo(0));
}

// On the wire and in memory, whatever this machine's order.
TEST(SendInfo, PpidInNetworkOrder) {
  const ByteVector bytes = Encode({.ppid = 0x01020304, .auth_key = {}});
  const size_t at = sizeof(cmsghdr) + offsetof(sctp_sndinfo, snd_ppid);
  EXPECT_EQ(test::ToVector(std::span(bytes).subspan(at, 4)), TextBytes("\1\2\3\4"));
}

TEST(SendInfo, LargestValues) {
  const SendInfo info{.stream = 0xffff,
                      .flags = 0xffff,
                      .ppid = 0xffffffff,
                      .context = 0xffffffff,
                      .assoc_id = 0x7fffffff,
                      .pr_policy = 0xffff,
                      .pr_value = 0xffffffff,
                      .auth_key = 0xffff};
  EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) +
                              ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, PrInfoOf(info)) +
                              AuthInfo(0xffff));
}

TEST(SendInfo, LifetimeOfMessageThatMayStartTheAssociation) {
  SendInfo info = SomeInfo();
  info.pr_policy = SCTP_PR_SCTP_TTL;
  info.may_start_association = true;
  EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDRCV, SndRcvInfoOf(info)));
  info.auth_key = 5;
  EXPECT_EQ(Encode(info),
            ControlMessage(IPPROTO_SCTP, SCTP_SNDRCV, SndRcvInfoOf(info)) + AuthInfo(5));
}

TEST(SendInfo, LifetimeOfLaterMessageIsPrInfo) {
  SendInfo info = SomeInfo();
  info.pr_policy = SCTP_PR_SCTP_TTL;
  EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) +
                              ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, PrInfoOf(info)));
}

TEST(SendInfo, OtherPoliciesThatMayStartTheAssociation) {
  SendInfo info = SomeInfo();
  info.may_start_association = true;
  for (const uint16_t policy :
       std::initializer_list<uint16_t>{SCTP_PR_SCTP_NONE, SCTP_PR_SCTP_RTX, SCTP_PR_SCTP_PRIO}) {
    info.pr_policy = policy;
    EXPECT_EQ(Encode(info), ControlMessage(IPPROTO_SCTP, SCTP_SNDINFO, SndInfoOf(info)) +
                                ControlMessage(IPPROTO_SCTP, SCTP_PRINFO, PrInfoOf(info)));
  }
}

}  // namespace
}  // namespace sctp
