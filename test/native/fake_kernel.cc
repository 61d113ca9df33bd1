#include "native/fake_kernel.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "native/kernel_abi.h"

namespace sctp::test {
namespace {

FakeKernel* current = nullptr;

int Fail(int error) {
  errno = error;
  return -1;
}

ByteVector Copy(const void* data, size_t size) {
  return ToVector({static_cast<const std::byte*>(data), size});
}

// One message. Refused ones are not among `sent`, unless every message is refused.
ssize_t Take(const msghdr& message, int flags) {
  FakeKernel::Sent sent{Copy(message.msg_name, message.msg_namelen),
                        {},
                        Copy(message.msg_control, message.msg_controllen),
                        flags};
  for (size_t i = 0; i < message.msg_iovlen; ++i) {
    sent.data = sent.data + Copy(message.msg_iov[i].iov_base, message.msg_iov[i].iov_len);
  }
  if (!current->send_errors.empty()) {
    const int error = current->send_errors.front();
    current->send_errors.pop_front();
    if (error != 0) return Fail(error);
  }
  current->sent.push_back(sent);
  if (current->send_error != 0) return Fail(current->send_error);
  return static_cast<ssize_t>(sent.data.size());
}

int TellName(const ByteVector& answer, sockaddr* name, socklen_t* size) {
  if (current->name_error != 0) return Fail(current->name_error);
  if (!answer.empty()) {
    std::memcpy(name, answer.data(), std::min<size_t>(*size, answer.size()));
  }
  *size = static_cast<socklen_t>(answer.size());
  return 0;
}

}  // namespace

FakeKernel::FakeKernel() {
  current = this;
  answers[{IPPROTO_SCTP, SCTP_EVENTS}] = ByteVector(sizeof(sctp_event_subscribe));
}
FakeKernel::~FakeKernel() { current = nullptr; }

int FakeKernel::RefusalOf(int level, int number) const {
  for (const auto& [option, error] : refused) {
    if (option == std::pair(level, number)) return error;
  }
  return 0;
}

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_socket(int, int, int);
int __wrap_socket(int family, int style, int protocol) {
  if (current == nullptr) return __real_socket(family, style, protocol);
  current->sockets.emplace_back(family, style, protocol);
  if (current->socket_error != 0) return Fail(current->socket_error);
  return open("/dev/null", O_RDWR | O_CLOEXEC);  // a descriptor that can leak
}

int __real_setsockopt(int, int, int, const void*, socklen_t);
int __wrap_setsockopt(int fd, int level, int number, const void* data, socklen_t size) {
  if (current == nullptr) return __real_setsockopt(fd, level, number, data, size);
  current->options_set.push_back({level, number, Copy(data, size)});
  if (const int error = current->RefusalOf(level, number)) return Fail(error);
  return current->setsockopt_answer;
}

int __real_getsockopt(int, int, int, void*, socklen_t*);
int __wrap_getsockopt(int fd, int level, int number, void* data, socklen_t* size) {
  if (current == nullptr) return __real_getsockopt(fd, level, number, data, size);
  if (number == SCTP_SOCKOPT_CONNECTX3) {
    const auto* request = static_cast<const sctp_getaddrs_old*>(data);
    current->peers.push_back(Copy(request->addrs, static_cast<size_t>(request->addr_num)));
    const int error = current->RefusalOf(level, number);
    if (error == 0 || error == EINPROGRESS) {
      std::memcpy(data, &current->connected_id, sizeof current->connected_id);
    }
  }
  current->questions.push_back(Copy(data, *size));
  if (const int error = current->RefusalOf(level, number)) return Fail(error);
  const auto need = current->needed.find({level, number});
  if (need != current->needed.end() && *size < need->second.first) {
    std::memset(data, 'x', *size);  // it may have begun to write
    return Fail(need->second.second);
  }
  const ByteVector& answer = current->answers[{level, number}];
  const size_t length = std::min<size_t>(*size, answer.size());
  if (length > 0) std::memcpy(data, answer.data(), length);
  const auto other = current->lengths.find({level, number});
  *size = other != current->lengths.end() ? other->second : static_cast<socklen_t>(length);
  return 0;
}

int __real_bind(int, const sockaddr*, socklen_t);
int __wrap_bind(int fd, const sockaddr* name, socklen_t size) {
  if (current == nullptr) return __real_bind(fd, name, size);
  current->bound.push_back(Copy(name, size));
  return current->bind_error != 0 ? Fail(current->bind_error) : 0;
}

int __real_listen(int, int);
int __wrap_listen(int fd, int backlog) {
  if (current == nullptr) return __real_listen(fd, backlog);
  current->backlogs.push_back(backlog);
  return current->listen_error != 0 ? Fail(current->listen_error) : 0;
}

int __real_getsockname(int, sockaddr*, socklen_t*);
int __wrap_getsockname(int fd, sockaddr* name, socklen_t* size) {
  if (current == nullptr) return __real_getsockname(fd, name, size);
  return TellName(current->local_name, name, size);
}

int __real_getpeername(int, sockaddr*, socklen_t*);
int __wrap_getpeername(int fd, sockaddr* name, socklen_t* size) {
  if (current == nullptr) return __real_getpeername(fd, name, size);
  return TellName(current->peer_name, name, size);
}

int __real_accept4(int, sockaddr*, socklen_t*, int);
int __wrap_accept4(int fd, sockaddr* name, socklen_t* size, int flags) {
  if (current == nullptr) return __real_accept4(fd, name, size, flags);
  current->accept_flags.push_back(flags);
  if (current->accept_error != 0) return Fail(current->accept_error);
  TellName(current->peer_name, name, size);
  return open("/dev/null", O_RDWR | O_CLOEXEC);
}

int __real_connect(int, const sockaddr*, socklen_t);
int __wrap_connect(int fd, const sockaddr* name, socklen_t size) {
  if (current == nullptr) return __real_connect(fd, name, size);
  current->datagrams.push_back(Copy(name, size));
  return current->connect_error != 0 ? Fail(current->connect_error) : 0;
}

int __real_shutdown(int, int);
int __wrap_shutdown(int fd, int how) {
  if (current == nullptr) return __real_shutdown(fd, how);
  current->shutdowns.push_back(how);
  return current->shutdown_error != 0 ? Fail(current->shutdown_error) : 0;
}

ssize_t __real_sendmsg(int, const msghdr*, int);
ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags) {
  if (current == nullptr) return __real_sendmsg(fd, message, flags);
  return Take(*message, flags);
}

int __real_sendmmsg(int, mmsghdr*, unsigned, int);
int __wrap_sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  if (current == nullptr) return __real_sendmmsg(fd, messages, count, flags);
  for (unsigned i = 0; i < count; ++i) {
    const ssize_t taken = Take(messages[i].msg_hdr, flags);
    // An error after the first message stays unknown.
    if (taken < 0) return i == 0 ? -1 : static_cast<int>(i);
    messages[i].msg_len = static_cast<unsigned>(taken);
  }
  return static_cast<int>(count);
}

ssize_t __real_recvmsg(int, msghdr*, int);
ssize_t __wrap_recvmsg(int fd, msghdr* message, int flags) {
  if (current == nullptr) return __real_recvmsg(fd, message, flags);
  if ((flags & MSG_DONTWAIT) == 0 || (flags & MSG_PEEK) == 0) return Fail(EIO);
  const ByteVector& first = current->first_message;
  if (first.empty()) return Fail(EAGAIN);
  const size_t length = std::min(first.size(), message->msg_iov[0].iov_len);
  std::memcpy(message->msg_iov[0].iov_base, first.data(), length);
  message->msg_flags = current->first_flags;
  return static_cast<ssize_t>(length);
}

ssize_t __real_recv(int, void*, size_t, int);
ssize_t __wrap_recv(int fd, void* data, size_t size, int flags) {
  if (current == nullptr) return __real_recv(fd, data, size, flags);
  current->discarded.push_back(size);
  if ((flags & MSG_DONTWAIT) == 0) return Fail(EIO);  // would hang
  if (current->input.empty()) return Fail(EAGAIN);
  const ssize_t answer = current->input.front();
  current->input.pop_front();
  if (answer < 0) return Fail(static_cast<int>(-answer));
  std::memset(data, 'x', std::min(size, static_cast<size_t>(answer)));
  return answer;
}

int __real_close(int);
int __wrap_close(int fd) {
  if (current != nullptr) current->closed.push_back(fd);
  return __real_close(fd);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)

}  // namespace sctp::test
