#include "core/route.h"

#include <unistd.h>

namespace sctp {

std::optional<Address> RouteSource(const Address& destination) {
  // Connecting a datagram socket sends nothing: it looks the route up.
  const int fd = socket(destination.family(), SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
  if (fd < 0) return std::nullopt;
  std::optional<Address> source;
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (connect(fd, destination.data(), destination.size()) == 0 &&
      getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) == 0) {
    source = Address::FromSockaddr(storage, length);
  }
  close(fd);
  return source;
}

}  // namespace sctp
