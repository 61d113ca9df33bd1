// The calls of KernelSocket that take or give lists of addresses.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/abi.h"
#include "core/kernel_socket.h"

namespace sctp {
namespace {

// One after another without padding, as the kernel's calls for several addresses want them.
std::vector<std::byte> Pack(std::span<const Address> addresses) {
  std::vector<std::byte> packed;
  for (const Address& address : addresses) {
    const auto* bytes = reinterpret_cast<const std::byte*>(address.data());
    packed.insert(packed.end(), bytes, bytes + address.size());
  }
  return packed;
}

std::vector<Address> Unpack(std::span<const std::byte> packed) {
  std::vector<Address> addresses;
  while (const std::optional<Address> address = Address::FromBytes(packed)) {
    addresses.push_back(*address);
    packed = packed.subspan(address->size());
  }
  return addresses;
}

// With this id a one-to-one socket tells the addresses it is bound to, instead of those its
// association uses; any other number means its only association.
constexpr sctp_assoc_t kEndpoint = 0;
constexpr sctp_assoc_t kOnlyAssociation = SCTP_ALL_ASSOC + 1;

// `option` is SCTP_SOCKOPT_BINDX_ADD or SCTP_SOCKOPT_BINDX_REM.
int SetAddresses(int fd, int option, std::span<const Address> addresses) {
  const std::vector<std::byte> packed = Pack(addresses);
  const auto length = static_cast<socklen_t>(packed.size());
  return setsockopt(fd, IPPROTO_SCTP, option, packed.data(), length) < 0 ? -errno : 0;
}

// `option` is SCTP_GET_LOCAL_ADDRS or SCTP_GET_PEER_ADDRS.
std::vector<Address> AddressesOf(int fd, int option, sctp_assoc_t id) {
  // Room for some 2000 IPv6 addresses. The kernel allocates as much itself: no more than that.
  std::vector<std::byte> buffer(65536);
  sctp_getaddrs header{};
  header.assoc_id = id;
  std::memcpy(buffer.data(), &header, sizeof header);
  auto length = static_cast<socklen_t>(buffer.size());
  if (getsockopt(fd, IPPROTO_SCTP, option, buffer.data(), &length) != 0) return {};
  std::memcpy(&header, buffer.data(), sizeof header);
  // The length that came back does not count the header in the one case, but does in the other:
  // what the kernel did not write is zeros, which are no address.
  auto found = Unpack(std::span(buffer).subspan(sizeof header));
  found.resize(std::min<size_t>(found.size(), header.addr_num));
  return found;
}

std::optional<Address> NameOf(int fd, int (*get_name)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (get_name(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return std::nullopt;
  return Address::FromSockaddr(storage, length);
}

}  // namespace

int KernelSocket::BindMore(std::span<const Address> addresses) {
  return SetAddresses(fd_, SCTP_SOCKOPT_BINDX_ADD, addresses);
}

int KernelSocket::Unbind(std::span<const Address> addresses) {
  return SetAddresses(fd_, SCTP_SOCKOPT_BINDX_REM, addresses);
}

int KernelSocket::Connect(std::span<const Address> addresses) {
  std::vector<std::byte> packed = Pack(addresses);
  // Unlike connect(), this call knows the association's id at once, and so does the notification
  // of its failure.
  sctp_getaddrs_old request{};
  request.addr_num = static_cast<int>(packed.size());
  request.addrs = reinterpret_cast<sockaddr*>(packed.data());
  socklen_t length = sizeof request;
  const int answer = getsockopt(fd_, IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX3, &request, &length);
  return answer < 0 ? -errno : 0;
}

std::optional<Address> KernelSocket::LocalAddress() const {
  return NameOf(
      fd_, [](int fd, sockaddr* name, socklen_t* length) { return getsockname(fd, name, length); });
}

std::optional<Address> KernelSocket::PeerAddress() const {
  const auto last = NameOf(
      fd_, [](int fd, sockaddr* name, socklen_t* length) { return getpeername(fd, name, length); });
  if (!last) return std::nullopt;
  // Of several addresses to connect to, getpeername tells the last, whichever is in use.
  sctp_status status{};
  socklen_t length = sizeof status;
  if (getsockopt(fd_, IPPROTO_SCTP, SCTP_STATUS, &status, &length) != 0) return last;
  sockaddr_storage primary{};
  std::memcpy(&primary, &status.sstat_primary.spinfo_address, sizeof primary);
  const auto address = Address::FromSockaddr(primary, sizeof primary);
  return address ? address : last;
}

std::vector<Address> KernelSocket::LocalAddresses() const {
  return AddressesOf(fd_, SCTP_GET_LOCAL_ADDRS, kOnlyAssociation);
}

std::vector<Address> KernelSocket::PeerAddresses() const {
  return AddressesOf(fd_, SCTP_GET_PEER_ADDRS, kOnlyAssociation);
}

std::vector<Address> KernelSocket::BoundAddresses() const {
  return AddressesOf(fd_, SCTP_GET_LOCAL_ADDRS, kEndpoint);
}

}  // namespace sctp
