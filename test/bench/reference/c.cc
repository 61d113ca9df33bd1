// One system call per message: sendmsg here, recvmsg there.
#include "program.h"

namespace bench {
namespace {

// Receives one message, perhaps in pieces. False if none has come for long.
bool ReceiveOne(Socket& socket, Incoming& incoming, Arrived& arrived) {
  for (;;) {
    msghdr& header = incoming.Renew();
    const ssize_t received = recvmsg(socket.fd(), &header, 0);
    if (IsIdle(received)) return false;
    arrived.bytes += static_cast<uint64_t>(received);
    if ((header.msg_flags & MSG_EOR) != 0) break;
  }
  ++arrived.count;
  return true;
}

Arrived Send(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  for (uint64_t sent = 0; sent < count; ++sent) outgoing.Send();
  return {};
}

Arrived Receive(Socket& socket, size_t size, uint64_t count) {
  Incoming incoming(size);
  Arrived arrived;
  while (arrived.count < count && ReceiveOne(socket, incoming, arrived)) {
  }
  return arrived;
}

Arrived Ping(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  Incoming incoming(size);
  Arrived arrived;
  while (arrived.count < count) {
    outgoing.Send();
    if (!ReceiveOne(socket, incoming, arrived)) break;
  }
  return arrived;
}

Arrived Echo(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  Incoming incoming(size);
  Arrived arrived;
  while (arrived.count < count && ReceiveOne(socket, incoming, arrived)) {
    socket.peer() = incoming.sender();
    outgoing.Send();
  }
  return arrived;
}

// Connects, ends, and waits for the peer's end, one after another.
Arrived Connect(Socket& pattern, size_t /*size*/, uint64_t count) {
  for (uint64_t made = 0; made < count; ++made) {
    Socket socket(pattern.buffers(), Style::kOneToOne);
    socket.peer() = pattern.peer();
    socket.Connect();
    socket.Shutdown();
  }
  return {};
}

// Accepts, and ends when the peer does.
Arrived Accept(Socket& listener, size_t /*size*/, uint64_t count) {
  Arrived arrived;
  for (; arrived.count < count; ++arrived.count) {
    Socket socket(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    socket.AwaitEnd();
  }
  return arrived;
}

constexpr Role kRoles[] = {
    {"send", false, true, Send},        {"receive", true, true, Receive},
    {"ping", false, true, Ping},        {"echo", true, true, Echo},
    {"connect", false, false, Connect}, {"accept", true, false, Accept},
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::Run(bench::kRoles, std::span(argv, static_cast<size_t>(argc)));
}
