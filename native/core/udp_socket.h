// A UDP descriptor that carries SCTP packets (RFC 6951). Errors come back as negative errno.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/address.h"
#include "core/datagrams.h"
#include "core/descriptor.h"

namespace sctp {

// The two ends of a packet's way.
struct UdpWay {
  Address peer;
  // This machine's address, without a port: where a peer's packet came to is where answers must
  // come from. (The family is AF_UNSPEC where the kernel is to choose.)
  Address local;

  bool operator==(const UdpWay& other) const { return peer == other.peer && local == other.local; }
};

class UdpSocket {
 public:
  // Non-blocking, close-on-exec, with large buffers.
  int Open(int family);
  void Close() { descriptor_.Close(); }
  bool is_open() const { return descriptor_.is_open(); }
  int fd() const { return descriptor_.number(); }
  Descriptor& descriptor() { return descriptor_; }

  int SetIPv6Only(bool on);
  int Bind(const Address& address);
  // From then on only this peer's packets come, and its ICMP errors are reported.
  int Connect(const Address& address);
  std::optional<Address> LocalAddress() const;
  // The longest datagram that leaves in one piece to the peer of Connect(); or negative errno.
  int LongestDatagram() const;

  int Send(const UdpWay& way, std::span<const std::byte> packet);

  static constexpr size_t kSlots = kDatagramSlots;
  static constexpr size_t kSlotSize = kDatagramSlotSize;

  struct Received {
    UdpWay way;
    size_t length = 0;
  };
  // Up to `packets.size()` packets, each at the beginning of its slot of `memory`. Returns how
  // many.
  int Receive(std::span<std::byte> memory, std::span<Received> packets);

 private:
  int SetInteger(int level, int number, int value);

  Descriptor descriptor_;
  int family_ = AF_INET;
  bool connected_ = false;
};

}  // namespace sctp
