// KernelSocket against a stand-in for the kernel: the calls of one-to-one sockets.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/sock_diag.h>

#include <cerrno>

#include "core/kernel_socket.h"
#include "core/route.h"
#include "native/fake_kernel.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::operator+;
using test::FakeKernel;

class KernelStreamCalls : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(socket_.Open(AF_INET6, SOCK_STREAM), 0);
    kernel_.options_set.clear();
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
};

constexpr uint16_t kDry = SCTP_SENDER_DRY_EVENT;
constexpr uint16_t kReset = SCTP_STREAM_RESET_EVENT;

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

Address At(std::string_view host, uint16_t port) { return Address::Parse(host, port).value(); }

ByteVector Packed(const Address& address) {
  const auto* bytes = reinterpret_cast<const std::byte*>(address.data());
  return {bytes, bytes + address.size()};
}

TEST_F(KernelStreamCalls, ConnectPacksTheAddresses) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5),
                                          At("192.0.2.2", 5)};
  EXPECT_EQ(socket_.Connect(addresses), 0);
  ASSERT_EQ(kernel_.peers.size(), 1u);
  EXPECT_EQ(kernel_.peers[0], Packed(addresses[0]) + Packed(addresses[1]) + Packed(addresses[2]));
}

TEST_F(KernelStreamCalls, ConnectTellsWhatTheKernelSays) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5)};
  for (const int error : {EINPROGRESS, EINVAL, EADDRNOTAVAIL, ENETUNREACH}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX3}, error}};
    EXPECT_EQ(socket_.Connect(addresses), -error);
  }
  // None: the kernel decides about that, too.
  EXPECT_EQ(socket_.Connect({}), -ENETUNREACH);
  EXPECT_TRUE(kernel_.peers.back().empty());
}

TEST_F(KernelStreamCalls, Accept) {
  KernelSocket accepted;
  EXPECT_EQ(socket_.Accept(accepted), 0);
  EXPECT_EQ(kernel_.accept_flags, std::vector<int>{SOCK_NONBLOCK | SOCK_CLOEXEC});
  EXPECT_TRUE(IsOpen(accepted.fd()));
  EXPECT_NE(accepted.fd(), socket_.fd());
  // Whatever it was before is closed.
  const int first = accepted.fd();
  EXPECT_EQ(socket_.Accept(accepted), 0);
  EXPECT_EQ(kernel_.closed, std::vector<int>{first});
}

TEST_F(KernelStreamCalls, AcceptRefused) {
  KernelSocket accepted;
  for (const int error : {EAGAIN, ECONNABORTED, EMFILE, EINTR}) {
    kernel_.accept_error = error;
    EXPECT_EQ(socket_.Accept(accepted), -error);
    EXPECT_FALSE(accepted.is_open());
  }
  EXPECT_TRUE(kernel_.closed.empty());
}

TEST_F(KernelStreamCalls, BindMore) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5)};
  EXPECT_EQ(socket_.BindMore(addresses), 0);
  const std::vector<FakeKernel::Option> expected = {
      {IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_ADD, Packed(addresses[0]) + Packed(addresses[1])}};
  EXPECT_EQ(kernel_.options_set, expected);
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_ADD}, EADDRINUSE}};
  EXPECT_EQ(socket_.BindMore(addresses), -EADDRINUSE);
}

TEST_F(KernelStreamCalls, Unbind) {
  const std::vector<Address> addresses = {At("192.0.2.1", 5), At("2001:db8::1", 5)};
  EXPECT_EQ(socket_.Unbind(addresses), 0);
  const std::vector<FakeKernel::Option> expected = {
      {IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_REM, Packed(addresses[0]) + Packed(addresses[1])}};
  EXPECT_EQ(kernel_.options_set, expected);
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_SOCKOPT_BINDX_REM}, EBUSY}};
  EXPECT_EQ(socket_.Unbind(addresses), -EBUSY);
}

TEST_F(KernelStreamCalls, PeerAddress) {
  kernel_.peer_name = Packed(At("2001:db8::1", 5));
  EXPECT_EQ(socket_.PeerAddress(), At("2001:db8::1", 5));
  kernel_.peer_name.resize(2);
  EXPECT_FALSE(socket_.PeerAddress());
  kernel_.name_error = ENOTCONN;
  EXPECT_FALSE(socket_.PeerAddress());
}

TEST_F(KernelStreamCalls, Subscribe) {
  auto events = test::Zeroed<sctp_event_subscribe>();
  events.sctp_shutdown_event = 1;
  kernel_.answers[{IPPROTO_SCTP, SCTP_EVENTS}] = BytesOf(events);
  constexpr uint16_t kTypes[] = {SCTP_PEER_ADDR_CHANGE, SCTP_STREAM_CHANGE_EVENT};
  EXPECT_EQ(socket_.Subscribe(kTypes, true), 0);
  events.sctp_address_event = 1;
  events.sctp_stream_change_event = 1;
  std::vector<FakeKernel::Option> expected = {{IPPROTO_SCTP, SCTP_EVENTS, BytesOf(events)}};

  kernel_.answers[{IPPROTO_SCTP, SCTP_EVENTS}] = BytesOf(events);
  EXPECT_EQ(socket_.Subscribe(kTypes, false), 0);
  events.sctp_address_event = 0;
  events.sctp_stream_change_event = 0;
  expected.push_back({IPPROTO_SCTP, SCTP_EVENTS, BytesOf(events)});
  EXPECT_EQ(kernel_.options_set, expected);
}

TEST_F(KernelStreamCalls, SubscribeToWhatTheKernelDoesNotKnow) {
  for (const uint16_t type : {uint16_t{0}, uint16_t{0x7fff}, uint16_t{0x800e}, uint16_t{0xffff}}) {
    EXPECT_EQ(socket_.Subscribe(std::span(&type, 1), true), -EINVAL);
  }
  EXPECT_TRUE(kernel_.options_set.empty());
  // An older kernel, whose struct is shorter.
  kernel_.answers[{IPPROTO_SCTP, SCTP_EVENTS}] = ByteVector(10);
  EXPECT_EQ(socket_.Subscribe(std::span(&kDry, 1), true), 0);
  EXPECT_EQ(kernel_.options_set.back().bytes.size(), 10u);
  EXPECT_EQ(socket_.Subscribe(std::span(&kReset, 1), true), -EINVAL);
}

TEST_F(KernelStreamCalls, SubscribeRefused) {
  for (const int error : {EINVAL, EBADF}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_EVENTS}, error}};
    EXPECT_EQ(socket_.Subscribe(std::span(&kDry, 1), true), -error);
  }
}

TEST_F(KernelStreamCalls, UnacknowledgedBytes) {
  uint32_t memory[SK_MEMINFO_VARS] = {};
  memory[SK_MEMINFO_WMEM_QUEUED] = 0xfedcba98;
  kernel_.answers[{SOL_SOCKET, SO_MEMINFO}] = BytesOf(memory);
  EXPECT_EQ(socket_.UnacknowledgedBytes(), 0xfedcba98);
  // An older kernel tells less.
  kernel_.answers[{SOL_SOCKET, SO_MEMINFO}].resize(sizeof(uint32_t));
  EXPECT_EQ(socket_.UnacknowledgedBytes(), 0);
  kernel_.refused = {{{SOL_SOCKET, SO_MEMINFO}, ENOPROTOOPT}};
  EXPECT_EQ(socket_.UnacknowledgedBytes(), -ENOPROTOOPT);
}

TEST_F(KernelStreamCalls, Reconfiguration) {
  const std::vector<uint16_t> streams = {1, 65535};
  EXPECT_EQ(socket_.ResetStreams(SCTP_STREAM_RESET_OUTGOING, streams), 0);
  EXPECT_EQ(socket_.ResetStreams(SCTP_STREAM_RESET_INCOMING, {}), 0);
  EXPECT_EQ(socket_.ResetAssociation(), 0);
  EXPECT_EQ(socket_.AddStreams(2, 3), 0);
  auto some = test::Zeroed<sctp_reset_streams>();
  some.srs_flags = SCTP_STREAM_RESET_OUTGOING;
  some.srs_number_streams = 2;
  auto all = test::Zeroed<sctp_reset_streams>();
  all.srs_flags = SCTP_STREAM_RESET_INCOMING;
  auto more = test::Zeroed<sctp_add_streams>();
  more.sas_instrms = 2;
  more.sas_outstrms = 3;
  const std::vector<FakeKernel::Option> expected = {
      {IPPROTO_SCTP, 119, BytesOf(some) + BytesOf(uint16_t{1}) + BytesOf(uint16_t{65535})},
      {IPPROTO_SCTP, 119, BytesOf(all)},
      {IPPROTO_SCTP, 120, BytesOf(int32_t{0})},
      {IPPROTO_SCTP, 121, BytesOf(more)},
  };
  EXPECT_EQ(kernel_.options_set, expected);
}

TEST_F(KernelStreamCalls, ReconfigurationRefused) {
  for (const int error : {EAGAIN, EINPROGRESS, ENOPROTOOPT}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_RESET_STREAMS}, error},
                       {{IPPROTO_SCTP, SCTP_RESET_ASSOC}, error},
                       {{IPPROTO_SCTP, SCTP_ADD_STREAMS}, error}};
    EXPECT_EQ(socket_.ResetStreams(SCTP_STREAM_RESET_OUTGOING, {}), -error);
    EXPECT_EQ(socket_.ResetAssociation(), -error);
    EXPECT_EQ(socket_.AddStreams(1, 1), -error);
  }
  const std::vector<uint16_t> many(65536);
  EXPECT_EQ(socket_.ResetStreams(SCTP_STREAM_RESET_OUTGOING, many), -EINVAL);
}

TEST_F(KernelStreamCalls, ShutdownWrite) {
  EXPECT_EQ(socket_.ShutdownWrite(), 0);
  EXPECT_EQ(kernel_.shutdowns, std::vector<int>{SHUT_WR});
  kernel_.shutdown_error = ENOTCONN;
  EXPECT_EQ(socket_.ShutdownWrite(), -ENOTCONN);
  EXPECT_TRUE(socket_.is_open());
}

TEST_F(KernelStreamCalls, AbortLingersForNoTimeAndCloses) {
  const int fd = socket_.fd();
  socket_.Abort();
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  const std::vector<FakeKernel::Option> expected = {{SOL_SOCKET, SO_LINGER, BytesOf(at_once)}};
  EXPECT_EQ(kernel_.options_set, expected);
  EXPECT_EQ(kernel_.closed, std::vector<int>{fd});
  EXPECT_FALSE(socket_.is_open());
  socket_.Abort();  // nothing left to do
  EXPECT_EQ(kernel_.options_set, expected);
  EXPECT_EQ(kernel_.closed, std::vector<int>{fd});
}

TEST_F(KernelStreamCalls, AbortClosesWhateverTheKernelSays) {
  kernel_.refused = {{{SOL_SOCKET, SO_LINGER}, EINVAL}};
  socket_.Abort();
  EXPECT_FALSE(socket_.is_open());
}

TEST_F(KernelStreamCalls, SendWithoutAnAddress) {
  EXPECT_EQ(socket_.Send(nullptr, test::TextBytes("message"), {}), 7);
  ASSERT_EQ(kernel_.sent.size(), 1u);
  EXPECT_TRUE(kernel_.sent[0].name.empty());
}

class Route : public testing::Test {
 protected:
  FakeKernel kernel_;
};

TEST_F(Route, IsWhereADatagramWouldComeFrom) {
  kernel_.local_name = Packed(At("192.0.2.7", 1234));
  const Address destination = At("192.0.2.1", 5);
  EXPECT_EQ(RouteSource(destination), At("192.0.2.7", 1234));
  ASSERT_EQ(kernel_.sockets.size(), 1u);
  EXPECT_EQ(kernel_.sockets[0], std::tuple(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP));
  EXPECT_EQ(kernel_.datagrams, std::vector<ByteVector>{Packed(destination)});
  ASSERT_EQ(kernel_.closed.size(), 1u);
  EXPECT_FALSE(IsOpen(kernel_.closed[0]));
}

TEST_F(Route, OfTheDestinationsFamily) {
  kernel_.local_name = Packed(At("2001:db8::7", 0));
  EXPECT_EQ(RouteSource(At("2001:db8::1", 5)), At("2001:db8::7", 0));
  EXPECT_EQ(std::get<0>(kernel_.sockets[0]), AF_INET6);
}

TEST_F(Route, NothingWithoutOne) {
  kernel_.local_name = Packed(At("192.0.2.7", 0));
  kernel_.connect_error = ENETUNREACH;
  EXPECT_FALSE(RouteSource(At("192.0.2.1", 5)));
  kernel_.connect_error = 0;
  kernel_.name_error = ENOBUFS;
  EXPECT_FALSE(RouteSource(At("192.0.2.1", 5)));
  EXPECT_EQ(kernel_.closed.size(), 2u);
  kernel_.socket_error = EMFILE;
  EXPECT_FALSE(RouteSource(At("192.0.2.1", 5)));
  EXPECT_EQ(kernel_.closed.size(), 2u);
}

}  // namespace
}  // namespace sctp
