// KernelSocket against a stand-in for the kernel: the addresses of an association and its ends.
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

struct AddressesCall {
  const char* name;
  int option;
  bool of_association;  // or of the endpoint, whatever its association uses
  std::vector<Address> (KernelSocket::*get)() const;
};

class KernelAddresses : public testing::TestWithParam<AddressesCall> {
 protected:
  void SetUp() override { ASSERT_EQ(socket_.Open(AF_INET6, SOCK_STREAM), 0); }
  std::vector<Address> Get() const { return (socket_.*GetParam().get)(); }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
  std::pair<int, int> option_{IPPROTO_SCTP, GetParam().option};
};

TEST_P(KernelAddresses, AreThoseAskedFor) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5)};
  kernel_.answers[option_] = AddressList(2, Packed(addresses[0]) + Packed(addresses[1]));
  EXPECT_EQ(Get(), addresses);
  // With id 0 they are those the socket is bound to. There must be room for many.
  sctp_getaddrs question{};
  std::memcpy(&question, kernel_.question.data(), sizeof question);
  if (GetParam().of_association) {
    EXPECT_GT(question.assoc_id, 0);
  } else {
    EXPECT_EQ(question.assoc_id, 0);
  }
  EXPECT_GT(kernel_.question.size(), 1000 * sizeof(sockaddr_in6));
}

// The kernel counts the header for the peer's addresses, but not for our own.
TEST_P(KernelAddresses, WhateverLengthTheKernelTells) {
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

TEST_P(KernelAddresses, Refused) {
  kernel_.answers[option_] = AddressList(1, Packed(At("192.0.2.1", 5)));
  kernel_.refused = {{option_, EINVAL}};
  EXPECT_TRUE(Get().empty());
}

INSTANTIATE_TEST_SUITE_P(All, KernelAddresses,
                         testing::Values(AddressesCall{"Local", SCTP_GET_LOCAL_ADDRS, true,
                                                       &KernelSocket::LocalAddresses},
                                         AddressesCall{"Bound", SCTP_GET_LOCAL_ADDRS, false,
                                                       &KernelSocket::BoundAddresses},
                                         AddressesCall{"Peer", SCTP_GET_PEER_ADDRS, true,
                                                       &KernelSocket::PeerAddresses}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace sctp
