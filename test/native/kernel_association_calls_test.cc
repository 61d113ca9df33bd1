// KernelSocket against a stand-in for the kernel: one association of one-to-many sockets, and what
// differs little for the only one of a one-to-one socket.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>

#include "core/kernel_socket.h"
#include "native/fake_kernel.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::operator+;
using test::FakeKernel;
using test::TextBytes;

constexpr int32_t kAssociation = 0x01020304;

Address At(std::string_view host, uint16_t port) { return Address::Parse(host, port).value(); }

ByteVector Packed(const Address& address) {
  const auto* bytes = reinterpret_cast<const std::byte*>(address.data());
  return {bytes, bytes + address.size()};
}

ByteVector Encoded(const SendInfo& info) {
  SendControl control;
  const size_t length = EncodeSendInfo(info, control);
  return test::ToVector(std::span(control.bytes).first(length));
}

class KernelAssociation : public testing::Test {
 protected:
  explicit KernelAssociation(int style = SOCK_SEQPACKET) {
    EXPECT_EQ(socket_.Open(AF_INET6, style), 0);
    kernel_.options_set.clear();
    kernel_.questions.clear();
  }

  // Those that are found where no error is expected.
  std::vector<int32_t> Ids() const {
    std::vector<int32_t> ids;
    EXPECT_EQ(socket_.AssociationIds(ids), 0);
    return ids;
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
};

class KernelAssociationOfAnyStyle : public KernelAssociation,
                                    public testing::WithParamInterface<int> {
 protected:
  KernelAssociationOfAnyStyle() : KernelAssociation(GetParam()) {}
};

INSTANTIATE_TEST_SUITE_P(All, KernelAssociationOfAnyStyle,
                         testing::Values(SOCK_STREAM, SOCK_SEQPACKET), [](const auto& instance) {
                           return instance.param == SOCK_STREAM ? "OneToOne" : "OneToMany";
                         });

constexpr std::pair<int, int> kIdList{IPPROTO_SCTP, SCTP_GET_ASSOC_ID_LIST};

TEST_F(KernelAssociation, Ids) {
  kernel_.answers[kIdList] =
      BytesOf(uint32_t{3}) + BytesOf(int32_t{5}) + BytesOf(int32_t{0}) + BytesOf(INT32_MAX);
  EXPECT_EQ(Ids(), (std::vector<int32_t>{5, 0, INT32_MAX}));
  EXPECT_EQ(kernel_.questions.size(), 1u);
}

TEST_F(KernelAssociation, NoIds) {
  kernel_.answers[kIdList] = BytesOf(uint32_t{0});
  EXPECT_TRUE(Ids().empty());
}

TEST_F(KernelAssociation, IdsAreAskedForWithAsMuchRoomAsTheyNeed) {
  std::vector<int32_t> ids(65536);
  ByteVector list((1 + ids.size()) * sizeof(int32_t));
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(i + 3);
  const auto count = static_cast<uint32_t>(ids.size());
  std::memcpy(list.data(), &count, sizeof count);
  std::memcpy(list.data() + sizeof count, ids.data(), ids.size() * sizeof ids[0]);
  kernel_.answers[kIdList] = list;
  kernel_.needed[kIdList] = {static_cast<socklen_t>(list.size()), EINVAL};
  EXPECT_EQ(Ids(), ids);
  EXPECT_LE(kernel_.questions.front().size(), 4096u);
  EXPECT_LE(kernel_.questions.back().size(), 2 * list.size());
  for (size_t i = 1; i < kernel_.questions.size(); ++i) {
    EXPECT_EQ(kernel_.questions[i].size(), 2 * kernel_.questions[i - 1].size());
  }
}

// Not an empty list: there may be any number of associations.
TEST_F(KernelAssociation, IdsRefused) {
  for (const int error : {EINVAL, EOPNOTSUPP, ENOMEM}) {
    kernel_.refused = {{kIdList, error}};
    std::vector<int32_t> ids;
    EXPECT_EQ(socket_.AssociationIds(ids), -error);
    EXPECT_TRUE(ids.empty());
  }
  for (const ByteVector& question : kernel_.questions) {
    EXPECT_LE(question.size(), size_t{2} << 20);
  }
}

// No kernel says so, but reading on would be reading others' memory.
TEST_F(KernelAssociation, MoreIdsThanFit) {
  for (const uint32_t claimed : {1024u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    kernel_.answers[kIdList] = BytesOf(claimed);
    EXPECT_LT(Ids().size(), 1024u);
  }
}

TEST_P(KernelAssociationOfAnyStyle, ConnectPacksTheAddresses) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5),
                                          At("192.0.2.2", 5)};
  kernel_.connected_id = kAssociation;
  int32_t id = 0;
  EXPECT_EQ(socket_.Connect(addresses, id), 0);
  ASSERT_EQ(kernel_.peers.size(), 1u);
  EXPECT_EQ(kernel_.peers[0], Packed(addresses[0]) + Packed(addresses[1]) + Packed(addresses[2]));
  EXPECT_EQ(id, kAssociation);
}

TEST_P(KernelAssociationOfAnyStyle, ConnectInProgress) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5)};
  kernel_.connected_id = kAssociation;
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX3}, EINPROGRESS}};
  int32_t id = 0;
  EXPECT_EQ(socket_.Connect(addresses, id), -EINPROGRESS);
  EXPECT_EQ(id, kAssociation);
}

TEST_P(KernelAssociationOfAnyStyle, ConnectRefused) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5)};
  kernel_.connected_id = kAssociation;
  int32_t id = -1;
  for (const int error : {EINVAL, EADDRNOTAVAIL, ENETUNREACH}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX3}, error}};
    EXPECT_EQ(socket_.Connect(addresses, id), -error);
  }
  // None: the kernel decides about that, too.
  EXPECT_EQ(socket_.Connect({}, id), -ENETUNREACH);
  EXPECT_TRUE(kernel_.peers.back().empty());
  EXPECT_EQ(id, -1);
}

TEST_P(KernelAssociationOfAnyStyle, SendByItsId) {
  const SendInfo info{.stream = 3, .assoc_id = kAssociation, .auth_key = {}};
  EXPECT_EQ(socket_.Send(nullptr, TextBytes("message"), info), 7);
  ASSERT_EQ(kernel_.sent.size(), 1u);
  EXPECT_TRUE(kernel_.sent[0].name.empty());
  EXPECT_EQ(kernel_.sent[0].control, Encoded(info));
}

TEST_P(KernelAssociationOfAnyStyle, Reconfiguration) {
  const std::vector<uint16_t> streams = {1, 65535};
  EXPECT_EQ(socket_.ResetStreams(kAssociation, SCTP_STREAM_RESET_OUTGOING, streams), 0);
  EXPECT_EQ(socket_.ResetStreams(kAssociation, SCTP_STREAM_RESET_INCOMING, {}), 0);
  EXPECT_EQ(socket_.ResetAssociation(kAssociation), 0);
  EXPECT_EQ(socket_.AddStreams(kAssociation, 2, 3), 0);
  auto some = test::Zeroed<sctp_reset_streams>();
  some.srs_assoc_id = kAssociation;
  some.srs_flags = SCTP_STREAM_RESET_OUTGOING;
  some.srs_number_streams = 2;
  auto all = test::Zeroed<sctp_reset_streams>();
  all.srs_assoc_id = kAssociation;
  all.srs_flags = SCTP_STREAM_RESET_INCOMING;
  auto more = test::Zeroed<sctp_add_streams>();
  more.sas_assoc_id = kAssociation;
  more.sas_instrms = 2;
  more.sas_outstrms = 3;
  const std::vector<FakeKernel::Option> expected = {
      {IPPROTO_SCTP, 119, BytesOf(some) + BytesOf(uint16_t{1}) + BytesOf(uint16_t{65535})},
      {IPPROTO_SCTP, 119, BytesOf(all)},
      {IPPROTO_SCTP, 120, BytesOf(kAssociation)},
      {IPPROTO_SCTP, 121, BytesOf(more)},
  };
  EXPECT_EQ(kernel_.options_set, expected);
}

TEST_P(KernelAssociationOfAnyStyle, ReconfigurationRefused) {
  for (const int error : {EAGAIN, EINPROGRESS, ENOPROTOOPT}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_RESET_STREAMS}, error},
                       {{IPPROTO_SCTP, SCTP_RESET_ASSOC}, error},
                       {{IPPROTO_SCTP, SCTP_ADD_STREAMS}, error}};
    EXPECT_EQ(socket_.ResetStreams(kAssociation, SCTP_STREAM_RESET_OUTGOING, {}), -error);
    EXPECT_EQ(socket_.ResetAssociation(kAssociation), -error);
    EXPECT_EQ(socket_.AddStreams(kAssociation, 1, 1), -error);
  }
  const std::vector<uint16_t> many(65536);
  EXPECT_EQ(socket_.ResetStreams(kAssociation, SCTP_STREAM_RESET_OUTGOING, many), -EINVAL);
}

// An order to end an association is a message without a destination.
void ExpectOrder(const FakeKernel& kernel, uint16_t flag, const ByteVector& data) {
  ASSERT_EQ(kernel.sent.size(), 1u);
  EXPECT_TRUE(kernel.sent[0].name.empty());
  EXPECT_EQ(kernel.sent[0].data, data);
  EXPECT_EQ(kernel.sent[0].control,
            Encoded({.flags = flag, .assoc_id = kAssociation, .auth_key = {}}));
  EXPECT_EQ(kernel.sent[0].flags, MSG_DONTWAIT | MSG_NOSIGNAL);
}

TEST_F(KernelAssociation, ShutdownIsEof) {
  EXPECT_EQ(socket_.Shutdown(kAssociation), 0);
  ExpectOrder(kernel_, SCTP_EOF, {});
  EXPECT_TRUE(kernel_.shutdowns.empty());  // that would end them all
  kernel_.send_error = EPIPE;
  EXPECT_EQ(socket_.Shutdown(kAssociation), -EPIPE);
}

TEST_F(KernelAssociation, AbortWithAReason) {
  kernel_.options_set.clear();
  EXPECT_EQ(socket_.Abort(kAssociation, TextBytes("reason")), 0);
  ExpectOrder(kernel_, SCTP_ABORT, TextBytes("reason"));
  EXPECT_TRUE(socket_.is_open());
  EXPECT_TRUE(kernel_.options_set.empty());
  kernel_.send_error = EMSGSIZE;
  EXPECT_EQ(socket_.Abort(kAssociation, TextBytes("reason")), -EMSGSIZE);
  EXPECT_TRUE(socket_.is_open());
}

TEST_F(KernelAssociation, AbortWithoutAReason) {
  EXPECT_EQ(socket_.Abort(kAssociation, {}), 0);
  ExpectOrder(kernel_, SCTP_ABORT, {});
}

TEST_F(KernelAssociation, PeelsOffToADescriptorWhoseStyleIsAskedFor) {
  kernel_.answers[{SOL_SOCKET, SO_TYPE}] = BytesOf(int{SOCK_STREAM});
  KernelSocket peeled;
  EXPECT_EQ(socket_.PeelOff(kAssociation, peeled), 0);
  sctp_peeloff_flags_arg_t request{};
  request.p_arg.associd = kAssociation;
  request.flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  EXPECT_EQ(kernel_.questions.at(0), BytesOf(request));
  EXPECT_TRUE(peeled.is_one_to_one());
}

// The kernel would have taken it off before it notices, and give it up.
TEST_F(KernelAssociation, PeelOffWithoutADescriptorLeftDoesNotBegin) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  KernelSocket peeled;
  EXPECT_EQ(socket_.PeelOff(kAssociation, peeled), -EMFILE);
  EXPECT_TRUE(kernel_.questions.empty());
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_FALSE(peeled.is_open());
}

TEST_F(KernelAssociation, PeelOffMayBeRefused) {
  kernel_.refused.push_back({{IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF_FLAGS}, EINVAL});
  KernelSocket peeled;
  EXPECT_EQ(socket_.PeelOff(kAssociation, peeled), -EINVAL);
  EXPECT_FALSE(peeled.is_open());
}

}  // namespace
}  // namespace sctp
