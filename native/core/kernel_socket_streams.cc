// Reconfiguration of an association's streams (RFC 6525).
#include <cerrno>
#include <cstring>

#include "core/abi.h"
#include "core/kernel_socket.h"

namespace sctp {
namespace {

int Request(int fd, int number, const void* bytes, size_t length) {
  const auto size = static_cast<socklen_t>(length);
  return setsockopt(fd, IPPROTO_SCTP, number, bytes, size) < 0 ? -errno : 0;
}

}  // namespace

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
