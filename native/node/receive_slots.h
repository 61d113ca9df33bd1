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
  // A longer message takes several slots, unless memory was given to its own.
  static constexpr size_t kSize = 65536;

  // What lies in a slot: what the memory that it was given has no room for is in `rest`.
  struct Data {
    std::span<const std::byte> first;
    std::span<const std::byte> rest;

    size_t size() const { return first.size() + rest.size(); }
  };

  ReceiveSlots();

  // Fills up to `limit` slots from the socket; returns how many, or negative errno. Where there is
  // only one peer, the kernel need not say whose each message is.
  int Receive(int fd, size_t limit, bool with_senders);

  // What comes next into this slot begins in this memory, until it is given other, or none.
  void Give(size_t slot, std::span<std::byte> memory);

  Data data(size_t slot) const;
  std::optional<Address> sender(size_t slot) const;
  // As the kernel has written them: equal senders may differ in bytes that say nothing.
  bool have_same_sender(size_t one, size_t other) const;
  std::optional<ReceiveInfo> info(size_t slot) const;
  bool is_notification(size_t slot) const;
  bool ends_message(size_t slot) const;

 private:
  // recvmmsg shortens the lengths in the headers it used; the next call must see them whole.
  void Renew(size_t slot, bool with_sender);

  size_t used_ = kCount;
  bool with_senders_ = true;
  std::array<mmsghdr, kCount> headers_{};
  std::array<std::array<iovec, 2>, kCount> parts_;  // the given memory, and the slot's own
  std::array<sockaddr_storage, kCount> senders_;
  std::array<ReceiveControl, kCount> controls_;
  // Pages are touched, and so occupied, only as far as messages reach.
  std::unique_ptr<std::byte[]> bytes_ = std::make_unique_for_overwrite<std::byte[]>(kCount * kSize);
};

}  // namespace sctp::node
