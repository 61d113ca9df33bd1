// Sending many messages at once, in few packets.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/abi.h"
#include "core/kernel_socket.h"

namespace sctp {
namespace {

constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
constexpr size_t kMostPaths = 16;  // to ask for heartbeats at once

// The message may be tried again, but nobody knows when.
bool IsTransient(int error) { return error == -EAGAIN || error == -ENOBUFS || error == -ENOMEM; }

}  // namespace

KernelSocket::BurstOutcome KernelSocket::SendBurst(Burst& burst) {
  size_t room = burst.size() > 1 ? RoomForBundles() : 0;
  BurstOutcome outcome;
  while (outcome.accepted < burst.size() && outcome.error == 0) {
    size_t last = outcome.accepted;
    size_t charge = burst.charge(last);
    const size_t end = std::min(burst.size(), outcome.accepted + Burst::kMostBundled);
    const size_t most = std::min(room, Burst::kMostBundledCharge);
    while (last + 1 < end && burst.HaveSameDestination(last, last + 1) &&
           charge + burst.charge(last + 1) < most) {
      charge += burst.charge(++last);
    }
    outcome.error = SendBundle(burst, last, outcome.accepted);
    room -= std::min(room, charge);
  }
  return outcome;
}

// What a bundle must not fill. Not the whole buffer: what is in it may not have left either, and
// waits along with what has MSG_MORE.
size_t KernelSocket::RoomForBundles() const {
  SendMemory memory{};
  if (ReadSendMemory(memory) != 0) return 0;
  return static_cast<size_t>(std::max<int64_t>(memory.buffer - memory.used, 0));
}

// Sends messages for one association, from number `accepted` to number `last`; the last that is
// accepted goes without MSG_MORE, unless there is an error. Counts on. Returns 0 or negative errno.
int KernelSocket::SendBundle(Burst& burst, size_t last, size_t& accepted) {
  const Address* peer = burst.peer(accepted);
  Destination destination{.assoc_id = burst.info(accepted).assoc_id, .peer = std::nullopt};
  if (peer != nullptr) destination.peer = *peer;
  while (accepted <= last) {
    const bool was_held = IsHeld(destination);
    bool is_held = was_held;
    if (!is_held && accepted < last) {
      const auto count = static_cast<unsigned>(last - accepted);
      const int sent = sendmmsg(fd_, burst.headers(accepted), count, kFlags | MSG_MORE);
      if (sent < 0) return -errno;
      accepted += static_cast<size_t>(sent);
      is_held = true;
    }
    // Also after fewer than were handed over: why the next was refused is not known otherwise.
    if (sendmsg(fd_, &burst.headers(accepted)->msg_hdr, kFlags) < 0) {
      const int error = -errno;
      if (is_held && !was_held) held_.push_back(destination);
      // Perhaps nothing follows what is held. Not for each attempt: a heartbeat that comes before
      // the last one's answer counts as an error of the path.
      if (is_held && (!was_held || !IsTransient(error))) Release(destination);
      if (!IsTransient(error)) std::erase(held_, destination);
      return error;
    }
    ++accepted;
    OnSentAlone(peer, destination.assoc_id);
  }
  return 0;
}

bool KernelSocket::IsHeld(const Destination& destination) const {
  return !held_.empty() && std::ranges::find(held_, destination) != held_.end();
}

// A message without MSG_MORE was accepted: with it leaves what was held.
void KernelSocket::OnSentAlone(const Address* peer, int32_t assoc_id) {
  if (held_.empty()) return;
  const std::optional<Address> known = peer == nullptr ? std::nullopt : std::optional(*peer);
  std::erase(held_, Destination{.assoc_id = assoc_id, .peer = known});
}

// Has the kernel send what it holds: with a heartbeat, which a path carries as soon as it is asked
// for. (One of the paths is that of the data; how many there are is the peer's choice.)
void KernelSocket::Release(const Destination& destination) {
  std::vector<Address> paths;
  if (destination.peer) {
    paths.push_back(*destination.peer);
  } else if (PeerAddresses(destination.assoc_id, paths) != 0) {
    return;  // the association is over
  }
  if (paths.size() > kMostPaths) paths.resize(kMostPaths);
  for (const Address& path : paths) {
    sctp_paddrparams parameters{};
    parameters.spp_assoc_id = destination.assoc_id;
    std::memcpy(&parameters.spp_address, path.data(), path.size());
    parameters.spp_flags = SPP_HB_DEMAND;
    setsockopt(fd_, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &parameters, sizeof parameters);
  }
}

}  // namespace sctp
