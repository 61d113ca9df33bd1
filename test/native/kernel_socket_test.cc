// KernelSocket on this machine's kernel, with or without SCTP.
#include "core/kernel_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "core/option_codec.h"
#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::TextBytes;

// What the kernel says when asked without our code: 0 or negative errno.
int Ask(int family, int style) {
  const int fd = socket(family, style, IPPROTO_SCTP);
  if (fd < 0) return -errno;
  close(fd);
  return 0;
}

// Grows by one with each descriptor left open.
int LowestFreeDescriptor() {
  const int fd = dup(STDERR_FILENO);
  close(fd);
  return fd;
}

// All calls that must fail on a closed socket.
void ExpectClosed(KernelSocket& socket) {
  constexpr int32_t kAssociation = 3;
  const Address address = Address::Parse("127.0.0.1", 0).value();
  const OptionLayout& option = *FindOption("sndBuf");
  test::ByteVector bytes(option.size);
  EXPECT_FALSE(socket.is_open());
  EXPECT_EQ(socket.fd(), -1);
  EXPECT_EQ(socket.Bind(address), -EBADF);
  EXPECT_EQ(socket.Listen(1), -EBADF);
  EXPECT_FALSE(socket.LocalAddress());
  std::vector<int32_t> ids;
  EXPECT_EQ(socket.AssociationIds(ids), -EBADF);
  std::vector<Address> addresses;
  EXPECT_EQ(socket.BoundAddresses(addresses), -EBADF);
  EXPECT_EQ(socket.LocalAddresses(kAssociation, addresses), -EBADF);
  EXPECT_EQ(socket.PeerAddresses(kAssociation, addresses), -EBADF);
  EXPECT_FALSE(socket.PeerAddress(kAssociation));
  EXPECT_EQ(socket.Connect(std::span(&address, 1), ids.emplace_back()), -EBADF);
  EXPECT_EQ(socket.ResetStreams(kAssociation, SCTP_STREAM_RESET_OUTGOING, {}), -EBADF);
  EXPECT_EQ(socket.ResetAssociation(kAssociation), -EBADF);
  EXPECT_EQ(socket.AddStreams(kAssociation, 1, 1), -EBADF);
  EXPECT_EQ(socket.Shutdown(kAssociation), -EBADF);
  EXPECT_EQ(socket.Abort(kAssociation, {}), -EBADF);
  EXPECT_EQ(socket.Subscribe({}, true), -EBADF);
  EXPECT_EQ(socket.UnacknowledgedBytes(), -EBADF);
  EXPECT_EQ(socket.SetOption(option, bytes), -EBADF);
  EXPECT_EQ(socket.GetOption(option, bytes), -EBADF);
  EXPECT_EQ(socket.TakeError(), -EBADF);
  EXPECT_EQ(socket.Send(&address, TextBytes("data"), {}), -EBADF);
  EXPECT_EQ(socket.Send(nullptr, {}, {}), -EBADF);
  socket.DiscardInput();
}

TEST(KernelSocket, ClosedAtFirst) {
  KernelSocket socket;
  ExpectClosed(socket);
}

TEST(KernelSocket, OpensIfTheKernelHasSctp) {
  const int expected = Ask(AF_INET, SOCK_SEQPACKET);
  if (expected != 0) {
    EXPECT_TRUE(expected == -EPROTONOSUPPORT || expected == -ESOCKTNOSUPPORT)
        << std::strerror(-expected);
  }
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int style : {SOCK_SEQPACKET, SOCK_STREAM}) {
      KernelSocket socket;
      EXPECT_EQ(socket.Open(family, style), Ask(family, style)) << family << ' ' << style;
      EXPECT_EQ(socket.is_open(), Ask(family, style) == 0);
      if (!socket.is_open()) ExpectClosed(socket);
    }
  }
}

TEST(KernelSocket, NeverOpensWhatNoKernelHas) {
  KernelSocket socket;
  EXPECT_EQ(socket.Open(-1, SOCK_STREAM), -EAFNOSUPPORT);
  ExpectClosed(socket);
  EXPECT_EQ(socket.Open(AF_UNIX, SOCK_STREAM), -EPROTONOSUPPORT);
  ExpectClosed(socket);
}

TEST(KernelSocket, CloseTwice) {
  const int free_before = LowestFreeDescriptor();
  KernelSocket socket;
  socket.Open(AF_INET, SOCK_STREAM);
  socket.Close();
  ExpectClosed(socket);
  EXPECT_EQ(LowestFreeDescriptor(), free_before);
  // A second close must not hit whoever got the number since.
  const int other = dup(STDERR_FILENO);
  socket.Close();
  EXPECT_GE(fcntl(other, F_GETFD), 0);
  close(other);
}

TEST(KernelSocket, BoundToPortZeroItHasOne) {
  KernelSocket socket;
  const bool open = socket.Open(AF_INET, SOCK_SEQPACKET) == 0;
  EXPECT_EQ(socket.Bind(Address::Parse("127.0.0.1", 0).value()), open ? 0 : -EBADF);
  EXPECT_EQ(socket.Listen(5), open ? 0 : -EBADF);
  EXPECT_EQ(socket.TakeError(), open ? 0 : -EBADF);
  const auto address = socket.LocalAddress();
  ASSERT_EQ(address.has_value(), open);
  if (!address) return;
  EXPECT_EQ(address->host(), "127.0.0.1");
  EXPECT_NE(address->port(), 0);
  EXPECT_EQ(socket.Bind(Address::Parse("127.0.0.1", 0).value()), -EINVAL);
}

TEST(KernelSocket, OptionsThereAndBack) {
  KernelSocket socket;
  const int expected = socket.Open(AF_INET, SOCK_SEQPACKET) == 0 ? 0 : -EBADF;
  const OptionLayout& layout = *FindOption("rtoInfo");
  const auto bytes =
      EncodeOption(layout, std::vector<NamedValue>{{"initial", 250}, {"max", 5000}, {"min", 200}});
  EXPECT_EQ(socket.SetOption(layout, *bytes), expected);
  test::ByteVector answer(layout.size);
  EXPECT_EQ(socket.GetOption(layout, answer), expected);
  if (expected == 0) {
    EXPECT_EQ(answer, *bytes);
  }
}

TEST(KernelSocket, MessageToItself) {
  KernelSocket socket;
  const bool open = socket.Open(AF_INET, SOCK_SEQPACKET) == 0;
  socket.Bind(Address::Parse("127.0.0.1", 0).value());
  socket.Listen(1);
  const auto self = socket.LocalAddress().value_or(Address());
  const test::ByteVector data = TextBytes("hello");
  EXPECT_EQ(socket.Send(&self, data, {.stream = 3, .ppid = 46, .auth_key = {}}), open ? 5 : -EBADF);

  while (open) {
    char buffer[4096];
    iovec part{buffer, sizeof buffer};
    ReceiveControl control;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t length = recvmsg(socket.fd(), &message, 0);
    if (length < 0 && errno == EAGAIN) continue;
    ASSERT_GT(length, 0);
    constexpr int kNotification = 0x8000;  // MSG_NOTIFICATION: not in glibc's headers
    if ((message.msg_flags & kNotification) != 0) continue;
    EXPECT_EQ(std::string_view(buffer, static_cast<size_t>(length)), "hello");
    const auto info = DecodeReceiveInfo(message);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->stream, 3);
    EXPECT_EQ(info->ppid, 46u);
    std::vector<int32_t> ids;
    EXPECT_EQ(socket.AssociationIds(ids), 0);
    EXPECT_NE(std::ranges::find(ids, info->assoc_id), ids.end());
    break;
  }
  socket.DiscardInput();
}

}  // namespace
}  // namespace sctp
