// Control messages as the kernel lays them out (cmsg(3)), without its macros or our code.
#pragma once

#include <sys/socket.h>

#include "native/bytes.h"

namespace sctp::test {

// One control message, padded with zeros to where the next may begin.
template <typename T>
ByteVector ControlMessage(int level, int type, const T& payload) {
  cmsghdr header{};
  header.cmsg_len = sizeof header + sizeof payload;
  header.cmsg_level = level;
  header.cmsg_type = type;
  ByteVector bytes = BytesOf(header) + BytesOf(payload);
  bytes.resize((bytes.size() + sizeof(size_t) - 1) / sizeof(size_t) * sizeof(size_t));
  return bytes;
}

}  // namespace sctp::test
