// How many streams an association began with, and their reconfiguration (RFC 6525).
#include <array>
#include <cerrno>
#include <cstring>

#include "core/abi.h"
#include "core/kernel_socket.h"
#include "core/notification.h"

namespace sctp {
namespace {

int Request(int fd, int number, const void* bytes, size_t length) {
  const auto size = static_cast<socklen_t>(length);
  return setsockopt(fd, IPPROTO_SCTP, number, bytes, size) < 0 ? -errno : 0;
}

}  // namespace

std::optional<StartedStreams> KernelSocket::PeekStartedStreams() const {
  std::array<std::byte, sizeof(sctp_assoc_change)> bytes{};
  iovec room{.iov_base = bytes.data(), .iov_len = bytes.size()};
  msghdr message{};
  message.msg_iov = &room;
  message.msg_iovlen = 1;
  const ssize_t length = recvmsg(fd_, &message, MSG_PEEK | MSG_DONTWAIT);
  if (length <= 0 || (message.msg_flags & MSG_NOTIFICATION) == 0) return std::nullopt;
  const Notification first =
      DecodeNotification(std::span(bytes).first(static_cast<size_t>(length)));
  const auto* change = std::get_if<AssocChange>(&first.body);
  if (change == nullptr || change->state != SCTP_COMM_UP) return std::nullopt;
  return StartedStreams{.outbound = change->outbound_streams, .inbound = change->inbound_streams};
}

int KernelSocket::ResetStreams(int32_t assoc_id, uint16_t flags,
                               std::span<const uint16_t> streams) {
  sctp_reset_streams request{};
  request.srs_assoc_id = assoc_id;
  request.srs_flags = flags;
  request.srs_number_streams = static_cast<uint16_t>(streams.size());
  if (request.srs_number_streams != streams.size()) return -EINVAL;
  std::vector<std::byte> bytes(sizeof request + streams.size_bytes());
  std::memcpy(bytes.data(), &request, sizeof request);
  if (!streams.empty()) {
    std::memcpy(bytes.data() + sizeof request, streams.data(), streams.size_bytes());
  }
  return Request(fd_, SCTP_RESET_STREAMS, bytes.data(), bytes.size());
}

int KernelSocket::ResetAssociation(int32_t assoc_id) {
  const sctp_assoc_t association = assoc_id;
  return Request(fd_, SCTP_RESET_ASSOC, &association, sizeof association);
}

int KernelSocket::AddStreams(int32_t assoc_id, uint16_t incoming, uint16_t outgoing) {
  sctp_add_streams request{};
  request.sas_assoc_id = assoc_id;
  request.sas_instrms = incoming;
  request.sas_outstrms = outgoing;
  return Request(fd_, SCTP_ADD_STREAMS, &request, sizeof request);
}

}  // namespace sctp
