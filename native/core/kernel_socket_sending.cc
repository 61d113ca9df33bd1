// The calls of KernelSocket that send: messages, and the two ways to end an association.
#include <cerrno>

#include "core/abi.h"
#include "core/kernel_socket.h"

namespace sctp {
namespace {

// One-to-many sockets end an association by a flag on a message; one-to-one sockets have calls for
// it.
SendInfo Order(int32_t assoc_id, uint16_t flag) {
  SendInfo info;
  info.flags = flag;
  info.assoc_id = assoc_id;
  return info;
}

}  // namespace

ssize_t KernelSocket::Send(const Address* peer, std::span<const std::byte> data,
                           const SendInfo& info) {
  iovec part{const_cast<std::byte*>(data.data()), data.size()};
  msghdr message{};
  if (peer != nullptr) {
    message.msg_name = const_cast<sockaddr*>(peer->data());
    message.msg_namelen = peer->size();
  }
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  SendControl control;
  message.msg_control = control.bytes;
  message.msg_controllen = EncodeSendInfo(info, control);
  const ssize_t sent = sendmsg(fd_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) return -errno;
  OnSentAlone(peer, info.assoc_id);
  return sent;
}

int KernelSocket::Shutdown(int32_t assoc_id) {
  if (is_one_to_one()) return shutdown(fd_, SHUT_WR) < 0 ? -errno : 0;
  return static_cast<int>(Send(nullptr, {}, Order(assoc_id, SCTP_EOF)));
}

int KernelSocket::Abort(int32_t assoc_id, std::span<const std::byte> reason) {
  if (!is_one_to_one()) {
    const ssize_t sent = Send(nullptr, reason, Order(assoc_id, SCTP_ABORT));
    return sent < 0 ? static_cast<int>(sent) : 0;
  }
  if (!is_open()) return -EBADF;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  Close();
  return 0;
}

}  // namespace sctp
