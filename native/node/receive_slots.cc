#include "node/receive_slots.h"

#include <algorithm>
#include <cerrno>

#include "core/abi.h"

namespace sctp::node {

ReceiveSlots::ReceiveSlots() {
  for (size_t slot = 0; slot < kCount; ++slot) {
    parts_[slot] = {bytes_.get() + slot * kSize, kSize};
    headers_[slot].msg_hdr.msg_iov = &parts_[slot];
    headers_[slot].msg_hdr.msg_iovlen = 1;
    headers_[slot].msg_hdr.msg_control = controls_[slot].bytes;
  }
}

void ReceiveSlots::Renew(size_t slot, bool with_sender) {
  headers_[slot].msg_hdr.msg_name = with_sender ? &senders_[slot] : nullptr;
  headers_[slot].msg_hdr.msg_namelen = with_sender ? sizeof senders_[slot] : 0;
  headers_[slot].msg_hdr.msg_controllen = sizeof controls_[slot].bytes;
  headers_[slot].msg_hdr.msg_flags = 0;
}

int ReceiveSlots::Receive(int fd, size_t limit, bool with_senders) {
  if (with_senders != with_senders_) used_ = kCount;
  with_senders_ = with_senders;
  for (size_t slot = 0; slot < used_; ++slot) Renew(slot, with_senders);
  const auto count = static_cast<unsigned>(std::min(limit, kCount));
  const int received = recvmmsg(fd, headers_.data(), count, MSG_DONTWAIT, nullptr);
  // The slot after the last may have been touched by the call that found nothing more.
  used_ = std::min(kCount, static_cast<size_t>(std::max(received, 0)) + 1);
  return received < 0 ? -errno : received;
}

std::span<const std::byte> ReceiveSlots::data(size_t slot) const {
  return {static_cast<const std::byte*>(parts_[slot].iov_base), headers_[slot].msg_len};
}

std::optional<Address> ReceiveSlots::sender(size_t slot) const {
  return Address::FromSockaddr(senders_[slot], headers_[slot].msg_hdr.msg_namelen);
}

std::optional<ReceiveInfo> ReceiveSlots::info(size_t slot) const {
  return DecodeReceiveInfo(headers_[slot].msg_hdr);
}

bool ReceiveSlots::is_notification(size_t slot) const {
  return (headers_[slot].msg_hdr.msg_flags & MSG_NOTIFICATION) != 0;
}

bool ReceiveSlots::ends_message(size_t slot) const {
  return (headers_[slot].msg_hdr.msg_flags & MSG_EOR) != 0;
}

}  // namespace sctp::node
