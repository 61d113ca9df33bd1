#include "core/route.h"

#include <unistd.h>

#include <cerrno>
#include <optional>

namespace sctp {

int RouteSource(const Address& destination, Address& source) {
  // Connecting a datagram socket sends nothing: it looks the route up.
  const int fd = socket(destination.family(), SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
  if (fd < 0) return -errno;
  int error = 0;
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (connect(fd, destination.data(), destination.size()) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    error = -errno;
  } else if (const auto found = Address::FromSockaddr(storage, length)) {
    source = *found;
  } else {
    error = -EAFNOSUPPORT;
  }
  close(fd);
  return error;
}

}  // namespace sctp
