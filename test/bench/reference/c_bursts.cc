// Bursts: sendmmsg of all but the last message of a burst with MSG_MORE, so that the kernel puts
// them into few packets, then the last one without; recvmmsg there.
#include <algorithm>
#include <array>
#include <deque>

#include "program.h"

namespace bench {
namespace {

constexpr size_t kBurst = 32;

// What is sent with MSG_MORE may stay in the kernel for good if the burst is cut because it alone
// fills the send buffer. This is what a message counts there, estimated upwards.
bool MayBundle(const Socket& socket, size_t size) {
  constexpr size_t kOverhead = 2048;
  return kBurst * (2 * size + kOverhead) < static_cast<size_t>(socket.send_buffer());
}

Arrived Send(Socket& socket, size_t size, uint64_t count) {
  Outgoing outgoing(socket, size);
  std::array<mmsghdr, kBurst - 1> headers{};
  for (mmsghdr& header : headers) header.msg_hdr = outgoing.header();
  const int flags = MSG_NOSIGNAL | (MayBundle(socket, size) ? MSG_MORE : 0);

  while (count > 0) {
    const auto burst = static_cast<unsigned>(std::min(count, uint64_t{kBurst}));
    for (unsigned sent = 0; sent < burst - 1;) {
      const int accepted = sendmmsg(socket.fd(), &headers[sent], burst - 1 - sent, flags);
      if (accepted < 0) Fail("sendmmsg");
      sent += static_cast<unsigned>(accepted);
    }
    outgoing.Send();
    count -= burst;
  }
  return {};
}

Arrived Receive(Socket& socket, size_t size, uint64_t count) {
  std::deque<Incoming> incoming;
  while (incoming.size() < kBurst) incoming.emplace_back(size);
  std::array<mmsghdr, kBurst> headers{};
  Arrived arrived;
  while (arrived.count < count) {
    for (size_t slot = 0; slot < kBurst; ++slot) headers[slot].msg_hdr = incoming[slot].Renew();
    const int slots = recvmmsg(socket.fd(), headers.data(), kBurst, MSG_WAITFORONE, nullptr);
    if (IsIdle(slots)) break;
    for (const mmsghdr& header : std::span(headers).first(static_cast<size_t>(slots))) {
      arrived.bytes += header.msg_len;
      if ((header.msg_hdr.msg_flags & MSG_EOR) != 0) ++arrived.count;
    }
  }
  return arrived;
}

constexpr Role kRoles[] = {
    {"send", false, true, Send},
    {"receive", true, true, Receive},
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  return bench::Run(bench::kRoles, std::span(argv, static_cast<size_t>(argc)));
}
