// Where recvmmsg puts messages: a fixed set of slots, one set for all sockets of an environment.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "core/address.h"
#include "core/control.h"

namespace sctp::node {

class ReceiveSlots {
 public:
  // How many messages are read per wake-up: enough to amortize its cost, few enough that a busy
  // socket does not starve the event loop.
  static constexpr size_t kCount = 64;
  // A longer message takes several slots.
  static constexpr size_t kSize = 65536;

  ReceiveSlots();

  // Fills up to `limit` slots from the socket; returns how many, or negative errno. Where there is
  // only one peer, the kernel need not say whose each message is.
  int Receive(int fd, size_t limit, bool with_senders);

  std::span<const std::byte> data(size_t slot) const;
  std::optional<Address> sender(size_t slot) const;
  std::optional<ReceiveInfo> info(size_t slot) const;
  bool is_notification(size_t slot) const;
  bool ends_message(size_t slot) const;

 private:
  // recvmmsg shortens the lengths in the headers it used; the next call must see them whole.
  void Renew(size_t slot, bool with_sender);

  size_t used_ = kCount;
  bool with_senders_ = true;
  std::array<mmsghdr, kCount> headers_{};
  std::array<iovec, kCount> parts_;
  std::array<sockaddr_storage, kCount> senders_;
  std::array<ReceiveControl, kCount> controls_;
  // Pages are touched, and so occupied, only as far as messages reach.
  std::unique_ptr<std::byte[]> bytes_ = std::make_unique_for_overwrite<std::byte[]>(kCount * kSize);
};

}  // namespace sctp::node
