// KernelSocket against a stand-in for the kernel: the addresses of sockets and associations.
#include <gtest/gtest.h>

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

Address At(std::string_view host, uint16_t port) { return Address::Parse(host, port).value(); }

ByteVector Packed(const Address& address) {
  const auto* bytes = reinterpret_cast<const std::byte*>(address.data());
  return {bytes, bytes + address.size()};
}

ByteVector AddressList(uint32_t count, const ByteVector& packed) {
  return BytesOf(int32_t{0}) + BytesOf(count) + packed;
}

class KernelBinding : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(socket_.Open(AF_INET6, SOCK_SEQPACKET), 0);
    kernel_.options_set.clear();
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
};

TEST_F(KernelBinding, BindMore) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5)};
  EXPECT_EQ(socket_.BindMore(addresses), 0);
  const std::vector<FakeKernel::Option> expected = {
      {IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_ADD, Packed(addresses[0]) + Packed(addresses[1])}};
  EXPECT_EQ(kernel_.options_set, expected);
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_ADD}, EADDRINUSE}};
  EXPECT_EQ(socket_.BindMore(addresses), -EADDRINUSE);
}

TEST_F(KernelBinding, Unbind) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5)};
  EXPECT_EQ(socket_.Unbind(addresses), 0);
  const std::vector<FakeKernel::Option> expected = {
      {IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_REM, Packed(addresses[0]) + Packed(addresses[1])}};
  EXPECT_EQ(kernel_.options_set, expected);
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_REM}, EBUSY}};
  EXPECT_EQ(socket_.Unbind(addresses), -EBUSY);
}

struct AddressesCall {
  const char* name;
  int style;
  int option;
  int32_t asked_id;  // that the kernel must be asked for
  int (*get)(const KernelSocket&, std::vector<Address>&);
};

// Every list of addresses that a socket can be asked for.
constexpr int32_t kAssociation = 77;
constexpr int32_t kEndpoint = 0;
constexpr AddressesCall kCalls[] = {
    {"Bound", SOCK_STREAM, SCTP_GET_LOCAL_ADDRS, kEndpoint,
     [](const KernelSocket& socket, auto& found) { return socket.BoundAddresses(found); }},
    {"BoundOneToMany", SOCK_SEQPACKET, SCTP_GET_LOCAL_ADDRS, kEndpoint,
     [](const KernelSocket& socket, auto& found) { return socket.BoundAddresses(found); }},
    // Any id but 0: with that, a one-to-one socket would list what it is bound to.
    {"Local", SOCK_STREAM, SCTP_GET_LOCAL_ADDRS, SCTP_ALL_ASSOC + 1,
     [](const KernelSocket& socket, auto& found) { return socket.LocalAddresses(0, found); }},
    {"LocalOneToMany", SOCK_SEQPACKET, SCTP_GET_LOCAL_ADDRS, kAssociation,
     [](const KernelSocket& socket, auto& found) {
       return socket.LocalAddresses(kAssociation, found);
     }},
    {"Peer", SOCK_STREAM, SCTP_GET_PEER_ADDRS, 0,
     [](const KernelSocket& socket, auto& found) { return socket.PeerAddresses(0, found); }},
    {"PeerOneToMany", SOCK_SEQPACKET, SCTP_GET_PEER_ADDRS, kAssociation,
     [](const KernelSocket& socket, auto& found) {
       return socket.PeerAddresses(kAssociation, found);
     }},
};

class KernelAddresses : public testing::TestWithParam<AddressesCall> {
 protected:
  void SetUp() override {
    ASSERT_EQ(socket_.Open(AF_INET6, GetParam().style), 0);
    kernel_.questions.clear();
  }

  int Get(std::vector<Address>& found) const { return GetParam().get(socket_, found); }
  // What is found where no error is expected.
  std::vector<Address> Get() const {
    std::vector<Address> found;
    EXPECT_EQ(Get(found), 0);
    return found;
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
  std::pair<int, int> option_{IPPROTO_SCTP, GetParam().option};
};

// As many different addresses as asked for.
std::vector<Address> Many(uint16_t count) {
  std::vector<Address> addresses;
  for (uint16_t i = 0; i < count; ++i) {
    auto in6 = test::Zeroed<sockaddr_in6>();
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(5);
    in6.sin6_addr.s6_addr[0] = 0x20;
    std::memcpy(in6.sin6_addr.s6_addr + 14, &i, sizeof i);
    addresses.push_back(Address::FromBytes(BytesOf(in6)).value());
  }
  return addresses;
}

ByteVector PackedAll(const std::vector<Address>& addresses) {
  ByteVector packed;
  for (const Address& address : addresses) packed = std::move(packed) + Packed(address);
  return packed;
}

TEST_P(KernelAddresses, AreThoseAskedFor) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5)};
  kernel_.answers[option_] = AddressList(2, PackedAll(addresses));
  EXPECT_EQ(Get(), addresses);
  ASSERT_EQ(kernel_.questions.size(), 1u);
  ByteVector question = BytesOf(GetParam().asked_id);
  question.resize(kernel_.questions[0].size());  // all else is 0
  EXPECT_EQ(kernel_.questions[0], question);
}

TEST_P(KernelAddresses, AreAskedForWithAsMuchRoomAsTheyNeed) {
  const std::vector<Address> addresses = Many(4200);
  const ByteVector list = AddressList(4200, PackedAll(addresses));
  kernel_.answers[option_] = list;
  kernel_.needed[option_] = {static_cast<socklen_t>(list.size()), ENOMEM};
  EXPECT_EQ(Get(), addresses);
  const std::vector<ByteVector>& questions = kernel_.questions;
  ASSERT_GT(questions.size(), 1u);
  EXPECT_LE(questions.front().size(), 4096u);
  EXPECT_LE(questions.back().size(), 2 * list.size());
  size_t room = questions.front().size();
  for (const ByteVector& asked : questions) {
    // The same question each time, whatever the kernel wrote over the one before.
    ByteVector question = BytesOf(GetParam().asked_id);
    question.resize(room);
    EXPECT_EQ(asked, question);
    room *= 2;
  }
}

TEST_P(KernelAddresses, UpToSixtyFiveThousand) {
  const std::vector<Address> addresses = Many(65535);
  const ByteVector list = AddressList(65535, PackedAll(addresses));
  kernel_.answers[option_] = list;
  kernel_.needed[option_] = {static_cast<socklen_t>(list.size()), ENOMEM};
  EXPECT_EQ(Get(), addresses);
}

TEST_P(KernelAddresses, NeverWithBoundlessRoom) {
  kernel_.needed[option_] = {0xffffffff, ENOMEM};
  std::vector<Address> found;
  EXPECT_EQ(Get(found), -ENOMEM);
  EXPECT_TRUE(found.empty());
  EXPECT_LE(kernel_.questions.back().size(), size_t{2} << 20);
}

// The kernel counts the header for the peer's addresses, but not for our own.
TEST_P(KernelAddresses, WhateverLengthTheKernelReturns) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5)};
  kernel_.answers[option_] = AddressList(1, Packed(addresses[0]));
  for (const socklen_t length : {0u, 16u, 24u, 0xffffffffu}) {
    kernel_.lengths[option_] = length;
    EXPECT_EQ(Get(), addresses) << length;
  }
}

TEST_P(KernelAddresses, CutOrMalformed) {
  const ByteVector one = Packed(At("192.0.2.1", 5));
  kernel_.answers[option_] = AddressList(2, one);
  EXPECT_EQ(Get().size(), 1u);
  kernel_.answers[option_] = AddressList(2, one + BytesOf(uint16_t{AF_UNIX}) + one);
  EXPECT_EQ(Get().size(), 1u);
  kernel_.answers[option_] = AddressList(0xffffffff, one);
  EXPECT_EQ(Get().size(), 1u);
  kernel_.answers[option_] = AddressList(1, one + one);
  EXPECT_EQ(Get().size(), 1u);
  kernel_.answers[option_] = AddressList(0, {});
  EXPECT_TRUE(Get().empty());
  kernel_.answers[option_] = {};
  EXPECT_TRUE(Get().empty());
}

// Not an empty list: there may be any number of addresses.
TEST_P(KernelAddresses, Refused) {
  kernel_.answers[option_] = AddressList(1, Packed(At("192.0.2.1", 5)));
  for (const int error : {EINVAL, EBADF, ENOTCONN}) {
    kernel_.refused = {{option_, error}};
    kernel_.questions.clear();
    std::vector<Address> found;
    EXPECT_EQ(Get(found), -error);
    EXPECT_TRUE(found.empty());
    EXPECT_EQ(kernel_.questions.size(), 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(All, KernelAddresses, testing::ValuesIn(kCalls),
                         [](const auto& instance) { return instance.param.name; });

// Id 0 stands for the endpoint, whose addresses another call gives.
TEST(KernelAddressesOneToMany, LocalAddressesOfNoAssociation) {
  FakeKernel kernel;
  KernelSocket socket;
  ASSERT_EQ(socket.Open(AF_INET, SOCK_SEQPACKET), 0);
  kernel.answers[{IPPROTO_SCTP, SCTP_GET_LOCAL_ADDRS}] = AddressList(1, Packed(At("192.0.2.1", 5)));
  std::vector<Address> found;
  EXPECT_EQ(socket.LocalAddresses(0, found), -EINVAL);
  EXPECT_TRUE(found.empty());
}

class KernelPeerAddress : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { ASSERT_EQ(socket_.Open(AF_INET6, GetParam()), 0); }

  // The kernel has an association whose primary address this is.
  void SetPrimary(const Address& address) {
    auto status = test::Zeroed<sctp_status>();
    std::memcpy(&status.sstat_primary.spinfo_address, address.data(), address.size());
    kernel_.answers[kStatus] = BytesOf(status);
  }

  static constexpr std::pair<int, int> kStatus{IPPROTO_SCTP, SCTP_STATUS};
  FakeKernel kernel_;
  KernelSocket socket_;
};

TEST_P(KernelPeerAddress, IsThePrimary) {
  kernel_.peer_name = Packed(At("2001:db8::2", 5));  // the last of those to connect to
  SetPrimary(At("2001:db8::1", 5));
  EXPECT_EQ(socket_.PeerAddress(kAssociation), At("2001:db8::1", 5));
  ByteVector question = BytesOf(kAssociation);
  question.resize(sizeof(sctp_status));
  EXPECT_EQ(kernel_.questions.back(), question);
}

TEST_P(KernelPeerAddress, NothingOnceTheAssociationIsOver) {
  kernel_.name_error = ENOTCONN;
  kernel_.refused = {{kStatus, EINVAL}};
  EXPECT_FALSE(socket_.PeerAddress(kAssociation));
}

INSTANTIATE_TEST_SUITE_P(All, KernelPeerAddress, testing::Values(SOCK_STREAM, SOCK_SEQPACKET),
                         [](const auto& instance) {
                           return instance.param == SOCK_STREAM ? "OneToOne" : "OneToMany";
                         });

}  // namespace
}  // namespace sctp
