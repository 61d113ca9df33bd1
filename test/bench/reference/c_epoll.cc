// A ping-pong of two event loops: each waits with epoll, reads once, and answers.
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "program.h"

namespace bench {
namespace {

constexpr int kIdleMs = 10'000;

class Loop {
 public:
  explicit Loop(const Socket& socket) {
    if (fd_ < 0) Fail("epoll_create1");
    if (fcntl(socket.fd(), F_SETFL, O_NONBLOCK) != 0) Fail("fcntl");
    epoll_event event{.events = EPOLLIN, .data = {}};
    if (epoll_ctl(fd_, EPOLL_CTL_ADD, socket.fd(), &event) != 0) Fail("epoll_ctl");
  }
  ~Loop() { close(fd_); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // False if nothing has come for long.
  bool Wait() {
    epoll_event event;
    return epoll_wait(fd_, &event, 1, kIdleMs) > 0;
  }

 private:
  int fd_ = epoll_create1(EPOLL_CLOEXEC);
};

// Answers messages, the last one only if `answers_last`.
Arrived Exchange(Socket& socket, size_t size, uint64_t count, bool answers_last) {
  Loop loop(socket);
  Outgoing outgoing(socket, size);
  Incoming incoming(size);
  Arrived arrived;
  if (!answers_last) outgoing.Send();
  while (arrived.count < count && loop.Wait()) {
    msghdr& header = incoming.Renew();
    const ssize_t received = recvmsg(socket.fd(), &header, 0);
    if (IsIdle(received)) continue;
    arrived.bytes += static_cast<uint64_t>(received);
    if ((header.msg_flags & MSG_EOR) == 0) continue;
    ++arrived.count;
    if (arrived.count < count || answers_last) outgoing.Send();
  }
  return arrived;
}

Arrived Ping(Socket& socket, size_t size, uint64_t count) {
  return Exchange(socket, size, count, false);
}

Arrived Echo(Socket& socket, size_t size, uint64_t count) {
  return Exchange(socket, size, count, true);
}

constexpr Role kRoles[] = {
    {"ping", false, true, Ping},
    {"echo", true, true, Echo},
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::Run(bench::kRoles, std::span(argv, static_cast<size_t>(argc)));
}
