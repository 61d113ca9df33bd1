// Every option against the kernel's struct of it.
#include "core/option_layout.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <set>

#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::Zeroed;

struct KernelOption {
  std::string_view name;
  int level;
  int number;
  ByteVector bytes;                // the kernel's struct, each field with a value of its own…
  std::vector<NamedValue> values;  // …and the same values by our names
  int privileged_number = 0;
};

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

KernelOption Integer(std::string_view name, int level, int number, int privileged_number = 0) {
  return {name, level, number, BytesOf(int{-7}), {{"value", -7}}, privileged_number};
}

// The numbers by hand: an option's number never changes, and a wrong one sets another option.
std::vector<KernelOption> KernelOptions() {
  return {
      RtoInfo(),
      InitMsg(),
      DelayedSack(),
      DefaultSndInfo(),
      DefaultPrInfo(),
      Integer("noDelay", IPPROTO_SCTP, 3),
      Integer("fragmentInterleave", IPPROTO_SCTP, 18),
      Integer("reuseAddr", SOL_SOCKET, SO_REUSEADDR),
      Integer("v6Only", IPPROTO_IPV6, IPV6_V6ONLY),
      Integer("sndBuf", SOL_SOCKET, SO_SNDBUF, 32),
      Integer("rcvBuf", SOL_SOCKET, SO_RCVBUF, 33),
  };
}

TEST(OptionLayout, EveryOptionIsTestedHere) {
  std::set<std::string_view> tested;
  for (const KernelOption& option : KernelOptions()) tested.insert(option.name);
  std::set<std::string_view> known;
  for (const OptionLayout& layout : OptionLayouts()) {
    EXPECT_TRUE(known.insert(layout.name).second) << layout.name << " twice";
  }
  EXPECT_EQ(known, tested);
}

TEST(OptionLayout, NumbersAndSizes) {
  for (const KernelOption& option : KernelOptions()) {
    SCOPED_TRACE(option.name);
    const OptionLayout* layout = FindOption(option.name);
    ASSERT_NE(layout, nullptr);
    EXPECT_EQ(layout->name, option.name);
    EXPECT_EQ(layout->level, option.level);
    EXPECT_EQ(layout->number, option.number);
    EXPECT_EQ(layout->privileged_number, option.privileged_number);
    EXPECT_EQ(layout->size, option.bytes.size());
    EXPECT_EQ(layout->fields.size(), option.values.size()) << "a field is not tested";
  }
}

TEST(OptionLayout, Encode) {
  for (const KernelOption& option : KernelOptions()) {
    EXPECT_EQ(EncodeOption(*FindOption(option.name), option.values), option.bytes) << option.name;
  }
}

TEST(OptionLayout, Decode) {
  for (const KernelOption& option : KernelOptions()) {
    for (const auto& [name, value] : option.values) {
      SCOPED_TRACE(testing::Message() << option.name << '.' << name);
      const auto fields = FindOption(option.name)->fields;
      const auto field = std::ranges::find(fields, name, &Field::name);
      ASSERT_NE(field, fields.end());
      EXPECT_EQ(DecodeField(*field, option.bytes), value);
    }
  }
}

TEST(OptionLayout, FindUnknown) {
  for (const std::string_view name : {"", "rtoinfo", "rtoInf", "rtoInfo ", "toString"}) {
    EXPECT_EQ(FindOption(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace sctp
