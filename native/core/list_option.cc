#include "core/list_option.h"

#include <algorithm>
#include <cerrno>

#include "core/abi.h"

namespace sctp {

int GetListOption(int fd, int option, std::span<const std::byte> question, int too_small,
                  std::vector<std::byte>& answer) {
  // Little at first: for the addresses of this end the kernel allocates as much itself.
  constexpr size_t kFirstRoom = 512;
  for (size_t room = kFirstRoom;; room *= 2) {
    answer.assign(room, std::byte{0});
    std::ranges::copy(question, answer.begin());
    auto length = static_cast<socklen_t>(room);
    if (getsockopt(fd, IPPROTO_SCTP, option, answer.data(), &length) == 0) return 0;
    if (errno != too_small || room >= kMostRoomForList) return -errno;
  }
}

}  // namespace sctp
