// Many messages for one call of KernelSocket::SendBurst.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <span>

#include "core/address.h"
#include "core/control.h"

namespace sctp {

class Burst {
 public:
  static constexpr size_t kMost = 256;

  // How many leave together. The kernel frees a message when it is acknowledged; of many at once
  // its caches do not keep the memory, and each then costs the zeros of fresh pages. With fewer the
  // receiver wakes for too few.
  static constexpr size_t kMostBundled = 64;
  // And what they may count together: 40 of 1 kB, so that none needs a second packet on the
  // loopback.
  static constexpr size_t kMostBundledCharge = size_t{160} * 1024;

  // What a message counts in the send buffer, estimated upwards: what is sent with MSG_MORE leaves
  // with the next message without it, and must not fill the buffer alone.
  static constexpr size_t Charge(size_t length) { return 2 * length + 2048; }

  Burst() = default;
  // The headers point into the object.
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  void Clear() { size_ = 0; }
  size_t size() const { return size_; }

  // The message must outlast the burst, and so must its peer's address: without one it belongs to
  // the association that `info` names. Not for more than kMost.
  void Add(const Address* peer, std::span<const std::byte> data, const SendInfo& info);

  // The same for one that is sent to the same peer, and as the last one is.
  void AddAlike(std::span<const std::byte> data);

  size_t charge(size_t index) const { return Charge(parts_[index].iov_len); }
  const Address* peer(size_t index) const { return peers_[index]; }
  const SendInfo& info(size_t index) const { return infos_[index]; }
  // Whether two messages are for the same association, as far as can be seen.
  bool HaveSameDestination(size_t one, size_t other) const;

  // Headers from `index` on, for sendmmsg and sendmsg.
  mmsghdr* headers(size_t index) { return &headers_[index]; }

 private:
  size_t size_ = 0;
  std::array<mmsghdr, kMost> headers_{};
  std::array<iovec, kMost> parts_;
  std::array<const Address*, kMost> peers_;
  std::array<SendInfo, kMost> infos_;
  std::array<SendControl, kMost> controls_;
};

}  // namespace sctp
