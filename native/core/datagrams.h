// Receives datagrams by one system call, each at the beginning of its slot of memory.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <span>

namespace sctp {

inline constexpr size_t kDatagramSlots = 32;        // the most at a time
inline constexpr size_t kDatagramSlotSize = 65536;  // no datagram is longer

// `Sender` is a sockaddr struct; `kControlSize` is the space for each one's control messages.
template <typename Sender, size_t kControlSize>
class Datagrams {
 public:
  // Up to `limit`, and as many as `memory` has slots for. Returns how many, or negative errno.
  int Receive(int fd, std::span<std::byte> memory, size_t limit, int flags) {
    const size_t count = std::min({memory.size() / kDatagramSlotSize, limit, kDatagramSlots});
    for (size_t i = 0; i < count; ++i) {
      parts_[i] = {memory.data() + i * kDatagramSlotSize, kDatagramSlotSize};
      msghdr& header = headers_[i].msg_hdr;
      header.msg_name = &senders_[i];
      header.msg_namelen = sizeof senders_[i];
      header.msg_iov = &parts_[i];
      header.msg_iovlen = 1;
      header.msg_control = controls_[i].bytes;
      header.msg_controllen = sizeof controls_[i].bytes;
    }
    const int received =
        recvmmsg(fd, headers_.data(), static_cast<unsigned>(count), MSG_DONTWAIT | flags, nullptr);
    return received < 0 ? -errno : received;
  }

  msghdr& header(size_t index) { return headers_[index].msg_hdr; }
  const Sender& sender(size_t index) const { return senders_[index]; }
  // With MSG_TRUNC the length that it had, which may be more than its slot has.
  unsigned length(size_t index) const { return headers_[index].msg_len; }

 private:
  struct alignas(cmsghdr) Control {
    std::byte bytes[kControlSize];
  };

  std::array<mmsghdr, kDatagramSlots> headers_{};
  std::array<iovec, kDatagramSlots> parts_;
  std::array<Sender, kDatagramSlots> senders_;
  std::array<Control, kDatagramSlots> controls_;
};

}  // namespace sctp
