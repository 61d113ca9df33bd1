#include "core/packet_socket.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/abi.h"
#include "core/datagrams.h"

namespace sctp {
namespace {

// For bursts; the kernel grants what it allows.
constexpr int kBuffer = 8 * 1024 * 1024;

int Result(int answer) { return answer < 0 ? -errno : 0; }

timespec TimeOf(msghdr& message) {
  timespec time{};
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr;
       item = CMSG_NXTHDR(&message, item)) {
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_TIMESTAMPNS) {
      std::memcpy(&time, CMSG_DATA(item), sizeof time);
    }
  }
  return time;
}

}  // namespace

int PacketSocket::Open() {
  // Without a protocol nothing is seen that the filter would not let through.
  descriptor_.Reset(socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!is_open()) return -errno;
  if (setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) != 0) {
    setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer);
  }
  const int on = 1;
  const int error = Result(setsockopt(fd(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on));
  if (error != 0) Close();
  return error;
}

// A program for the kernel, which sees a packet from its IP header on. Of a fragmented one the
// first fragment has the chunks' beginning, and UDP's ports.
int PacketSocket::Filter(uint16_t udp_port) {
  constexpr uint32_t kEtherType = static_cast<uint32_t>(SKF_AD_OFF) + SKF_AD_PROTOCOL;
  constexpr uint32_t kIPv4Protocol = 9;
  constexpr uint32_t kIPv4FragmentOffset = 6;
  constexpr uint32_t kIPv6NextHeader = 6;
  constexpr uint32_t kIPv6Header = 40;
  enum : uint8_t { kAccept = 23, kReject = 24 };  // where these are, below
  const auto to = [](int from, uint8_t target) { return static_cast<uint8_t>(target - from - 1); };
  const auto equal = [](uint32_t value, uint8_t yes, uint8_t no) -> sock_filter {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
  };
  const auto load = [](uint16_t how, uint32_t at) -> sock_filter { return BPF_STMT(how, at); };
  constexpr uint16_t kHalf = BPF_LD | BPF_H | BPF_ABS;
  constexpr uint16_t kByte = BPF_LD | BPF_B | BPF_ABS;
  constexpr uint16_t kHalfAfterHeader = BPF_LD | BPF_H | BPF_IND;
  std::array<sock_filter, 25> program = {
      /* 0 */ load(kHalf, kEtherType),
      /* 1 */ equal(ETH_P_IP, 0, to(1, 12)),
      /* 2 */ load(kByte, kIPv4Protocol),
      /* 3 */ equal(IPPROTO_SCTP, to(3, kAccept), 0),
      /* 4 */ equal(IPPROTO_UDP, 0, to(4, kReject)),
      /* 5 */ load(kHalf, kIPv4FragmentOffset),
      /* 6 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, to(6, kReject), 0),
      /* 7 */ load(BPF_LDX | BPF_B | BPF_MSH, 0),
      /* 8 */ load(kHalfAfterHeader, 0),
      /* 9 */ equal(udp_port, to(9, kAccept), 0),
      /* 10 */ load(kHalfAfterHeader, 2),
      /* 11 */ equal(udp_port, to(11, kAccept), to(11, kReject)),
      /* 12 */ equal(ETH_P_IPV6, 0, to(12, kReject)),
      /* 13 */ load(kByte, kIPv6NextHeader),
      /* 14 */ equal(IPPROTO_SCTP, to(14, kAccept), 0),
      /* 15 */ equal(IPPROTO_FRAGMENT, to(15, 21), 0),
      /* 16 */ equal(IPPROTO_UDP, 0, to(16, kReject)),
      /* 17 */ load(kHalf, kIPv6Header),
      /* 18 */ equal(udp_port, to(18, kAccept), 0),
      /* 19 */ load(kHalf, kIPv6Header + 2),
      /* 20 */ equal(udp_port, to(20, kAccept), to(20, kReject)),
      /* 21 */ load(kByte, kIPv6Header),
      /* 22 */ equal(IPPROTO_SCTP, to(22, kAccept), to(22, kReject)),
      /* 23 */ BPF_STMT(BPF_RET | BPF_K, 0x7fffffff),
      /* 24 */ BPF_STMT(BPF_RET | BPF_K, 0),
  };
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return Result(setsockopt(fd(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}

int PacketSocket::Bind(const std::string& interface, uint16_t udp_port) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  if (!interface.empty()) {
    address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
    if (address.sll_ifindex == 0) return -errno;
  }
  loopback_ = if_nametoindex("lo");
  const int error = Filter(udp_port);
  if (error != 0) return error;
  return Result(bind(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

int PacketSocket::Receive(std::span<std::byte> memory, std::span<Captured> packets) {
  Datagrams<sockaddr_ll, CMSG_SPACE(sizeof(timespec))> datagrams;
  // MSG_TRUNC: the length that a packet had.
  const int received = datagrams.Receive(fd(), memory, packets.size(), MSG_TRUNC);
  for (size_t i = 0; received > 0 && i < static_cast<size_t>(received); ++i) {
    const timespec time = TimeOf(datagrams.header(i));
    const sockaddr_ll& place = datagrams.sender(i);
    const auto index = static_cast<uint32_t>(place.sll_ifindex);
    const bool outgoing = place.sll_pkttype == PACKET_OUTGOING;
    // What goes out on the loopback device comes in there, too.
    const bool is_twin = outgoing && index == loopback_;
    const uint32_t length = datagrams.length(i);
    packets[i] = {
        .seconds = static_cast<uint32_t>(time.tv_sec),
        .nanoseconds = static_cast<uint32_t>(time.tv_nsec),
        .interface = index,
        .outgoing = outgoing,
        .length = is_twin ? 0 : std::min(length, static_cast<uint32_t>(kSlotSize)),
        .full_length = length,
    };
  }
  return received;
}

int64_t PacketSocket::Dropped() {
  tpacket_stats statistics{};
  socklen_t length = sizeof statistics;
  if (getsockopt(fd(), SOL_PACKET, PACKET_STATISTICS, &statistics, &length) != 0) return -errno;
  return statistics.tp_drops;
}

std::optional<std::string> PacketSocket::InterfaceName(uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  if (if_indextoname(index, name.data()) == nullptr) return std::nullopt;
  return std::string(name.data());
}

}  // namespace sctp
