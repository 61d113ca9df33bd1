// KernelSocket::SendBurst against a stand-in for the kernel: which messages leave with MSG_MORE,
// and what becomes of them when the kernel refuses one.
#include <gtest/gtest.h>
#include <linux/sock_diag.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/burst.h"
#include "core/kernel_socket.h"
#include "native/fake_kernel.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::FakeKernel;
using test::TextBytes;

constexpr int kPlain = MSG_DONTWAIT | MSG_NOSIGNAL;
constexpr uint32_t kBuffer = 212992;

// Messages of a burst and what they refer to, which must outlast it.
class KernelBurst : public testing::Test {
 protected:
  void SetUp() override { Open(SOCK_STREAM); }

  void Open(int style) {
    ASSERT_EQ(socket_.Open(AF_INET, style), 0);
    SetMemory(kBuffer, 0);
    kernel_.options_set.clear();
  }

  void SetMemory(uint32_t buffer, uint32_t used) {
    uint32_t memory[SK_MEMINFO_VARS] = {};
    memory[SK_MEMINFO_SNDBUF] = buffer;
    memory[SK_MEMINFO_WMEM_QUEUED] = used;
    kernel_.answers[{SOL_SOCKET, SO_MEMINFO}] = BytesOf(memory);
  }

  void Add(const std::string& text, SendInfo info = {}, const Address* peer = nullptr) {
    burst_.Add(peer, texts_.emplace_back(TextBytes(text)), info);
  }

  void AddLetters(const std::string& letters) {
    for (const char letter : letters) Add(std::string(1, letter));
  }

  KernelSocket::BurstOutcome Send() {
    const auto outcome = socket_.SendBurst(burst_);
    burst_.Clear();
    return outcome;
  }

  // What the kernel has accepted since the last call: "a+" left with MSG_MORE, "b" without.
  std::string Accepted() {
    std::string all;
    for (const FakeKernel::Sent& sent : kernel_.sent) {
      all.append(reinterpret_cast<const char*>(sent.data.data()),
                 std::min<size_t>(sent.data.size(), 1));
      EXPECT_EQ(sent.flags & ~MSG_MORE, kPlain);
      if ((sent.flags & MSG_MORE) != 0) all += "+";
    }
    kernel_.sent.clear();
    return all;
  }

  // The addresses that a heartbeat was demanded of.
  std::vector<Address> Heartbeats() {
    std::vector<Address> paths;
    for (const FakeKernel::Option& option : kernel_.options_set) {
      EXPECT_EQ(option.number, SCTP_PEER_ADDR_PARAMS);
      sctp_paddrparams parameters{};
      std::memcpy(&parameters, option.bytes.data(), sizeof parameters);
      EXPECT_EQ(parameters.spp_flags, uint32_t{SPP_HB_DEMAND});
      sockaddr_storage address{};
      std::memcpy(&address, &parameters.spp_address, sizeof address);
      paths.push_back(Address::FromSockaddr(address, sizeof address).value());
    }
    return paths;
  }

  void SetPeerAddress(const Address& address) {
    ByteVector answer(sizeof(sctp_getaddrs) + address.size());
    sctp_getaddrs header{};
    header.addr_num = 1;
    std::memcpy(answer.data(), &header, sizeof header);
    std::memcpy(answer.data() + sizeof header, address.data(), address.size());
    kernel_.answers[{IPPROTO_SCTP, SCTP_GET_PEER_ADDRS}] = answer;
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
  std::deque<ByteVector> texts_;
  Burst burst_;
};

void ExpectOutcome(const KernelSocket::BurstOutcome& outcome, size_t accepted, int error) {
  EXPECT_EQ(outcome.accepted, accepted);
  EXPECT_EQ(outcome.error, error);
}

TEST_F(KernelBurst, AllButTheLastWithMore) {
  AddLetters("abc");
  ExpectOutcome(Send(), 3, 0);
  EXPECT_EQ(Accepted(), "a+b+c");
}

TEST_F(KernelBurst, NotTooManyTogether) {
  SetMemory(kBuffer * 10, 0);
  const size_t most = Burst::kMostBundled;
  for (size_t count = 0; count < 2 * most + 2; ++count) Add("a");
  ExpectOutcome(Send(), 2 * most + 2, 0);
  std::string bundle;
  for (size_t count = 1; count < most; ++count) bundle += "a+";
  bundle += "a";
  EXPECT_EQ(Accepted(), bundle + bundle + "a+a");
}

TEST_F(KernelBurst, OneAlone) {
  AddLetters("a");
  ExpectOutcome(Send(), 1, 0);
  EXPECT_EQ(Accepted(), "a");
  ExpectOutcome(Send(), 0, 0);
  EXPECT_EQ(Accepted(), "");
}

TEST_F(KernelBurst, AlikeAsTheOneBefore) {
  const Address peer = Address::Parse("127.0.0.1", 5).value();
  const SendInfo info{.stream = 3, .ppid = 46};
  Add("a", info, &peer);
  burst_.AddAlike(texts_.emplace_back(TextBytes("bc")));
  burst_.AddAlike(texts_.emplace_back(TextBytes("d")));
  EXPECT_EQ(burst_.charge(1), Burst::Charge(2));
  EXPECT_TRUE(burst_.HaveSameDestination(0, 2));
  ExpectOutcome(Send(), 3, 0);
  ASSERT_EQ(kernel_.sent.size(), 3u);
  for (const FakeKernel::Sent& sent : kernel_.sent) {
    EXPECT_EQ(sent.control, kernel_.sent.front().control);
  }
  EXPECT_EQ(kernel_.sent[1].data, TextBytes("bc"));
  EXPECT_EQ(Accepted(), "a+b+d");
}

TEST_F(KernelBurst, AttributesOfEach) {
  const SendInfo first{.stream = 3, .flags = SCTP_UNORDERED, .ppid = 46};
  const SendInfo second{.stream = 4, .auth_key = 7};
  for (const SendInfo& info : {first, first, second, SendInfo()}) Add("m", info);
  ExpectOutcome(Send(), 4, 0);
  ASSERT_EQ(kernel_.sent.size(), 4u);
  size_t index = 0;
  for (const SendInfo& info : {first, first, second, SendInfo()}) {
    SendControl control;
    const size_t length = EncodeSendInfo(info, control);
    EXPECT_EQ(kernel_.sent[index++].control,
              test::ToVector(std::span(control.bytes).first(length)));
  }
}

TEST_F(KernelBurst, Full) {
  for (size_t i = 0; i < Burst::kMost; ++i) Add("m", {.stream = static_cast<uint16_t>(i)});
  SetMemory(100'000'000, 0);
  ExpectOutcome(Send(), Burst::kMost, 0);
  EXPECT_EQ(kernel_.sent.size(), Burst::kMost);
  EXPECT_EQ(kernel_.sent.back().flags, kPlain);
}

// What has MSG_MORE, and the message that it waits for, must fit into what is left of the buffer.
TEST_F(KernelBurst, BundlesAreSmallerThanTheRoom) {
  const auto charge = static_cast<uint32_t>(Burst::Charge(1));
  for (const auto& [room, expected] :
       std::vector<std::pair<uint32_t, std::string>>{{4608, "a+bcde"},
                                                     {2 * charge, "abcde"},
                                                     {2 * charge + 1, "a+bcde"},
                                                     {3 * charge + 1, "a+b+cde"},
                                                     {5 * charge, "a+b+c+de"},
                                                     {5 * charge + 1, "a+b+c+d+e"},
                                                     {0, "abcde"}}) {
    for (const uint32_t used : {0u, 100'000u}) {
      SetMemory(used + room, used);
      AddLetters("abcde");
      ExpectOutcome(Send(), 5, 0);
      EXPECT_EQ(Accepted(), expected) << room;
    }
  }
  SetMemory(kBuffer, kBuffer + 1);
  AddLetters("abc");
  ExpectOutcome(Send(), 3, 0);
  EXPECT_EQ(Accepted(), "abc");
}

TEST_F(KernelBurst, LongMessagesCountTwice) {
  SetMemory(100'000, 0);
  for (int i = 0; i < 3; ++i) Add(std::string(30000, 'x'));
  ExpectOutcome(Send(), 3, 0);
  EXPECT_EQ(Accepted(), "xxx");
  for (int i = 0; i < 3; ++i) Add(std::string(20000, 'x'));
  ExpectOutcome(Send(), 3, 0);
  EXPECT_EQ(Accepted(), "x+xx");
}

// However much room there is.
TEST_F(KernelBurst, BundlesHaveSoManyBytes) {
  SetMemory(100'000'000, 0);
  for (int i = 0; i < 5; ++i) Add(std::string(30000, 'x'));
  ExpectOutcome(Send(), 5, 0);
  EXPECT_EQ(Accepted(), "x+xx+xx");
}

TEST_F(KernelBurst, NoMoreIfTheBufferIsUnknown) {
  kernel_.refused = {{{SOL_SOCKET, SO_MEMINFO}, ENOPROTOOPT}};
  AddLetters("abc");
  ExpectOutcome(Send(), 3, 0);
  EXPECT_EQ(Accepted(), "abc");
}

TEST_F(KernelBurst, ErrorOfTheFirst) {
  kernel_.send_errors = {ECONNRESET};
  AddLetters("abc");
  // Not tried again: the kernel reports this error once.
  ExpectOutcome(Send(), 0, -ECONNRESET);
  EXPECT_EQ(Accepted(), "");
  EXPECT_TRUE(Heartbeats().empty());
}

// sendmmsg says how many were accepted, but not why the next was not.
TEST_F(KernelBurst, ErrorOfALaterOne) {
  SetPeerAddress(Address::Parse("192.0.2.1", 5).value());
  kernel_.send_errors = {0, 0, EINVAL, EINVAL};
  AddLetters("abcde");
  ExpectOutcome(Send(), 2, -EINVAL);
  EXPECT_EQ(Accepted(), "a+b+");
  // Nothing may follow: a heartbeat takes a and b along.
  EXPECT_EQ(Heartbeats(), std::vector{Address::Parse("192.0.2.1", 5).value()});
  AddLetters("de");
  ExpectOutcome(Send(), 2, 0);
  EXPECT_EQ(Accepted(), "d+e");
}

TEST_F(KernelBurst, ErrorOfTheLast) {
  SetPeerAddress(Address::Parse("192.0.2.1", 5).value());
  kernel_.send_errors = {0, 0, EINVAL};
  AddLetters("abc");
  ExpectOutcome(Send(), 2, -EINVAL);
  EXPECT_EQ(Heartbeats().size(), 1u);
}

TEST_F(KernelBurst, ErrorThatWasGoneTheNextMoment) {
  kernel_.send_errors = {0, 0, ENOMEM};
  AddLetters("abcdef");
  ExpectOutcome(Send(), 6, 0);
  EXPECT_EQ(Accepted(), "a+b+cd+e+f");
}

// What was accepted waits for a message without MSG_MORE: the next one must be that, since a whole
// burst with MSG_MORE in addition might fill the buffer.
TEST_F(KernelBurst, AfterACutTheNextGoesAlone) {
  SetPeerAddress(Address::Parse("192.0.2.1", 5).value());
  kernel_.send_errors = {0, 0, EAGAIN, EAGAIN};
  AddLetters("abcde");
  ExpectOutcome(Send(), 2, -EAGAIN);
  EXPECT_EQ(Accepted(), "a+b+");
  EXPECT_EQ(Heartbeats().size(), 1u);  // nobody knows when the next follows

  kernel_.send_errors = {EAGAIN};
  AddLetters("cde");
  ExpectOutcome(Send(), 0, -EAGAIN);
  EXPECT_EQ(Accepted(), "");
  EXPECT_EQ(Heartbeats().size(), 1u);  // a second could meet the first, unanswered

  AddLetters("cdef");
  ExpectOutcome(Send(), 4, 0);
  EXPECT_EQ(Accepted(), "cd+e+f");

  AddLetters("gh");
  ExpectOutcome(Send(), 2, 0);
  EXPECT_EQ(Accepted(), "g+h");
}

TEST_F(KernelBurst, ASingleMessageReleasesToo) {
  kernel_.send_errors = {0, EAGAIN, EAGAIN};
  AddLetters("abc");
  ExpectOutcome(Send(), 1, -EAGAIN);
  EXPECT_EQ(socket_.Send(nullptr, TextBytes("b"), {}), 1);
  AddLetters("cd");
  ExpectOutcome(Send(), 2, 0);
  EXPECT_EQ(Accepted(), "a+bc+d");
}

TEST_F(KernelBurst, RefusedAfterACut) {
  SetPeerAddress(Address::Parse("192.0.2.1", 5).value());
  kernel_.send_errors = {0, EAGAIN, EAGAIN, EINVAL};
  AddLetters("abc");
  ExpectOutcome(Send(), 1, -EAGAIN);
  EXPECT_EQ(Heartbeats().size(), 1u);
  AddLetters("bc");
  ExpectOutcome(Send(), 0, -EINVAL);
  EXPECT_EQ(Heartbeats().size(), 2u);
  AddLetters("cd");
  ExpectOutcome(Send(), 2, 0);
  EXPECT_EQ(Accepted(), "a+c+d");  // nothing is held any longer
}

TEST_F(KernelBurst, AnAssociationThatIsOverNeedsNoRelease) {
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_GET_PEER_ADDRS}, EINVAL}};
  kernel_.send_errors = {0, EPIPE, EPIPE};
  AddLetters("ab");
  ExpectOutcome(Send(), 1, -EPIPE);
  EXPECT_TRUE(Heartbeats().empty());
}

class KernelSharedBurst : public KernelBurst {
 protected:
  void SetUp() override { Open(SOCK_SEQPACKET); }
};

TEST_F(KernelSharedBurst, EachAssociationByItself) {
  for (const auto& [text, id] :
       std::vector<std::pair<std::string, int32_t>>{{"a", 3}, {"b", 3}, {"c", 4}, {"d", 3}}) {
    Add(text, {.assoc_id = id});
  }
  ExpectOutcome(Send(), 4, 0);
  EXPECT_EQ(Accepted(), "a+bcd");
}

TEST_F(KernelSharedBurst, EachPeerByItself) {
  const Address one = Address::Parse("192.0.2.1", 5).value();
  const Address same = one;
  const Address other = Address::Parse("192.0.2.2", 5).value();
  Add("a", {}, &one);
  Add("b", {}, &same);
  Add("c", {}, &other);
  Add("d", {});
  ExpectOutcome(Send(), 4, 0);
  ASSERT_EQ(kernel_.sent.size(), 4u);
  EXPECT_EQ(Address::FromBytes(kernel_.sent[0].name), one);
  EXPECT_EQ(Address::FromBytes(kernel_.sent[2].name), other);
  EXPECT_TRUE(kernel_.sent[3].name.empty());
  EXPECT_EQ(Accepted(), "a+bcd");
}

// What was sent for one association leaves less room for the others.
TEST_F(KernelSharedBurst, AllFitIntoTheRoomTogether) {
  SetMemory(4 * Burst::Charge(1), 0);
  for (const auto& [text, id] : std::vector<std::pair<std::string, int32_t>>{
           {"a", 3}, {"b", 3}, {"c", 4}, {"d", 4}, {"e", 5}}) {
    Add(text, {.assoc_id = id});
  }
  ExpectOutcome(Send(), 5, 0);
  EXPECT_EQ(Accepted(), "a+bcde");
}

TEST_F(KernelSharedBurst, ACutConcernsOneAssociation) {
  kernel_.send_errors = {0, EAGAIN};
  for (const char* text : {"a", "b"}) Add(text, {.assoc_id = 3});
  ExpectOutcome(Send(), 1, -EAGAIN);
  for (const char* text : {"c", "d"}) Add(text, {.assoc_id = 4});
  for (const char* text : {"b", "e", "f"}) Add(text, {.assoc_id = 3});
  ExpectOutcome(Send(), 5, 0);
  EXPECT_EQ(Accepted(), "a+c+dbe+f");
}

TEST_F(KernelSharedBurst, ReleasesByThePeerAddress) {
  const Address peer = Address::Parse("2001:db8::1", 5).value();
  kernel_.send_errors = {0, EINVAL, EINVAL};
  Add("a", {}, &peer);
  Add("b", {.stream = 9}, &peer);
  ExpectOutcome(Send(), 1, -EINVAL);
  EXPECT_EQ(Heartbeats(), std::vector{peer});
}

TEST_F(KernelBurst, ACutMovesWithTheSocket) {
  kernel_.send_errors = {0, EAGAIN};
  AddLetters("ab");
  ExpectOutcome(Send(), 1, -EAGAIN);
  KernelSocket moved(std::move(socket_));
  socket_ = std::move(moved);
  AddLetters("bcd");
  ExpectOutcome(Send(), 3, 0);
  EXPECT_EQ(Accepted(), "a+bc+d");
}

}  // namespace
}  // namespace sctp
