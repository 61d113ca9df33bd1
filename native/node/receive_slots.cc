#include "node/receive_slots.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/abi.h"

namespace sctp::node {

ReceiveSlots::ReceiveSlots() {
  for (size_t slot = 0; slot < kCount; ++slot) {
    parts_[slot][1] = {bytes_.get() + slot * kSize, kSize};
    Give(slot, {});
    headers_[slot].msg_hdr.msg_control = controls_[slot].bytes;
  }
}

void ReceiveSlots::Renew(size_t slot, bool with_sender) {
  headers_[slot].msg_hdr.msg_name = with_sender ? &senders_[slot] : nullptr;
  headers_[slot].msg_hdr.msg_namelen = with_sender ? sizeof senders_[slot] : 0;
  headers_[slot].msg_hdr.msg_controllen = sizeof controls_[slot].bytes;
  headers_[slot].msg_hdr.msg_flags = 0;
}

void ReceiveSlots::Give(size_t slot, std::span<std::byte> memory) {
  parts_[slot][0] = {memory.data(), memory.size()};
  msghdr& header = headers_[slot].msg_hdr;
  header.msg_iov = memory.empty() ? &parts_[slot][1] : parts_[slot].data();
  header.msg_iovlen = memory.empty() ? 1 : 2;
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

ReceiveSlots::Data ReceiveSlots::data(size_t slot) const {
  const msghdr& header = headers_[slot].msg_hdr;
  const size_t length = headers_[slot].msg_len;
  const size_t room = header.msg_iov[0].iov_len;
  const auto* first = static_cast<const std::byte*>(header.msg_iov[0].iov_base);
  if (length <= room) return {.first = {first, length}, .rest = {}};
  const auto* rest = static_cast<const std::byte*>(header.msg_iov[1].iov_base);
  return {.first = {first, room}, .rest = {rest, length - room}};
}

std::optional<Address> ReceiveSlots::sender(size_t slot) const {
  return Address::FromSockaddr(senders_[slot], headers_[slot].msg_hdr.msg_namelen);
}

bool ReceiveSlots::have_same_sender(size_t one, size_t other) const {
  const size_t size = headers_[one].msg_hdr.msg_namelen;
  return size == headers_[other].msg_hdr.msg_namelen && size <= sizeof senders_[one] &&
         std::memcmp(&senders_[one], &senders_[other], size) == 0;
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
