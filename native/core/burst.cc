#include "core/burst.h"

namespace sctp {

void Burst::Add(const Address* peer, std::span<const std::byte> data, const SendInfo& info) {
  const size_t index = size_++;
  parts_[index] = {const_cast<std::byte*>(data.data()), data.size()};
  peers_[index] = peer;
  infos_[index] = info;
  msghdr& header = headers_[index].msg_hdr;
  header = {};
  if (peer != nullptr) {
    header.msg_name = const_cast<sockaddr*>(peer->data());
    header.msg_namelen = peer->size();
  }
  header.msg_iov = &parts_[index];
  header.msg_iovlen = 1;
  // Messages alike share their control messages.
  if (index > 0 && infos_[index - 1] == info) {
    const msghdr& before = headers_[index - 1].msg_hdr;
    header.msg_control = before.msg_control;
    header.msg_controllen = before.msg_controllen;
  } else {
    header.msg_control = controls_[index].bytes;
    header.msg_controllen = EncodeSendInfo(info, controls_[index]);
  }
}

void Burst::AddAlike(std::span<const std::byte> data) {
  const size_t index = size_++;
  parts_[index] = {const_cast<std::byte*>(data.data()), data.size()};
  peers_[index] = peers_[index - 1];
  infos_[index] = infos_[index - 1];
  msghdr& header = headers_[index].msg_hdr;
  header = headers_[index - 1].msg_hdr;
  header.msg_iov = &parts_[index];
}

bool Burst::HaveSameDestination(size_t one, size_t other) const {
  const Address* peer = peers_[one];
  if (peer == nullptr || peers_[other] == nullptr) {
    return peer == peers_[other] && infos_[one].assoc_id == infos_[other].assoc_id;
  }
  return peer == peers_[other] || *peer == *peers_[other];
}

}  // namespace sctp
