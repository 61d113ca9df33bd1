// The calls of KernelSocket that take or give lists of addresses.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/abi.h"
#include "core/kernel_socket.h"
#include "core/list_option.h"

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

// With this id every socket lists the addresses it is bound to, instead of those of an association.
constexpr sctp_assoc_t kEndpoint = 0;
// Any other number means a one-to-one socket's only association.
constexpr sctp_assoc_t kOnlyAssociation = SCTP_ALL_ASSOC + 1;

// `option` is SCTP_SOCKOPT_BINDX_ADD or SCTP_SOCKOPT_BINDX_REM.
int SetAddresses(int fd, int option, std::span<const Address> addresses) {
  const std::vector<std::byte> packed = Pack(addresses);
  const auto length = static_cast<socklen_t>(packed.size());
  return setsockopt(fd, IPPROTO_SCTP, option, packed.data(), length) < 0 ? -errno : 0;
}

// `option` is SCTP_GET_LOCAL_ADDRS or SCTP_GET_PEER_ADDRS.
int AddressesOf(int fd, int option, sctp_assoc_t id, std::vector<Address>& addresses) {
  sctp_getaddrs header{};
  header.assoc_id = id;
  std::vector<std::byte> answer;
  const auto question = std::as_bytes(std::span(&header, 1));
  if (const int error = GetListOption(fd, option, question, ENOMEM, answer)) return error;
  std::memcpy(&header, answer.data(), sizeof header);
  // The length that came back does not count the header in the one case, but does in the other:
  // what the kernel did not write is zeros, which are no address.
  addresses = Unpack(std::span(answer).subspan(sizeof header));
  addresses.resize(std::min<size_t>(addresses.size(), header.addr_num));
  return 0;
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

int KernelSocket::Connect(std::span<const Address> addresses, int32_t& assoc_id) {
  std::vector<std::byte> packed = Pack(addresses);
  // Unlike connect(), this call knows the association's id at once, and so does the notification
  // of its failure.
  sctp_getaddrs_old request{};
  request.addr_num = static_cast<int>(packed.size());
  request.addrs = reinterpret_cast<sockaddr*>(packed.data());
  socklen_t length = sizeof request;
  const int answer = getsockopt(fd_, IPPROTO_SCTP, SCTP_SOCKOPT_CONNECTX3, &request, &length);
  const int error = answer < 0 ? -errno : 0;
  if (error == 0 || error == -EINPROGRESS) std::memcpy(&assoc_id, &request, sizeof assoc_id);
  return error;
}

std::optional<Address> KernelSocket::LocalAddress() const {
  return NameOf(
      fd_, [](int fd, sockaddr* name, socklen_t* length) { return getsockname(fd, name, length); });
}

std::optional<Address> KernelSocket::PeerAddress(int32_t assoc_id) const {
  std::optional<Address> last;
  if (is_one_to_one()) {
    last = NameOf(fd_, [](int fd, sockaddr* name, socklen_t* length) {
      return getpeername(fd, name, length);
    });
    if (!last) return std::nullopt;
  }
  // After connecting to several addresses getpeername gives the last, whichever is in use.
  sctp_status status{};
  status.sstat_assoc_id = assoc_id;
  socklen_t length = sizeof status;
  if (getsockopt(fd_, IPPROTO_SCTP, SCTP_STATUS, &status, &length) != 0) return last;
  sockaddr_storage primary{};
  std::memcpy(&primary, &status.sstat_primary.spinfo_address, sizeof primary);
  const auto address = Address::FromSockaddr(primary, sizeof primary);
  return address ? address : last;
}

int KernelSocket::LocalAddresses(int32_t assoc_id, std::vector<Address>& addresses) const {
  if (is_one_to_one()) assoc_id = kOnlyAssociation;
  if (assoc_id == kEndpoint) return -EINVAL;
  return AddressesOf(fd_, SCTP_GET_LOCAL_ADDRS, assoc_id, addresses);
}

int KernelSocket::PeerAddresses(int32_t assoc_id, std::vector<Address>& addresses) const {
  return AddressesOf(fd_, SCTP_GET_PEER_ADDRS, assoc_id, addresses);
}

int KernelSocket::BoundAddresses(std::vector<Address>& addresses) const {
  return AddressesOf(fd_, SCTP_GET_LOCAL_ADDRS, kEndpoint, addresses);
}

}  // namespace sctp
