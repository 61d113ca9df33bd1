// KernelSocket against a stand-in for the kernel: what it asks, and what it makes of the answers.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/sock_diag.h>

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

class KernelSocketCalls : public testing::Test {
 protected:
  // Opens and forgets what that took.
  void Open() {
    ASSERT_EQ(socket_.Open(AF_INET, SOCK_SEQPACKET), 0);
    kernel_.options_set.clear();
  }

  FakeKernel kernel_;
  KernelSocket socket_;  // after kernel_: ends before it
};

constexpr uint16_t kDry = SCTP_SENDER_DRY_EVENT;
constexpr uint16_t kReset = SCTP_STREAM_RESET_EVENT;

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

std::vector<FakeKernel::Option> OptionsOfANewSocket() {
  auto events = test::Zeroed<sctp_event_subscribe>();
  events.sctp_association_event = 1;
  events.sctp_shutdown_event = 1;
  events.sctp_partial_delivery_event = 1;
  events.sctp_send_failure_event_event = 1;
  return {{IPPROTO_SCTP, SCTP_RECVRCVINFO, BytesOf(int{1})},
          {IPPROTO_SCTP, SCTP_EVENTS, BytesOf(events)}};
}

TEST_F(KernelSocketCalls, Open) {
  EXPECT_EQ(socket_.Open(AF_INET6, SOCK_STREAM), 0);
  ASSERT_EQ(kernel_.sockets.size(), 1u);
  EXPECT_EQ(kernel_.sockets[0],
            std::tuple(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP));
  EXPECT_EQ(kernel_.options_set, OptionsOfANewSocket());
  EXPECT_TRUE(socket_.is_open());
  EXPECT_TRUE(IsOpen(socket_.fd()));
}

TEST_F(KernelSocketCalls, OpenRefused) {
  kernel_.socket_error = EMFILE;
  EXPECT_EQ(socket_.Open(AF_INET, SOCK_STREAM), -EMFILE);
  EXPECT_FALSE(socket_.is_open());
  EXPECT_TRUE(kernel_.options_set.empty());
  EXPECT_TRUE(kernel_.closed.empty());
}

// Half open would be worse than not: some endings would go unreported.
TEST_F(KernelSocketCalls, OpenClosesWhenAnOptionIsRefused) {
  for (const int number : {SCTP_RECVRCVINFO, SCTP_EVENTS}) {
    kernel_.refused = {{{IPPROTO_SCTP, number}, ENOPROTOOPT}};
    kernel_.closed.clear();
    EXPECT_EQ(socket_.Open(AF_INET, SOCK_STREAM), -ENOPROTOOPT);
    EXPECT_FALSE(socket_.is_open());
    ASSERT_EQ(kernel_.closed.size(), 1u);
    EXPECT_FALSE(IsOpen(kernel_.closed[0]));
  }
}

TEST_F(KernelSocketCalls, OpenAgainClosesTheFirst) {
  Open();
  const int first = socket_.fd();
  Open();
  EXPECT_EQ(kernel_.closed, std::vector<int>{first});
  EXPECT_TRUE(IsOpen(socket_.fd()));
}

TEST_F(KernelSocketCalls, CloseOnce) {
  Open();
  const int fd = socket_.fd();
  socket_.Close();
  socket_.Close();
  EXPECT_EQ(kernel_.closed, std::vector<int>{fd});
  EXPECT_FALSE(socket_.is_open());
}

TEST_F(KernelSocketCalls, DestructorCloses) {
  int fd = -1;
  {
    KernelSocket socket;
    socket.Open(AF_INET, SOCK_STREAM);
    fd = socket.fd();
  }
  EXPECT_EQ(kernel_.closed, std::vector<int>{fd});
}

TEST_F(KernelSocketCalls, MoveConstruction) {
  Open();
  const int fd = socket_.fd();
  const KernelSocket moved(std::move(socket_));
  EXPECT_EQ(moved.fd(), fd);
  EXPECT_FALSE(socket_.is_open());  // NOLINT(bugprone-use-after-move): promised to be closed
  EXPECT_TRUE(kernel_.closed.empty());
}

TEST_F(KernelSocketCalls, MoveAssignmentClosesTheOld) {
  Open();
  const int fd = socket_.fd();
  KernelSocket target;
  target.Open(AF_INET, SOCK_STREAM);
  const int old = target.fd();
  target = std::move(socket_);
  EXPECT_EQ(target.fd(), fd);
  EXPECT_FALSE(socket_.is_open());  // NOLINT(bugprone-use-after-move): promised to be closed
  EXPECT_EQ(kernel_.closed, std::vector<int>{old});
}

TEST_F(KernelSocketCalls, MoveToItself) {
  Open();
  const int fd = socket_.fd();
  KernelSocket& same = socket_;
  socket_ = std::move(same);
  EXPECT_EQ(socket_.fd(), fd);
  EXPECT_TRUE(IsOpen(fd));
}

TEST_F(KernelSocketCalls, BindAndListen) {
  Open();
  const Address address = Address::Parse("192.0.2.1", 3868).value();
  EXPECT_EQ(socket_.Bind(address), 0);
  ASSERT_EQ(kernel_.bound.size(), 1u);
  EXPECT_EQ(Address::FromBytes(kernel_.bound[0]), address);
  EXPECT_EQ(kernel_.bound[0].size(), sizeof(sockaddr_in));
  kernel_.bind_error = EADDRINUSE;
  EXPECT_EQ(socket_.Bind(address), -EADDRINUSE);

  EXPECT_EQ(socket_.Listen(7), 0);
  EXPECT_EQ(kernel_.backlogs, std::vector<int>{7});
  kernel_.listen_error = EACCES;
  EXPECT_EQ(socket_.Listen(7), -EACCES);
}

TEST_F(KernelSocketCalls, LocalAddress) {
  Open();
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(5);
  kernel_.local_name = BytesOf(in6);
  EXPECT_EQ(socket_.LocalAddress(), Address::Parse("::", 5));
  kernel_.local_name.resize(2);
  EXPECT_FALSE(socket_.LocalAddress());
}

TEST_F(KernelSocketCalls, SetOption) {
  Open();
  const OptionLayout& layout = *FindOption("noDelay");
  EXPECT_EQ(socket_.SetOption(layout, BytesOf(int{1})), 0);
  const std::vector<FakeKernel::Option> expected = {{IPPROTO_SCTP, SCTP_NODELAY, BytesOf(int{1})}};
  EXPECT_EQ(kernel_.options_set, expected);
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_NODELAY}, EINVAL}};
  EXPECT_EQ(socket_.SetOption(layout, BytesOf(int{1})), -EINVAL);
}

TEST_F(KernelSocketCalls, PrivilegedOptionAlone) {
  Open();
  EXPECT_EQ(socket_.SetOption(*FindOption("sndBuf"), BytesOf(int{1 << 20})), 0);
  const std::vector<FakeKernel::Option> expected = {
      {SOL_SOCKET, SO_SNDBUFFORCE, BytesOf(int{1 << 20})}};
  EXPECT_EQ(kernel_.options_set, expected);
}

TEST_F(KernelSocketCalls, PlainOptionWithoutThePrivilege) {
  Open();
  kernel_.refused = {{{SOL_SOCKET, SO_RCVBUFFORCE}, EPERM}};
  EXPECT_EQ(socket_.SetOption(*FindOption("rcvBuf"), BytesOf(int{1 << 20})), 0);
  const std::vector<FakeKernel::Option> expected = {
      {SOL_SOCKET, SO_RCVBUFFORCE, BytesOf(int{1 << 20})},
      {SOL_SOCKET, SO_RCVBUF, BytesOf(int{1 << 20})}};
  EXPECT_EQ(kernel_.options_set, expected);
  kernel_.refused.push_back({{SOL_SOCKET, SO_RCVBUF}, EINVAL});
  EXPECT_EQ(socket_.SetOption(*FindOption("rcvBuf"), BytesOf(int{0})), -EINVAL);
}

// Some SCTP options answer with an association's id or a descriptor.
TEST_F(KernelSocketCalls, PositiveAnswersAreNoErrors) {
  Open();
  kernel_.setsockopt_answer = 3;
  EXPECT_EQ(socket_.SetOption(*FindOption("noDelay"), BytesOf(int{1})), 0);
}

TEST_F(KernelSocketCalls, GetOptionCarriesBytesInAndOut) {
  Open();
  const OptionLayout& layout = *FindOption("noDelay");
  kernel_.answers[{IPPROTO_SCTP, SCTP_NODELAY}] = BytesOf(int{7});
  ByteVector bytes = BytesOf(int{3});
  EXPECT_EQ(socket_.GetOption(layout, bytes), 0);
  EXPECT_EQ(kernel_.questions.back(), BytesOf(int{3}));
  EXPECT_EQ(bytes, BytesOf(int{7}));
  kernel_.refused = {{{IPPROTO_SCTP, SCTP_NODELAY}, ENOPROTOOPT}};
  EXPECT_EQ(socket_.GetOption(layout, bytes), -ENOPROTOOPT);
}

TEST_F(KernelSocketCalls, TakeError) {
  Open();
  kernel_.answers[{SOL_SOCKET, SO_ERROR}] = BytesOf(int{ECONNRESET});
  EXPECT_EQ(socket_.TakeError(), -ECONNRESET);
  kernel_.answers[{SOL_SOCKET, SO_ERROR}] = BytesOf(int{0});
  EXPECT_EQ(socket_.TakeError(), 0);
  kernel_.refused = {{{SOL_SOCKET, SO_ERROR}, ENOTSOCK}};
  EXPECT_EQ(socket_.TakeError(), -ENOTSOCK);
}

TEST_F(KernelSocketCalls, Subscribe) {
  Open();
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

TEST_F(KernelSocketCalls, SubscribeToWhatTheKernelDoesNotKnow) {
  Open();
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

TEST_F(KernelSocketCalls, SubscribeRefused) {
  Open();
  for (const int error : {EINVAL, EBADF}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_EVENTS}, error}};
    EXPECT_EQ(socket_.Subscribe(std::span(&kDry, 1), true), -error);
  }
}

FakeKernel::Option EventOf(int32_t assoc_id, uint16_t type, bool on) {
  auto event = test::Zeroed<sctp_event>();
  event.se_assoc_id = assoc_id;
  event.se_type = type;
  event.se_on = on;
  return {IPPROTO_SCTP, SCTP_EVENT, BytesOf(event)};
}

TEST_F(KernelSocketCalls, SubscribeOneAssociation) {
  Open();
  constexpr uint16_t kTypes[] = {kDry, kReset};
  EXPECT_EQ(socket_.Subscribe(7, kTypes, true), 0);
  EXPECT_EQ(socket_.Subscribe(8, std::span(&kDry, 1), false), 0);
  EXPECT_EQ(socket_.Subscribe(7, {}, true), 0);
  const std::vector<FakeKernel::Option> expected = {
      EventOf(7, kDry, true), EventOf(7, kReset, true), EventOf(8, kDry, false)};
  EXPECT_EQ(kernel_.options_set, expected);
}

TEST_F(KernelSocketCalls, SubscribeNoAssociation) {
  Open();
  for (const int32_t id : {-1, SCTP_FUTURE_ASSOC, SCTP_CURRENT_ASSOC, SCTP_ALL_ASSOC}) {
    EXPECT_EQ(socket_.Subscribe(id, std::span(&kDry, 1), true), -EINVAL);
  }
  EXPECT_TRUE(kernel_.options_set.empty());
  for (const int error : {EINVAL, ENOPROTOOPT, EBADF}) {
    kernel_.refused = {{{IPPROTO_SCTP, SCTP_EVENT}, error}};
    EXPECT_EQ(socket_.Subscribe(7, std::span(&kDry, 1), true), -error);
  }
}

// SCTP_EVENT would miss an association that is being set up.
TEST_F(KernelSocketCalls, SubscribeTheAssociationOfAOneToOneSocket) {
  ASSERT_EQ(socket_.Open(AF_INET, SOCK_STREAM), 0);
  kernel_.options_set.clear();
  auto events = test::Zeroed<sctp_event_subscribe>();
  events.sctp_sender_dry_event = 1;
  EXPECT_EQ(socket_.Subscribe(0, std::span(&kDry, 1), true), 0);
  const std::vector<FakeKernel::Option> expected = {{IPPROTO_SCTP, SCTP_EVENTS, BytesOf(events)}};
  EXPECT_EQ(kernel_.options_set, expected);
}

TEST_F(KernelSocketCalls, UnacknowledgedBytes) {
  Open();
  uint32_t memory[SK_MEMINFO_VARS] = {};
  memory[SK_MEMINFO_WMEM_QUEUED] = 0xfedcba98;
  kernel_.answers[{SOL_SOCKET, SO_MEMINFO}] = BytesOf(memory);
  EXPECT_EQ(socket_.UnacknowledgedBytes(), 0xfedcba98);
  // An older kernel reports less.
  kernel_.answers[{SOL_SOCKET, SO_MEMINFO}].resize(sizeof(uint32_t));
  EXPECT_EQ(socket_.UnacknowledgedBytes(), 0);
  kernel_.refused = {{{SOL_SOCKET, SO_MEMINFO}, ENOPROTOOPT}};
  EXPECT_EQ(socket_.UnacknowledgedBytes(), -ENOPROTOOPT);
}

TEST_F(KernelSocketCalls, Send) {
  Open();
  const Address peer = Address::Parse("2001:db8::1", 2905).value();
  const SendInfo info{.stream = 3, .ppid = 3, .auth_key = 1};
  EXPECT_EQ(socket_.Send(&peer, TextBytes("message"), info), 7);
  ASSERT_EQ(kernel_.sent.size(), 1u);
  const FakeKernel::Sent& sent = kernel_.sent[0];
  EXPECT_EQ(sent.name.size(), sizeof(sockaddr_in6));
  EXPECT_EQ(Address::FromBytes(sent.name), peer);
  EXPECT_EQ(sent.data, TextBytes("message"));
  // Never blocks, never raises SIGPIPE.
  EXPECT_EQ(sent.flags, MSG_DONTWAIT | MSG_NOSIGNAL);
  SendControl control;
  const size_t length = EncodeSendInfo(info, control);
  EXPECT_EQ(sent.control, test::ToVector(std::span(control.bytes).first(length)));

  kernel_.send_error = EAGAIN;
  EXPECT_EQ(socket_.Send(&peer, TextBytes("message"), info), -EAGAIN);
}

class KernelSocketDiscard : public KernelSocketCalls {
 protected:
  // Discards from `input`, with a receive buffer of 100000 bytes. Returns the number of reads.
  size_t Discard(std::deque<ssize_t> input) {
    Open();
    kernel_.answers[{SOL_SOCKET, SO_RCVBUF}] = BytesOf(int{100000});
    kernel_.input = std::move(input);
    kernel_.discarded.clear();
    socket_.DiscardInput();
    return kernel_.discarded.size();
  }
};

TEST_F(KernelSocketDiscard, UntilEmpty) {
  EXPECT_EQ(Discard({}), 1u);
  EXPECT_EQ(Discard({10, 20, 30}), 4u);
  EXPECT_EQ(Discard({10, -EAGAIN, 30}), 2u);
}

TEST_F(KernelSocketDiscard, UntilTheEnd) { EXPECT_EQ(Discard({10, 0, 30}), 2u); }

// A fast sender must not hold us for ever.
TEST_F(KernelSocketDiscard, NoMoreThanABufferful) {
  EXPECT_EQ(Discard(std::deque<ssize_t>(1000, 50000)), 3u);
}

TEST_F(KernelSocketDiscard, ErrorsEndNothingButDoNotLoop) {
  EXPECT_EQ(Discard({-ECONNRESET, 10, 20}), 4u);
  EXPECT_EQ(Discard(std::deque<ssize_t>(1000, -ECONNRESET)), 2u);
}

TEST_F(KernelSocketDiscard, NothingIfTheBufferIsUnknown) {
  kernel_.refused = {{{SOL_SOCKET, SO_RCVBUF}, ENOTSOCK}};
  EXPECT_EQ(Discard({10}), 0u);
}

}  // namespace
}  // namespace sctp
