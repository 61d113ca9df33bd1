// A packet descriptor (packet(7)) that sees the SCTP packets that pass this machine's interfaces,
// as they are and in UDP (RFC 6951). Errors come back as negative errno.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/datagrams.h"
#include "core/descriptor.h"

namespace sctp {

class PacketSocket {
 public:
  // Non-blocking, close-on-exec. Sees nothing before Bind().
  int Open();
  void Close() { descriptor_.Close(); }
  bool is_open() const { return descriptor_.is_open(); }
  int fd() const { return descriptor_.number(); }
  Descriptor& descriptor() { return descriptor_; }

  // Begins to see packets. `interface`: empty for all of them. `udp_port`: in UDP, of either end.
  int Bind(const std::string& interface, uint16_t udp_port);

  static constexpr size_t kSlots = kDatagramSlots;
  static constexpr size_t kSlotSize = kDatagramSlotSize;

  struct Captured {
    uint32_t seconds = 0;  // since 1970
    uint32_t nanoseconds = 0;
    uint32_t interface = 0;  // its index
    bool outgoing = false;
    uint32_t length = 0;       // in memory, beginning with the IP header
    uint32_t full_length = 0;  // may be more than a slot has
  };
  // Up to `packets.size()` packets, each at the beginning of its slot of `memory`. Returns how many
  // slots are filled; one of length 0 is to be skipped.
  int Receive(std::span<std::byte> memory, std::span<Captured> packets);

  // How many packets the kernel had no room for since the last call; or negative errno.
  int64_t Dropped();

  static std::optional<std::string> InterfaceName(uint32_t index);

 private:
  int Filter(uint16_t udp_port);

  Descriptor descriptor_;
  uint32_t loopback_ = 0;
};

}  // namespace sctp
