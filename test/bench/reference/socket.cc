#include "socket.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace bench {
namespace {

// Longer than any pause that SCTP's own timers make.
constexpr timeval kIdle = {.tv_sec = 10, .tv_usec = 0};

// In ms.
constexpr sctp_rtoinfo kRto = {
    .srto_assoc_id = 0, .srto_initial = 250, .srto_max = 5000, .srto_min = 200};

template <typename Value>
void Set(int fd, int level, int option, const Value& value) {
  if (setsockopt(fd, level, option, &value, sizeof value) != 0) Fail("setsockopt");
}

// Above the sysctl's limit where that is permitted.
void SetBuffer(int fd, int forced, int option, int bytes) {
  if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) == 0) return;
  Set(fd, SOL_SOCKET, option, bytes);
}

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

void Fail(const char* call) { throw std::system_error(errno, std::generic_category(), call); }

bool IsIdle(ssize_t result) {
  if (result >= 0) return false;
  if (errno == EAGAIN) return true;
  Fail("receiving");
}

Socket::Socket(int buffers, Style style)
    : style_(style),
      buffers_(buffers),
      fd_(socket(AF_INET, (is_one_to_one() ? SOCK_STREAM : SOCK_SEQPACKET) | SOCK_CLOEXEC,
                 IPPROTO_SCTP)) {
  if (fd_ < 0) Fail("socket");
  SetBuffer(fd_, SO_SNDBUFFORCE, SO_SNDBUF, buffers);
  SetBuffer(fd_, SO_RCVBUFFORCE, SO_RCVBUF, buffers);
  Set(fd_, SOL_SOCKET, SO_SNDTIMEO, kIdle);
  Set(fd_, SOL_SOCKET, SO_RCVTIMEO, kIdle);
  if (!is_one_to_one()) Set(fd_, IPPROTO_SCTP, SCTP_RTOINFO, kRto);
  Set(fd_, IPPROTO_SCTP, SCTP_NODELAY, 1);
  Set(fd_, IPPROTO_SCTP, SCTP_RECVRCVINFO, 1);
}

Socket::Socket(int fd) : style_(Style::kOneToOne), buffers_(0), fd_(fd) {
  if (fd < 0) Fail("accept4");
  Set(fd_, SOL_SOCKET, SO_SNDTIMEO, kIdle);
  Set(fd_, SOL_SOCKET, SO_RCVTIMEO, kIdle);
}

Socket::~Socket() { close(fd_); }

uint16_t Socket::Listen() {
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd_, generic, length) != 0) Fail("bind");
  if (listen(fd_, 100) != 0) Fail("listen");
  if (getsockname(fd_, generic, &length) != 0) Fail("getsockname");
  return ntohs(address.sin_port);
}

void Socket::Accept() {
  if (!is_one_to_one()) return;
  const int accepted = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (accepted < 0) Fail("accept4");
  close(fd_);
  fd_ = accepted;
  Set(fd_, SOL_SOCKET, SO_SNDTIMEO, kIdle);
  Set(fd_, SOL_SOCKET, SO_RCVTIMEO, kIdle);
}

void Socket::SetPeer(uint16_t port) { peer_ = Loopback(port); }

void Socket::Connect() {
  const auto* generic = reinterpret_cast<const sockaddr*>(&peer_);
  if (is_one_to_one() && connect(fd_, generic, sizeof peer_) != 0) Fail("connect");
}

void Socket::Shutdown() {
  if (shutdown(fd_, SHUT_WR) != 0) Fail("shutdown");
  AwaitEnd();
}

void Socket::AwaitEnd() {
  char byte;
  if (recv(fd_, &byte, 1, 0) == 0) return;
  if (errno != ENOTCONN) Fail("recv");  // over by now
}

int Socket::Get(int option) const {
  int value = 0;
  socklen_t length = sizeof value;
  if (getsockopt(fd_, SOL_SOCKET, option, &value, &length) != 0) Fail("getsockopt");
  return value;
}

Outgoing::Outgoing(Socket& socket, size_t size)
    : socket_(socket), data_(size), part_{data_.data(), size} {
  if (!socket.is_one_to_one()) {
    header_.msg_name = &socket.peer();
    header_.msg_namelen = sizeof socket.peer();
  }
  header_.msg_iov = &part_;
  header_.msg_iovlen = 1;
  header_.msg_control = control_;
  header_.msg_controllen = sizeof control_;

  sctp_sndinfo info{};
  if (!socket.is_one_to_one()) info.snd_flags = SCTP_UNORDERED;
  cmsghdr* item = CMSG_FIRSTHDR(&header_);
  item->cmsg_level = IPPROTO_SCTP;
  item->cmsg_type = SCTP_SNDINFO;
  item->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(item), &info, sizeof info);
}

void Outgoing::Send() {
  if (sendmsg(socket_.fd(), &header_, MSG_NOSIGNAL) < 0) Fail("sendmsg");
}

Incoming::Incoming(size_t size)
    : data_(std::clamp(size, size_t{4096}, size_t{262144})), part_{data_.data(), data_.size()} {}

msghdr& Incoming::Renew() {
  header_.msg_name = &sender_;
  header_.msg_namelen = sizeof sender_;
  header_.msg_iov = &part_;
  header_.msg_iovlen = 1;
  header_.msg_control = control_;
  header_.msg_controllen = sizeof control_;
  header_.msg_flags = 0;
  return header_;
}

}  // namespace bench
