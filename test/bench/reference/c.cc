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
  ++arrived.messages;
  return true;
}

Arrived Send(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  for (uint64_t sent = 0; sent < count; ++sent) outgoing.Send();
  return {};
}

Arrived Receive(Socket& socket, size_t /*size*/, uint64_t count) {
  Incoming incoming;
  Arrived arrived;
  while (arrived.messages < count && ReceiveOne(socket, incoming, arrived)) {
  }
  return arrived;
}

Arrived Ping(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  Incoming incoming;
  Arrived arrived;
  while (arrived.messages < count) {
    outgoing.Send();
    if (!ReceiveOne(socket, incoming, arrived)) break;
  }
  return arrived;
}

Arrived Echo(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  Incoming incoming;
  Arrived arrived;
  while (arrived.messages < count && ReceiveOne(socket, incoming, arrived)) {
    socket.peer() = incoming.sender();
    outgoing.Send();
  }
  return arrived;
}

constexpr Role kRoles[] = {
    {"send", false, Send},
    {"receive", true, Receive},
    {"ping", false, Ping},
    {"echo", true, Echo},
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::Run(bench::kRoles, std::span(argv, static_cast<size_t>(argc)));
}
