#include "core/udp_socket.h"

#include <netinet/ip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/abi.h"
#include "core/datagrams.h"

namespace sctp {
namespace {

// For bursts of many associations; the kernel grants what it allows.
constexpr int kBuffer = 4 * 1024 * 1024;
constexpr int kUdpHeader = 8;
constexpr int kIPv4Header = 20;
constexpr int kIPv6Header = 40;

int Result(int answer) { return answer < 0 ? -errno : 0; }

constexpr size_t kControlSize = CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(in_pktinfo));

struct alignas(cmsghdr) Control {
  std::byte bytes[kControlSize];
};

template <typename T>
Address FromStruct(const T& in) {
  sockaddr_storage storage{};
  std::memcpy(&storage, &in, sizeof in);
  return Address::FromSockaddr(storage, sizeof in).value_or(Address());
}

Address LocalOf(msghdr& message) {
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr;
       item = CMSG_NXTHDR(&message, item)) {
    if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(item), sizeof info);
      sockaddr_in in{};
      in.sin_family = AF_INET;
      in.sin_addr = info.ipi_spec_dst;
      return FromStruct(in);
    }
    if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(item), sizeof info);
      sockaddr_in6 in6{};
      in6.sin6_family = AF_INET6;
      in6.sin6_addr = info.ipi6_addr;
      if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr)) in6.sin6_scope_id = info.ipi6_ifindex;
      return FromStruct(in6);
    }
  }
  return {};
}

template <typename T>
size_t PutItem(Control& control, int level, int type, const T& value) {
  msghdr message{};
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  cmsghdr* item = CMSG_FIRSTHDR(&message);
  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(item), &value, sizeof value);
  return CMSG_SPACE(sizeof value);
}

// Returns the length of what it has written: where the packet is to come from.
size_t PutLocal(const Address& local, int family, Control& control) {
  if (local.family() == AF_INET && family == AF_INET) {
    in_pktinfo info{};
    info.ipi_spec_dst = reinterpret_cast<const sockaddr_in*>(local.data())->sin_addr;
    return PutItem(control, IPPROTO_IP, IP_PKTINFO, info);
  }
  if (family != AF_INET6 || local.family() == AF_UNSPEC) return 0;
  const Address mapped = local.MappedToIPv6();
  const auto* in6 = reinterpret_cast<const sockaddr_in6*>(mapped.data());
  in6_pktinfo info{};
  info.ipi6_addr = in6->sin6_addr;
  info.ipi6_ifindex = in6->sin6_scope_id;
  return PutItem(control, IPPROTO_IPV6, IPV6_PKTINFO, info);
}

}  // namespace

int UdpSocket::SetInteger(int level, int number, int value) {
  return Result(setsockopt(fd(), level, number, &value, sizeof value));
}

int UdpSocket::Open(int family) {
  family_ = family;
  connected_ = false;
  descriptor_.Reset(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
  if (!is_open()) return -errno;
  for (const auto& [limited, forced] :
       {std::pair(SO_SNDBUF, SO_SNDBUFFORCE), std::pair(SO_RCVBUF, SO_RCVBUFFORCE)}) {
    if (SetInteger(SOL_SOCKET, forced, kBuffer) != 0) SetInteger(SOL_SOCKET, limited, kBuffer);
  }
  const int error = family == AF_INET6 ? SetInteger(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
                                       : SetInteger(IPPROTO_IP, IP_PKTINFO, 1);
  if (error != 0) Close();
  return error;
}

int UdpSocket::SetIPv6Only(bool on) { return SetInteger(IPPROTO_IPV6, IPV6_V6ONLY, on ? 1 : 0); }

int UdpSocket::Bind(const Address& given) {
  const Address address = family_ == AF_INET6 ? given.MappedToIPv6() : given;
  return Result(bind(fd(), address.data(), address.size()));
}

int UdpSocket::Connect(const Address& given) {
  const Address address = family_ == AF_INET6 ? given.MappedToIPv6() : given;
  const int error = Result(connect(fd(), address.data(), address.size()));
  connected_ = error == 0;
  return error;
}

std::optional<Address> UdpSocket::LocalAddress() const {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (getsockname(fd(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return std::nullopt;
  return Address::FromSockaddr(storage, length);
}

int UdpSocket::LongestDatagram() const {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (getpeername(fd(), reinterpret_cast<sockaddr*>(&peer), &size) != 0) return -errno;
  const auto address = Address::FromSockaddr(peer, size);
  int mtu = 0;
  socklen_t length = sizeof mtu;
  const bool is_ipv6 = family_ == AF_INET6;
  if (getsockopt(fd(), is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, is_ipv6 ? IPV6_MTU : IP_MTU, &mtu,
                 &length) != 0) {
    return -errno;
  }
  const bool over_ipv4 = address && address->IsIPv4();
  return mtu - (over_ipv4 ? kIPv4Header : kIPv6Header) - kUdpHeader;
}

int UdpSocket::Send(const UdpWay& way, std::span<const std::byte> packet) {
  iovec part{const_cast<std::byte*>(packet.data()), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control{};
  Address peer;
  if (!connected_) {
    peer = family_ == AF_INET6 ? way.peer.MappedToIPv6() : way.peer;
    message.msg_name = const_cast<sockaddr*>(peer.data());
    message.msg_namelen = peer.size();
    message.msg_controllen = PutLocal(way.local, family_, control);
    if (message.msg_controllen > 0) message.msg_control = control.bytes;
  }
  return Result(static_cast<int>(sendmsg(fd(), &message, MSG_DONTWAIT | MSG_NOSIGNAL)));
}

int UdpSocket::Receive(std::span<std::byte> memory, std::span<Received> packets) {
  Datagrams<sockaddr_storage, kControlSize> datagrams;
  const int received = datagrams.Receive(fd(), memory, packets.size(), 0);
  for (size_t i = 0; received > 0 && i < static_cast<size_t>(received); ++i) {
    msghdr& header = datagrams.header(i);
    packets[i].way.peer =
        Address::FromSockaddr(datagrams.sender(i), header.msg_namelen).value_or(Address());
    packets[i].way.local = LocalOf(header);
    packets[i].length = datagrams.length(i);
  }
  return received;
}

}  // namespace sctp
