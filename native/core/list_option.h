// Options whose answer is a list of any length.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sctp {

// Room for 65 536 IPv6 addresses, or eight times as many ids of associations.
inline constexpr size_t kMostRoomForList = size_t{2} << 20;

// Asks for an SCTP option with a question that the answer overwrites. The kernel refuses a buffer
// without room for the whole list with the errno `too_small`: it is asked again with twice as much.
// Returns 0 or negative errno. Bytes of the answer that the kernel did not write are 0.
int GetListOption(int fd, int option, std::span<const std::byte> question, int too_small,
                  std::vector<std::byte>& answer);

}  // namespace sctp
