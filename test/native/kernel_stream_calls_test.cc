// KernelSocket against a stand-in for the kernel: the calls of one-to-one sockets.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "core/kernel_socket.h"
#include "core/route.h"
#include "native/fake_kernel.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::FakeKernel;
using test::TextBytes;

// One-to-one sockets ignore it.
constexpr int32_t kAnyId = 0;

class KernelStreamCalls : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(socket_.Open(AF_INET6, SOCK_STREAM), 0);
    kernel_.options_set.clear();
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
};

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

Address At(std::string_view host, uint16_t port) { return Address::Parse(host, port).value(); }

ByteVector Packed(const Address& address) {
  const auto* bytes = reinterpret_cast<const std::byte*>(address.data());
  return {bytes, bytes + address.size()};
}

TEST_F(KernelStreamCalls, Accept) {
  KernelSocket accepted;
  std::optional<Address> peer;
  kernel_.peer_name = Packed(At("192.0.2.1", 5));
  EXPECT_EQ(socket_.Accept(accepted, peer), 0);
  EXPECT_EQ(peer, At("192.0.2.1", 5));
  EXPECT_EQ(kernel_.accept_flags, std::vector<int>{SOCK_NONBLOCK | SOCK_CLOEXEC});
  EXPECT_TRUE(IsOpen(accepted.fd()));
  EXPECT_NE(accepted.fd(), socket_.fd());
  // Whatever it was before is closed.
  const int first = accepted.fd();
  kernel_.peer_name = {};
  EXPECT_EQ(socket_.Accept(accepted, peer), 0);
  EXPECT_EQ(kernel_.closed, std::vector<int>{first});
  EXPECT_EQ(peer, std::nullopt);
}

TEST_F(KernelStreamCalls, AcceptRefused) {
  KernelSocket accepted;
  std::optional<Address> peer;
  for (const int error : {EAGAIN, ECONNABORTED, EMFILE, EINTR}) {
    kernel_.accept_error = error;
    EXPECT_EQ(socket_.Accept(accepted, peer), -error);
    EXPECT_FALSE(accepted.is_open());
  }
  EXPECT_TRUE(kernel_.closed.empty());
}

// While it is connecting SCTP_STATUS says EINVAL.
TEST_F(KernelStreamCalls, PeerAddressIsTheNameUntilThereIsAPrimary) {
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_STATUS}, EINVAL}};
  kernel_.peer_name = Packed(At("2001:db8::1", 5));
  EXPECT_EQ(socket_.PeerAddress(kAnyId), At("2001:db8::1", 5));
  kernel_.peer_name.resize(2);
  EXPECT_FALSE(socket_.PeerAddress(kAnyId));
  kernel_.name_error = ENOTCONN;
  EXPECT_FALSE(socket_.PeerAddress(kAnyId));
}

TEST_F(KernelStreamCalls, Shutdown) {
  EXPECT_EQ(socket_.Shutdown(kAnyId), 0);
  EXPECT_EQ(kernel_.shutdowns, std::vector<int>{SHUT_WR});
  kernel_.shutdown_error = ENOTCONN;
  EXPECT_EQ(socket_.Shutdown(kAnyId), -ENOTCONN);
  EXPECT_TRUE(socket_.is_open());
  EXPECT_TRUE(kernel_.sent.empty());
}

TEST_F(KernelStreamCalls, AbortLingersForNoTimeAndCloses) {
  const int fd = socket_.fd();
  EXPECT_EQ(socket_.Abort(kAnyId, TextBytes("reason")), 0);
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  const std::vector<FakeKernel::Option> expected = {{SOL_SOCKET, SO_LINGER, BytesOf(at_once)}};
  EXPECT_EQ(kernel_.options_set, expected);
  EXPECT_EQ(kernel_.closed, std::vector<int>{fd});
  EXPECT_FALSE(socket_.is_open());
  EXPECT_EQ(socket_.Abort(kAnyId, {}), -EBADF);
  EXPECT_EQ(kernel_.options_set, expected);
  EXPECT_EQ(kernel_.closed, std::vector<int>{fd});
  EXPECT_TRUE(kernel_.sent.empty());
}

// What was accepted is one-to-one, too.
TEST_F(KernelStreamCalls, AbortOfAnAccepted) {
  KernelSocket accepted;
  std::optional<Address> peer;
  ASSERT_EQ(socket_.Accept(accepted, peer), 0);
  KernelSocket moved(std::move(accepted));
  accepted = std::move(moved);
  EXPECT_TRUE(accepted.is_one_to_one());
  EXPECT_EQ(accepted.Abort(kAnyId, {}), 0);
  EXPECT_FALSE(accepted.is_open());
}

TEST_F(KernelStreamCalls, AbortClosesWhateverTheKernelSays) {
  kernel_.refused = {{{SOL_SOCKET, SO_LINGER}, EINVAL}};
  EXPECT_EQ(socket_.Abort(kAnyId, {}), 0);
  EXPECT_FALSE(socket_.is_open());
}

TEST_F(KernelStreamCalls, SendWithoutAnAddress) {
  EXPECT_EQ(socket_.Send(nullptr, TextBytes("message"), {}), 7);
  ASSERT_EQ(kernel_.sent.size(), 1u);
  EXPECT_TRUE(kernel_.sent[0].name.empty());
}

TEST_F(KernelStreamCalls, StreamsThatAnAssociationBeganWith) {
  EXPECT_FALSE(socket_.PeekStartedStreams());  // nothing has come
  sctp_assoc_change change{};
  change.sac_type = SCTP_ASSOC_CHANGE;
  change.sac_length = sizeof change;
  change.sac_state = SCTP_COMM_UP;
  change.sac_outbound_streams = 7;
  change.sac_inbound_streams = 9;
  kernel_.first_message = BytesOf(change);
  kernel_.first_flags = MSG_NOTIFICATION;
  const auto streams = socket_.PeekStartedStreams();
  ASSERT_TRUE(streams);
  EXPECT_EQ(streams->outbound, 7);
  EXPECT_EQ(streams->inbound, 9);
}

TEST_F(KernelStreamCalls, StreamsThatNothingTells) {
  sctp_assoc_change change{};
  change.sac_type = SCTP_ASSOC_CHANGE;
  change.sac_length = sizeof change;
  change.sac_state = SCTP_COMM_LOST;
  kernel_.first_message = BytesOf(change);
  kernel_.first_flags = MSG_NOTIFICATION;
  EXPECT_FALSE(socket_.PeekStartedStreams());
  change.sac_state = SCTP_COMM_UP;
  kernel_.first_message = BytesOf(change);
  kernel_.first_flags = 0;  // a message that looks like one
  EXPECT_FALSE(socket_.PeekStartedStreams());
  kernel_.first_flags = MSG_NOTIFICATION;
  kernel_.first_message.resize(6);
  EXPECT_FALSE(socket_.PeekStartedStreams());
}

class Route : public testing::Test {
 protected:
  FakeKernel kernel_;
};

TEST_F(Route, IsWhereADatagramWouldComeFrom) {
  kernel_.local_name = Packed(At("192.0.2.7", 1234));
  const Address destination = At("192.0.2.1", 5);
  Address source;
  EXPECT_EQ(RouteSource(destination, source), 0);
  EXPECT_EQ(source, At("192.0.2.7", 1234));
  ASSERT_EQ(kernel_.sockets.size(), 1u);
  EXPECT_EQ(kernel_.sockets[0], std::tuple(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP));
  EXPECT_EQ(kernel_.datagrams, std::vector<ByteVector>{Packed(destination)});
  ASSERT_EQ(kernel_.closed.size(), 1u);
  EXPECT_FALSE(IsOpen(kernel_.closed[0]));
}

TEST_F(Route, OfTheDestinationsFamily) {
  kernel_.local_name = Packed(At("2001:db8::7", 0));
  Address source;
  EXPECT_EQ(RouteSource(At("2001:db8::1", 5), source), 0);
  EXPECT_EQ(source, At("2001:db8::7", 0));
  EXPECT_EQ(std::get<0>(kernel_.sockets[0]), AF_INET6);
}

TEST_F(Route, NothingWithoutOne) {
  kernel_.local_name = Packed(At("192.0.2.7", 0));
  kernel_.connect_error = ENETUNREACH;
  Address source;
  EXPECT_EQ(RouteSource(At("192.0.2.1", 5), source), -ENETUNREACH);
  kernel_.connect_error = 0;
  kernel_.name_error = ENOBUFS;
  EXPECT_EQ(RouteSource(At("192.0.2.1", 5), source), -ENOBUFS);
  EXPECT_EQ(kernel_.closed.size(), 2u);
  kernel_.socket_error = EAFNOSUPPORT;
  EXPECT_EQ(RouteSource(At("192.0.2.1", 5), source), -EAFNOSUPPORT);
  EXPECT_EQ(kernel_.closed.size(), 2u);
}

}  // namespace
}  // namespace sctp
