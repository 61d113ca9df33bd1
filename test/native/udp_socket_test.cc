// UDP descriptors that carry SCTP packets, over the loopback interface; and the numbers of ways.
#include "core/udp_socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "core/udp_ways.h"

namespace sctp {
namespace {

Address At(std::string_view host, uint16_t port = 0) { return *Address::Parse(host, port); }

// An open socket that is bound to a free port of an address.
class Bound {
 public:
  explicit Bound(const char* host, int family = AF_INET) {
    EXPECT_EQ(socket.Open(family), 0);
    if (family == AF_INET6) {
      EXPECT_EQ(socket.SetIPv6Only(false), 0);
    }
    EXPECT_EQ(socket.Bind(At(host)), 0);
  }

  uint16_t port() const { return socket.LocalAddress()->port(); }

  int Send(const Address& peer, std::string_view text, const Address& local = {}) {
    return socket.Send({.peer = peer, .local = local}, std::as_bytes(std::span(text)));
  }

  // How many packets there are, once there are some.
  int Receive() {
    pollfd waiting{socket.fd(), POLLIN, 0};
    EXPECT_EQ(poll(&waiting, 1, 10'000), 1) << "nothing comes";
    return socket.Receive(memory, packets);
  }
  std::string Text(size_t index) const {
    const auto* slot = reinterpret_cast<const char*>(memory.data()) + index * UdpSocket::kSlotSize;
    return {slot, packets[index].length};
  }

  UdpSocket socket;
  std::vector<std::byte> memory = std::vector<std::byte>(4 * UdpSocket::kSlotSize);
  std::array<UdpSocket::Received, UdpSocket::kSlots> packets;
};

TEST(UdpSocket, IsNonBlockingAndNotInherited) {
  Bound end("127.0.0.1");
  EXPECT_NE(fcntl(end.socket.fd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(end.socket.fd(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(end.socket.Receive(end.memory, end.packets), -EAGAIN);
}

TEST(UdpSocket, PacketsComeWithBothEndsOfTheirWay) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    const int family = At(host).family();
    Bound a(host, family);
    Bound b(host, family);
    ASSERT_EQ(a.Send(At(host, b.port()), "hello"), 0);
    ASSERT_EQ(b.Receive(), 1);
    EXPECT_EQ(b.Text(0), "hello");
    EXPECT_EQ(b.packets[0].way.peer, At(host, a.port()));
    EXPECT_EQ(b.packets[0].way.local.host(), host);
  }
}

// A server that is bound to every address answers from the one that a packet came to.
TEST(UdpSocket, AnswersLeaveFromTheAddressOfTheirWay) {
  struct Case {
    const char* bound;
    int family;
    const char* client;
    const char* server;
  };
  for (const Case& one :
       {Case{"0.0.0.0", AF_INET, "127.0.0.1", "127.0.0.2"},
        Case{"::", AF_INET6, "127.0.0.1", "127.0.0.2"}, Case{"::", AF_INET6, "::1", "::1"}}) {
    Bound server(one.bound, one.family);
    Bound client(one.client, At(one.client).family());
    ASSERT_EQ(client.Send(At(one.server, server.port()), "question"), 0);
    ASSERT_EQ(server.Receive(), 1);
    const UdpWay way = server.packets[0].way;
    EXPECT_EQ(way.local.MappedToIPv6(), At(one.server).MappedToIPv6());
    ASSERT_EQ(server.Send(way.peer, "answer", way.local), 0);
    ASSERT_EQ(client.Receive(), 1);
    EXPECT_EQ(client.Text(0), "answer");
    EXPECT_EQ(client.packets[0].way.peer, At(one.server, server.port()));
  }
}

TEST(UdpSocket, ReceivesAsManyAsThereIsMemoryFor) {
  Bound a("127.0.0.1");
  Bound b("127.0.0.1");
  for (const char* text : {"1", "2", "3", "4", "5", ""}) {
    ASSERT_EQ(a.Send(At("127.0.0.1", b.port()), text), 0);
  }
  ASSERT_EQ(b.Receive(), 4);
  EXPECT_EQ(b.Text(0) + b.Text(1) + b.Text(2) + b.Text(3), "1234");
  ASSERT_EQ(b.Receive(), 2);
  EXPECT_EQ(b.Text(0), "5");
  EXPECT_EQ(b.packets[1].length, 0u);
}

TEST(UdpSocket, ALongestPacketArrivesWhole) {
  Bound a("127.0.0.1");
  Bound b("127.0.0.1");
  const std::string longest(65507, 'x');
  ASSERT_EQ(a.Send(At("127.0.0.1", b.port()), longest), 0);
  ASSERT_EQ(b.Receive(), 1);
  EXPECT_EQ(b.Text(0), longest);
  EXPECT_EQ(a.Send(At("127.0.0.1", b.port()), longest + "x"), -EMSGSIZE);
}

TEST(UdpSocket, ConnectedTakesItsPeersPacketsOnlyAndReportsThatNobodyIsThere) {
  Bound peer("127.0.0.1");
  Bound stranger("127.0.0.1");
  Bound end("127.0.0.1");
  ASSERT_EQ(end.socket.Connect(At("127.0.0.1", peer.port())), 0);
  ASSERT_EQ(stranger.Send(At("127.0.0.1", end.port()), "stranger"), 0);
  ASSERT_EQ(peer.Send(At("127.0.0.1", end.port()), "peer"), 0);
  ASSERT_EQ(end.Receive(), 1);
  EXPECT_EQ(end.Text(0), "peer");
  ASSERT_EQ(end.Send(Address(), "to whom it is connected"), 0);
  ASSERT_EQ(peer.Receive(), 1);
  EXPECT_EQ(peer.Text(0), "to whom it is connected");

  peer.socket.Close();
  ASSERT_EQ(end.Send(Address(), "nobody"), 0);
  EXPECT_EQ(end.Receive(), -ECONNREFUSED);
  EXPECT_EQ(end.socket.Receive(end.memory, end.packets), -EAGAIN);
}

TEST(UdpSocket, LongestDatagramIsWhatTheRouteTakesInOnePiece) {
  Bound ipv4("127.0.0.1");
  Bound ipv6("::1", AF_INET6);
  Bound mapped("::", AF_INET6);
  EXPECT_EQ(ipv4.socket.LongestDatagram(), -ENOTCONN);
  ASSERT_EQ(ipv4.socket.Connect(At("127.0.0.1", ipv4.port())), 0);
  ASSERT_EQ(ipv6.socket.Connect(At("::1", ipv6.port())), 0);
  ASSERT_EQ(mapped.socket.Connect(At("127.0.0.1", 9)), 0);
  EXPECT_EQ(mapped.socket.LongestDatagram(), ipv4.socket.LongestDatagram());
  for (Bound* end : {&ipv4, &ipv6}) {
    const int longest = end->socket.LongestDatagram();
    ASSERT_GE(longest, 1280 - 48);
    ASSERT_EQ(end->Send(Address(), std::string(static_cast<size_t>(longest), 'x')), 0);
    ASSERT_EQ(end->Receive(), 1);
    EXPECT_EQ(end->packets[0].length, static_cast<size_t>(longest));
  }
}

TEST(UdpSocket, ErrorsAreNegativeErrnos) {
  UdpSocket socket;
  EXPECT_EQ(socket.Open(AF_UNIX), -EPROTONOSUPPORT);
  EXPECT_FALSE(socket.is_open());
  EXPECT_EQ(socket.Bind(At("127.0.0.1")), -EBADF);
  EXPECT_EQ(socket.Connect(At("127.0.0.1", 9)), -EBADF);
  EXPECT_EQ(socket.Send({}, {}), -EBADF);
  EXPECT_EQ(socket.LongestDatagram(), -EBADF);
  EXPECT_FALSE(socket.LocalAddress());

  Bound taken("127.0.0.1");
  ASSERT_EQ(socket.Open(AF_INET), 0);
  EXPECT_EQ(socket.Bind(At("127.0.0.1", taken.port())), -EADDRINUSE);
  EXPECT_EQ(socket.Bind(At("192.0.2.1")), -EADDRNOTAVAIL);
}

TEST(UdpSocket, MayBeClosedTwiceAndOpenedAgain) {
  UdpSocket socket;
  socket.Close();
  ASSERT_EQ(socket.Open(AF_INET), 0);
  const int first = socket.fd();
  ASSERT_EQ(socket.Open(AF_INET), 0) << "closes the one it has";
  socket.Close();
  socket.Close();
  EXPECT_FALSE(socket.is_open());
  EXPECT_EQ(fcntl(first, F_GETFD), -1);
}

TEST(UdpWays, NumbersStandForWaysUntilTheyAreRemoved) {
  UdpWays ways;
  const UdpWay a{.peer = At("192.0.2.1", 1), .local = At("192.0.2.9")};
  const UdpWay other_port{.peer = At("192.0.2.1", 2), .local = a.local};
  const UdpWay other_end{.peer = a.peer, .local = At("192.0.2.8")};
  EXPECT_EQ(ways.Add(a), 1u);
  EXPECT_EQ(ways.Add(other_port), 2u);
  EXPECT_EQ(ways.Add(a), 1u);
  EXPECT_EQ(ways.Find(a), 1u);
  EXPECT_EQ(ways.Find(other_end), 0u);
  EXPECT_EQ(*ways.Get(2), other_port);
  EXPECT_EQ(ways.Get(0), nullptr);
  EXPECT_EQ(ways.Get(3), nullptr);

  ways.Remove(1);
  ways.Remove(1);
  ways.Remove(0);
  ways.Remove(99);
  EXPECT_EQ(ways.Find(a), 0u);
  EXPECT_EQ(ways.Add(other_end), 1u) << "a free number is used again";
  EXPECT_EQ(ways.Add(a), 3u) << "but once";
}

}  // namespace
}  // namespace sctp
