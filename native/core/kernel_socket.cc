#include "core/kernel_socket.h"

#include <linux/sock_diag.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/abi.h"
#include "core/list_option.h"

namespace sctp {
namespace {

// 0, or the errno of a system call that answered -1. (Some SCTP calls answer with a positive
// value: a descriptor, or an association's id.)
int Result(int answer) { return answer < 0 ? -errno : 0; }

// Whether another descriptor and another open file can be had: 0, or negative errno.
int CheckDescriptorLeft() {
  const int fd = eventfd(0, EFD_CLOEXEC);
  if (fd < 0) return -errno;
  close(fd);
  return 0;
}

}  // namespace

KernelSocket& KernelSocket::operator=(KernelSocket&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
    style_ = other.style_;
    held_ = std::exchange(other.held_, {});
  }
  return *this;
}

int KernelSocket::Open(int family, int style) {
  Close();
  style_ = style;
  fd_ = socket(family, style | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (fd_ < 0) return -errno;
  const int error = Prepare();
  if (error != 0) Close();
  return error;
}

int KernelSocket::Prepare() {
  if (const int error = SetInteger(IPPROTO_SCTP, SCTP_RECVRCVINFO, 1)) return error;
  return Subscribe(kEssentialEvents, true);
}

int KernelSocket::Subscribe(std::span<const uint16_t> types, bool on) {
  // Not SCTP_EVENT, which on a one-to-one socket misses an association that is being set up.
  std::array<uint8_t, sizeof(sctp_event_subscribe)> events{};
  socklen_t length = sizeof events;
  if (getsockopt(fd_, IPPROTO_SCTP, SCTP_EVENTS, events.data(), &length) != 0) return -errno;
  for (const uint16_t type : types) {
    // One flag for each type, in their order; an older kernel has fewer.
    const size_t index = type - size_t{SCTP_SN_TYPE_BASE};
    if (index >= length) return -EINVAL;
    events[index] = on ? 1 : 0;
  }
  return Result(setsockopt(fd_, IPPROTO_SCTP, SCTP_EVENTS, events.data(), length));
}

int KernelSocket::Subscribe(int32_t assoc_id, std::span<const uint16_t> types, bool on) {
  if (is_one_to_one()) return Subscribe(types, on);
  // Those up to SCTP_ALL_ASSOC are no ids: the kernel would take them for the socket itself.
  if (assoc_id <= SCTP_ALL_ASSOC) return -EINVAL;
  for (const uint16_t type : types) {
    const sctp_event event{.se_assoc_id = assoc_id, .se_type = type, .se_on = on};
    if (const int error = Result(setsockopt(fd_, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event))) {
      return error;
    }
  }
  return 0;
}

int KernelSocket::SetInteger(int level, int number, int value) {
  return Result(setsockopt(fd_, level, number, &value, sizeof value));
}

void KernelSocket::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

int KernelSocket::Bind(const Address& address) {
  return Result(bind(fd_, address.data(), address.size()));
}

int KernelSocket::Listen(int backlog) { return Result(listen(fd_, backlog)); }

int KernelSocket::Accept(KernelSocket& accepted, std::optional<Address>& peer) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  const int fd =
      accept4(fd_, reinterpret_cast<sockaddr*>(&storage), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return -errno;
  accepted = KernelSocket(fd, SOCK_STREAM);
  peer = Address::FromSockaddr(storage, length);
  return 0;
}

int KernelSocket::PeelOff(int32_t assoc_id, KernelSocket& peeled) {
  // The kernel takes the association off first, and gives it up if it finds no descriptor then.
  if (const int error = CheckDescriptorLeft()) return error;
  sctp_peeloff_flags_arg_t request{};
  request.p_arg.associd = assoc_id;
  request.flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  socklen_t length = sizeof request;
  // The answer is the descriptor, as is a field of the struct.
  const int fd = getsockopt(fd_, IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF_FLAGS, &request, &length);
  if (fd < 0) return -errno;
  int style = SOCK_SEQPACKET;
  length = sizeof style;
  const bool is_known = getsockopt(fd, SOL_SOCKET, SO_TYPE, &style, &length) == 0;
  peeled = KernelSocket(fd, is_known ? style : SOCK_SEQPACKET);
  return 0;
}

int KernelSocket::AssociationIds(std::vector<int32_t>& ids) const {
  std::vector<std::byte> answer;
  if (const int error = GetListOption(fd_, SCTP_GET_ASSOC_ID_LIST, {}, EINVAL, answer)) {
    return error;
  }
  sctp_assoc_ids header{};
  std::memcpy(&header, answer.data(), sizeof header);
  const size_t room = (answer.size() - sizeof header) / sizeof(int32_t);
  ids.resize(std::min<size_t>(header.gaids_number_of_ids, room));
  static_assert(sizeof(sctp_assoc_t) == sizeof(int32_t));
  if (ids.empty()) return 0;
  std::memcpy(ids.data(), answer.data() + sizeof header, ids.size() * sizeof ids[0]);
  return 0;
}

int KernelSocket::SetOption(const OptionLayout& layout, std::span<const std::byte> bytes) {
  const auto length = static_cast<socklen_t>(bytes.size());
  if (layout.privileged_number != 0 &&
      setsockopt(fd_, layout.level, layout.privileged_number, bytes.data(), length) == 0) {
    return 0;
  }
  return Result(setsockopt(fd_, layout.level, layout.number, bytes.data(), length));
}

int KernelSocket::GetOption(const OptionLayout& layout, std::span<std::byte> bytes) const {
  auto length = static_cast<socklen_t>(bytes.size());
  return Result(getsockopt(fd_, layout.level, layout.number, bytes.data(), &length));
}

int KernelSocket::TakeError() {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return -errno;
  return -error;
}

int KernelSocket::ReadSendMemory(SendMemory& memory) const {
  uint32_t values[SK_MEMINFO_VARS] = {};
  socklen_t length = sizeof values;
  if (getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, values, &length) != 0) return -errno;
  memory = {.buffer = values[SK_MEMINFO_SNDBUF], .used = values[SK_MEMINFO_WMEM_QUEUED]};
  return 0;
}

int64_t KernelSocket::UnacknowledgedBytes() const {
  SendMemory memory{};
  const int error = ReadSendMemory(memory);
  return error == 0 ? memory.used : error;
}

void KernelSocket::DiscardInput() {
  int limit = 0;
  socklen_t length = sizeof limit;
  if (getsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &limit, &length) != 0) return;
  constexpr size_t kChunk = 65536;
  const auto chunk = std::make_unique_for_overwrite<std::byte[]>(kChunk);
  for (ssize_t discarded = 0; discarded <= limit;) {
    const ssize_t received = recv(fd_, chunk.get(), kChunk, MSG_DONTWAIT);
    if (received == 0 || (received < 0 && errno == EAGAIN)) return;
    // A pending error is reported once, before the data: it does not end the loop, but counts, lest
    // it never end.
    discarded += received > 0 ? received : static_cast<ssize_t>(kChunk);
  }
}

}  // namespace sctp
